"""The compiled step of Bures–Wasserstein normalisation against the general path, 50-digit arithmetic and differences."""

import mpmath
import numpy as np
import pytest
import torch

from erlangen import native
from erlangen.errors import DomainError, DomainWarning, NotSPDError
from erlangen.manifolds import BuresWasserstein
from erlangen.nn import SPDBatchNorm
from erlangen.nn.spd import spd_batch_norm
from erlangen.nn.spd.normalisation.compiled_bures import Parameters, Rules, compiled_step

pytestmark = pytest.mark.skipif(not native.available(), reason="the kernels are not built")
EYE = torch.eye(3, dtype=torch.float64)
LEVELS = native.cpu_levels()


@pytest.fixture
def calls(monkeypatch):
    """Which batches the kernel took (True) and which it left to the general path."""
    found = []

    def counted(*arguments):
        step = compiled_step(*arguments)
        found.append(step is not None)
        return step

    monkeypatch.setattr(spd_batch_norm, "compiled_step", counted)
    return found


@pytest.fixture
def general(monkeypatch):
    """Run a function without the kernel."""

    def run(function, *arguments):
        with monkeypatch.context() as patch:
            patch.setattr(spd_batch_norm, "compiled_step", lambda *_: None)
            return function(*arguments)

    return run


def layer_of(n, wishart, *, channels=1, M=False, theta=1.0, **options):
    """Return a layer with a bias, a scale and perhaps an M of its own."""
    parameter = wishart(n, seed=3, condition=10.0) if M else None
    layer = SPDBatchNorm(n, BuresWasserstein(parameter, theta), channels=channels, **options)
    with torch.no_grad():
        layer.bias.copy_(wishart(channels, n, seed=4, condition=5.0))
        layer.scale.fill_(0.4)
    return layer


def trained_once(layer, X):
    """Return output, gradients and statistics of a step in training, and the output in evaluation, by name."""
    state = {key: value.clone() for key, value in layer.state_dict().items()}
    X = X.clone().requires_grad_()
    weights = torch.linspace(-1, 2, X.numel(), dtype=X.dtype).reshape(X.shape)
    out = layer.train()(X)
    leaves = {"X": X, **dict(layer.named_parameters())}
    gradients = torch.autograd.grad((out * weights).sum(), list(leaves.values()))
    found = dict(zip(leaves, gradients, strict=True))
    found |= {"out": out.detach(), "mean": layer.running.mean.clone(), "variance": layer.running.variance.clone()}
    with torch.no_grad():
        found["evaluation"] = layer.eval()(X)
    layer.load_state_dict(state)
    return found


def agree(found, expected, tolerance):
    for name, value in expected.items():
        error = float((found[name] - value).abs().max() / value.abs().max())
        assert error <= tolerance, f"{name}: {error:.2g}"


CASES = {
    "plain": {"n": 12, "count": 30},
    "released": {"n": 12, "count": 30, "M": True, "learn_metric": True, "variance": "released"},
    "several steps": {"n": 5, "count": 70, "channels": 2, "M": True, "learn_metric": True, "mean_iterations": 3},
    "powers": {"n": 4, "count": 9, "M": True, "theta": 0.5, "learn_metric": True, "learn_theta": True},
    "negative power": {"n": 3, "count": 6, "theta": -0.5},
    "fixed": {"n": 7, "count": 5, "M": True, "affine": False},
    "numbers": {"n": 1, "count": 4, "channels": 3},
    "largest": {"n": 32, "count": 6},
}


@pytest.mark.parametrize("case", CASES)
def test_it_equals_the_general_path(case, wishart, calls, general):
    options = dict(CASES[case])
    n, count = options.pop("n"), options.pop("count")
    layer = layer_of(n, wishart, **options)
    X = wishart(count, layer.channels, n)
    found = trained_once(layer, X)
    assert calls == [True, True]
    agree(found, general(trained_once, layer, X), 1e-12)


@pytest.mark.parametrize("unit", [1e-12, 1e14])
def test_it_equals_the_general_path_in_any_unit(unit, wishart, calls, general):
    layer, X = layer_of(6, wishart), unit * wishart(20, 6)
    found = trained_once(layer, X)
    assert all(calls)
    agree(found, general(trained_once, layer, X), 1e-12)


def test_it_equals_the_general_path_at_repeated_eigenvalues(calls, general):
    layer = SPDBatchNorm(4, learn_metric=True)
    X = torch.tensor([0.5, 1.0, 1.0, 2.0], dtype=torch.float64)[:, None, None] * torch.eye(4, dtype=torch.float64)
    found = trained_once(layer, X)
    assert all(calls)
    agree(found, general(trained_once, layer, X), 1e-13)


