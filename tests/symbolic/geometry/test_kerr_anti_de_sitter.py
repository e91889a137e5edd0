"""Kerr in anti-de Sitter space solves Einstein's equations, has Kerr as its limit, and the mass M/Ξ² of Gibbons, Perry and Pope."""

import pytest

from erlangen.symbolic import charge_form, metric_variation, spacetime, volume_density


@pytest.mark.parametrize("chart", ["rational", "angles"])
def test_it_is_an_einstein_space(chart):
    g = spacetime("kerr-anti-de-sitter", chart=chart)
    scale = 3 / g.ring["l"] ** 2
    assert all(g.ricci[i, j] + scale * g.lower[i, j] == 0 for i in range(4) for j in range(i, 4))


def test_without_rotation_and_at_infinite_radius_it_is_kerrs():
    g, kerr = spacetime("kerr-anti-de-sitter"), spacetime("kerr")
    for i in range(4):
        for j in range(4):
            top, bottom = g.lower[i, j].numerator, g.lower[i, j].denominator
            powers = [max((p for (p,) in part.coefficients("l")), default=0) for part in (top, bottom)]
            zero = g.ring.constant(0)
            found = top.coefficients("l").get((powers[0],), zero) / bottom.coefficients("l")[powers[1],]
            assert powers[0] == powers[1] or not found
            assert str(found) == str(kerr.lower[i, j])


def test_mass_of_the_generator_that_does_not_turn_at_infinity():
    """E = M/Ξ², Ξ = 1 - a²/l² (hep-th/0408217), up to the sign of the root, which is that of 1/Ξ here."""
    g = spacetime("kerr-anti-de-sitter")
    ring = g.ring
    root = volume_density(g)
    sign = 1 if root.evaluate({"r": 5.0, "x": 0.2, "a": 0.5, "l": 2.0, "M": 1.0}) > 0 else -1
    form = charge_form(g, metric_variation(g, "M"), {"t": 1, "phi": ring.parse("-a/l^2")})
    assert sign * form.integrate({"x": (-1, 1)}, circles=("phi",)) == ring.parse("1/(1 - a^2/l^2)^2")
