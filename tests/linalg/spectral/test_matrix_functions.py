"""Oracles: eigenvalues in 100 digits; derivatives as differences of step 1e-25 in 100 digits, which no coincidence of eigenvalues disturbs."""

import mpmath
import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, DomainWarning, ShapeError
from erlangen.linalg import AnalyticFunction, expm, inv_sqrtm, logm, powm, spectral_function, sqrtm
from erlangen.testing import check_derivatives

FUNCTIONS = {
    "exp": (expm, mpmath.exp),
    "log": (logm, mpmath.log),
    "sqrt": (sqrtm, mpmath.sqrt),
    "inv_sqrt": (inv_sqrtm, lambda x: 1 / mpmath.sqrt(x)),
    "power 0.3": (lambda A: powm(A, 0.3), lambda x: x ** mpmath.mpf(0.3)),
    "power -2": (lambda A: powm(A, -2), lambda x: x**-2),
    "power 3": (lambda A: powm(A, 3), lambda x: x**3),
    "sine": (lambda A: spectral_function(A, AnalyticFunction(torch.sin)), mpmath.sin),
}
each = pytest.mark.parametrize(("function", "exact"), FUNCTIONS.values(), ids=FUNCTIONS)


def to_mp(A):
    return mpmath.matrix([[mpmath.mpf(float(x)) for x in row] for row in A])


def mp_function(f, A):
    values, vectors = mpmath.eigsy(A)
    return vectors * mpmath.diag([f(x) for x in values]) * vectors.T


def to_float(A):
    return np.array([[float(A[i, j]) for j in range(A.cols)] for i in range(A.rows)])


def derivatives(f, A, G, H, step):
    """Value, first derivative in G, second in G and H."""
    with mpmath.workdps(100):
        a, g, h = to_mp(A), to_mp(G), to_mp(H)
        s = mpmath.mpf(step)
        first = (mp_function(f, a + s * g) - mp_function(f, a - s * g)) / (2 * s)
        corners = [(x * y, mp_function(f, a + s * (x * g + y * h))) for x in (1, -1) for y in (1, -1)]
        second = (corners[0][0] * corners[0][1] + corners[1][0] * corners[1][1]) + (
            corners[2][0] * corners[2][1] + corners[3][0] * corners[3][1]
        )
        return to_float(mp_function(f, a)), to_float(first), to_float(second / (4 * s * s))


def by_autograd(function, A, G, H):
    """The same three from torch: a symmetric derivative is its own adjoint."""
    a = torch.tensor(A, requires_grad=True)
    g = torch.tensor(G, requires_grad=True)
    value = function(a)
    (first,) = torch.autograd.grad(value, a, g, create_graph=True)
    (second,) = torch.autograd.grad(first, a, torch.tensor(H), retain_graph=True)
    return value.detach().numpy(), first.detach().numpy(), second.numpy()


def directions(n, seed=1):
    rng = np.random.default_rng(seed)
    G, H = rng.normal(size=(2, n, n))
    return (G + G.T) / 2, (H + H.T) / 2


def rotated(values, seed=0):
    Q = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(values),) * 2))[0]
    A = (Q * np.asarray(values)) @ Q.T
    return (A + A.T) / 2


def gap(found, exact):
    return np.linalg.norm(found - exact) / np.linalg.norm(exact)


SPECTRA = {
    "apart": [0.5, 1.0, 2.5, 4.0],
    "near": [1.0, 1.0 + 1e-9, 1.0 + 2e-5, 3.0],
    "twice two": [0.7, 0.7, 2.0, 2.0],
}


@each
@pytest.mark.parametrize("values", SPECTRA.values(), ids=SPECTRA)
def test_value_and_two_derivatives_are_those_of_100_digits(function, exact, values):
    A, (G, H) = rotated(values), directions(4)
    for found, true in zip(by_autograd(function, A, G, H), derivatives(exact, A, G, H, "1e-25"), strict=True):
        assert gap(found, true) < 2e-12


@each
@pytest.mark.parametrize("multiple", [1.0, 0.3])
def test_multiples_of_the_identity(function, exact, multiple):
    """There D f[G] = f' G and D² f[G, H] = f'' (GH + HG)/2."""
    A, (G, H) = multiple * np.eye(3), directions(3)
    value, first, second = by_autograd(function, A, G, H)
    with mpmath.workdps(50):
        f0, f1, f2 = (float(mpmath.diff(exact, mpmath.mpf(multiple), k)) for k in range(3))
    assert np.allclose(value, f0 * np.eye(3), rtol=1e-14, atol=1e-15)
    assert np.allclose(first, f1 * G, rtol=1e-13, atol=0)
    assert np.allclose(second, f2 * (G @ H + H @ G) / 2, rtol=1e-12, atol=1e-13)


@each
def test_condition_1e12_costs_no_digit_on_a_diagonal(function, exact):
    A, (G, H) = np.diag([1e-12, 1e-6, 1e-6, 1.0]), directions(4)
    for found, true in zip(by_autograd(function, A, G, H), derivatives(exact, A, G, H, "1e-40"), strict=True):
        if function is not FUNCTIONS["sine"][0]:
            off = np.abs(found - true) > 1e-12 * np.abs(true) + 1e-13 * np.abs(true).min()
            assert not off.any()
        assert gap(found, true) < 1e-11