def arguments(wishart, count, n, *, level="auto"):
    W, M = wishart(1, n, seed=1, condition=5.0), wishart(n, seed=2, condition=5.0)
    one = torch.ones(1, dtype=torch.float64)
    leaves = [item.requires_grad_() for item in (wishart(count, n, condition=50.0), W, 0.3 * one, M)]
    X, W, scale, M = leaves
    parameters = Parameters(W, scale, M, torch.eye(n, dtype=torch.float64)[None], one)
    return leaves, (X, parameters, 1.0, Rules(2, False, 1e-5, 0.1, 0.01, level=level))


def answers(wishart, count, n, **options):
    leaves, inputs = arguments(wishart, count, n, **options)
    step = compiled_step(*inputs)
    weights = torch.linspace(-1, 1, step.out.numel(), dtype=torch.float64).reshape(step.out.shape)
    gradients = torch.autograd.grad((step.out * weights).sum(), leaves)
    return [step.out.detach(), step.mean, step.variance, *gradients]


@pytest.mark.parametrize(("count", "n"), [(67, 6), (9, 21)])
def test_every_level_gives_the_same(count, n, wishart):
    expected = answers(wishart, count, n, level="baseline")
    for level in LEVELS[1:]:
        for found, wanted in zip(answers(wishart, count, n, level=level), expected, strict=True):
            torch.testing.assert_close(found, wanted, rtol=0, atol=1e-11 * float(wanted.abs().max()))


@pytest.mark.parametrize("level", LEVELS)
def test_threads_do_not_change_a_bit(level, wishart):
    before = torch.get_num_threads()
    found = []
    try:
        for threads in (1, 3):
            torch.set_num_threads(threads)
            found.append(answers(wishart, 1100, 15, level=level))
    finally:
        torch.set_num_threads(before)
    assert all(torch.equal(one, other) for one, other in zip(*found, strict=True))


def test_derivatives_against_differences(wishart, calls):
    layer, X = layer_of(3, wishart, M=True, learn_metric=True), wishart(4, 3).requires_grad_()
    with torch.no_grad():
        statistics = layer.train()(X) * 0
    assert calls == [True]
    layer.eval()
    layer.M.requires_grad_(False)

    def run(X, bias, scale):
        values = {"bias": (bias + bias.mT) / 2, "scale": scale}
        return torch.func.functional_call(layer, values, ((X + X.mT) / 2,))

    inputs = (X, layer.bias, layer.scale)
    assert torch.autograd.gradcheck(run, inputs)
    assert torch.autograd.gradgradcheck(run, inputs)
    assert all(calls)
    assert not bool(statistics.any())


def test_second_derivatives_equal_the_general_ones(wishart, calls, general):
    layer, X = layer_of(4, wishart, M=True, learn_metric=True), wishart(5, 4).requires_grad_()
    leaves = (X, *layer.parameters())

    def second():
        first = torch.autograd.grad(layer.train()(X).square().sum(), leaves, create_graph=True)
        return torch.autograd.grad(sum(item.square().sum() for item in first), leaves)

    found, expected = second(), general(second)
    assert calls == [True]
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-11 * float(other.abs().max()))


def _power(A, p):
    values, vectors = mpmath.eigsy(A)
    return vectors * mpmath.diag([x**p for x in values]) * vectors.T


def _in_50_digits(X, G, k):
    """Return the output at W = I for a mean G and a factor k: T = G^{-1/2} (G^{1/2} X G^{1/2})^{1/2} G^{-1/2}, L = k sqrt(2 (G + G)) [T - I] / 2."""
    n = X.rows
    root, lower = _power(G, mpmath.mpf(1) / 2), _power(G, -mpmath.mpf(1) / 2)
    T = lower * _power(root * X * root, mpmath.mpf(1) / 2) * lower
    g, U = mpmath.eigsy(G)
    inside = U.T * (T - mpmath.eye(n)) * U
    for i in range(n):
        for j in range(n):
            inside[i, j] *= mpmath.sqrt(2 * (g[i] + g[j]))
    factor = mpmath.eye(n) + k * U * inside * U.T / 2
    return factor * factor


