"""SPDMLR, SPDDropout, RiemannianResidual and SPDNet: closed forms, the battery of layers, one training run."""

import pytest
import torch

from erlangen.errors import CastWarning, DomainError, NotSPDError
from erlangen.manifolds import SPD, metric_named
from erlangen.nn import (
    SPDMLR,
    BiMap,
    ExpEig,
    LogEig,
    ReEig,
    RiemannianResidual,
    SPDBatchNorm,
    SPDDropout,
    SPDNet,
    Vectorise,
)
from erlangen.optim import RiemannianSGD, manifold_groups
from erlangen.testing import check_layer

I3 = torch.eye(3, dtype=torch.float64)


@pytest.mark.parametrize("metric", ["logeuclid", "wasserstein", "riemann", "logchol"])
def test_logits_are_inner_products_with_a_transported_vector(metric, wishart, symmetric):
    layer, m, X = SPDMLR(3, 2, metric, rng=0), metric_named(metric), wishart(4, 3)
    with torch.no_grad():
        layer.points.copy_(wishart(2, 3, seed=5))
    P, B = layer.points.detach(), layer.directions.detach()
    expected = torch.stack([m.inner(p, m.log(p, X), m.transport(I3, p, b)) for p, b in zip(P, B, strict=True)], dim=-1)
    torch.testing.assert_close(layer(X).detach(), expected, rtol=1e-10, atol=1e-10)
    with torch.no_grad():
        torch.testing.assert_close(layer(X), expected, rtol=1e-10, atol=1e-10)
    assert layer.manifolds() == {"points": SPD(3, m)}
    check_layer(symmetric(layer), X).raise_if_failed()


def test_bures_logits_compile(wishart):
    check_layer(
        SPDMLR(3, 2, "wasserstein", rng=0), wishart(3, 3), compiled=True, only="compiles as one graph"
    ).raise_if_failed()


def test_dropout_keeps_matrices_definite_and_drops_whole_channels(wishart):
    X, layer = wishart(200, 5), SPDDropout(0.4, rng=0)
    out = layer(X)
    size = X.diagonal(dim1=-2, dim2=-1).mean(-1)[:, None]
    dropped = (out.diagonal(dim1=-2, dim2=-1) - size).abs() < 1e-12
    assert abs(float(dropped.double().mean()) - 0.4) < 0.06
    assert torch.linalg.eigvalsh(out).min() > 0
    rows = out - torch.diag_embed(out.diagonal(dim1=-2, dim2=-1))
    assert rows[dropped].abs().max() == 0
    kept = ~dropped[:, :, None] & ~dropped[:, None, :]
    assert torch.equal(out[kept], X[kept])
    assert not torch.equal(layer(X), out)
    assert torch.equal(SPDDropout(0.4, rng=0)(X), out)
    check_layer(layer, X[:3], compiled=True).raise_if_failed()
    with pytest.raises(DomainError, match="p must"):
        SPDDropout(1.0)


def moved(n=3):
    layer = RiemannianResidual(n, 4, rng=0)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        layer.weights.copy_(torch.randn(4, generator=generator, dtype=torch.float64))
        layer.bias.fill_(0.2)
    return layer


def test_the_residual_is_the_exponential_of_its_field(wishart, symmetric):
    X, layer = wishart(4, 3), moved()
    check_layer(symmetric(layer), X, compiled=True).raise_if_failed()
    torch.testing.assert_close(RiemannianResidual(3, rng=0)(X), X)
    values, U = torch.linalg.eigh(X)
    logs = values.log()
    units = layer.slopes[:, None, None] * logs + (layer.shifts + layer.sizes * logs.mean(-1, keepdim=True)).T[..., None]
    field = (layer.weights[:, None, None] * units / (1 + units**2).sqrt()).sum(0) + layer.bias
    v = (U * (values * field).unsqueeze(-2)) @ U.mT
    torch.testing.assert_close(layer(X), metric_named("riemann").exp(X, v), rtol=1e-10, atol=1e-10)
    Q = torch.linalg.qr(wishart(3, seed=2)).Q
    torch.testing.assert_close(layer(Q @ X @ Q.T), Q @ layer(X) @ Q.T, rtol=1e-11, atol=1e-11)


def test_the_residual_has_true_derivatives_at_the_identity(symmetric):
    X = (1.5 * I3)[None].clone().requires_grad_()
    assert torch.autograd.gradcheck(symmetric(moved()), X)
    assert torch.autograd.gradgradcheck(symmetric(moved()), X)


def signals(count=40):
    """Two classes of white noise, mixed by two matrices."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(count) % 2
    mix = torch.randn(2, 4, 4, generator=generator)
    return mix[labels] @ torch.randn(count, 4, 60, generator=generator), labels


def test_a_small_net_learns_two_classes_of_noise():
    X, y = signals()
    net = SPDNet([4, 3], 2, rng=0, normalisation={"momentum": 0.5})
    optimiser = torch.optim.Adam(net.parameters(), lr=0.02)
    for _ in range(30):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(net(X), y).backward()
        optimiser.step()
    assert (net.eval()(X).argmax(-1) == y).double().mean() >= 0.95
    assert all(torch.isfinite(p.grad).all() for p in net.parameters())


def test_a_step_of_the_optimiser_moves_the_compression_and_keeps_it_on_stiefel():
    X, y = signals(20)
    net = SPDNet([4, 3], 2, rng=0)
    W = next(layer for layer in net.modules() if isinstance(layer, BiMap)).weight
    before, optimiser = W.detach().clone(), RiemannianSGD(manifold_groups(net), lr=0.5)
    for _ in range(3):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(net(X), y).backward()
        optimiser.step()
    assert (W.detach() - before).abs().max() > 1e-4
    torch.testing.assert_close(W.detach().mT @ W.detach(), I3, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    "layer",
    [LogEig(), ReEig(), ExpEig(), BiMap(3, 2, rng=0), SPDBatchNorm(3), SPDMLR(3, 2, rng=0), RiemannianResidual(3, rng=0), SPDDropout(), Vectorise()],
    ids=lambda layer: type(layer).__name__,
)  # fmt: skip
def test_integers_are_cast_with_a_notice_and_complex_matrices_are_not_provided_for(layer):
    whole = torch.tensor([[[4, 1, 0], [1, 3, 1], [0, 1, 2]], [[2, 1, 0], [1, 5, 1], [0, 1, 2]]])
    layer.eval()
    with pytest.warns(CastWarning, match="X holds int64, it is computed with in float64"):
        found = layer(whole)
    assert torch.equal(found, layer(whole.double()))
    with pytest.raises(NotImplementedError, match="Hermitian matrices are not provided for"):
        layer(whole + 0j)


def test_the_net_is_reproducible_takes_domains_and_other_metrics(wishart):
    assert torch.equal(SPDNet([4, 3], 2, rng=3)(signals()[0]), SPDNet([4, 3], 2, rng=3)(signals()[0]))
    net = SPDNet([5, 4, 2], 3, metric="riemann", signals=False, normalisation={"domains": 2}, rng=0)
    assert net(wishart(6, 5), [0, 1, 0, 1, 0, 1]).shape == (6, 3)
    assert sum(isinstance(layer, (BiMap, SPDBatchNorm)) for layer in net.modules()) == 4
    assert SPDNet([5, 4], 3, metric=None, signals=False, rng=0)(wishart(2, 5)).shape == (2, 3)
    with pytest.raises(DomainError, match="sizes"):
        SPDNet([4], 2)
    with pytest.raises(NotSPDError):
        SPDMLR(3, 2)(-I3)