@pytest.mark.parametrize("name", ["log", "sqrt", "inv_sqrt", "power 0.3", "power -2"])
def test_condition_1e12_costs_what_the_condition_allows_on_a_full_matrix(name):
    function, exact = FUNCTIONS[name]
    A, (G, H) = rotated([1e-12, 1e-5, 0.3, 1.0]), directions(4)
    for found, true in zip(by_autograd(function, A, G, H), derivatives(exact, A, G, H, "1e-40"), strict=True):
        assert gap(found, true) < 30 * np.finfo(float).eps * 1e12


@pytest.mark.parametrize("scale", [1e-12, 1e14])
@pytest.mark.parametrize("name", ["log", "sqrt", "inv_sqrt", "power 0.3", "power -2", "power 3"])
def test_scale_takes_no_digit(name, scale):
    function, exact = FUNCTIONS[name]
    A, (G, H) = scale * rotated(SPECTRA["near"]), directions(4)
    step = mpmath.mpf(scale) * mpmath.mpf(10) ** -25
    for found, true in zip(by_autograd(function, A, G, H), derivatives(exact, A, G, H, step), strict=True):
        assert gap(found, true) < 2e-12


@pytest.mark.parametrize("scale", [1e-12, 1e14])
def test_single_precision_holds_volts_squared(scale):
    """No clamp: the logarithm in float32 is that of double precision to the rounding of its size."""
    A = torch.tensor(rotated([0.3, 1.0, 1.0, 20.0]) * scale).float()
    found, exact = logm(A), logm(A.double())
    assert (found - exact).abs().max() < 2e-6 * exact.abs().max()


@each
@pytest.mark.parametrize("values", [[1.0, 1.0, 1.0], [0.5, 1.0, 2.0]])
def test_gradcheck_and_gradgradcheck(function, exact, values):
    root = torch.tensor(rotated(values), requires_grad=True)

    def of_any(B):
        return function((B + B.mT) / 2)

    assert torch.autograd.gradcheck(of_any, root)
    assert torch.autograd.gradgradcheck(of_any, root)


@pytest.mark.parametrize("name", ["exp", "log"])
def test_the_public_battery_of_derivatives_passes_on_a_batch(name):
    A = torch.tensor(np.stack([rotated([0.5, 1, 1, 3], s) for s in range(3)]))
    report = check_derivatives(lambda B: FUNCTIONS[name][0]((B + B.mT) / 2), A)
    assert report.passed, report


def test_a_batch_is_each_of_its_members_and_the_second_derivative_too():
    A = np.stack([rotated([0.5, 1, 1, 3], s) for s in range(6)]).reshape(2, 3, 4, 4)
    G, H = directions(4)
    wide = by_autograd(logm, A, np.broadcast_to(G, A.shape).copy(), np.broadcast_to(H, A.shape).copy())
    for i, j in np.ndindex(2, 3):
        for found, one in zip(wide, by_autograd(logm, A[i, j], G, H), strict=True):
            assert np.allclose(found[i, j], one, rtol=1e-12, atol=1e-13)


def test_the_second_derivative_in_pieces_is_the_same(monkeypatch):
    A, (G, H) = rotated([0.5, 1, 1, 3]), directions(4)
    whole = by_autograd(logm, A, G, H)[2]
    monkeypatch.setattr("erlangen.linalg.spectral.derivatives._CHUNK", 16)
    assert np.allclose(by_autograd(logm, A, G, H)[2], whole, rtol=1e-14, atol=1e-15)


@each
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numpy_in_numpy_out_symmetric_and_of_the_same_dtype(function, exact, dtype):
    A = rotated([0.5, 1.0, 2.0]).astype(dtype)
    A = (A + A.T) / 2
    found = function(A)
    assert isinstance(found, np.ndarray)
    assert found.dtype == dtype
    assert np.array_equal(found, found.T)
    with mpmath.workdps(50):
        true = to_float(mp_function(exact, to_mp(A)))
    assert gap(found, true) < 20 * np.finfo(dtype).eps
    assert function(np.zeros((0, 3, 3), dtype=dtype)).shape == (0, 3, 3)
    assert function(torch.from_numpy(A)).dtype == torch.from_numpy(A).dtype


def test_lists_and_integers_are_float64():
    assert np.allclose(sqrtm([[4, 0], [0, 9]]), [[2, 0], [0, 3]])


def test_identities():
    A = rotated([0.1, 1.0, 1.0, 7.0])
    assert np.allclose(expm(logm(A)), A, rtol=1e-13, atol=1e-13)
    assert np.allclose(sqrtm(A) @ sqrtm(A), A, rtol=1e-13, atol=1e-13)
    assert np.allclose(inv_sqrtm(A) @ A @ inv_sqrtm(A), np.eye(4), atol=1e-12)
    assert np.allclose(powm(A, -1), np.linalg.inv(A), rtol=1e-12)
    assert np.allclose(powm(-A, 65), -np.linalg.matrix_power(A, 65), rtol=1e-11)
    assert np.array_equal(powm(A, 0), np.eye(4)) or np.allclose(powm(A, 0), np.eye(4), atol=1e-15)


