"""Oracles: dense eigendecompositions, scipy's expm_multiply, cycles and paths by their Fourier modes, mpmath, proved a-priori bounds."""

import math
import warnings

import mpmath
import numpy as np
import pytest
import scipy.sparse as sp
import scipy.sparse.linalg as spla
import torch

from erlangen.errors import ConvergenceWarning, DomainError, ResourceLimitError, ShapeError
from erlangen.linalg import heat_coefficients, krylov_action, lanczos

FUNCTIONS = {
    "exp": np.exp,
    "sqrt": np.sqrt,
    "inverse-sqrt": lambda x: x**-0.5,
    "log": np.log,
    "inverse": lambda x: 1 / x,
    "callable": lambda x: np.cos(x) / (1 + x * x),
}


def spectral(values, seed=0):
    """Return a symmetric matrix with the given eigenvalues, and the function that applies f to it."""
    n = len(values)
    Q = np.linalg.qr(np.random.default_rng(seed).normal(size=(n, n)))[0]
    return (Q * values) @ Q.T, lambda f, B: (Q * f(values)) @ (Q.T @ B)


def block(n, m=3, seed=1):
    return np.random.default_rng(seed).normal(size=(n, m))


def given(name):
    return FUNCTIONS["callable"] if name == "callable" else name


def errors(found, exact):
    return np.linalg.norm(found - exact, axis=0) / np.linalg.norm(exact, axis=0)


def laplacian(n, closed):
    edges = np.column_stack([np.arange(n - 1), np.arange(1, n)])
    edges = np.vstack([edges, [n - 1, 0]]) if closed else edges
    W = sp.coo_array((np.ones(len(edges)), edges.T), shape=(n, n))
    W = W + W.T
    return sp.csr_array(sp.diags_array(W.sum(axis=1)) - W)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("passes", [1, 2])
@pytest.mark.parametrize("known", [True, False])
def test_against_an_eigendecomposition(name, passes, known):
    A, exact = spectral(np.linspace(0.5, 4, 120))
    interval = (0.5 * (1 - 1e-12), 4 * (1 + 1e-12)) if known else None
    B = block(120)
    found, proof = krylov_action(A, B, given(name), passes=passes, interval=interval, certificate=True)
    assert errors(found, exact(FUNCTIONS[name], B)).max() <= proof.residual <= 1e-10
    assert proof.converged
    assert proof.method == f"lanczos, error {'proved' if known and name != 'callable' else 'estimated'}"
    assert proof.iterations < 60


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("seed", range(6))
def test_the_certificate_is_honest_at_every_tolerance(name, seed):
    rng = np.random.default_rng(seed)
    values = [rng.uniform(0.01, 1, 90), 10.0 ** rng.uniform(-4, 0, 90), 1e-3 + rng.uniform(0, 1, 90) ** 4][seed % 3]
    A, exact = spectral(values * 10.0 ** rng.integers(-1, 2), seed)
    B = block(90, 2, seed)
    truth = exact(FUNCTIONS[name], B)
    low, high = np.linalg.eigvalsh(A)[[0, -1]]
    for rtol in (1e-2, 1e-5, 1e-8):
        for interval in (None, (low * (1 - 1e-9), high * (1 + 1e-9))):
            found, proof = krylov_action(A, B, given(name), rtol=rtol, interval=interval, certificate=True)
            assert errors(found, truth).max() <= proof.residual <= rtol


@pytest.mark.parametrize("name", ["exp", "inverse", "inverse-sqrt", "log", "sqrt"])
def test_the_proved_bound_is_near_the_truth(name):
    A, exact = spectral(np.linspace(1, 9, 200))
    B = block(200)
    for rtol in (1e-3, 1e-9):
        found, proof = krylov_action(A, B, name, rtol=rtol, interval=(1 - 1e-12, 9 + 1e-12), certificate=True)
        assert proof.residual < 200 * errors(found, exact(FUNCTIONS[name], B)).max() + 1e-13


