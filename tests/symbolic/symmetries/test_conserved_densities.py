"""Conserved densities against the literature, and normal forms modulo total derivatives against Euler's operator."""

import random
from fractions import Fraction

import pytest

from erlangen.exact import nullspace
from erlangen.symbolic import DifferentialSystem, JetSpace, conserved_densities, euler_operator
from erlangen.symbolic.symmetries.conserved_densities import _by_euler, _by_normal_forms, _density, _of_rank, _terms
from erlangen.symbolic.symmetries.total_derivatives import EvolutionFlow, is_normal, modulo_derivatives, power_factor

KDV = "u_t + 6*u*u_x + u_xxx"
# Schrödinger's cubic equation i w_t + w_xx + 2 |w|^2 w = 0 for w = u + i v
SCHROEDINGER = ["u_t + v_xx + 2*v*(u^2 + v^2)", "v_t - u_xx - 2*u*(u^2 + v^2)"]


@pytest.mark.parametrize("fields", [1, 2, 3])
@pytest.mark.parametrize("seed", range(5))
def test_normal_forms_differ_by_total_derivatives(fields, seed):
    """The normal form of a polynomial has its Euler–Lagrange expressions, and vanishes where those do."""
    rng = random.Random(10 * fields + seed)
    system = DifferentialSystem(JetSpace("t x", ["u", "v", "w"][:fields]), ["u_t", "v_t", "w_t"][:fields])
    space = system.space
    given = {}
    for _ in range(5):
        monomial = tuple(sorted((rng.randrange(4 * fields) for _ in range(rng.randint(1, 4))), reverse=True))
        given[monomial] = {0: rng.randint(1, 9)}

    def element(rows):
        zero = space.ring.constant(0)
        return sum((_density(system, {m: Fraction(row[0], power_factor(m))}) for m, row in rows.items()), zero)

    polynomial = element(given)
    normal = modulo_derivatives(dict(given), fields)
    assert all(is_normal(monomial, fields) for monomial in normal)
    for field in space.fields:
        assert euler_operator(polynomial, field) == euler_operator(element(normal), field)
    change = {}
    for monomial, row in given.items():  # the total derivative is zero modulo total derivatives
        for target, number in EvolutionFlow([{(field + fields,): 1} for field in range(fields)]).apply(monomial):
            change.setdefault(target, {})[0] = change.get(target, {}).get(0, 0) + row[0] * number
    assert not any(row[0] for row in modulo_derivatives(change, fields).values())


@pytest.mark.parametrize(
    ("base", "fields", "equations", "ranks"),
    [("t x", "u", [KDV], range(2, 13)), ("t x", "u v", SCHROEDINGER, range(2, 6))],
)
def test_both_conditions_have_one_kernel(base, fields, equations, ranks):
    system = DifferentialSystem(JetSpace(base, fields), equations)
    flow = {field: system.solved[f"{field}_t"] for field in system.space.fields}
    weights = {"u": 2} if fields == "u" else {"u": 1, "v": 1}
    for rank in ranks:
        candidates = list(_of_rank(system, Fraction(rank), {name: Fraction(w) for name, w in weights.items()}))
        if not candidates:
            continue
        slow, fast = _by_euler(system, flow, candidates), _by_normal_forms(_terms(system, flow), candidates)
        assert nullspace(slow, len(candidates)) == nullspace(fast, len(candidates))


def test_schroedinger_has_a_density_in_each_rank():
    """Zakharov and Shabat 1972: mass, momentum, energy and one density in each rank beyond."""
    system = DifferentialSystem(JetSpace("t x", "u v"), SCHROEDINGER)
    found = {rank: conserved_densities(system, rank) for rank in range(1, 9)}
    assert {rank: len(densities) for rank, densities in found.items()} == {1: 0, **dict.fromkeys(range(2, 9), 1)}
    assert found[2][0] in (system.space.parse("u^2 + v^2"), -system.space.parse("u^2 + v^2"))
    energy = system.space.parse("u_x^2 + v_x^2 - (u^2 + v^2)^2")
    scale = found[4][0].coefficients("u_x")[(2,)]
    assert all(euler_operator(found[4][0] - scale * energy, field) == 0 for field in ("u", "v"))


def test_parameters_stay_in_the_density():
    """``u_t + a u u_x + b u_xxx = 0`` conserves ``a u^3/6 - b u_x^2/2`` (Gardner's Hamiltonian)."""
    system = DifferentialSystem(JetSpace("t x", "u", constants="a b"), ["u_t + a*u*u_x + b*u_xxx"])
    (density,) = conserved_densities(system, 6)
    found = density.coefficients("u", "u_x")
    assert found[(0, 2)] / found[(3, 0)] == system.space.parse("-3*b/a")


def test_flows_that_are_no_polynomials():
    """Diffusion ``u_t = (u_x/u^2)_x`` conserves u and no other density free of x (it is linear in other variables)."""
    system = DifferentialSystem(JetSpace("t x", "u"), ["u^3*u_t - u*u_xx + 2*u_x^2"])
    weights = {"u": Fraction(1)}
    assert conserved_densities(system, 1, weights=weights) == (system.space["u"],)
    assert all(conserved_densities(system, rank, weights=weights) == () for rank in range(2, 6))


@pytest.mark.slow
def test_kdv_to_rank_36():
    """One density in each even rank (Miura, Gardner and Kruskal 1968), with ``u^(n)`` leading; none in odd ranks."""
    system = DifferentialSystem(JetSpace("t x", "u"), [KDV])
    for rank in range(2, 37):
        found = conserved_densities(system, rank)
        assert len(found) == (rank % 2 == 0)
        if found and rank <= 24:
            assert euler_operator(system.reduce(found[0].derivative("t")), "u") == 0
