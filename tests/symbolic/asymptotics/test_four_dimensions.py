"""Bondi–Sachs space in four dimensions from its gauge alone; formulas: Barnich–Troessaert 1001.1541, 1106.0213.

The sphere is γ = 2 γ_zw dz dw with γ_zw = 2/(1 + zw)²; C = C_zz and B = C_ww are the shear, g_uu = -1 + 2M/r, and
g_uA = ½ D^B C_AB + (2/3r)(N_A + ¼ C_AB D_C C^BC).
"""

import numpy as np
import pytest
from scipy.integrate import quad

from erlangen.errors import DomainError
from erlangen.exact import TruncatedSeries
from erlangen.symbolic import AsymptoticProblem, Metric
from erlangen.symbolic.asymptotics.charge_algebra import modified_bracket
from erlangen.symbolic.asymptotics.on_shell import replace_functions

SPHERE = {
    "gauge": {"r r": "0", "r z": "0", "r w": "0"},
    "falloff": {"u u": 0, "u r": -1, "u z": 0, "u w": 0, "z z": 1, "w w": 1, "z w": 1},
    "background": {"u r": "-1", "z w": "2*r^2/(1 + z*w)^2"},
    "determinants": {"z w": "-4*r^4/(1 + z*w)^4"},
    "names": {"z z": "C", "w w": "B", "u u": "m", "u z": "N", "u w": "P"},
    "absent": {"z z": [0], "w w": [0]},
}
PLANE = SPHERE | {"background": {"u r": "-1", "z w": "r^2"}, "determinants": {"z w": "-r^4"}}


@pytest.fixture(scope="module")
def bondi():
    return AsymptoticProblem("u r z w", "r", **SPHERE).solve_einstein(order=2)


@pytest.fixture(scope="module")
def bms4(bondi):
    return bondi.symmetries()


def test_what_the_equations_determine(bondi):
    parse, value = bondi.space.parse, bondi.solver.reduce
    assert bondi.free == ("m1", "N1", "P1", "C", "C2", "B", "B2")
    assert bondi.unsolved == ()
    assert value(bondi.space["m"]) == -1  # -½ R̄ of the round sphere
    assert value(bondi.space["gur0"]) == 0
    assert value(bondi.space["gur1"]) == parse("C*B*(1 + z*w)^4/32")  # -e^{2β}, β = -C_AB C^AB/32r²
    assert value(bondi.space["N"]) == parse("C_w*(1 + z*w)^2/4")  # ½ D^B C_zB
    assert value(bondi.space["gzw1"]) == parse("C*B*(1 + z*w)^2/4")  # ¼ γ_AB C²


def test_mass_loss(bondi):
    """∂_u M = -⅛ N_AB N^AB + ¼ D_A D_B N^AB (Bondi, van der Burg, Metzner 1962; Sachs 1962)."""
    inverse = "((1 + z*w)^2/2)"
    square = f"2*C_u*B_u*{inverse}^2"
    twice = f"{inverse}^2*(C_uww + 2*z/(1 + z*w)*C_uw + B_uzz + 2*w/(1 + z*w)*B_uz)"
    assert bondi.rules["m1_u"] == bondi.space.parse(f"2*(-({square})/8 + ({twice})/4)")


def test_an_order_more_changes_nothing_below(bondi):
    short = AsymptoticProblem("u r z w", "r", **SPHERE).solve_einstein(order=1)
    for pair, series in short.metric.items():
        assert str(bondi.metric[pair].truncated(series.order)) == str(series)


def test_schwarzschild_is_the_solution_without_shear(bondi):
    ring = bondi.space.ring
    ring.declare(constants="M")
    still = dict.fromkeys(("N1", "P1", "C", "C2", "B", "B2"), ring.constant(0)) | {"m1": 2 * ring["M"]}
    components = {pair: replace_functions(series.element(), still) for pair, series in bondi.metric.items()}
    assert components[0, 0] == ring.parse("-1 + 2*M/r")
    assert not Metric(ring, components).ricci