@pytest.mark.parametrize("tau", [1.0, 20.0, 300.0])
@pytest.mark.parametrize("rtol", [1e-4, 1e-10])
def test_products_stay_below_both_bounds_known_beforehand(tau, rtol):
    """Twice the tail of Chebyshev's series bounds the error of m - 1 degrees; so does Hochbruck and Lubich's theorem 2."""
    n, t = 400, tau / 2
    L, b = laplacian(n, True), np.eye(400)[0]
    _, proof = krylov_action(L, b, "exp", t=-t, rtol=rtol, atol=rtol, interval=(0.0, math.inf), certificate=True)
    slack = 2 + proof.iterations // 12
    assert proof.iterations <= heat_coefficients(tau, rtol / 2).order + 1 + slack
    hochbruck_lubich = math.ceil(math.sqrt(5 * tau * math.log(10 / rtol) / 2))
    if math.sqrt(2 * tau) <= hochbruck_lubich <= tau:
        assert proof.iterations <= hochbruck_lubich + slack
    assert proof.converged


@pytest.mark.parametrize("t", [0.3, 12.0, 200.0])
def test_against_scipy_on_a_graph(t):
    rng = np.random.default_rng(2)
    W = sp.random_array((300, 300), density=0.03, rng=rng)
    L = sp.csgraph.laplacian(W + W.T).tocsr()
    B = rng.normal(size=(300, 4))
    exact = spla.expm_multiply(-t * L, B)
    found, proof = krylov_action(L, B, "exp", t=-t, certificate=True)
    assert errors(found, exact).max() < 1e-10 + 1e-13 * t
    assert proof.method == "lanczos, error proved"


@pytest.mark.parametrize("t", [0.5, 30.0])
def test_a_cycle_by_its_fourier_modes(t):
    n = 256
    modes = 2 - 2 * np.cos(2 * np.pi * np.arange(n) / n)
    b = block(n, 1)[:, 0]
    exact = np.fft.ifft(np.exp(-t * modes) * np.fft.fft(b)).real
    assert np.linalg.norm(krylov_action(laplacian(n, True), b, "exp", t=-t) - exact) < 1e-10 * np.linalg.norm(exact)
    root = np.fft.ifft(np.sqrt(modes) * np.fft.fft(b)).real
    found = krylov_action(laplacian(n, True), b, "sqrt", rtol=1e-7)
    assert np.linalg.norm(found - root) < 1e-7 * np.linalg.norm(root)


@pytest.mark.parametrize("name", ["inverse", "log", "sqrt", "inverse-sqrt"])
def test_a_path_by_its_cosine_modes(name):
    n = 300
    path = sp.diags_array([np.full(n - 1, -1.0), np.full(n, 2.0), np.full(n - 1, -1.0)], offsets=[-1, 0, 1])
    k = np.arange(1, n + 1)
    modes = np.sin(np.pi * np.outer(k, k) / (n + 1)) * math.sqrt(2 / (n + 1))
    b = block(n, 1)
    exact = modes @ (FUNCTIONS[name](4 * np.sin(np.pi * k / (2 * n + 2)) ** 2)[:, None] * (modes @ b))
    assert errors(krylov_action(path, b, name), exact) < 1e-10


def test_a_resolvent_at_fifty_digits():
    A, b = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 4.0]]), np.array([1.0, -1.0, 2.0])
    with mpmath.workdps(50):
        exact = [float(x) for x in mpmath.sqrtm(mpmath.matrix(A)) * mpmath.matrix(b)]
    assert np.allclose(krylov_action(A, b, "sqrt"), exact, rtol=1e-14)


@pytest.mark.parametrize("name", ["exp", "sqrt", "inverse-sqrt", "log"])
def test_condition_1e12(name):
    A, exact = spectral(np.geomspace(1e-12, 1, 80))
    B = block(80)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found, proof = krylov_action(A, B, name, rtol=1e-8, certificate=True)
    worst = errors(found, exact(FUNCTIONS[name], B)).max()
    assert worst <= proof.residual
    assert proof.converged == (not caught)
    assert worst < {"exp": 1e-13, "sqrt": 1e-9, "log": 1e-3, "inverse-sqrt": 1e-3}[name]


def test_rounding_that_forbids_the_tolerance_is_said():
    A, exact = spectral(np.geomspace(1e-10, 1, 60))
    B = block(60)
    with pytest.warns(ConvergenceWarning, match=r"krylov_action: residual \S+ > 1e-10 .*ill-conditioned"):
        found, proof = krylov_action(A, B, "inverse", certificate=True)
    assert 1e-10 < proof.residual < 1e-3
    assert errors(found, exact(FUNCTIONS["inverse"], B)).max() <= proof.residual


