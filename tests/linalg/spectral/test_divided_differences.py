"""Oracle: Newton's table in 260 digits, coincident points set apart by 1e-60."""

import itertools

import mpmath
import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg import AnalyticFunction, divided_differences
from erlangen.linalg.spectral import (
    Clamp,
    Exponential,
    IntegerPower,
    InverseSquareRoot,
    Logarithm,
    Power,
    Rectifier,
    SquareRoot,
)

POWERS = [-50.0, -2.5, -1.0, -1e-6, 0.0, 1e-15, 0.3, 0.500001, 0.999999, 1.0, 1.0000001, 1.5, 2.0, 3.3, 50.0]
POSITIVE = [
    (Logarithm(), mpmath.log),
    (SquareRoot(), mpmath.sqrt),
    (InverseSquareRoot(), lambda x: 1 / mpmath.sqrt(x)),
    *((Power(p), lambda x, p=p: x ** mpmath.mpf(p)) for p in POWERS),
    *((IntegerPower(p), lambda x, p=p: x**p) for p in (0, 1, 2, 3, 7)),
]
GAPS = [0.0, 2.3e-16, 1e-12, 1e-8, 1e-4, 0.03, 0.1, 0.21, 0.5, 3.0, 1e3, 1e12]


def newton(f, points):
    with mpmath.workdps(260):
        x = [mpmath.mpf(p) for p in points]
        x = [value + i * (abs(value) or 1) * mpmath.mpf(10) ** -60 for i, value in enumerate(x)]
        table = [f(value) for value in x]
        for k in range(1, len(x)):
            table = [(table[i + 1] - table[i]) / (x[i + k] - x[i]) for i in range(len(table) - 1)]
        return table[0]


def defect(found, exact):
    """Relative error; the oracle itself ends at 1e-60, the numbers of the machine at 1e-290."""
    if abs(exact) < mpmath.mpf(10) ** -50 or not mpmath.mpf(10) ** -290 < abs(exact) < mpmath.mpf(10) ** 290:
        return 0.0 if abs(exact) > 1 or abs(found) <= 1e-45 + abs(exact) * 2 else 1.0
    return float(abs(mpmath.mpf(found) - exact) / abs(exact))


def points(values):
    return [torch.tensor(value, dtype=torch.float64) for value in values]


@pytest.mark.parametrize(("f", "exact"), POSITIVE, ids=lambda f: repr(f) if not callable(f) else "")
def test_positive_functions_keep_their_digits_wherever_points_meet(f, exact):
    for d, e in itertools.product(GAPS, GAPS):
        a, b, c = 1.0, 1.0 + d, 1.0 + e
        if max(b, c) > 1e3 and abs(getattr(f, "p", 0)) > 20:
            continue
        assert defect(float(f.first(*points((a, b)))), newton(exact, (a, b))) < 1e-14, (a, b)
        assert defect(float(f.second(*points((b, a, c)))), newton(exact, (b, a, c))) < 5e-14, (b, a, c)


@pytest.mark.parametrize(
    ("f", "exact"), [POSITIVE[k] for k in (0, 1, 2, 5, 9, 11, 15, 20)], ids=lambda f: repr(f) if not callable(f) else ""
)
def test_third_differences_of_positive_functions(f, exact):
    gaps = [0.0, 1e-12, 1e-4, 0.1, 0.21, 3.0, 1e6]
    for d, e, g in itertools.combinations_with_replacement(gaps, 3):
        a = (1.0 + d, 1.0, 1.0 + g, 1.0 + e)
        assert defect(float(f.third(*points(a))), newton(exact, a)) < 1e-12, a


def test_third_differences_of_other_functions():
    for a in [(0.0, 0.0, 0.0, 0.0), (-1.0, 0.5, 0.5, 2.0), (-3.0, -1.0, 4.0, 9.0), (1.0, 1.05, 1.1, 1.2)]:
        assert defect(float(Exponential().third(*points(a))), newton(mpmath.exp, a)) < 1e-12
        assert defect(float(AnalyticFunction(torch.exp).third(*points(a))), newton(mpmath.exp, a)) < 1e-6
        near = tuple(1 + 2.3e-16 * k for k in (0, 1, 2, 4))
        assert defect(float(AnalyticFunction(torch.exp).third(*points(near))), newton(mpmath.exp, near)) < 1e-12
    for f, exact in [(Rectifier(1.0), lambda x: max(x, 1)), (Clamp(1.0, 4.0), lambda x: min(max(x, 1), 4))]:
        for a in [(2.0, 2.0, 3.0, 3.5), (0.0, 0.5, 2.0, 3.0), (-1.0, 0.0, 6.0, 9.0), (0.0, 2.0, 2.5, 7.0)]:
            assert float(f.third(*points(a))) == pytest.approx(float(newton(exact, a)), abs=1e-12)


@pytest.mark.parametrize("scale", [3.7e-12, 2.2e14])
@pytest.mark.parametrize("pair", [POSITIVE[0], POSITIVE[1], POSITIVE[2], POSITIVE[9]], ids=lambda p: repr(p[0]))
def test_scale_takes_no_digit(scale, pair):
    f, exact = pair
    for d, e in itertools.product(GAPS[::2], GAPS):
        triple = scale, scale * (1 + d), scale * (1 + e)
        assert defect(float(f.second(*points(triple))), newton(exact, triple)) < 5e-14, triple


