"""3j symbols and Gaunt's integrals against sympy, exact sums and quadrature; signs against numbers of e3nn 0.6.0."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, ResourceLimitError
from erlangen.representations import gaunt, gaunt_scale, wigner_3j
from erlangen.representations.couplings import gaunt_array, wigner_3j_array


def triples(lmax):
    return [t for t in itertools.product(range(lmax + 1), repeat=3) if abs(t[0] - t[1]) <= t[2] <= t[0] + t[1]]


def unitary(l):
    """Complex harmonics of Condon and Shortley by real ones: Y_lm = (S |m| cos + i sin) / sqrt 2, times (-i)^l."""
    q = np.zeros((2 * l + 1, 2 * l + 1), complex)
    q[l, l] = 1
    for m in range(1, l + 1):
        q[l + m, [l + m, l - m]] = np.array([1, 1j]) * (-1) ** m / 2**0.5
        q[l - m, [l + m, l - m]] = np.array([1, -1j]) / 2**0.5
    return (-1j) ** l * q


def factorials(*numbers):
    return math.prod(map(math.factorial, numbers))


def clebsch_gordan(l1, m1, l2, m2, l3, m3):
    """Racah's closed form with factorials, exact under the root."""
    low, high = max(0, l2 - l3 - m1, l1 - l3 + m2), min(l1 + l2 - l3, l1 - m1, l2 + m2)
    total = sum(
        Fraction(
            (-1) ** k, factorials(k, l1 + l2 - l3 - k, l1 - m1 - k, l2 + m2 - k, l3 - l2 + m1 + k, l3 - l1 - m2 + k)
        )
        for k in range(low, high + 1)
    )
    front = Fraction(
        (2 * l3 + 1)
        * factorials(l1 + l2 - l3, l1 - l2 + l3, -l1 + l2 + l3)
        * factorials(l1 + m1, l1 - m1, l2 + m2, l2 - m2, l3 + m3, l3 - m3),
        factorials(l1 + l2 + l3 + 1),
    )
    square = front * total**2
    return math.copysign(math.sqrt(square), total)


def reference(l1, l2, l3):
    C = np.zeros((2 * l1 + 1, 2 * l2 + 1, 2 * l3 + 1))
    for m1, m2 in itertools.product(range(-l1, l1 + 1), range(-l2, l2 + 1)):
        if abs(m1 + m2) <= l3:
            C[l1 + m1, l2 + m2, l3 + m1 + m2] = clebsch_gordan(l1, m1, l2, m2, l3, m1 + m2)
    real = np.einsum("abc,ai,bj,ck->ijk", C, unitary(l1), unitary(l2), unitary(l3).conj(), optimize=True)
    assert np.abs(real.imag).max() < 1e-12
    return real.real / np.sqrt(2 * l3 + 1)


@pytest.mark.parametrize("lmax", [4, pytest.param(12, marks=pytest.mark.slow)])
def test_the_symbols_are_racahs(lmax):
    for t in triples(lmax):
        assert np.abs(wigner_3j_array(*t) - reference(*t)).max() < 1e-14, t


@pytest.mark.parametrize("t", [(10, 11, 12), (12, 12, 12), (20, 20, 20), (20, 7, 22), (25, 25, 24)])
def test_high_degrees(t):
    assert np.abs(wigner_3j_array(*t) - reference(*t)).max() < 1e-14


@pytest.mark.slow
@pytest.mark.parametrize("t", [(30, 30, 30), (30, 29, 2), (40, 40, 40)])
def test_very_high_degrees(t):
    assert np.abs(wigner_3j_array(*t) - reference(*t)).max() < 1e-14


def test_the_complex_symbols_are_sympys():
    wigner = pytest.importorskip("sympy.physics.wigner")
    for t in triples(3):
        U = [unitary(l) for l in t]
        C = np.einsum("ijk,ai,bj,ck->abc", wigner_3j_array(*t), U[0].conj(), U[1].conj(), U[2], optimize=True)
        for index in np.ndindex(C.shape):
            m1, m2, m3 = (i - l for i, l in zip(index, t, strict=True))
            exact = float(wigner.clebsch_gordan(*t, m1, m2, m3)) / math.sqrt(2 * t[2] + 1)
            assert abs(C[index] - exact) < 1e-14


# (l1, l2, l3), (i, j, k), wigner_3j of e3nn 0.6.0 in double precision
E3NN = [
    ((1, 1, 1), (2, 1, 0), -0.408248290463863),
    ((1, 1, 2), (1, 1, 2), 0.36514837167011077),
    ((1, 1, 2), (1, 2, 3), 0.31622776601683794),
    ((1, 2, 1), (0, 0, 2), 0.3162277660168379),
    ((1, 2, 1), (0, 4, 0), -0.3162277660168379),
    ((2, 1, 2), (0, 0, 1), 0.18257418583505533),
    ((2, 1, 2), (0, 2, 3), -0.18257418583505533),
    ((2, 2, 2), (3, 0, 1), 0.20701966780270623),
    ((2, 2, 2), (4, 2, 4), -0.23904572186687872),
    ((2, 2, 3), (3, 0, 4), 0.14638501094227996),
    ((2, 2, 3), (4, 3, 2), 0.14638501094227996),
    ((1, 2, 3), (1, 4, 5), 0.2182178902359924),
    ((1, 2, 3), (1, 3, 4), 0.2760262237369417),
    ((3, 3, 3), (6, 2, 5), -0.15430334996209186),
    ((3, 3, 3), (1, 6, 4), -0.1543033499620919),
    ((3, 4, 5), (0, 0, 6), 0.03413943709994594),
    ((3, 4, 5), (4, 6, 6), 0.07163086018595705),
    ((2, 4, 3), (2, 7, 0), 0.22360679774997894),
    ((2, 4, 3), (4, 2, 3), 0.21821789023599236),
    ((5, 5, 4), (7, 8, 5), 0.0763381020690574),
    ((5, 5, 4), (7, 6, 5), 0.0824545741530256),
    ((6, 6, 6), (2, 8, 0), -0.09129796236960139),
    ((6, 6, 6), (1, 6, 1), 0.1279568127905248),
    ((4, 7, 9), (5, 0, 3), 0.052867548081775836),
    ((4, 7, 9), (0, 3, 9), -0.04179052005994906),
    ((11, 11, 11), (10, 21, 22), -0.017933582655313477),
    ((11, 11, 11), (7, 10, 8), -0.03233137405981987),
]