def test_kerr_at_leading_orders(bondi, bms4):
    """g_uu = -1 + 2M/r, g_uφ = -2aM sin²θ/r to first order in a: stationary to all orders known, Q_{∂u} = M and Q_{∂φ} = -aM.

    With z = e^{iφ} cot(θ/2): sin²θ = 4zw/(1 + zw)², dφ = (dz/z - dw/w)/2i; ``k`` stands for i a, ∂_φ is i (z ∂_z - w ∂_w).
    """
    ring = bms4.ring
    ring.declare(constants="mass k")
    data = dict.fromkeys(bondi.free, ring.constant(0)) | {
        "m1": 2 * ring["mass"], "N1": ring.parse("4*k*mass*w/(1 + z*w)^2"), "P1": ring.parse("-4*k*mass*z/(1 + z*w)^2"),
    }  # fmt: skip
    for name, rule in bondi.rules.items():
        if name.endswith("_u"):
            assert replace_functions(rule, data) == 0
    charges = {name: replace_functions(value, data) for name, value in bms4.split().charges.items()}
    turning = ring["z"] * charges["xiz0"] - ring["w"] * charges["xiw0"]  # over i
    for density, expected in ((charges["xiu0"], 1.0), (turning / ring["k"] * -1, -1.0)):
        radial = density.substitute({"z": ring["z"], "w": 1})  # depends on s = zw alone; i dz dw is 2π ds
        assert density == radial.substitute({"z": ring["z"] * ring["w"]})
        total = quad(lambda s, f=radial: f.evaluate({"z": s, "mass": 1.0}), 0, np.inf)[0]
        assert 2 * np.pi * total / (16 * np.pi) == pytest.approx(expected, rel=1e-9)


def test_generators_are_bms(bms4):
    """f = T + ½ u D·Y with conformal Y: superrotations z ↦ Y(z) are not excluded locally."""
    parse = bms4.ring.parse
    assert bms4.parameters == ("xiu0", "xiw0", "xiz0")
    divergence = parse("xiz0_z + xiw0_w - 2*(w*xiz0 + z*xiw0)/(1 + z*w)")
    assert bms4.rules == {
        "xiu0_u": divergence / 2, "xiw0_u": 0, "xiw0_z": 0, "xiz0_u": 0, "xiz0_w": 0,
    }  # fmt: skip
    xi = bms4.components
    assert xi[0].terms == {(0, 0): bms4.ring["xiu0"]}
    assert xi[1].coefficient(-1) == -divergence / 2
    assert xi[1].coefficient(0) == parse("xiu0_zw*(1 + z*w)^2/2")  # ½ Δ f
    assert xi[2].coefficient(1) == parse("-xiu0_w*(1 + z*w)^2/2")  # -D^z f


def test_the_shear_moves(bms4):
    """δC_AB = [f ∂_u + L_Y - ½ D·Y] C_AB - 2 D_A D_B f + γ_AB Δf."""
    parse = bms4.ring.parse
    half = "(xiz0_z + xiw0_w - 2*(w*xiz0 + z*xiw0)/(1 + z*w))/2"
    moved = f"xiu0*C_u + xiz0*C_z + xiw0*C_w + 2*xiz0_z*C - {half}*C - 2*(xiu0_zz + 2*w/(1 + z*w)*xiu0_z)"
    assert bms4.action["C"] == parse(moved)


def test_charges_and_flux(bms4):
    """Q = (1/16πG)∮[4fM + Y^A(2N_A + ∂_A(C²)/16)], Θ = (1/16πG)∮ ½ f N_AB δC^AB."""
    parse = bms4.ring.parse
    with pytest.raises(DomainError, match="charge of xiu0 is not integrable"):
        _ = bms4.charges
    split = bms4.split()
    assert not split.integrable
    volume, inverse = "2/(1 + z*w)^2", "((1 + z*w)^2/2)"
    assert split.charges["xiu0"] == parse(f"({volume})*2*m1")
    momentum = f"3*N1 - C*B_z*{inverse}^2/2"  # 2 N_z
    gradient = f"{inverse}^2*(C_z*B + C*B_z)/8 + w*(1 + z*w)^3*C*B/8"
    assert split.charges["xiz0"] == parse(f"({volume})*({momentum} + {gradient})")
    assert split.flux == {
        "xiu0": parse(f"({volume})*{inverse}^2*(C_u*delta_B + B_u*delta_C)/2"), "xiw0": 0, "xiz0": 0,
    }  # fmt: skip


def test_a_preferred_flux(bms4):
    """Wald and Zoupas' input: the flux that vanishes with the news is accepted, half of it leaves what is not integrable."""
    flux = bms4.split().flux
    assert bms4.split(flux).charges["xiu0"] == bms4.split().charges["xiu0"]
    with pytest.raises(DomainError, match="not integrable"):
        bms4.split({name: value / 2 for name, value in flux.items()})