@pytest.mark.parametrize("base", [-700.0, -5.0, 0.0, 300.0])
def test_the_exponential_keeps_its_digits(base):
    for d, e in itertools.product([0.0, 1e-12, 1e-8, 1e-4, 0.1, 0.5, 0.99, 1.01, 3.0, 30.0, 300.0], repeat=2):
        triple = base + d, base, base - e
        assert defect(float(Exponential().first(*points(triple[:2]))), newton(mpmath.exp, triple[:2])) < 1e-14, triple
        found, exact = float(Exponential().second(*points(triple))), newton(mpmath.exp, triple)
        if exact > mpmath.mpf(10) ** -290:
            assert float(abs(found - exact) / exact) < 1e-14, triple


def test_natural_powers_of_numbers_of_both_signs():
    """Relative to max|x|^(p - n) times the number of terms: of both signs the sums themselves cancel."""
    rng = np.random.default_rng(0)
    for p in (2, 3, 6):
        for _ in range(20):
            triple = tuple(rng.uniform(-2, 2, 3))
            size = max(map(abs, triple)) ** (p - 2) * p * p
            found = float(IntegerPower(p).second(*points(triple)))
            assert abs(found - float(newton(lambda x, p=p: x**p, triple))) < 1e-15 * size


@pytest.mark.parametrize("given", [False, True])
def test_a_wrapped_function_loses_few_digits(given):
    derivatives = [torch.cos, lambda x: -torch.sin(x), lambda x: -torch.cos(x), torch.sin] * 2
    f = AnalyticFunction(torch.sin, derivatives if given else 8)
    for d, e in itertools.product([0.0, 1e-14, 1e-10, 1e-6, 1e-3, 0.03, 0.1, 1.0, 3.0], repeat=2):
        triple = 0.7 + d, 0.7, 0.7 - e
        assert abs(float(f.first(*points(triple[:2]))) - float(newton(mpmath.sin, triple[:2]))) < 1e-13
        assert abs(float(f.second(*points(triple))) - float(newton(mpmath.sin, triple))) < 1e-11


@pytest.mark.parametrize(
    ("f", "exact"),
    [
        (torch.relu, lambda x: max(x, mpmath.mpf(0))),
        (lambda x: x.clamp(min=0.5), lambda x: max(x, mpmath.mpf(0.5))),
        (torch.abs, abs),
        (lambda x: x**21, lambda x: x**21),
    ],
    ids=["relu", "clamp", "abs", "power 21"],
)
def test_a_wrapped_function_is_not_fooled_where_its_last_derivatives_vanish(f, exact):
    wrapped = AnalyticFunction(f)
    for triple in [(-1.0, 1.0, 3.0), (-1.0, 3.0, 1.1), (-0.5, 2.0, 0.25), (-1e-3, 1e-3, 0.9), (0.4, 0.8, 1.7)]:
        for pair in itertools.combinations(triple, 2):
            assert float(wrapped.first(*points(pair))) == pytest.approx(float(newton(exact, pair)), abs=1e-12)
        assert float(wrapped.second(*points(triple))) == pytest.approx(
            float(newton(exact, triple)), rel=1e-11, abs=1e-11
        )


def test_tables_are_symmetric_and_hold_the_differences_of_all_tuples():
    x = np.array([3.0, 1.0, 1.0, 2.0])
    first, second = (divided_differences("log", x, order) for order in (1, 2))
    assert first.shape == (4, 4)
    assert second.shape == (4, 4, 4)
    for i, j, k in itertools.product(range(4), repeat=3):
        assert first[i, j] == pytest.approx(float(newton(mpmath.log, (x[i], x[j]))), rel=1e-14)
        assert second[i, j, k] == pytest.approx(float(newton(mpmath.log, (x[i], x[j], x[k]))), rel=1e-14)
    assert np.array_equal(second, second.transpose(2, 0, 1))
    batch = divided_differences("exp", torch.rand(2, 3, 5), 2)
    assert batch.shape == (2, 3, 5, 5, 5)
    assert batch.dtype == torch.float32


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (("log", np.array([1.0, -2.0])), DomainError, "log is not defined at -2"),
        (("log", np.array([0.0])), DomainError, "log is not defined at 0"),
        (("sqrt", np.array([0.0, 1.0])), DomainError, r"difference \[0, 0\] of sqrt is inf .*\(keep the points away"),
        (("exp", np.array([np.nan])), DomainError, "must be real and finite"),
        (("exp", np.array([1j])), DomainError, "must be real and finite"),
        (("exp", np.array([1000.0])), DomainError, "exp is inf"),
        (("exp", np.array([1.0]), 3), DomainError, r"order must be an integer in \[1, 2\]"),
        (("exp", np.array(1.0)), ShapeError, r"must have shape \(..., n\)"),
        (("tan", np.array([1.0])), DomainError, "f must be one of 'exp', 'log'"),
    ],
)
def test_what_has_no_table_is_refused(arguments, error, text):
    with pytest.raises(error, match=text):
        divided_differences(*arguments)


@pytest.mark.parametrize(
    ("f", "exact"), POSITIVE[:3] + POSITIVE[4:14], ids=lambda f: repr(f) if not callable(f) else ""
)
@pytest.mark.parametrize("base", [2.3, 1.0, 7.7e-13])
def test_first_differences_are_good_to_four_units(f, exact, base):
    """Also at the gaps 1e-11 and 2e-13, where a quotient of logarithms has lost 7e-6 and 5e-4, and at condition 1e8."""
    unit = 2.0**-52
    for gap in [0.0, 2.3e-16, 2e-13, 1e-11, 1e-8, 1e-5, 1e-3, 0.03, 0.3, 1.0, 10.0, 1e4, 1e8]:
        pair = base, base * (1 + gap)
        assert defect(float(f.first(*points(pair))), newton(exact, pair)) <= 4 * unit, pair
        assert defect(float(f.first(*points(pair[::-1]))), newton(exact, pair)) <= 4 * unit, pair