@pytest.mark.parametrize(("t", "place", "value"), E3NN)
def test_the_signs_are_e3nns(t, place, value):
    assert wigner_3j_array(*t)[place] == pytest.approx(value, abs=1e-14)


def test_frobenius_norm_and_orthogonality():
    for t in triples(4):
        C = wigner_3j_array(*t)
        assert np.allclose(np.einsum("ijk,ijl->kl", C, C), np.eye(2 * t[2] + 1) / (2 * t[2] + 1), atol=1e-15)
    whole = np.concatenate([wigner_3j_array(3, 2, l) * math.sqrt(2 * l + 1) for l in range(1, 6)], axis=-1)
    assert np.allclose(whole.reshape(35, 35) @ whole.reshape(35, 35).T, np.eye(35), atol=1e-14)


def test_permutations_change_the_sign_by_the_parity_of_the_sum():
    for t in triples(4):
        C, sign = wigner_3j_array(*t), (-1) ** sum(t)
        assert np.allclose(wigner_3j_array(t[1], t[0], t[2]), sign * C.transpose(1, 0, 2), atol=1e-15)
        assert np.allclose(wigner_3j_array(t[1], t[2], t[0]), C.transpose(1, 2, 0), atol=1e-15)


def test_gaunt_is_sympys_real_gaunt():
    wigner = pytest.importorskip("sympy.physics.wigner")
    for t in [(0, 0, 0), (1, 1, 2), (1, 2, 3), (2, 2, 2), (2, 3, 3), (1, 1, 1), (3, 3, 4)]:
        G = gaunt_array(*t)
        for index in np.ndindex(G.shape):
            m = [i - l for i, l in zip(index, t, strict=True)]
            assert abs(G[index] - float(wigner.real_gaunt(*t, *m))) < 1e-14


def test_gaunt_integrals_of_zonal_harmonics():
    """The entry m = 0 is an integral of three Legendre polynomials, by Gauss-Legendre quadrature."""
    x, w = np.polynomial.legendre.leggauss(40)
    Y = [np.sqrt((2 * l + 1) / (4 * np.pi)) * np.polynomial.legendre.Legendre.basis(l)(x) for l in range(13)]
    for t in [*triples(5), (12, 12, 12), (12, 11, 9)]:
        integral = 2 * np.pi * np.sum(w * Y[t[0]] * Y[t[1]] * Y[t[2]])
        assert abs(gaunt_array(*t)[t] - integral) < 2e-13, t  # the error of NumPy's nodes


def test_the_scale_is_the_modulus_of_the_symbol_at_zero():
    mp = pytest.importorskip("mpmath")
    for t in [(2, 2, 2), (4, 6, 8), (20, 20, 20), (60, 60, 60), (300, 300, 300)]:
        g = sum(t) // 2
        square = mp.fprod(mp.factorial(2 * g - 2 * l) / mp.factorial(g - l) ** 2 for l in t)
        square *= mp.factorial(g) ** 2 / mp.factorial(2 * g + 1)
        exact = mp.sqrt(mp.fprod(2 * l + 1 for l in t) * square / (4 * mp.pi))
        assert gaunt_scale(*t) == pytest.approx(float(exact), rel=1e-14)
    assert gaunt_scale(1, 2, 2) == 0
    assert not gaunt(1, 2, 2).any()


def test_tables_are_kept_and_cannot_be_written():
    assert wigner_3j_array(2, 1, 2) is wigner_3j_array(2, 1, 2)
    with pytest.raises(ValueError, match="read-only"):
        wigner_3j_array(2, 1, 2)[0] = 1
    mine = wigner_3j(2, 1, 2)
    mine.zero_()
    assert wigner_3j(2, 1, 2).norm() == pytest.approx(1)


def test_the_dtype_is_the_one_asked_for():
    assert wigner_3j(1, 1, 2).dtype == torch.float64
    single = wigner_3j(1, 1, 2, dtype=torch.float32)
    assert torch.equal(single, wigner_3j(1, 1, 2).float())
    assert gaunt(1, 1, 2, dtype=torch.float32).dtype == torch.float32


@pytest.mark.parametrize("function", [wigner_3j, gaunt, gaunt_scale])
def test_degrees_that_do_not_couple_are_refused(function):
    with pytest.raises(DomainError, match=r"\(1, 1, 3\) do not couple.*choose l3 in \[0, 2\]"):
        function(1, 1, 3)
    with pytest.raises(DomainError, match="l2 must be an integer"):
        function(1, 1.5, 2)
    with pytest.raises(DomainError, match="l1=-1"):
        function(-1, 1, 2)


def test_a_table_beyond_memory_is_refused():
    with pytest.raises(ResourceLimitError, match="3j tensor"):
        wigner_3j(4000, 4000, 4000)
