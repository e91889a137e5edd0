"""Finitely generated abelian groups: the two normal forms, sums, products, Tor, texts."""

from itertools import pairwise, product
from math import gcd, prod

import pytest

from erlangen.errors import DomainError, ParseError
from erlangen.exact import AbelianGroup
from erlangen.exact.abelian_group import direct_sum, prime_powers

SAMPLES = [AbelianGroup(), AbelianGroup(2), AbelianGroup(0, (2, 2, 4)), AbelianGroup(1, (12, 18)), AbelianGroup(3, (5, 25, 7))]  # fmt: skip


@pytest.mark.parametrize("n", [1, 2, 6, 64, 360, 2**31 - 1, 97 * 97 * 8])
def test_prime_powers_multiply_to_the_number(n):
    powers = prime_powers(n)
    assert prod(powers) == n
    assert all(gcd(a, b) == 1 for i, a in enumerate(powers) for b in powers[:i])


def test_the_chinese_remainder_theorem():
    assert AbelianGroup(0, (6,)) == AbelianGroup(0, (2, 3))
    assert AbelianGroup(0, (4,)) != AbelianGroup(0, (2, 2))
    assert AbelianGroup(0, (1, 1)) == AbelianGroup()


@pytest.mark.parametrize("group", SAMPLES)
def test_invariant_factors_are_a_chain_of_the_same_group(group):
    factors = group.invariant_factors
    assert all(b % a == 0 for a, b in pairwise(factors))
    assert AbelianGroup(group.rank, factors) == group


def elements_killed(group, n):
    """Count the solutions of n x = 0 in the torsion part, which determines it."""
    return prod(gcd(n, d) for d in group.torsion)


@pytest.mark.parametrize(("a", "b"), list(product(SAMPLES, SAMPLES)))
def test_sums_tensor_products_and_tor_by_counting(a, b):
    total = a + b
    assert total.rank == a.rank + b.rank
    for n in (2, 3, 4, 5, 8, 9, 12):
        assert elements_killed(total, n) == elements_killed(a, n) * elements_killed(b, n)
        homs = prod(gcd(x, gcd(y, n)) for x in a.torsion for y in b.torsion)
        assert elements_killed(a.tor(b), n) == homs
        mixed = elements_killed(a, n) ** b.rank * elements_killed(b, n) ** a.rank
        assert elements_killed(a.tensor(b), n) == homs * mixed
    assert a.tensor(b) == b.tensor(a)


@pytest.mark.parametrize("group", SAMPLES)
def test_groups_parse_back(group):
    assert AbelianGroup.parse(str(group)) == group
    assert eval(repr(group), {"AbelianGroup": AbelianGroup}) == group


def test_texts():
    group = AbelianGroup(2, (2, 2, 4))
    assert str(group) == "Z^2 + (Z/2)^2 + Z/4"
    assert group.latex() == r"\mathbb{Z}^{2} \oplus (\mathbb{Z}/2)^{2} \oplus \mathbb{Z}/4"
    assert str(AbelianGroup()) == "0"
    assert direct_sum([group, group, AbelianGroup(1)]) == group * 2 + AbelianGroup(1)
    assert not AbelianGroup()
    assert AbelianGroup(0, (2,))
    assert group.torsion_order == 16


def test_refusals():
    with pytest.raises(DomainError, match="rank"):
        AbelianGroup(-1)
    with pytest.raises(DomainError, match="torsion holds 0"):
        AbelianGroup(0, (0,))
    with pytest.raises(ParseError, match="'R' at offset 3"):
        AbelianGroup.parse("Z + R")
