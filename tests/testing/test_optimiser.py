"""The battery of optimisers on torch's own and on optimisers broken in one law each."""

import pytest
import torch

from erlangen.testing import check_optimiser, laws_of


class Momentum(torch.optim.Optimizer):
    """Heavy ball with momentum in the state: the right object that the sabotages bend."""

    def __init__(self, params, lr=0.05, beta=0.5):
        super().__init__(params, {"lr": lr, "beta": beta})

    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        self.move(p, group)
        return loss

    def memory(self, p):
        state = self.state[p]
        return state.setdefault("velocity", torch.zeros_like(p))

    def move(self, p, group):
        velocity = self.memory(p)
        velocity.mul_(group["beta"]).add_(p.grad)
        p.add_(velocity, alpha=-group["lr"])


def factories():
    yield "Momentum", Momentum
    for name, options in {
        "SGD": {"lr": 0.1, "momentum": 0.9},
        "Adam": {"lr": 0.05},
        "AdamW": {"lr": 0.05, "weight_decay": 0.0},
        "RMSprop": {"lr": 0.01},
        "Adagrad": {"lr": 0.1},
    }.items():
        yield name, lambda params, name=name, options=options: getattr(torch.optim, name)(params, **options)


@pytest.mark.parametrize("factory", [pytest.param(f, id=name) for name, f in factories()])
def test_optimisers_pass(factory):
    report = check_optimiser(factory).raise_if_failed()
    assert set(report.skipped) == {"parameters stay on the manifold"}


def test_an_optimiser_that_needs_its_closure():
    laws = [law for law in laws_of(check_optimiser) if "group" not in law and law != "parameters without gradient rest"]
    report = check_optimiser(lambda p: torch.optim.LBFGS(p, lr=0.5, max_iter=2), only=laws).raise_if_failed()
    assert report.skipped["step without closure is the same"] == "step needs its closure"


class Spherical(Momentum):
    """Gradient steps on unit rows, retracted."""

    def move(self, p, group):
        p.add_(p.grad - (p.grad * p).sum(-1, keepdim=True) * p, alpha=-group["lr"])
        p.div_(p.norm(dim=-1, keepdim=True))


def unit_rows(p):
    return p / p.norm(dim=-1, keepdim=True)


def test_a_riemannian_optimiser_stays_and_a_flat_one_does_not():
    check_optimiser(Spherical, project=unit_rows).raise_if_failed()
    assert not check_optimiser(Momentum, project=unit_rows, only="parameters stay on the manifold").passed


def variant(**members):
    return type("Broken", (Momentum,), members)


def in_copy(self, p, group):
    Momentum.move(self, p, group)
    p.data = p.data.clone()


def hidden_memory(self, p):
    """Velocities outside of the state."""
    vars(self).setdefault("hidden", {})
    return self.hidden.setdefault(id(p), torch.zeros_like(p))


class Odd:
    """State that a weights-only file refuses."""


def odd_state(self, p):
    self.state[p]["odd"] = Odd()
    return Momentum.memory(self, p)


def noisy(self, p, group):
    p.add_(torch.rand_like(p), alpha=1e-6)
    Momentum.move(self, p, group)


def ascend(self, p, group):
    p.add_(p.grad, alpha=group["lr"])


def same_rate(self, p, group):
    Momentum.move(self, p, {**group, "lr": 0.05})


def no_gradient_moves(self, closure=None):
    with torch.no_grad():
        for group in self.param_groups:
            for p in group["params"]:
                p.add_(1e-3)
    return Momentum.step(self, closure)


def wide_state(self, p):
    return self.state[p].setdefault("velocity", torch.zeros_like(p, dtype=torch.float64))


def first_groups_only(self, group):
    """A group added after construction is forgotten."""
    if self.__dict__.get("built"):
        return
    torch.optim.Optimizer.add_param_group(self, group)


def init_then_close(self, params, lr=0.05, beta=0.5):
    Momentum.__init__(self, params, lr, beta)
    self.built = True


def twice(self, closure=None):
    loss = Momentum.step(self, closure)
    return loss if closure is None else Momentum.step(self, closure) * 0 + loss


def frozen(self, p, group):
    Momentum.move(self, p, group)
    p.requires_grad_(False)


SABOTAGE = {
    "is a torch optimiser": lambda params: object(),
    "descends": variant(move=ascend),
    "step returns the loss": variant(step=lambda self, closure=None: Momentum.step(self, closure) and None),
    "step without closure is the same": variant(step=twice),
    "deterministic": variant(move=noisy),
    "state_dict round trip": variant(memory=hidden_memory),
    "state_dict survives a weights-only file": variant(memory=odd_state),
    "parameters without gradient rest": variant(step=no_gradient_moves),
    "zero_grad clears": variant(zero_grad=lambda self, set_to_none=True: None),
    "groups keep their own rate": variant(move=same_rate),
    "a group may be added later": variant(__init__=init_then_close, add_param_group=first_groups_only),
    "float32 stays": variant(memory=wide_state),
    "step works in place": variant(move=in_copy),
    "parameters stay leaves": variant(move=frozen),
    "parameters stay on the manifold": Momentum,
}


def test_every_law_has_a_sabotage():
    assert set(SABOTAGE) == set(laws_of(check_optimiser))


@pytest.mark.parametrize("law", SABOTAGE)
def test_sabotage_is_caught(law):
    project = unit_rows if law.endswith("manifold") else None
    assert not check_optimiser(SABOTAGE[law], project=project, only=[law]).passed


def test_a_step_that_forgets_to_enable_gradients_is_caught():
    def blind(self, closure=None):
        with torch.no_grad():
            loss = None if closure is None else closure()
        Momentum.step(self)
        return loss

    assert "does not require grad" in check_optimiser(variant(step=blind))["step returns the loss"].detail