def test_the_root_of_a_singular_matrix_exists_but_has_no_derivative():
    v = np.array([[1.0, 2.0], [2.0, 4.0]])
    assert np.allclose(sqrtm(v), v / np.sqrt(5))
    a = torch.zeros(2, 2, dtype=torch.float64, requires_grad=True)
    with pytest.raises(DomainError, match="sqrt has no finite derivative at these eigenvalues"):
        sqrtm(a).sum().backward()


def test_the_transforms_of_torch_func_see_the_same_derivatives():
    A, (G, _) = torch.tensor(rotated([0.5, 1.0, 1.0, 3.0])), map(torch.tensor, directions(4))

    def along(a):
        return (logm(a) * G).sum()

    def slope(a):
        return (torch.func.grad(along)(a) * G).sum()

    a = A.clone().requires_grad_()
    (first,) = torch.autograd.grad(along(a), a, create_graph=True)
    (second,) = torch.autograd.grad((first * G).sum(), a)
    assert torch.allclose(torch.func.grad(along)(A), first.detach(), rtol=1e-13)
    assert torch.allclose(torch.func.grad(slope)(A), second, rtol=1e-12)


@each
@pytest.mark.parametrize("values", [[1.0, 1.0, 1.0], [0.5, 1.0, 2.0]])
def test_the_third_derivative(function, exact, values):
    """The first derivative, as a function, has the second and third ones of differences."""
    root = torch.tensor(rotated(values), requires_grad=True)
    direction = torch.tensor(rotated([1.0, -2.0, 0.5]))

    def slope(B):
        return torch.autograd.grad((function((B + B.mT) / 2) * direction).sum(), B, create_graph=True)[0]

    assert torch.autograd.gradgradcheck(slope, root, atol=1e-5)


def test_the_third_derivative_in_pieces_is_the_same(monkeypatch):
    a = torch.tensor(rotated([0.5, 1.0, 2.0]), requires_grad=True)

    def thrice():
        found = expm(a).square().sum()
        for _ in range(3):
            (found,) = torch.autograd.grad(found.sum(), a, create_graph=True)
        return found.detach()

    whole = thrice()
    monkeypatch.setattr("erlangen.linalg.spectral.derivatives._CHUNK", 1)
    torch.testing.assert_close(thrice(), whole, rtol=1e-13, atol=1e-13)


def test_a_fourth_derivative_is_refused():
    a = torch.eye(2, dtype=torch.float64, requires_grad=True)
    found = expm(a).sum()
    for _ in range(3):
        (found,) = torch.autograd.grad(found.sum(), a, create_graph=True)
    with pytest.raises(DomainError, match="a fourth one was asked for"):
        torch.autograd.grad(found.sum(), a)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: logm(np.diag([1.0, -0.5])), DomainError, r"A is not positive definite: .* -0\.5 \(log needs .* > 0"),
        (lambda: logm(np.stack([np.eye(2), 0 * np.eye(2)])), DomainError, r"A\[1\] is not positive definite"),
        (lambda: sqrtm(np.diag([1.0, -1e-3])), DomainError, "not positive semidefinite"),
        (lambda: inv_sqrtm(np.diag([1.0, 0.0])), DomainError, "not positive definite"),
        (lambda: powm(np.diag([1.0, -1.0]), 0.5), DomainError, "not positive definite"),
        (lambda: powm(np.eye(2), np.nan), DomainError, "p must be a finite number"),
        (lambda: expm(np.array([[0, 1.0], [2, 0]])), DomainError, r"\|A\[0, 1\] - A\[1, 0\]\| = 1 > 4.4e-14 \(symm"),
        (lambda: expm(np.array([[np.nan, 0], [0, 1]])), DomainError, r"A\[0, 0\] = nan is not finite"),
        (lambda: expm(np.ones((2, 3))), ShapeError, r"A must be square .* \(2, 3\)"),
        (lambda: expm(np.ones(3)), ShapeError, "A must be square"),
        (
            lambda: expm(np.diag([1.0, 1000.0])),
            DomainError,
            "exp of the eigenvalue 1000 is not finite in torch.float64",
        ),
        (lambda: expm(torch.eye(2, dtype=torch.float16)), DomainError, "float32 or float64 is needed"),
        (lambda: expm(np.eye(2) * 1j), NotImplementedError, "A is complex .* Hermitian matrices are not provided for"),
        (lambda: spectral_function(np.eye(2), "tan"), DomainError, "f must be one of"),
        (lambda: spectral_function(np.eye(2), AnalyticFunction(lambda x: x.sum())), ShapeError, "act on each entry"),
    ],
)
def test_what_has_no_function_is_refused(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_a_matrix_singular_to_working_precision_gives_a_warning_with_its_numbers():
    with pytest.warns(DomainWarning, match=r"A is singular to working precision: its smallest eigenvalue 1e-17"):
        logm(np.diag([1e-17, 1.0]))
