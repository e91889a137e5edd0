"""Conformal completion with its frame, against the values at null infinity that Bondi coordinates give (arXiv 2003.07243)."""

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.exact import DifferentialRing
from erlangen.gauge import BMS3Element
from erlangen.symbolic import AsymptoticProblem, ConformalCompletion, Metric, euler_operator, spacetime

AT = ConformalCompletion.at_infinity
GENERAL = {"frame": "omega + Omega*kappa + Omega^2*mu", "functions": {"omega": "u phi", "kappa": "u phi", "mu": "phi"}}


@pytest.fixture(scope="module")
def scri():
    return AT(spacetime("bondi-3d"))


@pytest.fixture(scope="module")
def moved():
    return AT(spacetime("bondi-3d"), **GENERAL)


def test_null_infinity_in_bondi_frame(scri):
    parse = scri.ring.parse
    found = scri.at_boundary(scri.schouten).components
    cross = parse("Xi + u*Theta_phi/2")
    half = parse("Theta/2")
    assert found == {(0, 1): half, (1, 0): half, (2, 2): -half, (1, 2): cross, (2, 1): cross}
    assert scri.metric.scalar_curvature.substitute({"Omega": 0}) == parse("2*Theta")
    assert scri.norm(2) == parse("-Theta")
    assert scri.norm(1) == 0
    assert scri.normal.components == {(0,): 1}
    assert scri.transverse("phi").components == {(1,): 1}
    assert scri.divergence == 0


def test_the_vacuum_equation_holds_in_every_frame(scri, moved):
    assert not scri.vacuum_defect()
    assert not moved.vacuum_defect()


def test_what_is_no_solution_is_seen():
    ring = DifferentialRing("u r phi", functions={"Theta": "phi", "Xi": "phi"})
    wrong = {(0, 0): ring["Theta"], (0, 1): -1, (0, 2): ring.parse("Xi + u*Theta_phi"), (2, 2): ring["r"] ** 2}
    assert AT(Metric(ring, wrong)).vacuum_defect()


def test_a_change_of_frame(moved):
    """(q, n) goes over into (ω² q, ω⁻¹ n), l into ω⁻¹ l modulo n, m."""
    parse = moved.ring.parse
    assert moved.normal.components == {(0,): parse("1/omega")}
    g = moved.at_boundary(moved.metric.lower)
    assert g[2, 2] == parse("omega^2")
    lower = moved.transverse("phi")
    assert sum(g[i, j] * a * b for (i,), a in lower for (j,), b in lower) == 0
    assert sum(g[i, j] * a * b for (i,), a in lower for (j,), b in moved.normal) == 1
    assert sum(g[2, j] * b for (j,), b in lower) == 0


def test_the_normal_is_conformal(moved):
    """What the vacuum equation says of a regular boundary: ∇̃_a n_b = ½ Ω̂⁻¹ |n|² g̃_ab."""
    n = moved.metric.raise_index(moved._gradient, 0)
    bend = moved.at_boundary(moved.metric.covariant_derivative(moved.metric.lower_index(n, 0)))
    assert not bend - moved.at_boundary(moved.metric.lower) * (moved.norm(1) / 2)
    assert moved.norm() == 0


def test_the_schwarzian_derivative_comes_from_the_frame():
    """In the frame ω = F' Schouten's tensor along the cut loses Sch[F] = ω''/ω - (3/2)(ω'/ω)²."""
    turned = AT(spacetime("bondi-3d"), frame="omega", functions={"omega": "phi"})
    found = turned.at_boundary(turned.schouten)[2, 2]
    schwarzian = turned.ring.parse("omega_phi_phi/omega - 3*omega_phi^2/(2*omega^2)")
    assert found == turned.ring.parse("-Theta/2") - schwarzian
    assert turned.divergence == 0  # still a Bondi frame


def test_a_superrotated_vacuum_is_minkowski_in_its_own_frame():
    """Θ = -F'² - 2 Sch[F] in the frame F': -2 P̃(m, m) is -1 again, with m of unit length."""
    turned = AT(spacetime("bondi-3d"), frame="omega", functions={"omega": "phi"})
    density = -2 * turned.at_boundary(turned.schouten)[2, 2] / turned.at_boundary(turned.metric.lower)[2, 2]
    element = BMS3Element.of(lambda phi: 0.3 * np.sin(phi) + 0.1 * np.cos(2 * phi))
    angles = np.linspace(0, 6, 7)
    slope = element.shift.derivative()
    values = {
        "Theta": element(-1.0)[0](angles), "omega": 1 + slope(angles),
        "omega_phi": slope.derivative()(angles), "omega_phi_phi": slope.derivative(2)(angles),
    }  # fmt: skip
    assert np.allclose(density.evaluate(values), -1, atol=1e-9)


