"""Uniform random rooted planar maps with all vertices of degree four.

Definition: a binary tree with a bud at one of the three corners of each node closes by matching each bud with the next free leaf around
it; the two leaves left over are joined (Schaeffer, Electron. J. Combin. 4 (1997) R20).
Convention: end ``4 v + s`` is the s-th edge of vertex ``v``, anticlockwise; a map is the partner of each end.
"""

from __future__ import annotations

import numpy as np

__all__ = ["random_quartic_map"]


def random_quartic_map(n: int, generator: np.random.Generator) -> list[int]:
    """Return the partner of every end of a map with ``n`` vertices, each rooted map with equal probability.

    Examples
    --------
    >>> sorted(random_quartic_map(1, np.random.default_rng(0)))
    [0, 1, 2, 3]
    """
    children = _binary_tree(n, generator)
    buds = generator.integers(3, size=n)
    partner = [-1] * (4 * n)
    border = _contour(children, buds.tolist(), partner)
    stack: list[int] = []
    free: list[int] = []
    for end, is_bud in border + border:
        if partner[end] >= 0:
            continue
        if is_bud:
            if end not in stack:
                stack.append(end)
        elif stack:
            bud = stack.pop()
            partner[bud], partner[end] = end, bud
        elif end not in free:
            free.append(end)
    left = [end for end in free if partner[end] < 0]
    partner[left[0]], partner[left[1]] = left[1], left[0]
    return partner


def _binary_tree(n: int, generator: np.random.Generator) -> list[list[int]]:
    """Return the two children of each node, -1 for a leaf, of a uniform binary tree in prefix order (cycle lemma)."""
    word = np.array([1] * n + [-1] * (n + 1))
    generator.shuffle(word)
    height = np.cumsum(word)
    start = int(np.argmin(height)) + 1
    steps = np.roll(word, -start).tolist()
    children: list[list[int]] = [[] for _ in range(n)]
    open_nodes: list[int] = []
    count = 0
    for step in steps:
        item = count if step > 0 else -1
        if open_nodes:
            children[open_nodes[-1]].append(item)
        while open_nodes and len(children[open_nodes[-1]]) == 2:
            open_nodes.pop()
        if step > 0:
            open_nodes.append(count)
            count += 1
    return children


def _contour(children: list[list[int]], buds: list[int], partner: list[int]) -> list[tuple[int, bool]]:
    """Join the inner edges; return leaves and buds in the order of a walk around the tree, each with whether it is a bud.

    The edges of a node are its parent, first and second child, with the bud before the first child, between them, or after.
    """
    border: list[tuple[int, bool]] = [(0, False)]
    waiting = [(0, 1)]  # nodes with the next slot to visit
    while waiting:
        node, slot = waiting.pop()
        if slot == 4:
            continue
        waiting.append((node, slot + 1))
        end, bud = 4 * node + slot, buds[node] + 1
        if slot == bud:
            border.append((end, True))
            continue
        child = children[node][slot - 1 - (slot > bud)]
        if child < 0:
            border.append((end, False))
        else:
            partner[end], partner[4 * child] = 4 * child, end
            waiting.append((child, 1))
    return border
