"""The commands ``charges``: published dimensions and laws, charges of black holes, a problem from a file, refusals."""

from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
KDV = "u_t+6*u*u_x+u_xxx"
BONDI = """
coordinates = "u r phi"
radial = "r"
[gauge]
"r r" = "0"
"u r" = "-1"
"r phi" = "0"
"phi phi" = "r^2"
[falloff]
"u u" = 0
"u phi" = 0
[names]
"u u" = "Theta"
"u phi" = "Xi"
"""


def test_symmetries_of_kdv(document, call):
    found = document("charges", "symmetries", "u_t+6*u*u_x+u_xxx")
    assert (found["dimension"], found["complete"]) == (4, True)
    assert found["algebra"]["solvable"]
    text = call("charges", "symmetries", "u_t = -6*u*u_x - u_xxx").stdout
    assert "dimension 4, by completion" in text
    assert "∂_t" in text


def test_symmetries_that_are_infinite_say_so(document, call):
    found = document("charges", "symmetries", "u_t - u_xx", "--degree", "2")
    assert found["dimension"] is None
    assert found["dimension_modulo_superposition"] == 6
    assert "not all" in call("charges", "symmetries", "u_t - u_xx", "--degree", "1").stdout


def test_symmetries_of_other_kinds(document, call):
    contact = document("charges", "symmetries", "y_xxx", "--kind", "contact")
    assert (contact["dimension"], contact["algebra"]["semisimple"]) == (10, True)
    burgers = "u_t - u_xx - 2*u*u_x"
    found = document("charges", "symmetries", burgers, "--kind", "generalized", "--order", "2")
    assert (found["dimension"], found["complete"], "algebra" in found) == (5, True, True)
    text = call("charges", "symmetries", burgers, "--kind", "generalized", "--order", "1").stdout
    assert "Q^u = u_x" in text
    call("charges", "symmetries", burgers, "--order", "2", code=2)


def test_conservation_laws(document, call):
    found = document("charges", "conservation-laws", "u_t+6*u*u_x+u_xxx")
    assert [law["current"]["t"] for law in found["laws"]] == ["u", "u^2/2", "(3*t*u^2 - x*u)/6"]
    assert document("charges", "conservation-laws", "u_t+6*u*u_x+u_xxx", "--rank", "6")["densities"] == [
        "(2*u^3 - u_x^2)/2"
    ]
    assert (
        "1 conserved densities of rank 4"
        in call("charges", "conservation-laws", "u_t+6*u*u_x+u_xxx", "--rank", "4").stdout
    )
    call("charges", "conservation-laws", "u_t+u_x", "--rank", "four", code=2)


def test_killing_and_surface(document, call):
    found = document("charges", "killing", "schwarzschild", "--scalars")
    assert (found["killing_dimension"], found["vacuum"], found["kretschmann"]) == (4, True, "48*M^2/r^6")
    assert "10 Killing fields, of at most 10" in call("charges", "killing", "minkowski").stdout
    assert document("charges", "surface", "kerr", "--xi", "phi", "--vary", "a")["charge"] == "-M"
    assert "∂Q/∂M = 1" in call("charges", "surface", "schwarzschild", "--xi", "t=1", "--vary", "M").stdout


def test_metrics_of_ones_own(document, call, tmp_path):
    found = document("charges", "killing", "--fields", "dx^2 - x^2*dt^2")  # Rindler's wedge is flat
    assert (found["killing_dimension"], found["complete"], found["signature"], found["vacuum"]) == (
        3,
        True,
        [1, 1],
        True,
    )
    assert found["fields"][0] == "∂_t"
    text = call("charges", "killing", "--", "-(1+r^2/l^2)*dt^2 + dr^2/(1+r^2/l^2) + r^2*dphi^2").stdout
    assert "6 Killing fields, of at most 6" in text
    assert "cosmological constant -1/l^2" in text
    path = tmp_path / "metric.toml"
    path.write_text('coordinates = "t r"\nmatrix = [["-f", "0"], ["0", "1/f"]]\nfunctions = { f = "r" }\n')
    assert document("charges", "killing", path)["killing_dimension"] == 1
    path.write_text('line_element = "-(1-2*M/r)*dt^2 + dr^2/(1-2*M/r) + r^2/(1-x^2)*dx^2 + r^2*(1-x^2)*dphi^2"\n')
    assert document("charges", "surface", path, "--xi", "t", "--vary", "M")["charge"] == "1"


def test_integrability_and_first_law(document, call):
    found = document("charges", "surface", "kerr", "--xi", "t", "--vary", "M", "--vary", "a", "--first-law")
    assert (found["integrable"], found["total"], found["first_law"]["holds"]) == (True, "M", True)
    text = call("charges", "surface", "kerr", "--xi", "phi=a", "--vary", "M", "--vary", "a").stdout
    assert "not integrable: curvature a in M a" in text
    assert (
        "the first law holds"
        in call("charges", "surface", "schwarzschild", "--xi", "t", "--vary", "M", "--first-law").stdout
    )
    assert (
        "warning: the charge diverges"
        in call("charges", "surface", "schwarzschild", "--xi", "t=r^2", "--vary", "M").stdout
    )


