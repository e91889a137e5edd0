"""The batch normalisation under every metric: invariants, derivatives, domains, and what happens outside the exponential's domain."""

import math

import pytest
import torch

from erlangen.errors import DomainError, DomainWarning, NotSPDError, ShapeError
from erlangen.linalg import inv_sqrtm
from erlangen.manifolds import SPD, BuresWasserstein, LogCholesky, metric_named
from erlangen.nn import SPDBatchNorm
from erlangen.optim import RiemannianAdam, manifold_groups
from erlangen.testing import check_layer

METRICS = ["bures-wasserstein", "BuresWasserstein(theta=0.5)", "riemann", "logeuclid", "logchol"]


def trained(layer, X, steps=3):
    for _ in range(steps):
        layer.train()(X)
    return layer


@pytest.mark.parametrize("options", [{}, {"learn_metric": True, "learn_theta": True}], ids=str)
@pytest.mark.parametrize("metric", METRICS)
def test_the_battery(metric, options, wishart, symmetric):
    if options and "ures" not in metric:
        pytest.skip("no parameters to learn")
    X = wishart(5, 3)
    check_layer(
        symmetric(trained(SPDBatchNorm(3, metric, **options), X)),
        X,
        compiled=metric in ("bures-wasserstein", "riemann") and not options,
    ).raise_if_failed()


@pytest.mark.slow
def test_on_two_ranks(wishart, symmetric):
    layer = symmetric(trained(SPDBatchNorm(3), wishart(6, 3)))
    check_layer(layer, wishart(6, 3), distributed=True, only="gradients on two ranks").raise_if_failed()


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("scale", [1.0, 0.7])
def test_the_batch_leaves_with_mean_identity_and_the_dispersion_asked_for(metric, scale, wishart):
    layer = SPDBatchNorm(8, metric, mean_iterations="converged")
    with torch.no_grad():
        layer.scale.fill_(scale)
    out = layer(wishart(40, 8)).detach()
    assert int(layer.exits) == 0
    m = metric_named(metric)
    identity = torch.eye(8, dtype=torch.float64)
    assert float((m.mean(out, tol=1e-13) - identity).abs().max()) <= 1e-10
    assert abs(float(m.squared_dist(identity, out).mean()) - scale**2) <= 1e-4


@pytest.mark.parametrize("unit", [1e-12, 5.0, 1e14])
def test_the_result_does_not_depend_on_the_units_of_the_batch(unit, wishart):
    X = wishart(30, 4)
    torch.testing.assert_close(SPDBatchNorm(4)(unit * X), SPDBatchNorm(4)(X), rtol=1e-10, atol=1e-10)