@pytest.mark.parametrize("name", FUNCTIONS)
def test_repeated_eigenvalues_end_after_as_many_steps_as_there_are_values(name):
    A, exact = spectral(np.repeat([1.0, 2.0, 5.0], [40, 30, 30]))
    found, proof = krylov_action(A, block(100), given(name), certificate=True)
    assert proof.iterations == 3
    assert errors(found, exact(FUNCTIONS[name], block(100))).max() <= proof.residual < 1e-12


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("passes", [1, 2])
def test_columns_that_end_early_go_beside_columns_that_do_not(name, passes):
    """Zero, an eigenvector, a sum of two, and one in general position."""
    values = np.linspace(1, 2, 50)
    A, exact = spectral(values)
    V = np.linalg.eigh(A)[1]
    B = np.column_stack([np.zeros(50), 3 * V[:, 7], V[:, 3] - 2 * V[:, 40], block(50, 1)[:, 0]])
    found, proof = krylov_action(A, B, given(name), passes=passes, certificate=True)
    assert np.array_equal(found[:, 0], np.zeros(50))
    assert errors(found[:, 1:], exact(FUNCTIONS[name], B)[:, 1:]).max() <= proof.residual <= 1e-10
    assert krylov_action(A, V[:, 7], given(name), passes=passes, certificate=True)[1].iterations == 1


def test_zero_is_an_answer():
    assert np.array_equal(krylov_action(np.eye(3), np.ones(3), "log"), np.zeros(3))
    assert np.array_equal(krylov_action(np.zeros((3, 3)), np.ones(3), "sqrt"), np.zeros(3))
    assert np.array_equal(krylov_action(np.zeros((3, 3)), np.ones(3), "exp"), np.ones(3))
    assert krylov_action(np.zeros((0, 0)), np.zeros((0, 2)), "exp").shape == (0, 2)
    assert krylov_action(np.eye(3), np.zeros((3, 0)), "exp").shape == (3, 0)


@pytest.mark.parametrize("scale", [1e-12, 1e14])
@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("passes", [1, 2])
def test_units_of_the_matrix_and_of_the_block(scale, name, passes):
    A, exact = spectral(np.linspace(1, 5, 70))
    A, B = A * scale, block(70) * scale**-2
    f = {"exp": lambda x: np.exp(-x), "callable": lambda x: FUNCTIONS["callable"](x / scale)}.get(name, FUNCTIONS[name])
    truth = exact(lambda x: f(x) if name == "exp" else f(scale * x), B)
    options = {"t": -1 / scale} if name == "exp" else {}
    found, proof = krylov_action(A, B, f if name == "callable" else name, passes=passes, certificate=True, **options)
    assert errors(found, truth).max() <= proof.residual <= 1e-10


def test_columns_of_very_different_size():
    A, exact = spectral(np.linspace(1, 5, 40))
    B = block(40, 4) * np.array([1e-200, 1.0, 1e150, 1e-300])
    found = krylov_action(A, B, "sqrt")
    scale = np.abs(B).max(axis=0)
    assert errors(found / scale, exact(np.sqrt, B / scale)).max() < 1e-10


def test_growing_exponentials_are_bounded_from_above():
    A, exact = spectral(np.linspace(-3, 3, 80))
    found, proof = krylov_action(A, block(80), "exp", t=2.0, interval=(-3.0001, 3.0001), certificate=True)
    assert proof.method.endswith("proved")
    assert errors(found, exact(lambda x: np.exp(2 * x), block(80))).max() <= proof.residual <= 1e-10