def test_the_charge_is_that_of_bondi_coordinates(scri):
    """(1/8πG) ∮ P̃_ab ξ^a l^b dφ with ξ = f n + Y m, f = T + uY', is (1/16πG) ∮ (TΘ + 2YΞ) dφ, as the solver finds it."""
    problem = AsymptoticProblem(
        "u r phi", "r", gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"},
        falloff={"u u": 0, "u phi": 0}, names={"u u": "Theta", "u phi": "Xi"},
    )  # fmt: skip
    charges = problem.solve_einstein(order=3).symmetries().charges
    ring = scri.ring
    ring.declare(functions={"T": "phi", "Y": "phi"})
    density = scri.charge_density({"u": ring["T"] + ring["u"] * ring["Y_phi"], "phi": ring["Y"]}, "phi")
    known = ring["T"] * ring.parse(str(charges["xiu0"])) + ring["Y"] * ring.parse(str(charges["xiphi0"]))
    rest = density - known / 2
    assert rest
    assert not any(euler_operator(rest, name) for name in ("Theta", "Xi", "T", "Y"))


def test_the_charge_does_not_depend_on_the_frame(scri, moved):
    densities = []
    for completion in (scri, moved):
        ring = completion.ring
        if "f" not in ring.functions:
            ring.declare(functions={"f": "u phi", "y": "phi"})
        densities.append(completion.charge_density({"u": ring["f"], "phi": ring["y"]}, "phi"))
    assert str(densities[0]) == str(densities[1])
    assert moved.at_boundary(moved.schouten) != moved.frame_free  # the terms in ω are needed


def test_anti_de_sitter_space_has_a_timelike_boundary():
    g = spacetime("btz")
    edge = AT(g)
    assert edge.norm() == edge.ring.parse("1/l^2")
    assert not edge.vacuum_defect(edge.ring.parse("-1/l^2"))
    assert edge.vacuum_defect()
    with pytest.raises(DomainError, match="not null"):
        edge.charge_density({"t": 1}, "phi")


def test_the_news_in_four_dimensions():
    """P̃_AB along the cut has the news, -½ N_AB, beside its trace (Geroch 1977)."""
    problem = AsymptoticProblem(
        "u r z w", "r", gauge={"r r": "0", "r z": "0", "r w": "0"},
        falloff={"u u": 0, "u r": -1, "u z": 0, "u w": 0, "z z": 1, "w w": 1, "z w": 1},
        background={"u r": "-1", "z w": "r^2"}, determinants={"z w": "-r^4"}, names={"z z": "C", "w w": "B"},
        absent={"z z": [0], "w w": [0]},
    )  # fmt: skip
    solution = problem.solve_einstein(order=1)
    components = {pair: series.element() for pair, series in solution.metric.items()}
    ring = DifferentialRing("u r z w", functions=dict.fromkeys(solution.free, "u z w"))
    edge = AT(Metric(ring, {pair: ring.parse(str(value)) for pair, value in components.items()}))
    found = edge.at_boundary(edge.schouten)
    assert found[2, 2] == edge.ring.parse("-C_u/2")
    assert found[3, 3] == edge.ring.parse("-B_u/2")
    with pytest.raises(DomainError, match="that of three dimensions"):
        edge.charge_density({"u": 1}, "z")


def test_refusals(scri):
    with pytest.raises(DomainError, match="not along the boundary"):
        scri.charge_density({"Omega": 1}, "phi")
    with pytest.raises(DomainError, match="vanishes at Omega"):
        AT(spacetime("bondi-3d"), frame="Omega")
    with pytest.raises(DomainError, match="no value at Omega = 0"):
        scri.norm(3)
    ring = DifferentialRing("t r phi", functions={"f": "r"})
    unknown = Metric(ring, {(0, 0): -ring["f"], (1, 1): 1 / ring["f"], (2, 2): ring["r"] ** 2})
    with pytest.raises(DomainError, match="depends on r"):
        AT(unknown)
