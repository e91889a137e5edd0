"""Asymptotic symmetries from gauge and fall-offs alone: three-dimensional flat and anti-de Sitter space."""

import pytest

from erlangen.errors import DomainError
from erlangen.symbolic import AsymptoticProblem, Metric, Tensor, euler_operator

BONDI = {"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}
NAMES = {"u u": "Theta", "u phi": "Xi"}


@pytest.fixture(scope="module")
def flat():
    problem = AsymptoticProblem("u r phi", "r", gauge=BONDI, falloff={"u u": 0, "u phi": 0}, names=NAMES)
    return problem.solve_einstein(order=3)


@pytest.fixture(scope="module")
def bms3(flat):
    return flat.symmetries()


def test_solution_space(flat):
    """ds² = Θ du² - 2 du dr + 2(Ξ + ½ u Θ') du dφ + r² dφ² (Barnich–Compère gr-qc/0610130)."""
    assert {name: str(value) for name, value in flat.rules.items()} == {"Theta_u": "0", "Xi_u": "Theta_phi/2"}
    assert flat.free == ("Theta", "Xi")
    assert flat.unsolved == ()
    assert flat.metric[0, 0].terms == {(0, 0): flat.space["Theta"]}


def test_the_solutions_are_exactly_flat(flat):
    ring = flat.space.ring
    metric = Metric(ring, {pair: series.element() for pair, series in flat.metric.items()})
    for _, value in metric.ricci:
        assert flat.solver.reduce(value) == 0


def test_weaker_falloffs_have_no_further_solutions(flat):
    problem = AsymptoticProblem("u r phi", "r", gauge=BONDI, falloff={"u u": 1, "u phi": 0})
    wider = problem.solve_einstein(order=3)
    assert wider.metric[0, 0].valuation == 0
    assert len(wider.free) == len(flat.free)


def test_generators(bms3):
    ring, f, y = bms3.ring, bms3.ring["xiu0"], bms3.ring["xiphi0"]
    assert {name: str(value) for name, value in bms3.rules.items()} == {"xiphi0_u": "0", "xiu0_u": "xiphi0_phi"}
    xi = bms3.components
    slope = f.derivative("phi")
    assert xi[0].terms == {(0, 0): f}
    assert xi[2].terms == {(0, 0): y, (1, 0): -slope}
    assert xi[1].terms == {(-1, 0): -y.derivative("phi"), (0, 0): slope.derivative("phi"), (1, 0): -slope * ring["Xi"]}
    assert bms3.initial("xiu0", "T") == ring["T"] + ring["u"] * y.derivative("phi")


def test_generators_move_solutions_to_solutions(flat, bms3):
    """L_ξ g is the linearised metric with δΘ, δΞ put in: checked on the exact elements."""
    ring = bms3.ring
    metric = Tensor(
        ring,
        "dd",
        {(i, j): s.element() for (i, j), s in flat.metric.items()}
        | {(j, i): s.element() for (i, j), s in flat.metric.items()},
    )
    moved = metric.lie_derivative(Tensor(ring, "u", {(k,): s.element() for k, s in bms3.components.items()}))
    reduced = {index: value for index, element in moved if (value := bms3.solver.reduce(element))}
    assert reduced == {(0, 0): bms3.action["Theta"], (0, 2): bms3.action["Xi"], (2, 0): bms3.action["Xi"]}


def test_action_is_coadjoint(bms3):
    parse = bms3.ring.parse
    assert bms3.action["Theta"] == parse("xiphi0*Theta_phi + 2*xiphi0_phi*Theta - 2*xiphi0_phi_phi_phi")
    # With f = T + uY' and Ξ + uΘ'/2 at u = 0: δΞ = YΞ' + 2Y'Ξ + ½TΘ' + T'Θ - T'''
    assert bms3.action["Xi"] == parse(
        "xiphi0*Xi_phi + 2*xiphi0_phi*Xi + xiu0*Theta_phi/2 + xiu0_phi*Theta - xiu0_phi_phi_phi"
    )


def test_charges_and_algebra(bms3):
    parse = bms3.ring.parse
    assert bms3.charges == {"xiphi0": parse("2*Xi"), "xiu0": parse("Theta")}
    bracket = bms3.bracket
    assert bracket["xiphi0"] == parse("xiphi0v1*xiphi0v2_phi - xiphi0v1_phi*xiphi0v2")
    assert bracket["xiu0"] == parse(
        "xiphi0v1*xiu0v2_phi - xiphi0v1_phi*xiu0v2 + xiu0v1*xiphi0v2_phi - xiu0v1_phi*xiphi0v2"
    )


def test_central_charge_is_three_over_g(bms3):
    """16πG K = -2 ∮ (T_1 Y_2''' + Y_1 T_2'''), so i{J_m, P_{-m}} has c_M/12 m³ with c_M = 3/G, and there is no c_L."""
    extension = bms3.central_extension
    parse = bms3.ring.parse
    assert extension.terms == {"xiphi0": parse("-2*xiu0v2_phi_phi_phi"), "xiu0": parse("-2*xiphi0v2_phi_phi_phi")}
    assert extension.antisymmetric
    assert not extension.trivial


def test_the_flat_limit_of_anti_de_sitter_space(bms3):
    problem = AsymptoticProblem(
        "u r phi", "r", gauge=BONDI, falloff={"u u": 0, "u phi": 0}, background={"u u": "-r^2/l^2"},
        cosmological_constant="-1/l^2", constants="l", names=NAMES,
    )  # fmt: skip
    solution = problem.solve_einstein(order=3)
    ring = solution.space.ring
    assert solution.rules == {"Theta_u": ring.parse("2*Xi_phi/l^2"), "Xi_u": ring.parse("Theta_phi/2")}
    found = solution.symmetries()
    assert found.rules == {"xiphi0_u": ring.parse("xiu0_phi/l^2"), "xiu0_u": ring.parse("xiphi0_phi")}
    assert {str(v) for v in found.charges.values()} == {str(v) for v in bms3.charges.values()}
    assert not found.central_extension.trivial
    # 1/l² -> 0 gives back the flat action
    limit = {
        name: value.coefficients("l") if value.is_polynomial else (value * ring["l"] ** 2).coefficients("l")[(2,)]
        for name, value in found.action.items()
    }
    assert str(limit["Theta"]) == str(bms3.action["Theta"])


def test_fefferman_graham_gauge_gives_two_virasoro_algebras():
    """δL = YL' + 2Y'L - ½Y''' for L = L_{++}/l² (Brown–Henneaux; Bañados hep-th/9810031)."""
    problem = AsymptoticProblem(
        "p r m", "r", gauge={"r r": "l^2/r^2", "r p": "0", "r m": "0"}, falloff={"p p": 0, "m m": 0, "p m": 0},
        background={"p m": "-r^2/2"}, cosmological_constant="-1/l^2", constants="l", names={"p p": "L", "m m": "K"},
    )  # fmt: skip
    solution = problem.solve_einstein(order=3)
    ring = solution.space.ring
    assert solution.rules == {"K_p": 0, "L_m": 0}
    assert solution.metric[0, 2].terms[2, 0] == ring.parse("-L*K/2")
    found = solution.symmetries()
    y = "xip0"
    assert found.action["L"] == ring.parse(f"{y}*L_p + 2*{y}_p*L - l^2*{y}_ppp/2")


def test_charges_that_vanish_identically_on_what_is_not_there(bms3):
    rest = bms3.ring.parse("xiu0*Theta_phi + xiu0_phi*Theta")
    assert euler_operator(rest, "Theta") == 0  # a total derivative


def test_refusals():
    with pytest.raises(DomainError, match="neither in the gauge nor by a fall-off"):
        AsymptoticProblem("u r", "r", gauge={"r r": "0"}, falloff={"u u": 0})
    with pytest.raises(DomainError, match="does not name a component"):
        AsymptoticProblem("u r", "r", gauge={"r q": "0"}, falloff={})
    with pytest.raises(DomainError, match="radial coordinate"):
        AsymptoticProblem("u r", "s", gauge={}, falloff={})
    problem = AsymptoticProblem(
        "u r phi", "r", gauge=BONDI, falloff={"u u": 0, "u phi": 0}, cosmological_constant="1", names=NAMES
    )
    with pytest.raises(DomainError, match="there is no solution"):
        problem.solve_einstein(order=3)
    twice = AsymptoticProblem(
        "u r phi", "r", gauge=BONDI, falloff={"u u": 0, "u phi": 0}, names={"u u": "a", "u phi": "a1"}
    )
    with pytest.raises(DomainError, match="two coefficients are called a1"):
        twice.solve_einstein(order=2)
    taken = AsymptoticProblem(
        "u r phi", "r", gauge=BONDI, falloff={"u u": 0, "u phi": 0}, names={"u u": "xiu0", "u phi": "Xi"}
    )
    with pytest.raises(DomainError, match="xiu0 is that of a coefficient"):
        taken.solve_einstein(order=2).symmetries()
