"""An oracle of its own for link types: Jones polynomial by Kauffman's states, one crossing at a time."""

from collections import defaultdict


def add(polynomial, other, shift, factor=1):
    for power, c in other.items():
        polynomial[power + shift] += factor * c


def join(pairs, p, q):
    """Return a matching of edges with the ends p and q joined, and the number of circles that closed."""
    if p == q:
        return pairs, 1
    pairs = dict(pairs)
    a, b = pairs.pop(p, p), pairs.pop(q, q)
    if a == q:
        return pairs, 1
    pairs[a], pairs[b] = b, a
    return pairs, 0


def bracket(link):
    """Kauffman's bracket in A with the value 1 at the empty diagram, as {power: coefficient}."""
    states = {(): {0: 1}}
    for i, j, k, m in link.crossings:
        after = defaultdict(lambda: defaultdict(int))
        for state, polynomial in states.items():
            for (p, q), (r, s), power in (((i, m), (j, k), -1), ((i, j), (k, m), 1)):
                pairs, first = join(dict(state), p, q)
                pairs, second = join(pairs, r, s)
                value = polynomial
                for _ in range(first + second):
                    value = times_circle(value)
                add(after[tuple(sorted(pairs.items()))], value, power)
        states = after
    assert set(states) == {()}
    value = states[()]
    for _ in range(link.n_unknots):
        value = times_circle(value)
    return value


def times_circle(polynomial):
    result = defaultdict(int)
    add(result, polynomial, 2, -1)
    add(result, polynomial, -2, -1)
    return result


def jones(link):
    """The unnormalised Jones polynomial, (-A^2 - A^-2) times V, in A: an invariant of oriented links."""
    w = link.writhe
    return {power - 3 * w: (-1) ** (w % 2) * c for power, c in bracket(link).items() if c}


def linking_matrix(link):
    size = link.n_components
    matrix = [[0] * size for _ in range(size)]
    for (i, j, _, _), sign in zip(link.crossings, link.signs, strict=True):
        a, b = link.component_of[i], link.component_of[j]
        if a != b:
            matrix[a][b] += sign
            matrix[b][a] += sign
    return [[entry // 2 for entry in row] for row in matrix]
