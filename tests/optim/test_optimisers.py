"""Oracles: torch.optim bit for bit, Rayleigh–Ritz eigenvectors, closed means of commuting matrices, great circles, the battery of optimisers."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from erlangen.errors import DomainError, ShapeError
from erlangen.manifolds import SPD, AffineInvariant, BuresWasserstein, Euclidean, Sphere, Stiefel
from erlangen.optim import RiemannianAdam, RiemannianSGD, manifold_groups
from erlangen.testing import check_optimiser, laws_of

SGD = {"lr": 0.05, "momentum": 0.5}
ADAM = {"lr": 0.02, "amsgrad": True}
MANIFOLDS = {
    "none": (None, (4, 3)),
    "euclidean": (Euclidean((4, 3)), (4, 3)),
    "stiefel": (Stiefel(4, 3), (4, 3)),
    "rows": (Stiefel(4, 2, "euclidean", retraction="qr", rows=True), (2, 4)),
    "sphere": (Sphere(4), (5,)),
    "spd": (SPD(3), (3, 3)),
    "bures": (SPD(3, BuresWasserstein()), (3, 3)),
}


SLOW = {("rows", "parallel")}  # Newton's iteration at every step; the columns pass through it in the quick run
CASES = [
    pytest.param(name, transport, marks=[pytest.mark.slow] if (name, transport) in SLOW else [])
    for name in MANIFOLDS
    for transport in ("projection", "parallel")
]


@pytest.mark.parametrize(("kind", "options"), [(RiemannianSGD, SGD), (RiemannianAdam, ADAM)])
@pytest.mark.parametrize(("name", "transport"), CASES)
def test_battery(name, kind, options, transport):
    manifold, shape = MANIFOLDS[name]

    def spd(values):
        return torch.eye(3, dtype=values.dtype) + 0.1 * values @ values.mT if values.ndim == 2 else values

    start = spd if name in ("spd", "bures") else None
    project = None if manifold is None else manifold.project

    def once(values):  # a normal matrix becomes a point well inside; a point stays
        ok = manifold.check(values)
        return values if ok else project(start(values) if start else values)

    # Newton's iteration behind parallel transport on Stiefel may differ in its last bit from run to run of the same process.
    exact = {
        "step without closure is the same",
        "deterministic",
        "state_dict round trip",
        "state_dict survives a weights-only file",
    }
    newton = transport == "parallel" and isinstance(manifold, Stiefel)
    only = set(laws_of(check_optimiser)) - exact if newton else None
    report = check_optimiser(
        lambda p: kind(p, **options, manifold=manifold, transport=transport),
        shape=shape,
        project=None if manifold is None else once,
        only=only,
    )
    report.raise_if_failed()


@pytest.mark.parametrize("maximize", [False, True])
@pytest.mark.parametrize(
    ("ours", "theirs", "options"),
    [
        (RiemannianSGD, torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
        (RiemannianSGD, torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "dampening": 0.3}),
        (RiemannianAdam, torch.optim.Adam, {"lr": 0.1, "weight_decay": 0.1, "amsgrad": True}),
        (RiemannianAdam, torch.optim.Adam, {"lr": 0.1, "betas": (0.8, 0.9)}),
    ],
)
def test_without_a_manifold_it_is_torch_bit_for_bit(ours, theirs, options, maximize):
    ends = []
    for kind in (ours, theirs):
        torch.manual_seed(0)
        net = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 1))
        optimiser = kind(net.parameters(), **options, maximize=maximize)
        for _ in range(6):
            optimiser.zero_grad()
            net(torch.ones(3, 4)).square().sum().backward()
            optimiser.step()
        ends.append([p.detach().clone() for p in net.parameters()])
    assert all(torch.equal(a, b) for a, b in zip(*ends, strict=True))


@pytest.mark.parametrize("metric", ["canonical", "euclidean"])
@pytest.mark.parametrize("retraction", ["polar", "qr", "cayley"])
@pytest.mark.parametrize("rows", [False, True])
def test_leading_eigenvectors_on_stiefel(metric, retraction, rows):
    """Maximise tr(XᵀAX): the span is that of the leading eigenvectors, the value the sum of the leading eigenvalues."""
    n, p = 8, 3
    Q = Stiefel(n, n).random(rng=1)
    values = torch.tensor([9.0, 7.5, 6.0, 2.0, 1.0, 0.5, 0.2, 0.1], dtype=torch.float64)
    A = (Q * values) @ Q.mT
    manifold = Stiefel(n, p, metric, retraction=retraction, rows=rows)
    x = nn.Parameter(manifold.random(rng=0))
    optimiser = RiemannianSGD([x], lr=0.03, momentum=0.6, maximize=True, manifold=manifold)
    for _ in range(300):
        optimiser.zero_grad()
        X = x.mT if rows else x
        (X * (A @ X)).sum().backward()
        optimiser.step()
    X = (x.mT if rows else x).detach()
    assert float((X * (A @ X)).sum()) == pytest.approx(22.5, rel=1e-10)
    torch.testing.assert_close(X @ X.mT, Q[:, :p] @ Q[:, :p].mT, atol=1e-6, rtol=0)
    assert manifold.check(x.detach())


@pytest.mark.parametrize("kind", ["ai", "bw"])
def test_frechet_mean_of_commuting_matrices(kind):
    """exp(mean log) under the affine-invariant metric, (mean sqrt)² under Bures–Wasserstein."""
    rng = np.random.default_rng(3)
    Q = Stiefel(4, 4).random(rng=2)
    spectra = torch.tensor(rng.uniform(0.3, 4.0, (6, 4)))
    X = (Q * spectra.unsqueeze(-2)) @ Q.mT
    manifold = SPD(4, AffineInvariant() if kind == "ai" else BuresWasserstein())
    truth = spectra.log().mean(0).exp() if kind == "ai" else spectra.sqrt().mean(0) ** 2
    P = nn.Parameter(torch.eye(4, dtype=torch.float64))
    optimiser = RiemannianSGD([P], lr=0.3 / 2, momentum=0.3, manifold=manifold, move="exp")
    for _ in range(120):
        optimiser.zero_grad()
        manifold.squared_dist(P.expand(6, 4, 4), X).mean().backward()
        optimiser.step()
    torch.testing.assert_close(P.detach(), (Q * truth) @ Q.mT, atol=1e-8, rtol=0)


@pytest.mark.parametrize("transport", ["projection", "parallel"])
def test_momentum_moves_along_the_great_circle(transport):
    """One step without gradient after a push: direction momentum times the push, turned with the circle."""
    x = nn.Parameter(torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64))
    optimiser = RiemannianSGD([x], lr=1.0, momentum=0.5, manifold=Sphere(2), move="exp", transport=transport)
    x.grad = torch.tensor([5.0, -0.4, 0.0], dtype=torch.float64)  # the radial part is no gradient
    optimiser.step()
    first = [np.cos(0.4), np.sin(0.4), 0.0]
    np.testing.assert_allclose(x.detach().numpy(), first, atol=1e-14)
    x.grad = torch.zeros(3, dtype=torch.float64)
    optimiser.step()
    angle = 0.4 + 0.2 * (np.cos(0.4) if transport == "projection" else 1.0)
    np.testing.assert_allclose(x.detach().numpy(), [np.cos(angle), np.sin(angle), 0.0], atol=1e-14)


def test_a_step_uses_the_gradient_of_the_groups_own_metric():
    """Affine-invariant: x g x; Bures–Wasserstein: 2(g x + x g). The same loss, two steps."""
    g, x0 = torch.tensor([[1.0, 0.2], [0.2, -0.5]]).double(), torch.diag(torch.tensor([1.0, 3.0])).double()
    for metric, wanted in ((AffineInvariant(), x0 @ g @ x0), (BuresWasserstein(), 2 * (g @ x0 + x0 @ g))):
        x = nn.Parameter(x0.clone())
        optimiser = RiemannianSGD([x], lr=1e-7, manifold=SPD(2, metric))
        x.grad = g.clone()
        optimiser.step()
        torch.testing.assert_close((x0 - x.detach()) / 1e-7, wanted, atol=1e-5, rtol=0)


def test_weight_decay_spares_parameters_on_a_manifold():
    x, w = nn.Parameter(2 * torch.eye(3)), nn.Parameter(torch.ones(2))
    for kind in (RiemannianSGD, RiemannianAdam):
        optimiser = kind([{"params": [x], "manifold": SPD(3)}, {"params": [w]}], lr=0.1, weight_decay=0.5)
        x.grad, w.grad = torch.zeros(3, 3), torch.zeros(2)
        before = w.detach().clone()
        optimiser.step()
        torch.testing.assert_close(x.detach(), 2 * torch.eye(3))
        assert bool((w.detach() < before).all())


@pytest.mark.parametrize("move", ["exp", "retract"])
def test_a_step_out_of_the_domain_is_halved(move):
    x = nn.Parameter(torch.eye(2, dtype=torch.float64))
    optimiser = RiemannianSGD([x], lr=10.0, manifold=SPD(2, BuresWasserstein()), move=move)
    x.grad = torch.eye(2, dtype=torch.float64)
    optimiser.step()
    assert SPD(2).check(x.detach())


def test_batches_of_points_have_a_rate_each():
    """Adam's second moment is one number a point: scaling one point's loss does not slow the other."""
    steps = []
    for factor in (1.0, 1000.0):
        x = nn.Parameter(Stiefel(4, 2).random(2, rng=0))
        optimiser = RiemannianAdam([x], lr=0.1, manifold=Stiefel(4, 2))
        x.grad = Stiefel(4, 2).random(2, rng=1) * torch.tensor([1.0, factor]).double()[:, None, None]
        optimiser.step()
        assert optimiser.state[x]["exp_avg_sq"].shape == (2,)
        steps.append(x.detach())
    torch.testing.assert_close(steps[0], steps[1], atol=1e-6, rtol=0)


def test_stabilise_projects():
    manifold = Stiefel(6, 2, retraction="cayley")
    x = nn.Parameter(manifold.random(rng=0) * (1 + 2e-14))
    optimiser = RiemannianSGD([x], lr=0.1, manifold=manifold, stabilise=2)
    gaps = []
    for _ in range(2):
        x.grad = torch.zeros_like(x)
        optimiser.step()
        gaps.append(float((x.mT @ x - torch.eye(2)).detach().abs().max()))
    assert gaps[0] > 2e-14
    assert gaps[1] < 2e-15


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(Stiefel(5, 2, rows=True).random(rng=0))
        self.mean = nn.Parameter(torch.eye(2, dtype=torch.float64))
        self.bias = nn.Parameter(torch.zeros(2))

    def manifolds(self):
        return {"weight": Stiefel(5, 2, rows=True), "mean": SPD(2)}


def test_groups_from_modules():
    net = nn.Sequential(Layer(), Layer(), nn.Linear(2, 2))
    groups = manifold_groups(net, weight_decay=0.1)
    assert [(g.get("manifold"), len(g["params"])) for g in groups] == [
        (None, 4),
        (Stiefel(5, 2, rows=True), 2),
        (SPD(2), 2),
    ]
    assert groups[0]["weight_decay"] == 0.1
    net[1].weight = net[0].weight
    assert [len(g["params"]) for g in manifold_groups(net)] == [4, 1, 2]
    net[1].manifolds = lambda: {"weight": Stiefel(5, 2, "euclidean", rows=True)}
    with pytest.raises(DomainError, match=r"1\.weight is named .* as 0\.weight"):
        manifold_groups(net)
    RiemannianAdam(groups)


def test_state_and_copies_keep_the_manifold():
    layer = Layer()
    optimiser = RiemannianSGD(manifold_groups(layer), lr=0.1, momentum=0.9)
    state = optimiser.state_dict()
    assert [g["manifold"] for g in state["param_groups"]][1].startswith("Stiefel(2, 5)")
    twin = copy.deepcopy(optimiser)
    assert twin.param_groups[1]["manifold"] == Stiefel(5, 2, rows=True)
    for p in twin.param_groups[1]["params"] + twin.param_groups[0]["params"]:
        p.grad = torch.ones_like(p)
    twin.step()
    optimiser.load_state_dict(state)
    assert optimiser.param_groups[2]["manifold"] == SPD(2)
    with pytest.raises(DomainError, match="was saved with"):
        RiemannianSGD(layer.parameters()).load_state_dict(
            RiemannianSGD([{"params": [p], "manifold": None} for p in layer.parameters()]).state_dict()
            | {
                "param_groups": [
                    dict(g, manifold="SPD") for g in RiemannianSGD(layer.parameters()).state_dict()["param_groups"]
                ]
            }
        )


def test_refusals():
    x = nn.Parameter(Sphere(2).random(rng=0))
    with pytest.raises(ShapeError, match=r"params'\]\[0\] has shape \(3,\)"):
        RiemannianSGD([x], manifold=Sphere(3))
    with pytest.raises(DomainError, match="is no point of Sphere"):
        RiemannianSGD([nn.Parameter(torch.ones(3))], manifold=Sphere(2))
    with pytest.raises(DomainError, match="of type str"):
        RiemannianAdam([x], manifold="sphere")
    with pytest.raises(DomainError, match="move must be"):
        RiemannianSGD([x], move="jump")
    optimiser = RiemannianSGD([x], manifold=Sphere(2))
    x.grad = torch.tensor([0.0, torch.nan, 0.0], dtype=torch.float64)
    with pytest.raises(DomainError, match="not finite"):
        optimiser.step()
    rows = nn.Parameter(Sphere(2).random(4, rng=0))
    optimiser = RiemannianAdam([rows], manifold=Sphere(2))
    rows.grad = torch.sparse_coo_tensor([[1]], torch.ones(1, 3).double(), (4, 3))
    with pytest.raises(DomainError, match="sparse"):
        optimiser.step()
    with pytest.raises(ValueError, match="learning rate"):
        RiemannianSGD([x], lr=-1.0)
