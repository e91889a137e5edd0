"""Oracle: Newton's quotients of pieces that are linear, formed in rational numbers."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from erlangen.errors import DomainError
from erlangen.linalg import Clamp, Rectifier, divided_differences, spectral_function

POINTS = [-2.0, -0.5, -1e-9, 0.25, 0.25 + 1e-13, 1.0, 1.0 + 1e-12, 3.0, 1e8]
CASES = [
    (Rectifier(0.25), lambda x: max(x, Fraction(0.25))),
    (Rectifier(-1e3), lambda x: x),
    (Clamp(-0.25, 1.5), lambda x: min(max(x, Fraction(-0.25)), Fraction(1.5))),
]


def newton(f, points):
    x = sorted(Fraction(p) for p in points)
    table = [f(value) for value in x]
    for k in range(1, len(x)):
        table = [(table[i + 1] - table[i]) / (x[i + k] - x[i]) for i in range(len(table) - 1)]
    return float(table[0])


def tensors(values):
    return [torch.tensor(value, dtype=torch.float64) for value in values]


@pytest.mark.parametrize(("f", "exact"), CASES, ids=lambda f: repr(f) if not callable(f) else "")
def test_differences_are_those_of_rational_numbers(f, exact):
    for pair in itertools.permutations(POINTS, 2):
        assert float(f.first(*tensors(pair))) == pytest.approx(newton(exact, pair), rel=1e-14, abs=1e-300), pair
    for triple in itertools.permutations(POINTS, 3):
        assert float(f.second(*tensors(triple))) == pytest.approx(newton(exact, triple), rel=1e-13, abs=1e-15), triple


@pytest.mark.parametrize("f", [Rectifier(0.25), Clamp(0.25, 2.0)])
def test_where_points_meet_the_difference_is_the_slope(f):
    x = torch.tensor([-1.0, 0.0, 0.25, 1.0], dtype=torch.float64)
    assert f.first(x, x).tolist() == [0, 0, 1, 1]
    assert f.second(x, x, x).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("f", [Rectifier(0.5), Clamp(0.5, 2.5)], ids=repr)
@pytest.mark.parametrize("values", [[0.1, 0.1, 1.0], [2.0, 2.0, 2.0], [0.2, 0.7, 3.0]])
def test_gradcheck_and_gradgradcheck_away_from_the_kink(f, values):
    Q = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    A = torch.tensor((Q * values) @ Q.T, requires_grad=True)

    def cut(a):
        return spectral_function((a + a.mT) / 2, f)

    assert np.allclose(np.linalg.eigvalsh(cut(A).detach().numpy()), np.sort(f.value(torch.tensor(values)).numpy()))
    assert gradcheck(cut, A)
    assert gradgradcheck(cut, A)


def test_the_table_and_the_refusals():
    assert divided_differences(Rectifier(1.0), np.array([0.0, 2.0])).tolist() == [[0, 0.5], [0.5, 1]]
    with pytest.raises(DomainError, match="low must be below high"):
        Clamp(1.0, 1.0)
    with pytest.raises(DomainError, match="c must be"):
        Rectifier(np.nan)
