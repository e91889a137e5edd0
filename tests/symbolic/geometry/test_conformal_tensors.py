"""Schouten, Cotton, Hodge and geodesics, by the identities that tie them to the curvature, to Maxwell's equations and to the norm."""

import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.exact import DifferentialRing
from erlangen.symbolic import (
    Metric,
    Tensor,
    cotton_tensor,
    geodesic_equations,
    hodge_dual,
    parse_metric,
    schouten_tensor,
    spacetime,
)


def test_divergence_of_weyls_tensor_is_cottons():
    """∇^d W_dabc = (n - 3) (∇_b P_ac - ∇_c P_ab), of a metric without symmetry in four dimensions."""
    g = parse_metric("-dt^2 + f(t,x)*dx^2 + x^2*dy^2 + t*dz^2", coordinates="t x y z")
    slope = g.raise_index(g.covariant_derivative(g.weyl), 4).contract(0, 4)
    assert slope == -cotton_tensor(g)
    assert slope


def test_conformally_flat_three_dimensional_spaces():
    assert not cotton_tensor(parse_metric("f(x,y,z)*(dx^2 + dy^2 + dz^2)"))
    nil = parse_metric("dx^2 + dy^2 + (dz - x*dy)^2", coordinates="x y z")
    assert cotton_tensor(nil)  # Heisenberg's group is not conformally flat
    with pytest.raises(DomainError, match="three or more dimensions"):
        schouten_tensor(parse_metric("dx^2 + dy^2"))


@pytest.mark.parametrize("signature", [1, -1])
def test_the_star_twice(signature):
    """``** = (-1)^{p(n-p)} sign det g`` on forms of every degree (Nakahara 7.9.2)."""
    g = parse_metric(f"({signature})*dt^2 + r^2*dr^2 + (1+t)^2*r^2*dx^2", coordinates="t r x")
    ring = g.ring
    forms = [
        Tensor(ring, "", {(): ring["r"]}),
        Tensor(ring, "d", {(0,): ring["r"], (2,): 1}),
        Tensor(ring, "d", {(0,): ring["x"]}).wedge(Tensor(ring, "d", {(1,): 1, (2,): ring["t"]})),
    ]
    for p, form in enumerate(forms):
        assert hodge_dual(g, hodge_dual(g, form)) == form * ((-1) ** (p * (3 - p)) * signature)


def test_maxwells_equations_in_a_charged_black_hole():
    g = spacetime("reissner-nordstroem")
    field = Tensor(g.ring, "d", {(0,): -g.ring["Q"] / g.ring["r"]}).exterior_derivative()
    assert not hodge_dual(g, field).exterior_derivative()
    assert not hodge_dual(g, hodge_dual(g, field)) + field  # ** = -1 on two-forms of spacetime
    wrong = Tensor(g.ring, "d", {(0,): 1 / g.ring["r"] ** 2}).exterior_derivative()
    assert hodge_dual(g, wrong).exterior_derivative()
    with pytest.raises(ShapeError, match="not antisymmetric"):
        hodge_dual(g, g.lower)


def test_geodesics_keep_their_norm():
    """d/dτ (g_ab ẋ^a ẋ^b) = 0 along ẍ = -Γẋẋ, for Kerr's metric and any velocity."""
    g = spacetime("kerr")
    found = geodesic_equations(g)
    ring = next(iter(found.values())).ring
    names = g.ring.coordinates
    speed = [ring[f"d{name}"] for name in names]
    norm = ring.constant(0)
    for (i, j), value in g.lower:
        norm = norm + ring.parse(str(value)) * speed[i] * speed[j]
    change = ring.constant(0)
    for name, v in zip(names, speed, strict=True):
        change = change + norm.derivative(name) * v + norm.partial(f"d{name}") * found[name]
    assert change == 0


def test_free_fall_in_the_plane():
    ring = DifferentialRing("r phi")
    found = geodesic_equations(Metric(ring, {(0, 0): 1, (1, 1): ring["r"] ** 2}))
    assert str(found["r"]) == "dphi^2*r"
