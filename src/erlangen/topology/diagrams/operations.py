"""Diagrams from diagrams: mirror, reversal, sums, parts and parallels, on crossings and signs in normal form.

Definition: the mirror exchanges over and under; the connected sum cuts one edge of each diagram and joins them along the orientation.
Convention: functions take an :class:`OrientedDiagram` and return crossings, signs and the number of circles, in normal form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from erlangen.topology.diagrams.braid_word import braid_code, closure_code, full_twists
from erlangen.topology.diagrams.orientation import Crossing, normalise, relabel
from erlangen.topology.diagrams.oriented_diagram import OrientedDiagram

__all__ = ["assemble", "closed_braid", "connect", "mirror", "parallel", "part", "reverse", "unite", "whitehead_double"]

Code = tuple[tuple[Crossing, ...], tuple[int, ...], int]


def assemble(partner: Sequence[int], seeds: Iterable[int]) -> tuple[tuple[Crossing, ...], tuple[int, ...]]:
    """Return crossings and signs of the components that arrive at the ends ``seeds``, each taken once, in this order.

    Examples
    --------
    >>> assemble([1, 0, 3, 2], [0])
    (((0, 0, 1, 1),), (1,))
    """
    seen = [False] * len(partner)
    components = []
    for seed in seeds:
        heads = []
        head = seed
        while not seen[head]:
            seen[head] = True
            heads.append(head)
            head = partner[head ^ 2]
        if heads:
            components.append(heads)
    return relabel(components, partner)


def closed_braid(word: Iterable[int], strands: int) -> Code:
    """Close a braid word.

    Examples
    --------
    >>> closed_braid([1], 3)
    (((1, 1, 0, 0),), (1,), 1)
    """
    flat, signs, circles = closure_code(word, strands)
    return (*normalise(flat, signs)[:2], circles)


def mirror(link: OrientedDiagram) -> Code:
    """Exchange over and under at every crossing."""
    rows = [
        (l, i, j, k) if sign > 0 else (j, k, l, i)
        for (i, j, k, l), sign in zip(link.crossings, link.signs, strict=True)  # noqa: E741 - X[i, j, k, l]
    ]
    return tuple(rows), tuple(-sign for sign in link.signs), link.n_unknots


def reverse(link: OrientedDiagram, components: Collection[int]) -> Code:
    """Reverse the orientation of some components; each still begins with the same edge."""
    label = list(range(2 * link.n_crossings))
    for index in components:
        edges = link.components[index]
        for place, edge in enumerate(edges):
            label[edge] = edges[-place]
    home = link.component_of
    rows = []
    signs = []
    for (i, j, k, l), sign in zip(link.crossings, link.signs, strict=True):  # noqa: E741 - X[i, j, k, l]
        under, over = home[i] in components, home[j] in components
        row = (k, l, i, j) if under else (i, j, k, l)
        rows.append((label[row[0]], label[row[1]], label[row[2]], label[row[3]]))
        signs.append(-sign if under != over else sign)
    return tuple(rows), tuple(signs), link.n_unknots


def unite(links: Iterable[OrientedDiagram]) -> Code:
    """Put diagrams side by side."""
    rows: list[Crossing] = []
    signs: list[int] = []
    circles = 0
    for link in links:
        s = 2 * len(rows)
        rows.extend((i + s, j + s, k + s, m + s) for i, j, k, m in link.crossings)
        signs.extend(link.signs)
        circles += link.n_unknots
    return tuple(rows), tuple(signs), circles


def connect(a: OrientedDiagram, b: OrientedDiagram, edge: int, other_edge: int) -> Code:
    """Cut ``edge`` of ``a`` and ``other_edge`` of ``b`` and join them; a diagram without crossings gives one of its circles."""
    if not a.crossings or not b.crossings:
        crossings, signs, circles = unite((a, b))
        return crossings, signs, circles - 1
    shift = 4 * a.n_crossings
    partner = [*a.partners, *(end + shift for end in b.partners)]
    head_a, head_b = a.heads[edge], b.heads[other_edge] + shift
    tail_a, tail_b = partner[head_a], partner[head_b]
    for p, q in ((tail_a, head_b), (tail_b, head_a)):
        partner[p], partner[q] = q, p
    seeds = [a.heads[component[0]] for component in a.components]
    first = a.component_of[edge]
    seeds[first] = seeds[first] if edge != a.components[first][0] else head_b
    others = [b.heads[component[0]] + shift for component in b.components]
    return (*assemble(partner, [*seeds, *others]), a.n_unknots + b.n_unknots)


def part(link: OrientedDiagram, components: Collection[int]) -> Code:
    """Keep some of the components that meet crossings, forget the others; circles are kept apart from them."""
    home = link.component_of
    kept = [c for c, row in enumerate(link.crossings) if home[row[0]] in components and home[row[1]] in components]
    new = {4 * c + slot: 4 * index + slot for index, c in enumerate(kept) for slot in range(4)}
    partner = [0] * len(new)
    for old, end in new.items():
        other = link.partners[old]
        while other not in new:
            other = link.partners[other ^ 2]
        partner[end] = new[other]
    seeds = []
    circles = 0
    for index in sorted(components):
        first = next((link.heads[edge] for edge in link.components[index] if link.heads[edge] in new), None)
        if first is None:
            circles += 1
        else:
            seeds.append(new[first])
    return (*assemble(partner, seeds), circles)


def parallel(link: OrientedDiagram, strands: Sequence[int], words: Sequence[Sequence[int]]) -> Code:
    """Replace each component that meets a crossing by parallel strands, numbered from left to right, with a braid on its first edge."""
    flat, signs, _, _ = _parallel_ends(link, strands, words, cut=False)
    return (*normalise(flat, signs)[:2], link.n_unknots)


def whitehead_double(knot: OrientedDiagram, twists: int, clasp: int) -> Code:
    """Replace a knot by two antiparallel strands with full twists beside the blackboard's, and a clasp of the given sign.

    The cap of the two lower ends of the cut passes through the cup, which is wider, of the two upper ones.
    """
    flat, _, lower, upper = _parallel_ends(knot, [2], [full_twists(2, twists)], cut=True)
    cap, cup = -1, -2  # the parts between the two crossings
    if clasp > 0:
        flat += [upper[0], lower[0], cup, cap, lower[1], upper[1], cap, cup]
    else:
        flat += [lower[0], cup, cap, upper[0], upper[1], cap, cup, lower[1]]
    return (*normalise(flat, oriented=False)[:2], 0)


def _parallel_ends(
    link: OrientedDiagram, strands: Sequence[int], words: Sequence[Sequence[int]], *, cut: bool
) -> tuple[list[int], list[int], list[int], list[int]]:
    """Return the labels of all ends of a parallel, the signs, and the labels below and above the cut, which follows the last braid."""
    home = link.component_of
    base = [0]
    for edge in range(2 * link.n_crossings):
        base.append(base[-1] + strands[home[edge]])
    tails = {(edge, m): base[edge] + m for edge in range(2 * link.n_crossings) for m in range(strands[home[edge]])}
    tops = dict(tails)
    flat: list[int] = []
    signs: list[int] = []
    lower: list[int] = []
    upper: list[int] = []
    fresh = base[-1]
    for component, n, word in zip(link.components, strands, words, strict=True):
        rows, letters, top = braid_code(word, n)
        first = component[0]
        shift = fresh - n
        flat.extend(label + (base[first] if label < n else shift) for row in rows for label in row)
        signs.extend(letters)
        lower = upper = [label + (base[first] if label < n else shift) for label in top]
        fresh += 2 * len(word)
        if cut:
            upper = list(range(fresh, fresh + n))
            fresh += n
        tops.update({(first, m): label for m, label in enumerate(upper)})
    for crossing, sign in zip(link.crossings, link.signs, strict=True):
        counts = strands[home[crossing[0]]], strands[home[crossing[1]]]
        grid, fresh = _grid(crossing, sign, counts, (tails, tops), fresh)
        flat.extend(grid)
        signs.extend([sign] * (counts[0] * counts[1]))
    return flat, signs, lower, upper


def _grid(
    crossing: Crossing,
    sign: int,
    counts: tuple[int, int],
    labels: tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]],
    fresh: int,
) -> tuple[list[int], int]:
    """Return the labels of the grid of crossings that replaces one crossing, and the next free label.

    Under strands run upwards in columns x; over strands run right (positive) or left (negative) in rows y.
    """
    i, j, k, l = crossing  # noqa: E741 - X[i, j, k, l]
    under, over = counts
    tails, tops = labels
    west, east = (tops, tails) if sign > 0 else (tails, tops)
    flat: list[int] = []
    south = [tops[i, x] for x in range(under)]
    for y in range(over):
        m = over - 1 - y if sign > 0 else y
        left = west[l, m]
        for x in range(under):
            if x == under - 1:
                right = east[j, m]
            else:
                right, fresh = fresh, fresh + 1
            if y == over - 1:
                up = tails[k, x]
            else:
                up, fresh = fresh, fresh + 1
            flat.extend((south[x], right, up, left))
            south[x], left = up, right
    return flat, fresh
