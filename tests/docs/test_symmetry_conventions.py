"""The conventions of symmetries and charges, line by line."""

import re
from pathlib import Path

import pytest

from erlangen.gauge import hill_monodromy
from erlangen.symbolic import (
    AsymptoticProblem,
    ConformalCompletion,
    JetSpace,
    charge_form,
    gauge_symmetry,
    metric_variation,
    noether,
    null_link,
    spacetime,
    surface_charge,
    volume_density,
)

PAGE = Path(__file__).parents[2] / "docs/explanation/conventions.md"
PINNED = {}


def pins(start):
    def mark(test):
        PINNED[start] = test.__name__
        return test

    return mark


@pytest.mark.skipif(not PAGE.is_file(), reason="needs the documentation's source")
def test_every_line_of_the_section_is_pinned():
    body = PAGE.read_text(encoding="utf-8").split("## Symmetries and charges\n")[1].split("\n## ")[0]
    lines = re.findall(r"^- (.+)$", body, re.MULTILINE)
    assert len(lines) == len(PINNED)
    assert [line for line in lines if not line.startswith(tuple(PINNED))] == []


@pins("Jets have ordered multi-indices")
def test_jets_have_ordered_indices():
    assert str(JetSpace("x y", "u").euler("u_xy^2")["u"]) == "2*u_xxyy"


@pins("$\\delta L")
def test_sign_of_currents():
    J = JetSpace("t", "q")
    current = noether(J, "q_t^2/2 - q^2/2", {"q": "q_t"})
    assert current.components["t"] == J.parse("q_t^2/2 + q^2/2")
    assert current.divergence() == -J["q_t"] * J.euler("q_t^2/2 - q^2/2")["q"]


@pins("$R^a")
def test_spheres_have_positive_curvature_and_new_indices_stand_last():
    metric = spacetime("de-sitter")
    assert str(metric.scalar_curvature) == "12*H^2"
    slope = metric.covariant_derivative(metric.lower_index(metric.raise_index(metric.ricci, 0), 0))
    assert slope.variance == "ddd"


@pins("The charge of")
def test_charges_of_kerr():
    metric = spacetime("kerr")
    for vector, parameter, value in (("t", "M", "1"), ("phi", "a", "-M")):
        form = charge_form(metric, metric_variation(metric, parameter), {vector: 1})
        assert str(form.integrate({"x": (-1, 1)}, circles=("phi",))) == value


@pins("$\\sqrt{-g}$")
def test_charges_are_one_forms():
    metric = spacetime("kerr")
    assert surface_charge(metric, delta=("M", "a"), xi={"t": 1}).integrable
    turned = surface_charge(metric, delta=("M", "a"), xi={"phi": metric.ring["a"]})
    assert turned.curvature == {("M", "a"): metric.ring["a"]}
    assert volume_density(metric).evaluate({"r": 3.0, "x": 0.5, "a": 0.1, "M": 1.0}) > 0


@pins("At a horizon")
def test_horizons():
    law = surface_charge(spacetime("schwarzschild"), delta="M", xi={"t": 1}).first_law()
    assert str(law.surface_gravity) == "1/(2*r_h)"
    assert str(law.area) == "2*r_h^2"  # 4 pi r_h^2 over the 2 pi of one circle


@pins("$16")
def test_minkowski_space():
    found = hill_monodromy(-1.0)
    assert found.trace == pytest.approx(-2, abs=1e-10)
    assert found.half_turns == 1


@pins("A frame")
def test_frames():
    edge = ConformalCompletion.at_infinity(spacetime("bondi-3d"), frame="omega", functions={"omega": "phi"})
    assert edge.normal.components == {(0,): edge.ring.parse("1/omega")}
    assert edge.at_boundary(edge.metric.lower)[2, 2] == edge.ring.parse("omega^2")
    assert edge.transverse("phi")[1] == 1 / edge.ring["omega"]


@pins("Brackets of charges")
def test_brackets_of_charges():
    problem = AsymptoticProblem(
        "u r phi", "r", gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0}
    )
    terms = problem.solve_einstein(order=3).symmetries().central_extension.terms
    assert {name: str(value) for name, value in terms.items()} == {
        "xiu0": "-2*xiphi0v2_phi_phi_phi",
        "xiphi0": "-2*xiu0v2_phi_phi_phi",
    }


@pins("Both null infinities")
def test_both_null_infinities():
    link = null_link(4)
    assert link.antipodal
    assert [str(end["P_t"][0]) for end in (link.future, link.past)] == ["1", "1"]


@pins("Noether's second theorem")
def test_sign_of_superpotentials():
    """The electric field in two dimensions: its flux through a point is the charge, and D_j k^{ij} = δS^i."""
    space = JetSpace("t x", "a b", functions={"f": "t x"})
    found = gauge_symmetry(space, "(b_t - a_x)^2/2", {"a": "f_t", "b": "f_x"}, ("f",))
    divergence = found.current["t"].derivative("t") + found.current["x"].derivative("x")
    assert divergence == space["f_t"] * found.equations["a"] + space["f_x"] * found.equations["b"]
    potential = found.superpotential()["t", "x"].substitute({"f_t": 0, "f_x": 0})
    assert potential == space.parse("f*(delta_b_t - delta_a_x)")
    still = potential.derivative("x").substitute({"f_x": 0})
    assert still == space.parse("f*(delta_b_tx - delta_a_xx)")
