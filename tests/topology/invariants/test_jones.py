"""Jones polynomials against KnotInfo, LinkInfo, closed forms, and the full sum over all states."""

import random
from itertools import product

import pytest

from erlangen.errors import DomainError
from erlangen.exact import LaurentPolynomial
from erlangen.topology import Link, jones_polynomial, kauffman_bracket

T = LaurentPolynomial.variable("t")


def full_cube(link):
    """Return the bracket by listing all 2^n states."""
    A = LaurentPolynomial.variable("A")
    delta = -(A**2) - A**-2
    total = LaurentPolynomial()
    for state in product((0, 1), repeat=link.n_crossings):
        root = list(range(2 * link.n_crossings))

        def find(e, root=root):
            while root[e] != e:
                e = root[e]
            return e

        for (i, j, k, m), bit in zip(link.crossings, state, strict=True):
            for a, b in ((i, m), (j, k)) if bit else ((i, j), (k, m)):
                root[find(a)] = find(b)
        loops = len({find(e) for e in range(2 * link.n_crossings)}) + link.n_unknots
        total = total + A ** (len(state) - 2 * sum(state)) * delta ** (loops - 1)
    return total


def random_word(rng, strands, length):
    return [rng.choice([-1, 1]) * rng.randrange(1, strands) for _ in range(length)]


@pytest.mark.parametrize("strands", [2, 3, 4, 5])
def test_the_scan_equals_the_sum_over_all_states(strands):
    rng = random.Random(strands)
    for _ in range(5):
        link = Link.from_braid(random_word(rng, strands, 7), strands)
        assert kauffman_bracket(link) == full_cube(link)


@pytest.mark.parametrize("pd", ["X[1,1,2,2]", "X[1,2,2,1]", "X[2,1,1,2]", "X[1,1,2,4] X[2,3,3,4]"])
def test_kinks(pd):
    link = Link.from_pd(pd)
    assert kauffman_bracket(link) == full_cube(link)
    assert jones_polynomial(link) == 1


@pytest.mark.parametrize("limit", [10, pytest.param(13, marks=pytest.mark.slow)])
def test_knotinfo(knots, limit):
    for row, knot in knots(limit):
        assert jones_polynomial(knot) == LaurentPolynomial.parse(row["jones_polynomial"]), row["name"]


@pytest.mark.parametrize("limit", [8, pytest.param(11, marks=pytest.mark.slow)])
def test_linkinfo(links, limit):
    for row, link in links(limit):
        ours = jones_polynomial(link).substitute(t=LaurentPolynomial.monomial(x=2))
        assert ours == LaurentPolynomial.parse(row["jones_polynomial"]), row["name"]


@pytest.mark.parametrize(("p", "q"), [(2, 15), (3, 11), (4, 9), (5, 7), (6, 7), (7, 8)])
def test_torus_knots(p, q):
    # Jones (1987), Prop. 11.9.
    V = jones_polynomial(Link.from_braid(list(range(1, p)) * q))
    assert T ** ((p - 1) * (q - 1) // 2) * (1 - T ** (p + 1) - T ** (q + 1) + T ** (p + q)) == V * (1 - T**2)


@pytest.mark.slow
def test_the_torus_knot_of_sixty_three_crossings():
    test_torus_knots(8, 9)


def test_skein_relation():
    rng = random.Random(3)
    for strands in (2, 3, 4):
        word = random_word(rng, strands, 9)
        for place in range(0, 9, 2):
            head, letter, tail = word[:place], abs(word[place]), word[place + 1 :]
            plus = jones_polynomial(Link.from_braid([*head, letter, *tail], strands))
            minus = jones_polynomial(Link.from_braid([*head, -letter, *tail], strands))
            smooth = jones_polynomial(Link.from_braid(head + tail, strands))
            x = {"t": LaurentPolynomial.monomial(x=2)}
            half = LaurentPolynomial.parse("x - x^-1")
            left = (T**-1 * plus - T * minus).substitute(**x)
            assert left == half * smooth.substitute(**x)


def test_values_at_one():
    # V(1) = (-2)^(c - 1)
    for word, strands in (([1, 1], 2), ([1, 1, 2, 2], 3), ([], 4), ([1, 1, 3, 3], 5), ([1, 2, -3, 2, 1], 4)):
        link = Link.from_braid(word, strands)
        x = jones_polynomial(link).substitute(t=LaurentPolynomial.monomial(x=2)).substitute(x=1)
        assert x == (-2) ** (link.n_components - 1)


def test_large_coefficients_are_exact():
    # |V(-1)| is the determinant; for (1 -2)^n it is L_2n - 2 with Lucas numbers, beyond 64 bits at n = 60.
    n = 60
    V = jones_polynomial(Link.from_braid([1, -2] * n))
    x = abs(V.substitute(t=-1).coefficient())
    lucas = [2, 1]
    while len(lucas) <= 2 * n:
        lucas.append(lucas[-1] + lucas[-2])
    assert x == lucas[2 * n] - 2


def test_the_empty_link_is_refused():
    with pytest.raises(DomainError, match="empty"):
        jones_polynomial(Link())