def test_algebra(bms4):
    parse = bms4.ring.parse
    assert bms4.bracket["xiz0"] == parse("xiz0v1*xiz0v2_z - xiz0v2*xiz0v1_z")
    assert bms4.bracket["xiw0"] == parse("xiw0v1*xiw0v2_w - xiw0v2*xiw0v1_w")
    half = [f"(xiz0v{k}_z + xiw0v{k}_w - 2*(w*xiz0v{k} + z*xiw0v{k})/(1 + z*w))/2" for k in (1, 2)]
    along = "xiz0v1*xiu0v2_z + xiw0v1*xiu0v2_w - xiz0v2*xiu0v1_z - xiw0v2*xiu0v1_w"
    assert bms4.bracket["xiu0"] == parse(f"{along} + xiu0v1*{half[1]} - xiu0v2*{half[0]}")


def test_the_extension_depends_on_the_shear_and_vanishes_for_lorentz(bms4):
    """K = (1/16πG)∮ ½ C^AB (f_1 D_A D_B D·Y_2 - f_2 D_A D_B D·Y_1): zero where Y''' = 0."""
    extension = bms4.central_extension
    parse = bms4.ring.parse
    assert extension.antisymmetric
    assert extension.field_dependent
    assert extension.beside == {
        "C": parse("(1 + z*w)^2*(xiu0v1*xiw0v2_www - xiu0v2*xiw0v1_www)/4"),
        "B": parse("(1 + z*w)^2*(xiu0v1*xiz0v2_zzz - xiu0v2*xiz0v1_zzz)/4"),
    }


def test_lorentz_generators_are_quadratic(bms4):
    ring = bms4.ring
    ring.declare(constants="a0 a1 a2 b0 b1 b2")
    lorentz = {
        f"xi{x}0v{k}": ring.parse(f"{c}0 + {c}1*{x} + {c}2*{x}^2") for k in (1, 2) for x, c in (("z", "a"), ("w", "b"))
    }
    assert not any(replace_functions(value, lorentz) for value in bms4.central_extension.beside.values())


def test_the_modified_bracket_is_needed(bms4):
    """Without δ_1 ξ_2 the bracket closes at leading order and fails below, where ξ holds the shear."""
    with pytest.raises(DomainError, match="bracket differs from a symmetry"):
        modified_bracket(bms4.cut, bms4.components, {})


def test_supertranslated_minkowski_space(bms4):
    """C_AB = -2 D_A D_B T + γ_AB ΔT has M = 0 and no news; superrotation charges stay and tell vacua apart."""
    ring = bms4.ring
    ring.declare(functions={"T": "z w"})
    vacuum = dict.fromkeys(bms4.fields, ring.constant(0))
    shear = {
        "C": ring.parse("-2*(T_zz + 2*w/(1 + z*w)*T_z)"),
        "B": ring.parse("-2*(T_ww + 2*z/(1 + z*w)*T_w)"),
    }
    start = {"xiu0": ring["T"], "xiz0": ring.constant(0), "xiw0": ring.constant(0)}
    assert replace_functions(replace_functions(bms4.action["C"], start), vacuum) == shear["C"]
    assert replace_functions(replace_functions(bms4.action["m1"], start), vacuum) == 0
    assert replace_functions(bms4.solver.reduce(ring["m1_u"]), vacuum | shear) == 0  # it stays at M = 0
    charge = replace_functions(bms4.split().charges["xiz0"], vacuum | shear)
    assert charge
    assert replace_functions(charge, {"T": ring.parse("(1 - z*w)/(1 + z*w)")}) == 0  # a translation has no shear


def test_logarithms():
    """g_uA has (2/3r) log(r) D^B D_AB if the r^0 part D_AB of the sphere's metric is not free of divergence (1106.0213, 3.8)."""
    given = PLANE | {"background": PLANE["background"] | {"z z": "w^2"}}
    with pytest.raises(DomainError, match=r"need a term r\^-1\*log\(r\) in the component 'u z'"):
        AsymptoticProblem("u r z w", "r", **given).solve_einstein(order=1)
    solution = AsymptoticProblem("u r z w", "r", **given, logs=1).solve_einstein(order=1)
    found = solution.metric[0, 2]
    assert isinstance(found, TruncatedSeries)
    assert found.coefficient(1, 1) == solution.space.parse("4*w/3")  # ⅔ D^w D_zw... = ⅔ γ^{zw} ∂_w D_zz
    assert solution.metric[0, 3].coefficient(1, 1) == 0


