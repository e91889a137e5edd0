"""Hill's monodromy and BMS3: closed forms at constants, invariance under the group, the group law, the vacua."""

import numpy as np
import pytest

from erlangen.errors import ConvergenceError, DomainError
from erlangen.gauge import (
    BMS3Element,
    CircleFunction,
    boost_vacuum,
    classify_orbit,
    hill_monodromy,
    match_null_infinities,
)

ANGLES = np.linspace(0, 2 * np.pi, 37)
SHIFTS = [
    lambda phi: 0.3 * np.sin(phi),
    lambda phi: 0.2 * np.sin(2 * phi),
    lambda phi: 0.1 * np.cos(phi) + 0.05 * np.sin(3 * phi) + 0.4,
]


@pytest.mark.parametrize("constant", [-9.0, -4.0, -2.25, -1.0, -0.3, 0.0, 0.5, 1.0, 4.0])
def test_constants_in_closed_form(constant):
    root = np.sqrt(complex(constant))
    expected = 2 * np.cosh(np.pi * root).real
    assert hill_monodromy(constant).trace == pytest.approx(expected, abs=1e-10 * max(1, abs(expected)))


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize(("constant", "trace"), [(-1.0, -2.0), (1.0, 2 * np.cosh(np.pi)), (0.0, 2.0), (-0.5, None)])
def test_the_trace_is_invariant(shift, constant, trace):
    theta, _ = BMS3Element.of(shift)(constant)
    found = hill_monodromy(theta).trace
    assert found == pytest.approx(hill_monodromy(constant).trace, abs=1e-9)
    if trace is not None:
        assert found == pytest.approx(trace, abs=1e-8)


@pytest.mark.parametrize("shift", SHIFTS)
def test_orbits_of_moved_constants(shift):
    for constant, kind, winding in [
        (-1.0, "vacuum", 1),
        (-9.0, "vacuum", 3),
        (-0.5, "elliptic", 0),
        (-5.0, "elliptic", 2),
        (2.0, "hyperbolic", 0),
    ]:
        found = classify_orbit(BMS3Element.of(shift)(constant)[0], tolerance=1e-7)
        assert (found.kind, found.winding) == (kind, winding)
        assert found.constant == pytest.approx(constant, abs=1e-6)
        assert found.mass == pytest.approx(constant / 8, abs=1e-6)
        assert found.dimension == (3 if kind == "vacuum" else 1)


def test_the_trace_alone_does_not_tell_orbits_apart():
    assert hill_monodromy(-1.0).trace == pytest.approx(hill_monodromy(-9.0).trace, abs=1e-9)
    assert classify_orbit(-1.0).winding != classify_orbit(-9.0).winding


def test_hyperbolic_orbits_without_constant_representative():
    """Balog–Fehér–Palla: Mathieu's potential in its first gap, where the Floquet solution has one zero a period."""
    found = classify_orbit(lambda phi: -1 + 0.4 * np.cos(phi))
    assert found.kind == "hyperbolic"
    assert found.winding == 1
    assert found.constant is None


def test_parabolic_zero():
    found = classify_orbit(0.0)
    assert (found.kind, found.constant, found.winding) == ("parabolic", 0.0, 0)


def test_the_group_law():
    first = BMS3Element.of(SHIFTS[0], lambda phi: np.cos(phi))
    second = BMS3Element.of(SHIFTS[2], lambda phi: 0.3 * np.sin(2 * phi) + 1)
    theta, xi = (lambda phi: 0.2 + np.cos(phi)), (lambda phi: np.sin(phi))
    step = second(*first(theta, xi))
    once = (first @ second)(theta, xi)
    for a, b in zip(step, once, strict=True):
        assert np.allclose(a(ANGLES), b(ANGLES), atol=1e-9)


def test_cocycle_of_the_schwarzian():
    """Sch[f∘g] = g'² Sch[f]∘g + Sch[g]."""
    f, g = BMS3Element.of(SHIFTS[0]), BMS3Element.of(SHIFTS[1])
    whole = (f @ g).schwarzian()(ANGLES)
    slope = 1 + g.shift.derivative()(ANGLES)
    assert np.allclose(whole, slope**2 * f.schwarzian()(g.map(ANGLES)) + g.schwarzian()(ANGLES), atol=1e-9)


