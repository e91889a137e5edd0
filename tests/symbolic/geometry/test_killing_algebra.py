"""Explicit Killing fields: as many as the literature says, each annihilating the metric, with the algebras known of each space."""

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.exact import DifferentialRing, nullspace
from erlangen.symbolic import Metric, killing_algebra, spacetime
from erlangen.symbolic.geometry.killing_fields import field_columns
from erlangen.symbolic.geometry.killing_frequencies import translation_frequencies


def metric(coordinates, components, constants="", functions=()):
    ring = DifferentialRing(coordinates, constants=constants, functions=functions)
    return Metric(ring, {index: ring.parse(text) for index, text in components.items()})


def check(found, dimension):
    """As many fields as curvature certifies, independent over constants, each with ``L_ξ g = 0``."""
    assert (found.dimension, found.complete, len(found.fields)) == (dimension, True, dimension)
    assert not any(found.metric.lower.lie_derivative(field) for field in found.fields)
    rows = {}
    for k, column in enumerate(field_columns(found.fields)):
        for key, value in column.items():
            rows.setdefault(key, {})[k] = value
    assert nullspace(rows.values(), dimension) == []


# name, dimension, values for the algebra, dimensions of Levi factor and of the derived algebra
# (Stephani et al.: Poincaré, so(4,1), so(3,2), so(3)+R, u(2), sl(2)+R², R³, so(2,2), the group of Euclid's space)
@pytest.mark.parametrize(
    ("name", "dimension", "values", "levi", "derived"),
    [
        ("minkowski", 10, {}, 6, 10),
        ("de-sitter", 10, {}, 10, 10),
        ("anti-de-sitter", 10, {}, 10, 10),
        ("schwarzschild", 4, {}, 3, 3),
        ("reissner-nordstroem", 4, {}, 3, 3),
        ("goedel", 5, {}, 3, 3),
        ("kasner", 3, {}, 0, 0),
        ("btz", 6, {"M": 1, "J": 0, "l": 1, "G": 1}, 6, 6),
        ("friedmann", 6, {}, 3, 6),
        pytest.param("taub-nut", 4, {}, 3, 3, marks=pytest.mark.slow),
        pytest.param("kerr", 2, {}, 0, 0, marks=pytest.mark.slow),
        pytest.param("kerr-newman", 2, {}, 0, 0, marks=pytest.mark.slow),
    ],
)
def test_the_catalogue(name, dimension, values, levi, derived):
    found = killing_algebra(spacetime(name))
    check(found, dimension)
    algebra = found.algebra(**values)
    assert len(algebra.levi_factor()) == levi
    assert len(algebra.product(algebra.basis, algebra.basis)) == derived


def test_angles_need_no_new_root():
    found = killing_algebra(spacetime("schwarzschild", chart="angles"))
    check(found, 4)
    assert not any("sqrt" in text for text in found.texts())


def test_flat_space_in_other_coordinates():
    """Rindler's wedge needs exponentials, cylinders need cosines over r: the algebra is that of Poincaré all the same."""
    wedge = metric("t x y z", {(0, 0): "-x^2", (1, 1): "1", (2, 2): "1", (3, 3): "1"})
    cylinder = metric("t r phi z", {(0, 0): "-1", (1, 1): "1", (2, 2): "r^2", (3, 3): "1"})
    for space in (wedge, cylinder):
        found = killing_algebra(space)
        check(found, 10)
        algebra = found.algebra()
        assert (len(algebra.levi_factor()), len(algebra.radical())) == (6, 4)
        assert algebra.derived_series() == (10,)


def test_flat_three_dimensional_space_with_mass_and_spin():
    space = metric("u r phi", {(0, 0): "T", (0, 1): "-1", (0, 2): "X", (2, 2): "r^2"}, "T X")
    found = killing_algebra(space)
    check(found, 6)
    algebra = found.algebra(T=1, X=1)
    assert (len(algebra.levi_factor()), len(algebra.radical())) == (3, 3)  # iso(2,1)
    assert any("exp" in text for text in found.texts())


def test_thurston_geometries():
    """Sol has three Killing fields and Nil four (Scott 1983)."""
    sol = metric("x y z", {(0, 0): "exp(z)^2", (1, 1): "1/exp(z)^2", (2, 2): "1"})
    found = killing_algebra(sol)
    check(found, 3)
    assert found.algebra().is_solvable
    nil = metric("x y z", {(0, 0): "1", (1, 1): "1+x^2", (1, 2): "x", (2, 2): "1"})
    found = killing_algebra(nil)
    check(found, 4)
    assert found.algebra().derived_series() == (4, 3, 1, 0)


def test_static_spheres_with_an_unknown_function():
    space = metric(
        "t r theta phi", {(0, 0): "-f", (1, 1): "1/f", (2, 2): "r^2", (3, 3): "r^2*sin(theta)^2"}, "", {"f": "r"}
    )
    check(killing_algebra(space), 4)


@pytest.mark.slow
def test_anti_de_sitter_space_in_global_coordinates():
    space = metric(
        "t r theta phi",
        {(0, 0): "-(1+r^2/l^2)", (1, 1): "1/(1+r^2/l^2)", (2, 2): "r^2", (3, 3): "r^2*sin(theta)^2"},
        "l",
    )
    found = killing_algebra(space)
    check(found, 10)
    assert found.algebra(l=1).is_semisimple


def test_frequencies():
    btz = spacetime("btz")
    found = translation_frequencies(btz, "phi", np.random.default_rng(1))
    # (r_+ ± r_-)² / l² with r_+² + r_-² = 8GMl², r_+ r_- = 4GJl
    assert set(found) == {btz.ring.parse("8*G*(M + J/l)"), btz.ring.parse("8*G*(M - J/l)")}


def test_what_is_not_found_is_said():
    """The fields of Bondi's metric solve Hill's equation with an arbitrary function: their number is known, they are not."""
    found = killing_algebra(spacetime("bondi-3d"), levels=4)
    assert (found.dimension, found.complete) == (6, False)
    with pytest.raises(DomainError, match="0 of 6 Killing fields are known"):
        found.algebra()
    with pytest.raises(DomainError, match="has no value"):
        killing_algebra(spacetime("btz")).algebra(M=1)