@pytest.mark.parametrize("condition", [10.0, 1e6])
def test_output_and_slope_against_50_digits(condition, wishart, calls):
    X, mean = wishart(2, 3, condition=condition), wishart(3, seed=5, condition=condition)
    layer = SPDBatchNorm(3, eps=0.0).eval()
    layer.running.mean.copy_(mean)
    layer.running.variance.fill_(16.0)
    direction = wishart(3, seed=6) * X.diagonal(dim1=-2, dim2=-1).mean()

    def ours():
        leaf = X.clone().requires_grad_()
        out = layer(leaf)
        (slope,) = torch.autograd.grad(out[0].sum(), leaf)
        return out[0].detach(), float((slope[0] * direction).sum())

    with mpmath.workdps(50):
        at, G, D = (mpmath.matrix(A.tolist()) for A in (X[0], mean, direction))
        exact, h = _in_50_digits(at, G, mpmath.mpf(1) / 4), mpmath.mpf(10) ** -20
        ends = [sum(_in_50_digits(at + sign * h * D, G, mpmath.mpf(1) / 4)) for sign in (1, -1)]
        slope = float((ends[0] - ends[1]) / (2 * h))
    expected = torch.tensor(np.array(exact.tolist(), dtype=float))
    found, limit = ours(), 1e-14 + 1e-16 * condition
    torch.testing.assert_close(found[0], expected, rtol=0, atol=limit * float(expected.abs().max()))
    assert abs(found[1] - slope) <= 10 * limit * abs(slope)
    assert calls == [True]


def far_out(layer, wishart):
    """Take a step from which samples leave the domain."""
    with torch.no_grad():
        layer.scale.fill_(4.0)
    return layer(wishart(20, 3, seed=3, condition=1e3))


def test_what_it_leaves_to_the_general_path(wishart, calls):
    X = wishart(6, 3)
    with pytest.raises(NotSPDError):
        SPDBatchNorm(3)(torch.cat([X, -EYE[None]]))
    with pytest.raises(DomainError, match="not finite"):
        SPDBatchNorm(3)(torch.cat([X, EYE[None] * float("nan")]))
    with pytest.raises(DomainError, match="not symmetric"):
        SPDBatchNorm(3)(X + torch.triu(X, 1))
    with pytest.warns(DomainWarning, match="no dispersion"):
        SPDBatchNorm(3)(X[:1])
    with pytest.raises(DomainError, match="leave the domain"):
        far_out(layer_of(3, wishart, on_domain_exit="raise"), wishart)
    SPDBatchNorm(3, dtype=torch.float32)(X.float())
    SPDBatchNorm(33)(wishart(3, 33))
    assert not any(calls)


def test_a_batch_left_to_the_general_path_changes_no_statistics_twice(wishart, calls):
    layer = layer_of(3, wishart, on_domain_exit="shrink")
    far_out(layer, wishart)
    assert calls == [False]
    assert int(layer.running.batches) == 1
    assert int(layer.exits) > 0


def test_a_learnt_metric_keeps_its_gradient_in_evaluation(wishart, calls):
    layer, X = layer_of(3, wishart, M=True, learn_metric=True).eval(), wishart(4, 3)
    layer.running.mean.copy_(wishart(3, seed=9))

    def run(M):
        return torch.func.functional_call(layer, {"M": (M + M.mT) / 2}, (X,))

    assert torch.autograd.gradcheck(run, (layer.M.detach().clone().requires_grad_(),))
    assert calls == []


def test_arrays_of_the_wrong_shape_are_refused():
    module = native.kernels("native")
    X, W, one = np.ones((2, 1, 3, 3)), np.ones((1, 3, 3)), np.ones(1)
    record = np.empty(module.normalise_record(2, 1, 3))
    rest = (1, False, 1e-5, 0.1, 0.0, 1.0)
    good = [X, W, None, one, W, one, *rest, np.empty_like(X), record, 1, "auto"]
    wrong = {
        0: np.ones((2, 1, 3, 4)),
        1: np.ones((2, 3, 3)),
        2: np.ones((2, 2)),
        3: np.ones(2),
        4: np.ones((1, 2, 2)),
        6: -1,
        12: np.empty((1, 1, 3, 3)),
        13: record[:-1].copy(),
    }
    for place, value in wrong.items():
        with pytest.raises(ValueError, match=r"wrong|not square|range"):
            module.normalise_forward(*good[:place], value, *good[place + 1 :])
    back = [X, X, W, None, record, False, np.empty_like(X), np.empty(10), 1, "auto"]
    for place, value in {0: np.ones((1, 1, 3, 3)), 5: True, 6: np.empty((2, 1, 3, 2)), 7: np.empty(11)}.items():
        with pytest.raises(ValueError, match=r"wrong|no M"):
            module.normalise_backward(*back[:place], value, *back[place + 1 :])