def test_asymptotic(document, call, tmp_path):
    path = tmp_path / "bondi.toml"
    path.write_text(BONDI)
    found = document("charges", "asymptotic", path)
    assert found["rules"] == {"Theta_u": "0", "Xi_u": "Theta_phi/2"}
    assert found["charges"] == {"xiphi0": "2*Xi", "xiu0": "Theta"}
    assert not found["central_extension"]["trivial"]
    assert "central extension" in call("charges", "asymptotic", path).stdout


def test_examples_of_problems(document):
    found = document("charges", "asymptotic", EXAMPLES / "bondi.toml")
    assert found["free"] == ["Theta", "Xi"]
    assert found["flux"] == {}
    found = document("charges", "asymptotic", EXAMPLES / "anti-de-sitter.toml")
    assert found["parameter_rules"] == {"xiphi0_t": "xit0_phi/l^2", "xit0_t": "xiphi0_phi"}
    assert found["central_extension"]["terms"]["xit0"] == "-2*xiphi0v2_phi_phi_phi"


@pytest.mark.slow
def test_four_dimensions(document):
    found = document("charges", "asymptotic", EXAMPLES / "bondi-sachs.toml")
    assert found["charges"]["xiu0"] == "4*m1/(z^2*w^2 + 2*z*w + 1)"
    assert list(found["flux"]) == ["xiu0"]
    assert set(found["central_extension"]["beside"]) == {"B", "C"}


def test_a_problem_that_needs_logarithms(call, tmp_path):
    path = tmp_path / "plane.toml"
    text = (EXAMPLES / "bondi-sachs.toml").read_text().replace("order = 2", "order = 1")
    text = text.replace('"2*r^2/(1 + z*w)^2"', '"r^2"\n"z z" = "w^2"').replace('"-4*r^4/(1 + z*w)^4"', '"-r^4"')
    path.write_text(text)
    assert "need a term r^-1*log(r) in the component 'u z'" in " ".join(
        call("charges", "asymptotic", path, code=3).stderr.split()
    )


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (("symmetries", KDV), [r"  6 t\,\partial_{x} + \partial_{u}", r"  \partial_{t}"]),
        (("symmetries", KDV, "--kind", "generalized", "--order", "3"), [r"  Q^u = u_{x}"]),
        (("conservation-laws", KDV), [r"  J^x = 3 u^{2} + u_{xx}"]),
        (("conservation-laws", KDV, "--rank", "4"), [r"  u^{2}"]),
        (("killing", "schwarzschild", "--fields"), [r"  \partial_{\phi}"]),
        (("surface", "kerr", "--xi", "t", "--vary", "M"), [r"\partial Q/\partial M = 1"]),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_formulas_in_latex(call, arguments, lines):
    printed = call("charges", *arguments, "--latex").stdout.splitlines()
    assert set(lines) <= set(printed), printed


def test_solutions_at_infinity_in_latex(call, tmp_path):
    problem = tmp_path / "bondi.toml"
    problem.write_text(BONDI, encoding="utf-8")
    printed = call("charges", "asymptotic", str(problem), "--latex").stdout.splitlines()
    assert r"  u u: \Theta + O(r^{-4})" in printed
    assert r"  Xi_u: \frac{\Theta_{\phi}}{2}" in printed


def test_orbits(document, call):
    found = document("charges", "bms3", "orbit", "Theta=-1")
    assert (found["kind"], found["winding"], found["mass"]) == ("vacuum", 1, -0.125)
    assert "hyperbolic orbit, winding 1" in call("charges", "bms3", "orbit", "Theta=-1+0.4*cos(phi)").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["symmetries", "a + b"], "no derivative stands"),
        (["symmetries", "u_t + __import__('os')"], "not part of an exact expression"),
        (["symmetries", "u_t^2 - u_x"], "not linear in its leading derivative"),
        (["killing", "kerrr"], "no spacetime 'kerrr'"),
        (["surface", "kerr", "--xi", "q", "--vary", "M"], "not among the coordinates"),
        (["surface", "kerr", "--xi", "t", "--vary", "Q"], "not among the parameters"),
        (["surface", "kerr", "--xi", "t", "--vary", "M", "--prescription", "komar"], "no prescription"),
        (["killing", "--", "-dt^2 + r*dr"], "not quadratic in the differentials"),
        (["killing", "--", "-dt^2 + 2*dt*dr - dr^2"], "vanishes in the block of t r"),
        (["killing", "missing.toml"], "cannot be read"),
        (["bms3", "orbit", "1"], "not of the form Theta=expression"),
        (["bms3", "orbit", "Theta=phi"], "smooth function of period"),
    ],
)
def test_refusals(call, arguments, words):
    assert words in call("charges", *arguments, code=3).stderr


def test_files_that_are_no_problems(call, tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text('matrix = [["1"]]\ncoordinates = "t r"\n')
    assert "matrix is not 2 x 2" in call("charges", "killing", path, code=3).stderr
    path.write_text('metric = "dt^2"\n')
    assert "'metric' is unknown" in call("charges", "killing", path, code=3).stderr
    path.write_text("radial = 3 =")
    assert "is not a TOML file" in call("charges", "asymptotic", path, code=3).stderr
    path.write_text(BONDI + "[other]\n")
    assert "'other' is unknown" in call("charges", "asymptotic", path, code=3).stderr