def test_a_function_that_makes_no_progress_at_every_second_step_does_not_end_it():
    """The cosine of a bipartite adjacency matrix is even: successive approximations coincide in pairs."""
    n = 200
    A = sp.csr_array(2 * sp.eye_array(n) - laplacian(n, True))
    found = krylov_action(A, np.eye(n)[0], lambda x: np.cos(9 * x))
    modes = 2 * np.cos(2 * np.pi * np.arange(n) / n)
    exact = np.fft.ifft(np.cos(9 * modes)).real
    assert np.linalg.norm(found - exact) < 1e-10 * np.linalg.norm(exact)


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("passes", [1, 2])
def test_kinds_and_dtypes(dtype, passes):
    A, exact = spectral(np.linspace(1, 3, 30))
    B = block(30)
    truth = exact(np.log, B)
    A, B = ((A + A.T) / 2).astype(dtype), B.astype(dtype)
    tolerance = 2e-5 if dtype == np.float32 else 1e-10
    tensor = torch.from_numpy(A)
    csr = sp.csr_array(A)
    for matrix in (A, csr, sp.coo_array(A), tensor, tensor.to_sparse(), lambda x: A @ x, spla.aslinearoperator(A)):
        found = krylov_action(matrix, B, "log", passes=passes)
        assert found.dtype == (tensor.dtype if isinstance(found, torch.Tensor) else dtype)
        assert isinstance(found, torch.Tensor) == isinstance(matrix, torch.Tensor)
        assert errors(np.asarray(found), truth).max() < tolerance
    for matrix in (A, csr, tensor, tensor.to_sparse(), tensor.to_sparse_csr()):
        found = krylov_action(matrix, torch.from_numpy(B), "log", passes=passes)
        assert found.dtype == tensor.dtype
        assert errors(found.numpy(), truth).max() < tolerance
    assert errors(krylov_action(A, B[:, 0], "log")[:, None], truth[:, :1]).max() < tolerance
    assert krylov_action(A.tolist(), [1] * 30, "log").dtype == np.float64


def test_the_gradient_passes_to_the_block_and_not_to_the_matrix():
    A = torch.tensor(spectral(np.linspace(1, 3, 6))[0])
    B = torch.tensor(block(6, 2), requires_grad=True)
    assert torch.autograd.gradcheck(lambda b: krylov_action(A, b, "sqrt"), B)
    assert torch.autograd.gradgradcheck(lambda b: krylov_action(A, b, "sqrt") ** 2, B)
    with pytest.raises(DomainError, match=r"A requires a gradient.*chebyshev_action"):
        krylov_action(A.requires_grad_(), B, "sqrt")


def test_the_input_is_not_written():
    A, B = spectral(np.linspace(1, 3, 20))[0], block(20)
    before = A.copy(), B.copy()
    krylov_action(A, B, "log")
    krylov_action(torch.from_numpy(A), torch.from_numpy(B), "log")
    assert np.array_equal(A, before[0])
    assert np.array_equal(B, before[1])


def test_many_columns_go_in_blocks():
    A, exact = spectral(np.linspace(1, 3, 100))
    B = block(100, 150)
    assert errors(krylov_action(A, B, "sqrt"), exact(np.sqrt, B)).max() < 1e-10


def test_too_few_steps_warn_with_the_error():
    A, exact = spectral(np.geomspace(1e-4, 1, 200))
    B = block(200)
    with pytest.warns(ConvergenceWarning, match=r"krylov_action: residual .* after 20 iterations of lanczos"):
        found, proof = krylov_action(A, B, "sqrt", max_iterations=20, certificate=True, interval=(1e-4 * 0.999, 2.0))
    assert not proof.converged
    assert errors(found, exact(np.sqrt, B)).max() <= proof.residual < 1


@pytest.mark.parametrize("passes", [1, 2])
def test_asymmetry_shows_in_the_entries_or_in_the_process(passes):
    A = spectral(np.linspace(1, 3, 30))[0]
    A[3, 5] += 0.1
    for matrix in (A, sp.csr_array(A), torch.from_numpy(A), torch.from_numpy(A).to_sparse()):
        with pytest.raises(DomainError, match=r"A is not symmetric: \|A\[.*\]\| = 0.1"):
            krylov_action(matrix, np.ones(30), "exp", passes=passes)
    with pytest.raises(DomainError, match="A is not symmetric: at step"):
        krylov_action(lambda x: A @ x, block(30), "exp", passes=passes)