def test_infinitesimal_action_is_what_the_solver_of_gauge_and_falloffs_finds():
    """d/dε of f = φ + εY, α = εT: δΘ = YΘ' + 2Y'Θ - 2Y''', δΞ = YΞ' + 2Y'Ξ + ½TΘ' + T'Θ - T'''."""
    theta, xi = CircleFunction.of(lambda p: 0.3 + np.cos(p)), CircleFunction.of(lambda p: np.sin(2 * p))
    T, Y = CircleFunction.of(lambda p: np.cos(2 * p) + 0.5), CircleFunction.of(lambda p: np.sin(p))
    h = 1e-4

    def moved(sign):
        return BMS3Element.of(lambda p: sign * h * Y(p), lambda p: sign * h * T(p))(theta, xi)

    up, down = moved(1), moved(-1)
    d = CircleFunction.derivative
    expected = (
        Y(ANGLES) * d(theta)(ANGLES) + 2 * d(Y)(ANGLES) * theta(ANGLES) - 2 * d(Y, 3)(ANGLES),
        Y(ANGLES) * d(xi)(ANGLES)
        + 2 * d(Y)(ANGLES) * xi(ANGLES)
        + T(ANGLES) * d(theta)(ANGLES) / 2
        + d(T)(ANGLES) * theta(ANGLES)
        - d(T, 3)(ANGLES),
    )
    for a, b, value in zip(up, down, expected, strict=True):
        assert np.allclose((a(ANGLES) - b(ANGLES)) / (2 * h), value, atol=1e-6)


def test_vacua_are_told_apart_by_their_charges_alone():
    """The energy of a superrotated vacuum is not below Minkowski's, with equality for PSL(2, R)."""
    for shift in SHIFTS[:2]:
        theta, xi = boost_vacuum(shift, lambda phi: np.cos(3 * phi))
        assert np.allclose(hill_monodromy(theta).matrix, -np.eye(2), atol=1e-9)
        assert theta.mean() > -1 + 1e-3
        assert np.ptp(xi(ANGLES)) > 0.1
    # The map of the circle by a Lorentz boost: tan(f/2) = e^b tan(φ/2).
    b = 0.4
    boost = BMS3Element.of(lambda p: 2 * np.arctan2(np.exp(b) * np.sin(p / 2), np.cos(p / 2)) - p)
    assert np.allclose(boost(-1.0)[0](ANGLES), -1, atol=1e-9)


def test_antipodal_matching_conserves_all_charges():
    theta, xi = (lambda p: 0.3 + np.cos(p) + 0.2 * np.sin(2 * p)), (lambda p: np.sin(3 * p))
    T, Y = (lambda p: np.cos(2 * p) - np.cos(p)), (lambda p: np.sin(3 * p) + 1)
    before = match_null_infinities(theta, xi)
    angles = 2 * np.pi * np.arange(64) / 64

    def charge(a, b, t, y):
        return np.mean(t(angles) * a(angles) + 2 * y(angles) * b(angles))

    turned = (lambda p: T(p - np.pi)), (lambda p: Y(p - np.pi))
    assert charge(theta, xi, T, Y) == pytest.approx(charge(*before, *turned), abs=1e-13)
    # and it intertwines both actions of a superrotation that commutes with the antipodal map
    g = BMS3Element.of(lambda p: 0.2 * np.sin(2 * p))
    left, right = match_null_infinities(*g(theta, xi))[0], g(*before)[0]
    assert np.allclose(left(ANGLES), right(ANGLES), atol=1e-9)


def test_refusals():
    with pytest.raises(DomainError, match="no diffeomorphism"):
        BMS3Element.of(lambda phi: 1.5 * np.sin(phi))
    with pytest.raises(ConvergenceError, match="samples"):
        CircleFunction.of(lambda phi: phi)
    with pytest.raises(DomainError, match="no function of the angle"):
        classify_orbit(1 + 1j)
    with pytest.raises(DomainError, match="not finite"):
        CircleFunction.of(lambda phi: np.where(phi > 1, np.nan, phi))
