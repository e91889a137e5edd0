"""Charges as one-forms on solutions: integrability, the first law of six black holes, Wald and Zoupas' split, what diverges."""

import pytest

from erlangen.errors import DomainError, DomainWarning
from erlangen.exact import DifferentialRing
from erlangen.symbolic import (
    ClosedSurface,
    Einstein,
    Metric,
    Tensor,
    WaldZoupas,
    einstein_potential,
    spacetime,
    surface_charge,
    volume_density,
)


def rotating(ring, first, second, diagonal):
    """Return a metric ``Σ c u⊗u`` of one-forms with further diagonal entries."""
    n = len(ring.coordinates)
    components = dict(diagonal)
    for weight, form in (first, second):
        for i in range(n):
            for j in range(i, n):
                if form[i] and form[j]:
                    components[i, j] = components.get((i, j), ring.constant(0)) + weight * form[i] * form[j]
    return Metric(ring, components)


def kerr_ads():
    """Kerr–anti-de Sitter space in Boyer–Lindquist coordinates, k = 1/l (Carter 1968; Gibbons, Perry, Pope hep-th/0408217)."""
    ring = DifferentialRing("t r x phi", constants="m a k")
    p, zero = ring.parse, ring.constant(0)
    delta, twist = p("(r^2+a^2)*(1+k^2*r^2) - 2*m*r"), p("1 - a^2*k^2*x^2")
    sigma, square, size = p("r^2+a^2*x^2"), p("1-x^2"), p("1-a^2*k^2")
    u = (ring.constant(1), zero, zero, -ring["a"] * square / size)
    v = (ring["a"], zero, zero, -p("r^2+a^2") / size)
    diagonal = {(1, 1): sigma / delta, (2, 2): sigma / (twist * square)}
    return rotating(ring, (-delta / sigma, u), (twist * square / sigma, v), diagonal)


def myers_perry():
    """The black hole of five dimensions with one spin, ``w = cos² θ`` (Myers, Perry 1986)."""
    ring = DifferentialRing("t r w phi psi", constants="mu a pi")
    p, zero, one = ring.parse, ring.constant(0), ring.constant(1)
    sigma = p("r^2 + a^2*w")
    u = (one, zero, zero, -ring["a"] * p("1-w"), zero)
    flat = (one, zero, zero, zero, zero)
    diagonal = {
        (1, 1): sigma / p("r^2 + a^2 - mu"),
        (2, 2): sigma / p("4*w*(1-w)"),
        (3, 3): p("(r^2+a^2)*(1-w)"),
        (4, 4): p("r^2*w"),
    }
    return rotating(ring, (ring["mu"] / sigma, u), (-one, flat), diagonal), ClosedSurface(
        {"w": (0, 1)}, (), ("phi", "psi")
    )


@pytest.mark.parametrize(("name", "parameter", "charge"), [("schwarzschild", ("M",), "M"), ("kerr", ("M", "a"), "M")])
def test_first_law_of_vacuum(name, parameter, charge):
    metric = spacetime(name)
    mass = surface_charge(metric, delta=parameter, xi={"t": 1})
    assert mass.charge == metric.ring.parse(charge)
    law = mass.first_law()
    assert law.holds
    assert set(law.left) == set(parameter)


def test_kerr_horizon():
    """κ = (r₊² - a²)/2r₊(r₊² + a²), Ω = a/(r₊² + a²), A = 4π(r₊² + a²) (Bardeen, Carter, Hawking 1973)."""
    metric = spacetime("kerr")
    law = surface_charge(metric, delta=("M", "a"), xi={"t": 1}).first_law()
    p = metric.ring.parse
    assert law.surface_gravity == p("(r_h^2 - a^2)/(2*r_h*(r_h^2 + a^2))")
    assert law.angular_velocities == {"phi": p("a/(r_h^2 + a^2)")}
    assert law.area == p("2*(r_h^2 + a^2)")
    assert law.eliminated == ("M", p("(r_h^2 + a^2)/(2*r_h)"))


def test_btz_with_newtons_constant():
    metric = spacetime("btz")
    theory = Einstein(newton="G")
    mass = surface_charge(metric, delta=("M", "J"), xi={"t": 1}, theory=theory)
    spin = surface_charge(metric, delta=("M", "J"), xi={"phi": -1}, theory=theory)
    assert (mass.charge, spin.charge) == (metric.ring["M"], metric.ring["J"])
    assert mass.first_law().holds


def test_charged_black_holes_need_their_field():
    metric = spacetime("reissner-nordstroem")
    ring = metric.ring
    field = Tensor(ring, "d", {(0,): -ring["Q"] / ring["r"]})
    mass = surface_charge(metric, delta=("M", "Q"), xi={"t": 1}, theory=Einstein(potential=field))
    assert mass.at_radius == {"M": 1, "Q": 0}  # at every radius
    assert mass.charge == ring["M"]
    law = mass.first_law()
    assert law.holds
    assert law.electric_potential == ring.parse("Q/r_h")
    with pytest.warns(DomainWarning, match="does not solve Einstein's equations"):
        alone = surface_charge(metric, delta=("M", "Q"), xi={"t": 1})
    assert alone.at_radius["Q"] == ring.parse("-Q/r")