def test_without_a_fixed_part_the_divergence_is_a_condition():
    given = {key: value for key, value in PLANE.items() if key != "absent"}
    solution = AsymptoticProblem("u r z w", "r", **given).solve_einstein(order=1)
    assert {name: str(value) for name, value in solution.rules.items() if name.startswith(("C1", "B1"))} == {
        "B1_u": "0", "B1_z": "0", "C1_u": "0", "C1_w": "0",
    }  # fmt: skip


def test_any_conformal_factor_of_the_cut():
    """g_uu = -½ R̄ for γ = 2 S dz dw, R̄ = -(2/S) ∂∂ log S (a given function that vanishes nowhere)."""
    given = SPHERE | {"background": {"u r": "-1", "z w": "r^2*S"}, "determinants": {"z w": "-r^4*S^2"}}
    solution = AsymptoticProblem("u r z w", "r", **given, functions={"S": "z w"}).solve_einstein(order=1)
    assert solution.solver.reduce(solution.space["m"]) == solution.space.parse("(S*S_zw - S_z*S_w)/S^3")


REAL = {
    "gauge": {"r r": "0", "r x": "0", "r phi": "0"},
    "falloff": {"u u": 0, "u r": -1, "u x": 0, "u phi": 0, "x x": 1, "x phi": 1, "phi phi": 1},
    "background": {"u r": "-1", "x x": "r^2/(1 - x^2)", "phi phi": "r^2*(1 - x^2)"},
    "determinants": {"x phi": "r^4"},
    "names": {"u u": "m", "x phi": "H", "phi phi": "c"},
}


def test_a_real_chart():
    """x = cos θ: with C_φφ = c and no rotation D_A D_B C^AB = -c'' and C_AB C^AB = 2c²/(1 - x²)² (Bondi et al. 1962)."""
    solution = AsymptoticProblem("u r x phi", "r", **REAL).solve_einstein(order=1)
    parse = solution.space.parse
    assert solution.solver.reduce(solution.space["c"]) == parse("-gxx0*(1 - x^2)^2")  # no trace
    zero = solution.space.ring.constant(0)
    axial = {"H": zero, "H1": zero, "gxx0": parse("-c/(1 - x^2)^2")}
    found = replace_functions(solution.rules["m1_u"], axial).substitute({"c_u_phi_phi": 0})
    assert found == parse("-c_u_x_x/2 - (2*c_u^2/(1 - x^2)^2)/4")


def test_what_cannot_be_solved_is_kept():
    """Without the r^0 terms the trace ¼ γ_AB C² has no place, and the determinant asks for C² = 0."""
    given = REAL | {"absent": {"x x": [0], "x phi": [0], "phi phi": [0]}}
    solution = AsymptoticProblem("u r x phi", "r", **given).solve_einstein(order=1)
    assert solution.unsolved


def test_anti_de_sitter_space():
    """Fefferman–Graham: h_ij/r is traceless and conserved; the charges are those of T_ij = 3 h_ij/16πG l, of conformal Killing fields."""
    problem = AsymptoticProblem(
        "t r x y", "r", gauge={"r r": "l^2/r^2", "t r": "0", "r x": "0", "r y": "0"},
        falloff=dict.fromkeys(("t t", "t x", "t y", "x x", "x y", "y y"), 1),
        background={"t t": "-r^2", "x x": "r^2", "y y": "r^2"}, cosmological_constant="-3/l^2", constants="l",
    )  # fmt: skip
    solution = problem.solve_einstein(order=2)
    parse = solution.space.parse
    assert solution.metric[0, 0].coefficient(1) == parse("gxx2 + gyy2")
    assert solution.rules["gtx2_t"] == parse("gxx2_x + gxy2_y")
    assert solution.rules["gty2_t"] == parse("gxy2_x + gyy2_y")
    assert solution.solver.reduce(parse("gxx2_t + gyy2_t - gtx2_x - gty2_y")) == 0
    found = solution.symmetries()
    for condition in ("xit0_t - xix0_x", "xix0_x - xiy0_y", "xix0_t - xit0_x", "xiy0_t - xit0_y", "xix0_y + xiy0_x"):
        assert found.solver.reduce(found.ring.parse(condition)) == 0
    assert found.charges == {
        "xit0": found.ring.parse("3*(gxx2 + gyy2)/l"), "xix0": found.ring.parse("3*gtx2/l"),
        "xiy0": found.ring.parse("3*gty2/l"),
    }  # fmt: skip


def test_refusals():
    with pytest.raises(DomainError, match="does not name a block"):
        AsymptoticProblem("u r z w", "r", **(SPHERE | {"determinants": {"z q": "1"}}))
