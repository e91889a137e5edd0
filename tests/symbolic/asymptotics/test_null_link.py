"""The link of both null infinities and finite symmetries: what Minkowski's Killing fields say, and the group's closed form."""

import pytest

from erlangen.errors import DomainError
from erlangen.symbolic import AsymptoticProblem, flow, null_link


@pytest.fixture(scope="module")
def bms3():
    problem = AsymptoticProblem(
        "u r phi", "r", gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"},
        falloff={"u u": 0, "u phi": 0}, names={"u u": "Theta", "u phi": "Xi"},
    )  # fmt: skip
    return problem.solve_einstein(order=3).symmetries()


def end(name, gauge):
    problem = AsymptoticProblem(
        f"{name} r phi", "r", gauge={"r r": "0", f"{name} r": gauge, "r phi": "0", "phi phi": "r^2"},
        falloff={f"{name} {name}": 0, f"{name} phi": 0}, names={f"{name} {name}": "Theta", f"{name} phi": "Xi"},
    )  # fmt: skip
    return problem.solve_einstein(order=3)


@pytest.mark.parametrize("dimension", [3, 4])
def test_translations_boosts_and_rotations(dimension):
    """f = 1 and -n (future), 1 and +n (past); boosts project an axis on the sphere, with opposite signs; rotations agree."""
    link = null_link(dimension)
    assert link.antipodal
    assert len(link.future) == dimension * (dimension + 1) // 2
    assert str(link.future["P_t"][0]) == str(link.past["P_t"][0]) == "1"
    assert [str(link.future["P_x"][0]), str(link.past["P_x"][0])] == ["-n_x", "n_x"]
    assert link.future["J_xy"] == link.past["J_xy"]
    assert [-value for value in link.future["K_x"]] == list(link.past["K_x"])


def test_past_null_infinity():
    """ds² = Θ dv² + 2 dv dr + 2(Ξ + ½ v Θ') dv dφ + r² dφ²: the action and the charges are those of the future, at the same parameters."""
    late, early = end("u", "-1"), end("v", "1")
    assert {k.replace("v", "u"): str(v) for k, v in early.rules.items()} == {k: str(v) for k, v in late.rules.items()}
    a, b = late.symmetries(), early.symmetries()
    for left, right in ((a.action, b.action), (a.charges, b.charges), (a.bracket, b.bracket)):
        assert {k: str(v) for k, v in left.items()} == {
            k.replace("xiv", "xiu"): str(v).replace("xiv", "xiu") for k, v in right.items()
        }
    assert b.components[1].coefficient(0) == -b.ring["xiv0_phi_phi"]  # and not the field itself


def test_finite_supertranslations(bms3):
    """Ξ̃ = Ξ + ½ T Θ' + T' Θ - T''' at f = id (Barnich–Oblak 1403.5803), exactly and at once."""
    ring = bms3.ring
    ring.declare(functions={"T": "phi"})
    moved = flow(bms3, {"xiu0": ring["T"]}, {"Theta": ring["Theta"], "Xi": ring["Xi"]})
    assert moved["Theta"] == ring["Theta"]
    assert moved["Xi"] == ring.parse("Xi + T*Theta_phi/2 + T_phi*Theta - T_phi_phi_phi")


def test_flux_in_three_dimensions_is_none(bms3):
    split = bms3.split()
    assert split.integrable
    assert split.charges == bms3.charges
    assert bms3.split({}).charges == bms3.charges


def test_refusals(bms3):
    with pytest.raises(DomainError, match="three or four dimensions"):
        null_link(5)
    bms3.ring.declare(functions={"Y": "phi"})
    with pytest.raises(DomainError, match="does not end as a polynomial"):
        flow(bms3, {"xiphi0": bms3.ring["Y"]}, {"Theta": bms3.ring["Theta"]})
