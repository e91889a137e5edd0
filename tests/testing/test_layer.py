"""The battery of layers on torch's own and on layers broken in one law each."""

import copy

import pytest
import torch
from torch import nn

from erlangen.testing import check_layer, laws_of

X = torch.linspace(-1, 1, 12).reshape(4, 3)


class Good(nn.Module):
    """A smooth layer with parameters, a buffer that is saved and one that is not."""

    def __init__(self):
        super().__init__()
        generator = torch.Generator().manual_seed(3)
        self.inner = nn.Linear(3, 3)
        with torch.no_grad():
            for p in self.inner.parameters():
                p.copy_(torch.randn(p.shape, generator=generator))
        self.register_buffer("scale", torch.tensor(1.5))
        self.register_buffer("table", torch.arange(3.0), persistent=False)

    def forward(self, x):
        return torch.tanh(self.inner(x)) * self.scale + self.table


@pytest.mark.parametrize(
    "layer", [Good(), nn.Linear(3, 2), nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh())]
)
def test_layers_pass_and_are_left_as_they_were(layer):
    before, modes = copy.deepcopy(layer.state_dict()), [m.training for m in layer.modules()]
    check_layer(layer, X).raise_if_failed()
    assert all(torch.equal(value, before[name]) for name, value in layer.state_dict().items())
    assert [m.training for m in layer.modules()] == modes
    assert all(p.grad is None for p in layer.parameters())


def test_layers_with_kinks_and_without_parameters():
    report = check_layer(nn.Sequential(nn.Linear(3, 64), nn.ReLU()), X, smooth=False).raise_if_failed()
    assert report.skipped["derivatives by the inputs"] == "smooth=False"
    report = check_layer(nn.Tanh(), X).raise_if_failed()
    assert "no parameters" in report.skipped["gradients reach every parameter"]


def _lstm_knows_bfloat16():
    """Torch has no bfloat16 LSTM on processors without the instructions."""
    try:
        with torch.autocast("cpu", torch.bfloat16):
            nn.LSTM(3, 2)(torch.zeros(1, 1, 3))
    except RuntimeError:
        return False
    return True


@pytest.mark.skipif(not _lstm_knows_bfloat16(), reason="torch has no bfloat16 LSTM on this processor")
def test_a_recurrent_layer():
    check_layer(nn.LSTM(3, 2, batch_first=True), X.reshape(2, 2, 3)).raise_if_failed()


def test_compilation():
    assert check_layer(Good(), X, compiled=True, only="compiles as one graph").raise_if_failed().passed


def variant(**members):
    return type("Broken", (Good,), members)


class Subclassed(nn.Parameter):
    pass


def with_init(change):
    def init(self):
        Good.__init__(self)
        change(self)

    return variant(__init__=init)


def subclassed(self):
    self.inner.weight = Subclassed(self.inner.weight.detach())


def forward(change):
    return variant(forward=change)


def base(self, x):
    return Good.forward(self, x)


class Doubled(torch.autograd.Function):
    """The identity with a gradient twice too large."""

    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return 2 * g


class Flat(torch.autograd.Function):
    """sin with a first derivative that autograd takes for constant."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sin()

    @staticmethod
    def backward(ctx, g):
        return ctx.saved_tensors[0].detach().cos() * g


def global_dtype(self, x):
    torch.set_default_dtype(torch.float64)
    return base(self, x)


def forgetful_copy(self, memo):
    twin = type(self)()
    with torch.no_grad():
        twin.inner.weight.zero_()
    return twin


def shared_copy(self, memo):
    twin = type(self)()
    twin.inner = self.inner
    return twin


def counting(self, x):
    self.calls = getattr(self, "calls", 0) + 1
    return base(self, x) * self.calls


class Unreached(Good):
    def __init__(self):
        super().__init__()
        self.idle = nn.Parameter(torch.zeros(2))


def branching(self, x):
    return base(self, x) if float(x.sum()) > -1e9 else x


class Lossy(Good):
    """Loading ignores the weights."""

    def _load_from_state_dict(self, state, prefix, *rest):
        pass

    def load_state_dict(self, state, strict=True, assign=False):
        return torch.nn.modules.module._IncompatibleKeys([], [])


SABOTAGE = {
    "finite output": forward(lambda self, x: base(self, x) / 0.0),
    "deterministic in eval mode": forward(counting),
    "inputs are not changed": forward(lambda self, x: base(self, x.add_(1.0))),
    "global state is not changed": forward(global_dtype),
    "state_dict round trip": Lossy,
    "state_dict holds plain tensors": variant(
        get_extra_state=lambda self: {"a": 1}, set_extra_state=lambda self, s: None
    ),
    "parameters are plain": with_init(subclassed),
    "every part is registered": with_init(lambda self: setattr(self, "hidden", [nn.Linear(2, 2)])),
    "deepcopy is equal": variant(__deepcopy__=forgetful_copy),
    "deepcopy is independent": variant(__deepcopy__=shared_copy),
    "float32 stays": forward(lambda self, x: base(self, x).double()),
    "float64 stays": forward(lambda self, x: base(self, x).float()),
    "float32 agrees with float64": forward(lambda self, x: base(self, x) + 1e3 * (x.dtype == torch.float32)),
    "a batch equals its elements": forward(lambda self, x: base(self, x) - base(self, x).mean(0)),
    "gradients reach every parameter": Unreached,
    "derivatives by the inputs": forward(lambda self, x: base(self, Doubled.apply(x))),
    "second derivatives by the inputs": forward(lambda self, x: Flat.apply(self.inner(x))),
    "derivatives by the parameters": forward(lambda self, x: Doubled.apply(base(self, x))),
    "train and eval reach every part": variant(train=lambda self, mode=True: self),
    "repr names the class": variant(__repr__=lambda self: "layer"),
    "autocast to bfloat16": forward(lambda self, x: self.inner(x) + 1e3 - 1e3),
    "compiles as one graph": forward(branching),
}


def test_every_law_has_a_sabotage():
    assert set(SABOTAGE) | {"gradients on two ranks"} == set(laws_of(check_layer))


@pytest.mark.parametrize("law", SABOTAGE)
def test_sabotage_is_caught(law):
    report = check_layer(SABOTAGE[law](), X, compiled=True, only=[law])
    assert not report.passed
    assert torch.get_default_dtype() == torch.float32


def test_hidden_tensors_are_named():
    hidden = with_init(lambda self: setattr(self, "weights", torch.ones(3)))()
    assert check_layer(hidden, X)["every part is registered"].detail.startswith("weights holds a tensor")
    table = with_init(lambda self: setattr(self, "parts", {"a": nn.Linear(2, 2)}))()
    assert not check_layer(table, X, only="every part is registered").passed


def test_a_missing_forward_breaks_laws_without_raising():
    assert "NotImplementedError" in check_layer(nn.Module(), X)["finite output"].detail


def test_scales():
    """Linear layers pass in volts and at huge scale, in float32."""
    layer = nn.Linear(3, 2, bias=False)
    for scale in (1e-12, 1e14):
        check_layer(layer, scale * X).raise_if_failed()


def test_several_ranks_and_compilation_are_asked_for():
    skipped = check_layer(Good(), X).skipped
    assert skipped == {"compiles as one graph": "pass compiled=True", "gradients on two ranks": "pass distributed=True"}
