"""Orbits on the page: pictures stand where the mathematics says, what is no function of the angle is refused."""

import numpy as np
import pytest

from erlangen.errors import ErlangenError, ParseError
from erlangen.gallery.orbit_figures import class_strip, lift
from erlangen.gallery.orbit_tree import orbit_place, orbit_tree
from erlangen.gallery.orbits import EXAMPLES, describe_orbit, orbit_examples, vacuum_examples
from erlangen.gauge import hill_monodromy


@pytest.mark.parametrize(
    ("text", "kind", "winding", "constant"),
    [
        ("-1", "vacuum", 1, -1),
        ("−4", "vacuum", 2, -4),
        ("-0.4", "elliptic", 0, -0.4),
        ("0", "parabolic", 0, 0),
        ("0.2", "hyperbolic", 0, 0.2),
        ("-1 + 0.3*cos(φ)", "hyperbolic", 1, None),
    ],
)
def test_classes(text, kind, winding, constant):
    found = describe_orbit(text)
    assert (found["kind"], found["winding"]) == (kind, winding)
    assert found["constant"] == (None if constant is None else pytest.approx(constant, abs=1e-9))


def test_a_superrotation_moves_the_energy_and_not_the_orbit():
    before, after = describe_orbit("-0.4"), describe_orbit("-0.4", size=0.5, mode=2)
    assert after["constant"] == pytest.approx(before["constant"], abs=1e-8)
    assert after["energy"] > before["energy"] + 1e-3  # the constant has the least energy of an orbit with Θ_0 >= -1


def test_vacua_have_one_monodromy_and_many_energies():
    found = vacuum_examples()
    assert {(item["kind"], item["winding"]) for item in found} == {("vacuum", 1)}
    energies = [item["energy"] for item in found]
    assert energies[0] == pytest.approx(-1 / 8)
    assert all(energy > energies[0] + 1e-3 for energy in energies[1:])


@pytest.mark.parametrize("constant", [-6.3, -2.0, -0.3, 0.4, 1.7])
def test_the_lift_ends_on_the_surface_of_its_trace(constant):
    """tr M = 2 cos θ / cos w on the cylinder, at every point of the path."""
    found = hill_monodromy(constant)
    turns, depth, _ = lift(found.path).T
    traces = found.path[:, 0, 0] + found.path[:, 1, 1]
    assert np.allclose(2 * np.cos(np.pi * turns) / np.cos(np.pi * depth), traces, atol=1e-7 * np.max(np.abs(traces)))
    assert np.all(np.abs(np.diff(turns)) < 0.5)


@pytest.mark.parametrize(("constant", "turns"), [(-1.0, 1.0), (-4.0, 2.0), (-9.0, 3.0)])
def test_vacua_end_on_the_axis(constant, turns):
    end = lift(hill_monodromy(constant).path)[-1]
    assert end[:2] == pytest.approx([turns, 0.0], abs=1e-7)


def test_minkowski_space_goes_along_the_axis():
    way = lift(hill_monodromy(-1.0).path)
    assert np.max(np.abs(way[:, 1])) < 1e-7
    assert np.allclose(np.diff(way[:, 0]), 1 / (len(way) - 1))


def test_the_tree_has_a_place_for_each_example():
    text = orbit_tree(orbit_examples())
    assert text.count('class="point"') == len(EXAMPLES)
    assert text.count('class="vacuum"') == 3
    assert orbit_place("elliptic", 0, 0.5)[0] == pytest.approx(
        (orbit_place("vacuum", 0, 0)[0] + orbit_place("vacuum", 1, 1)[0]) / 2
    )


def test_a_title_is_no_markup():
    way = lift(hill_monodromy(-1.0).path)
    assert "<script" not in class_strip(way, "vacuum", -2.0, "<script>x</script>")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "characters"),
        ("cos(phi", "not an expression"),
        ("__import__('os')", "not|unknown|call"),
        ("r", "r"),
        ("phi", "Fourier"),
        ("1/sin(phi)", "finite"),
        ("-90000", "integrates"),
        ("exp(exp(9))", "transcendental"),
        ("x" * 301, "characters"),
    ],
)
def test_what_is_no_smooth_function_of_the_angle_is_refused(text, words):
    with pytest.raises(ErlangenError, match=words):
        describe_orbit(text)


@pytest.mark.parametrize(("size", "mode"), [(1.0, 1), (float("nan"), 1), (0.1, 0), (0.1, 99)])
def test_superrotations_of_the_page(size, mode):
    with pytest.raises(ErlangenError, match="none of this page"):
        describe_orbit("-1", size=size, mode=mode)


def test_an_empty_text_is_no_expression():
    with pytest.raises(ParseError):
        describe_orbit(" ")