def test_the_layer_turns_with_its_batch_its_bias_and_its_metric(wishart):
    X, W, M = wishart(20, 4), wishart(4, seed=1), wishart(4, seed=2)
    O = torch.linalg.qr(wishart(4, seed=3)).Q  # noqa: E741
    found = []
    for R in (torch.eye(4, dtype=torch.float64), O):
        layer = SPDBatchNorm(4, BuresWasserstein(R @ M @ R.T))
        with torch.no_grad():
            layer.bias.copy_(R @ W @ R.T)
        found.append(layer(R @ X @ R.T))
    torch.testing.assert_close(found[1], O @ found[0] @ O.T, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("differentiable", [False, True])
@pytest.mark.parametrize("metric", METRICS)
def test_derivatives_in_training_at_multiples_of_the_identity_too(metric, differentiable, wishart):
    if metric == "logchol" and not differentiable:
        pytest.skip("its second derivatives are torch's own, and slow")
    layer = SPDBatchNorm(2, metric, differentiable_stats=differentiable, track_running_stats=False)
    X = wishart(3, 2)
    X[0] = 2 * torch.eye(2, dtype=torch.float64)

    def function(X, W, s):
        A = (X + X.mT) / 2
        return torch.func.functional_call(layer, {"bias": W, "scale": s}, (A,))

    W, s = (
        torch.eye(2, dtype=torch.float64)[None].requires_grad_(),
        torch.ones(1, dtype=torch.float64, requires_grad=True),
    )
    if differentiable:
        assert torch.autograd.gradcheck(function, (X.requires_grad_(), W, s))
        assert metric != "bures-wasserstein" or torch.autograd.gradgradcheck(function, (X, W, s))
    else:  # statistics are constants of the derivative: compare in evaluation, where they are constants of the function
        kept = trained(SPDBatchNorm(2, metric), X).eval()
        layer = kept
        assert torch.autograd.gradcheck(function, (X.requires_grad_(), W, s))
        assert torch.autograd.gradgradcheck(function, (X, W, s))


def test_the_converged_mean_is_differentiated_implicitly(wishart):
    layer = SPDBatchNorm(2, mean_iterations="converged", differentiable_stats=True, track_running_stats=False)
    X = wishart(4, 2).requires_grad_()
    assert torch.autograd.gradcheck(lambda X: layer((X + X.mT) / 2), X, atol=1e-6)
    assert torch.autograd.gradgradcheck(lambda X: layer((X + X.mT) / 2), X, eps=1e-5, atol=1e-5, fast_mode=True)


def test_running_statistics_converge_to_those_of_the_data_and_serve_in_evaluation(wishart):
    X = wishart(25, 3)
    layer = trained(SPDBatchNorm(3, mean_iterations="converged", momentum=0.5), X, 60)
    bures = BuresWasserstein()
    mean = bures.mean(X)
    torch.testing.assert_close(layer.running.mean[0, 0], mean, rtol=1e-9, atol=1e-9)
    assert math.isclose(float(layer.running.variance), float(bures.squared_dist(mean, X).mean()), rel_tol=1e-9)
    torch.testing.assert_close(layer.eval()(X), SPDBatchNorm(3, mean_iterations="converged")(X), rtol=1e-8, atol=1e-8)
    assert not [name for name, _ in layer.named_parameters() if "running" in name]


def test_running_means_stay_true_when_the_metric_is_learnt(wishart):
    """They are kept in data space: what equals the mean is sent to the bias, whatever M and theta have become since."""
    layer = SPDBatchNorm(
        3, BuresWasserstein(theta=0.5), learn_metric=True, learn_theta=True, mean_iterations="converged", momentum=1.0
    )
    layer(wishart(10, 3))
    kept = layer.running.mean[0].clone()
    with torch.no_grad():
        layer.M.copy_(wishart(3, seed=4) + torch.eye(3))
        layer.theta.fill_(0.8)
        found = layer.eval()(kept)
    torch.testing.assert_close(layer.running.mean[0], kept, rtol=0, atol=0)
    torch.testing.assert_close(found, layer.bias.detach(), rtol=1e-10, atol=1e-10)


def test_centring_is_transport_which_is_whitening_under_the_affine_invariant_metric_only(wishart):
    X = wishart(20, 3)
    for name, whitens in [("riemann", True), ("wasserstein", False)]:
        m, layer = metric_named(name), SPDBatchNorm(3, name, mean_iterations="converged", eps=0.0)
        G = m.mean(X, tol=1e-13)
        with torch.no_grad():
            layer.scale.copy_(m.squared_dist(G, X).mean().sqrt()[None])  # vectors keep their lengths
        root = inv_sqrtm(G)
        assert torch.allclose(layer(X).detach(), root @ X @ root, atol=1e-9) == whitens
        assert torch.allclose(m.mean(root @ X @ root), torch.eye(3, dtype=torch.float64), atol=1e-6) == whitens


def test_channels_do_not_mix(wishart):
    X = wishart(10, 2, 3)
    layer = SPDBatchNorm(3, channels=2)
    apart = torch.stack([SPDBatchNorm(3)(X[:, c]) for c in range(2)], dim=1)
    torch.testing.assert_close(layer(X), apart)
    assert layer(X).shape == X.shape


def test_a_schedule_sets_the_momentum_of_each_batch(wishart):
    seen = []
    layer = SPDBatchNorm(3, momentum=lambda step: seen.append(step) or 1 / (step + 1))
    for seed in range(3):
        layer(wishart(5, 3, seed=seed))
    assert seen == [0, 1, 2]


def test_domains_have_statistics_of_their_own(wishart):
    first, second = wishart(10, 3), 9 * wishart(10, 3, seed=1)
    layer = SPDBatchNorm(3, domains=["a", "b", "c"], momentum=1.0)
    mixed = layer(torch.cat([first, second]), ["a"] * 10 + ["b"] * 10)
    torch.testing.assert_close(mixed, torch.cat([SPDBatchNorm(3)(first), SPDBatchNorm(3)(second)]))
    layer.eval()
    torch.testing.assert_close(layer(first, "a"), mixed[:10], rtol=1e-9, atol=1e-9)
    with pytest.raises(DomainError, match="domain 'c' has no statistics"):
        layer(first, "c")
    layer.adapt(second, "c")
    torch.testing.assert_close(layer.running.mean[2, 0], BuresWasserstein().mean(second), rtol=1e-9, atol=1e-9)
    for domain, law in [("d", "not one of 'a', 'b', 'c'"), (None, "say which"), (["a"], "one a sample")]:
        with pytest.raises(DomainError, match=law):
            layer(first, domain)
    with pytest.raises(DomainError, match="without domains"):
        SPDBatchNorm(3)(first, "a")
    open_minded = SPDBatchNorm(3, domains=2, unseen="adapt").eval()
    torch.testing.assert_close(open_minded(first, 1), SPDBatchNorm(3)(first))


def far(wishart):
    """A batch with one small outlier among large matrices: scaled by 3 it leaves the domain."""
    X = wishart(10, 3)
    X[0] *= 1e-3
    layers = {policy: SPDBatchNorm(3, on_domain_exit=policy) for policy in ("shrink", "warn", "raise", "fold")}
    with torch.no_grad():
        for layer in layers.values():
            layer.scale.fill_(3.0)
    return X.requires_grad_(), layers


def test_outside_the_domain_vectors_are_shortened_by_default(wishart, symmetric):
    X, layers = far(wishart)
    out = layers["shrink"](X)
    assert int(layers["shrink"].exits) >= 1
    assert torch.linalg.eigvalsh(out).min() >= 0.99e-4  # (I + L)^2 with I + L >= 0.01
    layer = layers["shrink"].eval()
    assert torch.autograd.gradcheck(symmetric(layer), X.detach()[:2].requires_grad_())
    with pytest.warns(DomainWarning, match="of 10 samples leave the domain"):
        kept = layers["warn"](X)
    assert (
        torch.linalg.eigvalsh(kept).min() >= -1e-12
    )  # the formula squares I + L: what it gives looks healthy, and is not
    assert not torch.allclose(kept, out)
    with pytest.raises(DomainError, match="leave the domain of the exponential"):
        layers["raise"](X)


def test_a_batch_of_one_is_moved_to_the_bias_and_not_scaled(wishart):
    with pytest.warns(DomainWarning, match="no dispersion"):
        out = SPDBatchNorm(3)(wishart(1, 3))
    torch.testing.assert_close(out[0], torch.eye(3, dtype=torch.float64))


def test_weight_decay_spares_scale_theta_bias_and_m(wishart):
    """All of them decay would pull towards the border: with no gradient but decay they stay; a linear layer shrinks."""
    layer = SPDBatchNorm(3, learn_metric=True, learn_theta=True)
    net = torch.nn.ModuleList([layer, torch.nn.Linear(3, 2).double()])
    before = {name: p.detach().clone() for name, p in net.named_parameters()}
    optimiser = RiemannianAdam(manifold_groups(net), lr=0.1, weight_decay=0.5)
    for p in net.parameters():
        p.grad = torch.zeros_like(p)
    optimiser.step()
    moved = {name for name, p in net.named_parameters() if not torch.allclose(p, before[name], atol=1e-12)}
    assert moved == {"1.weight", "1.bias"}
    assert SPDBatchNorm(3, affine=False).undecayed() == ()


def test_parameters_and_their_manifolds():
    layer = SPDBatchNorm(3, "BuresWasserstein(theta=0.5)", learn_metric=True)
    assert set(dict(layer.named_parameters())) == {"bias", "scale", "M"}
    assert layer.manifolds() == {
        "bias": SPD(3, BuresWasserstein(torch.eye(3, dtype=torch.float64), 0.5)),
        "M": SPD(3, BuresWasserstein()),
    }
    assert SPDBatchNorm(3, LogCholesky(), affine=False).manifolds() == {}


@pytest.mark.parametrize(
    "metric",
    ["riemann", "logeuclid", "logchol", "power-cholesky", "wasserstein", BuresWasserstein(theta=0.5)],
    ids=repr,
)
def test_bad_batches_are_refused_under_every_metric(metric, wishart):
    """Also where a factorisation would read one triangle only; a refused batch leaves the running statistics alone."""
    layer, X = SPDBatchNorm(3, metric), wishart(4, 3)
    before = layer.running.mean.clone()
    spoilt = torch.triu(torch.ones(3, 3, dtype=torch.float64), 1)
    for bad, error, law in [
        (X - torch.diag_embed(torch.ones(4, 3)) * 1e3, NotSPDError, r"X\[0, 0\] is not positive definite"),
        (
            torch.where((torch.arange(4) == 2)[:, None, None] & (spoilt > 0), torch.nan, X),
            DomainError,
            r"X\[2, 0.* not finite",
        ),
        (X + spoilt, DomainError, "X is not symmetric"),
    ]:
        with pytest.raises(error, match=law):
            layer(bad)
        torch.testing.assert_close(layer.running.mean, before, rtol=0, atol=0)


def test_refusals(wishart):
    layer, X = SPDBatchNorm(3), wishart(4, 3)
    singular = X.clone()
    singular[2] = 1.0
    with pytest.raises(NotSPDError, match=r"X\[2.*rank 1 of 3"):
        layer(singular)
    with pytest.raises(DomainError, match="not finite"):
        layer(torch.where(torch.arange(4)[:, None, None] == 1, torch.nan, X))
    with pytest.raises(DomainError, match="not symmetric"):
        layer(X + torch.triu(torch.ones(3, 3, dtype=torch.float64), 1))
    with pytest.raises(ShapeError, match="empty"):
        layer(X[:0])
    with pytest.raises(ShapeError, match=r"\(N, 2, 3, 3\)"):
        SPDBatchNorm(3, channels=2)(X)
    for options, law in [
        ({"variance": "none"}, "variance"), ({"momentum": 2.0}, "momentum"), ({"mean_iterations": 0}, "mean_iterations"),
        ({"metric": "riemann", "learn_metric": True}, "no parameters"), ({"metric": "hyperbolic"}, "metric"),
        ({"on_domain_exit": "pray"}, "on_domain_exit"), ({"domains": []}, "domains"),
    ]:  # fmt: skip
        with pytest.raises(DomainError, match=law):
            SPDBatchNorm(3, **options)
    with pytest.raises(ShapeError, match="M must have shape"):
        SPDBatchNorm(3, BuresWasserstein(torch.eye(2)))
