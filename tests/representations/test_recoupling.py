"""6j symbols against contractions of 3j tensors, closed forms, sympy, and the sum rules of Edmonds."""

import itertools
import math

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.representations import wigner_6j
from erlangen.representations.couplings import wigner_3j_array


def test_a_zero_gives_the_closed_form():
    for a, b in itertools.product(range(5), repeat=2):
        for c in range(abs(a - b), a + b + 1):
            exact = (-1) ** (a + b + c) / math.sqrt((2 * a + 1) * (2 * b + 1))
            assert wigner_6j(a, b, c, b, a, 0) == pytest.approx(exact, rel=1e-15)


def test_the_symbol_is_the_tetrahedron_of_couplings():
    for js in [(1, 1, 1, 1, 1, 1), (2, 1, 2, 1, 2, 2), (3, 2, 2, 2, 3, 2), (2, 2, 4, 2, 2, 3)]:
        a, b, c, d, e, f = js
        C = wigner_3j_array
        whole = np.einsum("abc,aef,dbf,dec->", C(a, b, c), C(a, e, f), C(d, b, f), C(d, e, c), optimize=True)
        assert abs(whole) == pytest.approx(abs(wigner_6j(*js)), abs=1e-14)


def test_rows_are_orthogonal():
    for a, b, d, e in [(2, 3, 1, 2), (1.5, 2, 2.5, 1)]:
        cs = np.arange(abs(a - b), a + b + 1)
        fs = np.arange(max(abs(a - e), abs(b - d)), min(a + e, b + d) + 1)
        U = np.array([[math.sqrt((2 * c + 1) * (2 * f + 1)) * wigner_6j(a, b, c, d, e, f) for f in fs] for c in cs])
        U = U[np.abs(U).sum(1) > 0]
        assert np.allclose(U @ U.T, np.eye(len(U)), atol=1e-14)


def test_sympy_agrees():
    wigner = pytest.importorskip("sympy.physics.wigner")
    for js in [(1, 2, 3, 2, 1, 2), (4, 4, 4, 4, 4, 4), (8, 7, 6, 5, 6, 7), (1, 1, 2, 3, 3, 2)]:
        assert wigner_6j(*js) == pytest.approx(float(wigner.wigner_6j(*js)), rel=1e-14, abs=1e-16)


def test_half_integers():
    # Edmonds, table 5: {a b c; 1/2 c-1/2 b+1/2} = (-1)^s sqrt((s-2b)(s-2c+1) / ((2b+1)(2b+2) 2c (2c+1))), s = a+b+c
    for a, b, c in [(1.5, 1, 1.5), (2, 2, 3), (0.5, 2.5, 2)]:
        s = a + b + c
        exact = (-1) ** s * math.sqrt((s - 2 * b) * (s - 2 * c + 1) / ((2 * b + 1) * (2 * b + 2) * 2 * c * (2 * c + 1)))
        assert wigner_6j(a, b, c, 0.5, c - 0.5, b + 0.5) == pytest.approx(exact, rel=1e-14)


def test_high_degrees_follow_ponzano_and_regge():
    for j in (60, 200):
        edge, angle = j + 0.5, math.pi - math.acos(1 / 3)
        volume = edge**3 / (6 * math.sqrt(2))
        semiclassical = math.cos(6 * edge * angle + math.pi / 4) / math.sqrt(12 * math.pi * volume)
        assert wigner_6j(j, j, j, j, j, j) == pytest.approx(semiclassical, abs=0.02 / math.sqrt(12 * math.pi * volume))


def test_refusals():
    with pytest.raises(DomainError, match=r"j5 must be a non-negative integer or half-integer, got 0\.3"):
        wigner_6j(1, 1, 1, 1, 0.3, 1)
    with pytest.raises(DomainError):
        wigner_6j(-1, 1, 1, 1, 1, 1)
    assert wigner_6j(1, 1, 0.5, 1, 1, 1) == 0
