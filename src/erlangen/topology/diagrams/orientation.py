"""Orientation of a planar diagram code: components, signs and the normal labelling 0, 1, 2, … along them.

Definition: the under strand of X[i, j, k, l] runs i -> k; the over strand runs l -> j at a positive crossing, j -> l at a negative one.
Convention: components in the order of their lowest label, each beginning with it; a component never under is oriented by its labels.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from erlangen.errors import DomainError, DomainWarning
from erlangen.topology.diagrams.ends import partners

__all__ = ["Crossing", "normalise", "relabel"]

Crossing = tuple[int, int, int, int]
Oriented = tuple[tuple[Crossing, ...], tuple[int, ...], list[int], int]


def normalise(flat: Sequence[int], signs: Sequence[int | None] | None = None, *, oriented: bool = True) -> Oriented:
    """Return normal crossings, signs, partners and the number of components for the labels of all ends in order.

    With ``oriented=False`` the first label of a crossing is either end of the under strand.

    Raises
    ------
    DomainError
        If a label does not stand exactly twice, or the crossings orient a component both ways.

    Examples
    --------
    >>> normalise([4, 1, 3, 2, 2, 3, 1, 4])[:2]
    (((3, 0, 2, 1), (1, 2, 0, 3)), (-1, -1))
    """
    partner = partners(flat)
    heads = []
    for component in _walks(partner, flat):
        if _runs_backwards(component, flat, signs, oriented):
            component = [partner[component[0]], *(partner[head] for head in reversed(component[1:]))]  # noqa: PLW2901
        heads.append(component)
    if not oriented:
        heads, partner = _turned(heads, partner)
    return (*relabel(heads, partner), partner, len(heads))


def relabel(heads: Sequence[Sequence[int]], partner: Sequence[int]) -> tuple[tuple[Crossing, ...], tuple[int, ...]]:
    """Return crossings and signs for components given as the ends at which their edges arrive, in order.

    Examples
    --------
    >>> relabel([[0, 3]], [1, 0, 3, 2])
    (((0, 0, 1, 1),), (1,))
    """
    flat = [0] * len(partner)
    signs = [0] * (len(partner) >> 2)
    label = 0
    for component in heads:
        for head in component:
            flat[head] = flat[partner[head]] = label
            label += 1
            if head & 1:
                signs[head >> 2] = 1 if head & 2 else -1
    ends = iter(flat)
    return tuple(zip(ends, ends, ends, ends, strict=True)), tuple(signs)


def _walks(partner: Sequence[int], flat: Sequence[int]) -> list[list[int]]:
    """Return a walk along each component, in the order of their lowest labels."""
    if not flat:
        return []
    walks = [_walk(partner, partner[flat.index(min(flat))])]
    if 2 * len(walks[0]) == len(flat):
        return walks
    seen = [False] * len(flat)
    for head in walks[0]:
        seen[head] = seen[partner[head]] = True
    for first in sorted(range(len(flat)), key=flat.__getitem__):
        if seen[first]:
            continue
        walk = _walk(partner, partner[first])
        for head in walk:
            seen[head] = seen[partner[head]] = True
        walks.append(walk)
    return walks


def _walk(partner: Sequence[int], first: int) -> list[int]:
    """Return the ends at which the edges of a component arrive, beginning with ``first``."""
    heads = [first]
    head = partner[first ^ 2]
    while head != first:
        heads.append(head)
        head = partner[head ^ 2]
    return heads


def _runs_backwards(
    heads: Sequence[int], flat: Sequence[int], signs: Sequence[int | None] | None, oriented: bool
) -> bool:
    """Say whether the crossings, or else the labels, orient a component against the walk ``heads``."""
    forward = backward = -1
    for head in heads:
        slot = head & 3
        if slot & 1:
            sign = signs[head >> 2] if signs is not None else None
            if not sign:
                continue
            agrees = (slot == 3) == (sign > 0)
        elif not oriented:
            continue
        else:
            agrees = slot == 0
        if agrees:
            forward = head
        else:
            backward = head
    if forward >= 0 and backward >= 0:
        _refuse(flat, forward, backward, signs is not None)
    if forward >= 0 or backward >= 0:
        return backward >= 0
    return _labels_fall(heads, flat, oriented)


def _refuse(flat: Sequence[int], forward: int, backward: int, signed: bool) -> None:
    """Name the two edges at which a component is oriented both ways."""
    a, b = flat[forward], flat[backward]
    given = "with its signs, " if signed else ""
    message = (
        f"pd: {given}the component through edge {a} cannot be oriented: crossing {forward >> 2} has edge {a} and "
        f"crossing {backward >> 2} has edge {b} run in opposite directions"
    )
    remedy = "the first label of X[i, j, k, l] is the incoming under edge; for a code without orientation pass oriented=False"
    raise DomainError(message, hint=remedy)


def _labels_fall(heads: Sequence[int], flat: Sequence[int], oriented: bool) -> bool:
    """Say whether labels fall along a component that no crossing orients; warn where they cannot tell."""
    labels = [flat[head] for head in heads]
    rises = sum(a < b for a, b in zip(labels, [*labels[1:], labels[0]], strict=True))
    m = len(labels)
    if m >= 3 and rises in (1, m - 1):
        return rises == 1
    if oriented:
        message = (
            f"pd: the component with edges {', '.join(map(str, sorted(labels)))} is never the under strand and its labels "
            "do not orient it; at its first crossing it is taken to run from the lower label to the higher, "
            "pass signs= to decide"
        )
        warnings.warn(message, DomainWarning, stacklevel=5)
    first = min(range(m), key=lambda index: heads[index] >> 2)
    return labels[first] > labels[(first + 1) % m]


def _turned(heads: list[list[int]], partner: list[int]) -> tuple[list[list[int]], list[int]]:
    """Turn each crossing whose under strand arrives at slot 2 by half a turn."""
    turn = {head >> 2 for component in heads for head in component if head & 3 == 2}
    name = [end ^ 2 if end >> 2 in turn else end for end in range(len(partner))]
    turned = [0] * len(partner)
    for end, other in enumerate(partner):
        turned[name[end]] = name[other]
    return [[name[head] for head in component] for component in heads], turned