@pytest.mark.parametrize(
    ("values", "name", "text"),
    [
        ([-1.0, 1.0, 2.0], "sqrt", r"sqrt needs A positive semi-definite, but it has the Ritz value -\d"),
        ([-1.0, 1.0, 2.0], "log", "log needs A positive definite, but it has the Ritz value"),
        ([0.0, 1.0, 2.0], "inverse", "inverse needs A positive definite"),
        ([0.0, 1.0, 2.0], "inverse-sqrt", "inverse-sqrt needs A positive definite"),
        ([0.0, 1.0, 2.0], lambda x: np.log(x - 1.5), "is nan at the Ritz value"),
        ([0.0, 1e3, 2e3], "exp", "'exp' is inf at the Ritz value"),
    ],
)
def test_a_spectrum_outside_the_domain_is_refused_with_a_ritz_value(values, name, text):
    with pytest.raises(DomainError, match=text):
        krylov_action(spectral(np.array(values))[0], np.array([3.0, 2.0, 1.0]), name)


def test_a_semi_definite_matrix_has_a_root_up_to_rounding():
    A, exact = spectral(np.r_[np.zeros(5), np.linspace(1, 2, 45)])
    found = krylov_action(A, block(50), "sqrt", rtol=1e-7)
    assert errors(found, exact(np.sqrt, block(50))).max() < 1e-7


@pytest.mark.parametrize(
    ("A", "B", "options", "error", "text"),
    [
        (np.eye(3), np.ones(2), {}, ShapeError, r"B must have shape \(3,\) or \(3, m\), got \(2,\)"),
        (np.eye(3), [np.nan] * 3, {}, DomainError, r"B\[0\] = nan is not finite"),
        (np.eye(3), np.ones(3) * 1j, {}, DomainError, "real numbers are needed"),
        (np.ones((3, 2)), np.ones(3), {}, ShapeError, "A must be square"),
        (torch.ones(2, 3, 3), np.ones(3), {}, ShapeError, r"A must be one matrix \(n, n\)"),
        (np.full((3, 3), np.inf), np.ones(3), {}, DomainError, "not finite"),
        (torch.full((3, 3), torch.nan), np.ones(3), {}, DomainError, "not finite"),
        (lambda x: x * np.nan, np.ones(3), {}, DomainError, "the product with A is not finite at step 1"),
        (np.eye(3), np.ones(3), {"function": "tan"}, DomainError, "function must be one of 'exp'"),
        (np.eye(3), np.ones(3), {"function": 3}, DomainError, "function must be one of"),
        (np.eye(3), np.ones(3), {"function": "log", "t": 1.0}, DomainError, "t=1.0 belongs to function='exp'"),
        (np.eye(3), np.ones(3), {"function": lambda x: x.sum()}, ShapeError, "function must map an array"),
        (np.eye(3), np.ones(3), {"t": np.inf}, DomainError, "t must be a finite"),
        (np.eye(3), np.ones(3), {"rtol": 0.0}, DomainError, "rtol must be"),
        (np.eye(3), np.ones(3), {"atol": -1.0}, DomainError, "atol must be"),
        (np.eye(3), np.ones(3), {"max_iterations": 0}, DomainError, "max_iterations must be"),
        (np.eye(3), np.ones(3), {"passes": 3}, DomainError, "passes must be"),
        (np.eye(3), np.ones(3), {"interval": (2.0, 1.0)}, DomainError, "interval must be .low, high."),
        (np.eye(3), np.ones(3), {"interval": (np.nan, 1.0)}, DomainError, "interval must be"),
        (np.eye(3), np.ones(3), {"interval": (2.0, 3.0)}, DomainError, r"not inside \(2, 3\): it has the Ritz value 1"),
        ("A", np.ones(3), {}, DomainError, "A is a str"),
    ],
)
def test_misfits_are_refused(A, B, options, error, text):
    with pytest.raises(error, match=text):
        krylov_action(A, B, **{"function": "exp", **options})


def test_memory_is_asked_for_before_the_basis_grows(monkeypatch):
    asked = []

    def refuse(estimate, what, *, hint=None):
        asked.append(estimate)
        if len(asked) > 1:
            raise ResourceLimitError(what, hint=hint)

    monkeypatch.setattr(lanczos, "check_memory", refuse)
    with pytest.raises(ResourceLimitError, match=r"16 more Lanczos vectors of 2 columns .* \(use passes=2"):
        krylov_action(laplacian(1000, True), block(1000, 2), "exp", t=-100.0)
    assert asked == [16 * 2 * 1000 * 8.0] * 2
    krylov_action(laplacian(1000, True), block(1000, 2), "exp", t=-100.0, passes=2)
