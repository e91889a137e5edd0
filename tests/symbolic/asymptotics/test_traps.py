"""What plausible shortcuts get wrong: each test tells a right computation from a wrong one that agrees in the easy cases."""

import pytest

from erlangen.errors import DomainError
from erlangen.exact import DifferentialRing
from erlangen.symbolic import AsymptoticProblem, Metric, Tensor, charge_form, metric_variation
from erlangen.symbolic.asymptotics.charge_algebra import modified_bracket

FLAT = {"gauge": {"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, "falloff": {"u u": 0, "u phi": 0}}
ANTI_DE_SITTER = {
    "gauge": {"r r": "l^2/r^2", "t r": "0", "r phi": "0"},
    "falloff": {"t t": 0, "t phi": 0, "phi phi": 0},
    "background": {"t t": "-r^2/l^2", "phi phi": "r^2"},
    "cosmological_constant": "-1/l^2",
    "constants": "l",
    "names": {"t t": "A", "t phi": "B", "phi phi": "D"},
}


def test_the_plain_bracket_fails_below_leading_order():
    found = AsymptoticProblem("u r phi", "r", **FLAT).solve_einstein(order=3).symmetries()
    assert found.bracket
    with pytest.raises(DomainError, match="differs from a symmetry"):
        modified_bracket(found.cut, found.components, {})


def test_brown_henneaux():
    """c = 3l/2G: with Y± = Y ± T/l, 16πG K = -2∮(T_1 Y_2''' + Y_1 T_2''') = -l∮(Y+ Y+''' - Y- Y-'''), i{J_m, J_-m} = l m³/8G."""
    found = AsymptoticProblem("t r phi", "r", **ANTI_DE_SITTER).solve_einstein(order=3).symmetries()
    ring, extension = found.ring, found.central_extension
    assert extension.antisymmetric
    assert not extension.trivial
    ring.declare(functions={f"{sign}{k}": "t phi" for sign in "PM" for k in (1, 2)})
    radius = ring["l"]

    def halves(k):
        plus, minus = ring[f"P{k}"], ring[f"M{k}"]
        return {"xiphi0": (plus + minus) / 2, "xit0": radius * (plus - minus) / 2}

    one, two = halves(1), halves(2)
    third = {f"{name}v2_phi_phi_phi": value.derivative("phi", "phi", "phi") for name, value in two.items()}
    density = sum(one[name] * value.substitute(third) for name, value in extension.terms.items())
    level = ring.parse("P1*P2_phi_phi_phi - M1*M2_phi_phi_phi")
    assert density == -radius * level
    coefficient = -density.partial("P1").partial("P2_phi_phi_phi") / 16 * 2  # of m³ in i{J_m, J_-m}, times G: 2π/16π
    assert 12 * coefficient == 3 * radius / 2


def test_anti_de_sitter_charges():
    """δB and δD are those of L± = D ± l B, two coadjoint actions; the charges are (1/8πG)∮(T D/l² + Y B)."""
    found = AsymptoticProblem("t r phi", "r", **ANTI_DE_SITTER).solve_einstein(order=3).symmetries()
    parse = found.ring.parse
    assert found.charges == {"xiphi0": parse("2*B"), "xit0": parse("2*D/l^2")}
    assert found.rules == {"xiphi0_t": parse("xit0_phi/l^2"), "xit0_t": parse("xiphi0_phi")}


@pytest.fixture(scope="module")
def weyl():
    """Anti-de Sitter space with its radius rescaled by e^{σ(t, φ)}, a gauge with ``g_rμ ≠ 0``: ``S = e^σ``."""
    ring = DifferentialRing("t r phi", constants="l", functions={"S": "t phi", "s": "t phi", "e": "t phi"})
    r, scale, length = ring["r"], ring["S"], ring["l"]
    legs = {1: 1 / r, 0: ring["S_t"] / scale, 2: ring["S_phi"] / scale}  # d log(r S)
    lower = {(i, j): length**2 * legs[i] * legs[j] for i in range(3) for j in range(i, 3)}
    lower[0, 0] = lower[0, 0] - (r * scale / length) ** 2
    lower[2, 2] = lower[2, 2] + (r * scale) ** 2
    return Metric(ring, lower)


def test_prescriptions_differ_by_the_change_of_the_metric(weyl):
    """BB - IW = ½ h^{νσ} (L_ξ g)_σ^μ - (ν ↔ μ), for Weyl rescalings ξ = -s r ∂_r in a gauge that they do not keep."""
    ring = weyl.ring
    xi = Tensor(ring, "u", {(1,): ring["s"] * ring["r"]})
    h = metric_variation(weyl, {"S": ring["e"] * ring["S"]})
    first, second = (charge_form(weyl, h, xi, prescription=name).density for name in ("barnich-brandt", "iyer-wald"))
    assert first != second
    up = weyl.raise_index(weyl.raise_index(h, 0), 1)
    moved = weyl.raise_index(weyl.lower.lie_derivative(xi), 1)  # (L_ξ g)_σ^μ
    half = [sum(up[nu, s] * moved[s, mu] for s in range(3)) / 2 for nu, mu in ((0, 1), (1, 0))]
    volume = ring["r"] * ring["S"] ** 2  # √-g
    assert first - second == -volume * (half[0] - half[1])


def test_they_agree_for_isometries(weyl):
    ring = weyl.ring
    calm = Metric(ring, {index: value.substitute({"S": 1, "S_t": 0, "S_phi": 0}) for index, value in weyl.lower})
    h = Tensor(ring, "dd", {(0, 0): 1, (2, 2): ring["l"] ** 2})
    first, second = (
        charge_form(calm, h, {"t": 1}, prescription=name).density for name in ("barnich-brandt", "iyer-wald")
    )
    assert first == second