def test_kerr_anti_de_sitter_mass():
    """∂_t turns with the coordinates and has no charge; ∂_t - a/l² ∂_φ has m/Ξ² (Gibbons, Perry, Pope, 1.5)."""
    metric = kerr_ads()
    ring = metric.ring
    wrong = surface_charge(metric, delta=("m", "a"), xi={"t": 1})
    assert not wrong.integrable
    assert wrong.curvature == {("m", "a"): ring.parse("a*k^2/(1 - a^2*k^2)^2")}
    with pytest.raises(DomainError, match=r"not integrable: its curvature in \(m, a\)"):
        _ = wrong.charge
    right = surface_charge(metric, delta=("m", "a"), xi={"t": 1, "phi": "-a*k^2"})
    assert right.charge == ring.parse("m/(1 - a^2*k^2)^2")
    spin = surface_charge(metric, delta=("m", "a"), xi={"phi": -1})
    assert spin.charge == ring.parse("a*m/(1 - a^2*k^2)^2")
    assert wrong.first_law().holds


def test_five_dimensions():
    """M = 3πμ/8, J = 2Ma/3 (Myers, Perry 1986), and the first law."""
    metric, sphere = myers_perry()
    p = metric.ring.parse
    mass = surface_charge(metric, delta=("mu", "a"), xi={"t": 1}, sphere=sphere)
    spin = surface_charge(metric, delta=("mu", "a"), xi={"phi": -1}, sphere=sphere)
    assert mass.charge == p("3*pi*mu/8")
    assert spin.charge == p("pi*mu*a/4")
    assert mass.first_law().holds


def test_several_circles_need_pi():
    ring = DifferentialRing("t r w phi psi", constants="mu")
    p = ring.parse
    metric = Metric(
        ring, {(0, 0): p("-1+mu/r^2"), (1, 1): p("r^2/(r^2-mu)"), (2, 2): p("r^2/(4*w*(1-w))"), (3, 3): p("r^2*(1-w)"), (4, 4): p("r^2*w")}
    )  # fmt: skip
    sphere = ClosedSurface({"w": (0, 1)}, (), ("phi", "psi"))
    with pytest.raises(DomainError, match="leave pi"):
        surface_charge(metric, delta="mu", xi={"t": 1}, sphere=sphere).integrate()


def test_wald_zoupas_with_the_bare_potential_leaves_komars_charge():
    """δQ_ξ - ι_ξθ + ι_ξΘ with Θ = θ is the variation of ``(1/16π) ∮ √-g (∇^r ξ^t - ∇^t ξ^r)``, whatever ξ."""
    metric = spacetime("kerr")
    ring = metric.ring
    form = WaldZoupas(einstein_potential)
    for field in ({"t": 1}, {"phi": 1}, {"t": ring["r"], "x": ring["x"] * ring["r"]}):
        xi = Tensor(ring, "u", {(ring.coordinates.index(name),): value for name, value in field.items()})
        slope = metric.raise_index(metric.covariant_derivative(xi), 1)  # ∇^b ξ^a at (a, b)
        komar = volume_density(metric) * (slope[0, 1] - slope[1, 0])
        found = surface_charge(metric, delta=("M", "a"), xi=xi, prescription=form)
        assert found.density == {name: komar.partial(name) for name in ("M", "a")}
    assert surface_charge(metric, delta="M", xi={"t": 1}, prescription=form).charge == ring["M"] / 2
    assert surface_charge(metric, delta="M", xi={"t": 1}, prescription=form).flux == 0
    with pytest.raises(DomainError, match="no preferred potential"):
        _ = surface_charge(metric, delta="M", xi={"t": 1}).flux


def test_fields_that_are_no_symmetries_give_both_prescriptions():
    """In three-dimensional anti-de Sitter space in Fefferman and Graham's gauge, a Weyl rescaling of the boundary: L_ξ g ≠ 0."""
    ring = DifferentialRing("t r phi", constants="l", functions={"s": "t"})
    ring.declare(constants="M")
    p = ring.parse
    metric = Metric(
        ring,
        {
            (0, 0): p("-(r - M*l^2/r)^2"),
            (1, 1): p("l^2/r^2"),
            (2, 2): p("l^2*(r + M*l^2/r)^2"),
        },
    )
    assert metric.ricci == metric.lower * p("-2/l^2")
    xi = {"t": 1, "r": "s*r"}
    with pytest.warns(DomainWarning, match="no Killing field and the prescriptions differ"):
        charge = surface_charge(metric, delta="M", xi=xi)
    h = {index: value.partial("M") for index, value in metric.lower}
    moved = charge.killing_defect
    up = metric.upper
    expected = ring.constant(0)
    for nu, mu, sign in ((0, 1, 1), (1, 0, -1)):
        for s in range(3):
            raised = up[nu, nu] * h.get((nu, s), ring.constant(0)) * up[s, s]
            expected = expected + raised * moved[s, mu] * up[mu, mu] * sign / 2
    difference = charge.alternatives["barnich-brandt"]["M"] - charge.alternatives["iyer-wald"]["M"]
    assert difference == -volume_density(metric) * expected / 8
    assert difference != 0


def test_divergent_charges_name_the_power():
    metric = spacetime("schwarzschild")
    charge = surface_charge(metric, delta="M", xi={"t": "r^2"}, warn_of_prescriptions=False)
    assert charge.leading_powers == {"M": 2}
    with pytest.raises(DomainError, match=r"its change with M grows like r\^2"):
        _ = charge.variation


def test_wrong_cosmological_constants_are_named():
    with pytest.warns(DomainWarning, match="with Λ = 1"):
        surface_charge(spacetime("schwarzschild"), delta="M", xi={"t": 1}, theory=Einstein(cosmological_constant=1))


def test_polar_angles():
    metric = spacetime("kerr", chart="angles")
    assert surface_charge(metric, delta=("M", "a"), xi={"phi": -1}).charge == metric.ring.parse("M*a")
    with pytest.raises(DomainError, match="'q' is not among the coordinates"):
        surface_charge(metric, delta="M", xi={"q": 1})
