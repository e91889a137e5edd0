"""Which jets of a function an element depends on, also inside roots and adjoined functions.

Definition: the multi-indices I with ``∂f/∂u_I`` not known to vanish.
Convention: sorted by order, then by index.
"""

from __future__ import annotations

from erlangen.exact import DifferentialElement

__all__ = ["jets_by_function", "jets_within"]


def jets_within(element: DifferentialElement, function: str) -> list[tuple[int, ...]]:
    """Return the multi-indices of the jets of a function that occur in an element.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("t x", functions="u")
    >>> jets_within(ring.function("sqrt")(1 + ring["u_x"]) + ring["u"], "u")
    [(0, 0), (0, 1)]
    """
    return jets_by_function(element).get(function, [])


def jets_by_function(element: DifferentialElement) -> dict[str, list[tuple[int, ...]]]:
    """Return the multi-indices of all jets that occur in an element, by function.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("t x", functions="u v")
    >>> jets_by_function(ring["u_x"] * ring["v"] + ring["u"])
    {'u': [(0, 0), (0, 1)], 'v': [(0, 0)]}
    """
    ring = element.ring
    found: dict[str, set[tuple[int, ...]]] = {}
    waiting, seen = list(element.generators), set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        symbol = ring.symbol(ring.position(name))
        inner = getattr(symbol, "square", None) or getattr(symbol, "argument", None)
        if inner is not None:
            waiting += inner.generators
        elif getattr(symbol, "kind", "") == "jet":
            found.setdefault(symbol.function, set()).add(symbol.index)  # type: ignore[union-attr]
    return {name: sorted(found[name], key=lambda index: (sum(index), index)) for name in sorted(found)}
