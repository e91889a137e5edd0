"""Symmetry algebras on the page: parts, weights and brackets are those of the literature, pictures show them all."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from erlangen.errors import ErlangenError
from erlangen.gallery.algebra_graph import algebra_graph, positions
from erlangen.gallery.algebra_parts import algebra_parts
from erlangen.gallery.formula_text import pretty
from erlangen.gallery.symmetries import EXAMPLES, describe_symmetries, symmetry_examples
from erlangen.symbolic import DifferentialSystem, JetSpace, LieAlgebra, lie_symmetries

SL2 = LieAlgebra(3, {(0, 1): {1: 2}, (0, 2): {2: -2}, (1, 2): {0: 1}})
SO3 = LieAlgebra(3, {(0, 1): {2: 1}, (1, 2): {0: 1}, (0, 2): {1: -1}})


# Olver, Applications of Lie Groups to Differential Equations; the free particle has sl(3).
@pytest.mark.parametrize(
    ("text", "sizes", "series"),
    [
        ("u_t + 6*u*u_x + u_xxx = 0", (0, 3, 1), [4, 3, 1, 0]),
        ("u_t = u_xx", (3, 3, 0), [6]),
        ("u_t + u*u_x = u_xx", (3, 2, 0), [5]),
        ("y_xx = 0", (8, 0, 0), [8]),
        ("u_t = 0.5*u^2*u_x − u_xxx", (0, 2, 1), [3, 2, 0]),
        ("u_t = v_x; v_t = u_x", None, None),
    ],
)
def test_parts(text, sizes, series):
    found = describe_symmetries(text)
    if sizes is None:
        assert not found["complete"]
        assert found["graph"] is None
        return
    assert tuple(found["sizes"].values()) == sizes
    assert found["derived_series"] == series
    assert found["graph"].count("data-node") == len(found["fields"])


def test_the_brackets_told_are_those_of_the_fields():
    """[∂_t, 6t ∂_x + ∂_u] = 6 ∂_x, and the scaling has the weights of KdV."""
    found = describe_symmetries("u_t + 6*u*u_x + u_xxx")
    assert [0, 2, "6 X2"] in found["brackets"]
    assert found["diagonal"] == [3]


def test_a_basis_that_shows_no_parts_is_replaced():
    """sl(2) + R in a basis that mixes both."""
    e = [(1, 0, 0, 1), (0, 1, 0, 0), (0, 0, 1, 1), (0, 0, 0, 1)]
    plain = LieAlgebra(4, {(0, 1): {1: 2}, (0, 2): {2: -2}, (1, 2): {0: 1}})
    inverse = np.linalg.inv(np.array(e, dtype=float))
    table = {}
    for i, j in combinations(range(4), 2):
        image = np.array([float(x) for x in plain.bracket(*(tuple(map(Fraction, e[k])) for k in (i, j)))]) @ inverse
        table[i, j] = {k: Fraction(round(value)) for k, value in enumerate(image)}
    found = algebra_parts(LieAlgebra(4, table))
    assert sorted(found.parts) == ["levi", "levi", "levi", "rest"]
    assert not any(3 in pair for pair in found.brackets)


def test_roots_stand_as_roots():
    """The six roots of sl(3) are a regular hexagon, its diagonal elements in the middle."""
    found = describe_symmetries("y_xx")
    parts = algebra_parts(lie_symmetries(DifferentialSystem(JetSpace("x", "y"), ["y_xx"])).algebra)
    places = positions(parts) - 180
    roots = np.array([place for i, place in enumerate(places) if i not in parts.diagonal])
    radii = np.hypot(*roots.T)
    angles = np.sort(np.arctan2(*roots.T[::-1]))
    assert np.allclose(radii, radii[0])
    assert np.allclose(np.diff(angles), np.pi / 3)
    assert len(found["diagonal"]) == 2


def test_without_diagonal_elements_all_stand_on_a_circle():
    places = positions(algebra_parts(SO3)) - 180
    assert np.allclose(np.hypot(*places.T), 150)


def test_places_are_distinct():
    for item in symmetry_examples():
        assert item["complete"]
    for algebra in (SL2, SO3, LieAlgebra(2, {}), LieAlgebra(0, {})):
        places = positions(algebra_parts(algebra))
        assert all(np.hypot(*(a - b)) > 20 for a, b in combinations(places, 2))
    assert len(symmetry_examples()) == len(EXAMPLES)


def test_a_title_is_no_markup():
    assert "<script" not in algebra_graph(algebra_parts(SL2), "<script>x</script>")
    assert str(pretty("<b>^2")) == "&lt;b&gt;<sup>2</sup>"
    assert str(pretty("x^2/2 + r^(-1)")) == "x<sup>2</sup>/2 + r<sup>−1</sup>"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "characters"),
        ("x" * 700, "characters"),
        ("u + 1", "no derivative"),
        ("u_t = ", "not part of an exact expression"),
        ("u_t;u_x;u_tt;u_xx;u_tx", "more than this page"),
        ("u_t = __import__('os')", "not|unknown|call"),
        ("u_t^2 = u_x", "linear in its leading derivative"),
    ],
)
def test_refusals(text, words):
    with pytest.raises(ErlangenError, match=words):
        describe_symmetries(text)
