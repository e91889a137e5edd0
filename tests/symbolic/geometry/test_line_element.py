"""Line elements as people write them: the catalogue again, functions and cross terms, refusals that name the offender."""

import pytest

from erlangen.errors import DomainError, ParseError, SingularMetricError
from erlangen.symbolic import metric_signature, parse_metric, spacetime


def test_schwarzschild():
    g = parse_metric("-(1-2*M/r)*dt^2 + dr^2/(1-2*M/r) + r^2*(dtheta^2 + sin(theta)^2*dphi^2)")
    assert g.ring.coordinates == ("t", "r", "theta", "phi")
    assert g.ring.constants == ("M",)
    assert not g.ricci
    assert g.kretschmann == g.ring.parse("48*M^2/r^6")
    assert metric_signature(g) == (1, 3)


def test_kerr_in_carters_form():
    g = parse_metric(
        "-(r^2-2*M*r+a^2)/(r^2+a^2*x^2)*(dt - a*(1-x^2)*dphi)^2 + (r^2+a^2*x^2)/(r^2-2*M*r+a^2)*dr^2"
        " + (r^2+a^2*x^2)/(1-x^2)*dx^2 + (1-x^2)/(r^2+a^2*x^2)*((r^2+a^2)*dphi - a*dt)^2",
        coordinates="t r x phi",
    )
    kerr = spacetime("kerr")
    assert {i: str(v) for i, v in g.lower} == {i: str(v) for i, v in kerr.lower} or not g.ricci
    assert g.kretschmann == g.ring.parse(str(kerr.kretschmann))


def test_functions_decimals_and_cross_terms():
    g = parse_metric("-f(u)*du^2 - 2*du*dr + 0.25*r^2*dphi^2")
    assert g.ring.functions == {"f": ("u",)}
    assert g[0, 1] == -1
    assert g[2, 2] == g.ring.parse("r^2/4")
    roots = parse_metric("dx^2 + dy^2*sqrt(x)")
    assert roots[1, 1] ** 2 == roots.ring["x"]


@pytest.mark.parametrize(
    ("text", "options", "error", "words"),
    [
        ("M + r", {}, ParseError, "no differential stands"),
        ("dt^2 + r*dr", {}, ParseError, r"the term dr\^1 with the factor r is not quadratic"),
        ("dt^2 + Q*dr^2", {"constants": "M"}, ParseError, "'Q' in the line element"),
        ("dt^2 + __import__('os')*dr^2", {}, ParseError, "import"),
        ("f(r)*dr^2 + f(t)*dt^2", {}, ParseError, "arguments"),
        ("dt^2 + 2*dt*dr + dr^2", {}, SingularMetricError, "vanishes in the block of t r"),
        ("dt^2 + dr^2 +", {}, ParseError, "not an expression"),
    ],
)
def test_refusals(text, options, error, words):
    with pytest.raises(error, match=words):
        parse_metric(text, **options)


def test_signature_needs_a_regular_point():
    g = parse_metric("-(1-2*M/r)*dt^2 + dr^2/(1-2*M/r)")
    with pytest.raises(DomainError, match="no real value"):
        metric_signature(g, r=0.0)
    assert metric_signature(parse_metric("-dt^2 + dx^2 - dy^2")) == (2, 1)
