"""Knots on the page: a picture, the bigraded table and what else is said of a link that a person types or draws.

Definition: :func:`describe` computes one link; :func:`examples` are those that the page shows without a server.
Convention: a request is refused before it is computed where its estimated time or memory is more than a page may take; a diagram is
simplified first. The estimate follows open ends, not ranks: the server computes larger links in a process with a limit of time.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from erlangen.errors import ErlangenError, ResourceLimitError

__all__ = ["EXAMPLES", "at_once", "describe", "examples"]

EXAMPLES = (
    ("Hopf link", "[1, 1]"),
    ("Trefoil 3₁", "[1, 1, 1]"),
    ("Figure eight 4₁", "[1, -2, 1, -2]"),
    ("Borromean rings", "[1, -2, 1, -2, 1, -2]"),
    ("Torus knot T(3,4), 8₁₉", "[1, 2, 1, 2, 1, 2, 1, 2]"),
    ("Torus knot T(4,5)", "[1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]"),
)
_CROSSINGS, _TWIN_CROSSINGS, _SECONDS, _BYTES = 60, 14, 2.0, 1 << 29
_AT_ONCE = 16
_REMEDY = "use 'erlangen knot homology' in a shell: it shows progress, and --checkpoint keeps the state of a long scan"


def describe(text: str, ring: str = "Z", *, reduced: bool = False, title: str | None = None) -> dict[str, Any]:
    """Return picture, table, polynomials and s of the link that a text names or spells.

    Raises
    ------
    ErlangenError
        If the text spells no link.
    ResourceLimitError
        If the link is larger than a page may compute.
    """
    topology = import_module("erlangen.topology")
    link = topology.parse_link(text)
    small = _simplified(topology, link, reduced)
    _check_size(topology, link, small)
    group = topology.khovanov_homology(small, ring, reduced=reduced, max_memory=_BYTES)
    name = title or text
    return {
        "name": name,
        "crossings": link.n_crossings,
        "components": link.n_components,
        "ring": ring,
        "reduced": reduced,
        "picture": topology.draw_link(link).svg(size=260, title=f"Diagram of {name}"),
        "table": group.table(format="html", title=f"{'Reduced' if reduced else 'Unreduced'} homology over {ring}"),
        "poincare": str(group.poincare()),
        "width": group.width,
        "jones": str(topology.jones_polynomial(small)),
        "s": topology.s_invariant(small, max_memory=_BYTES) if link.n_components else None,
        "girths": list(topology.scan_plan(small).girths) if small.n_crossings else [],
    }


def at_once(text: str) -> bool:
    """Return whether a link is so small that its answer takes no longer than a new process; a text that spells none is, too.

    Examples
    --------
    >>> at_once("[1, 1, 1]"), at_once("T(5,6)")
    (True, False)
    """
    try:
        return bool(import_module("erlangen.topology").parse_link(text).n_crossings <= _AT_ONCE)
    except ErlangenError:
        return True


def _simplified(topology: Any, link: Any, reduced: bool) -> Any:
    """Return a smaller diagram of the link; reduced homology of a link keeps its own, whose first edge is the basepoint."""
    if link.n_crossings > _CROSSINGS or (reduced and link.n_components > 1):
        return link
    return topology.simplify(link)


def _check_size(topology: Any, link: Any, small: Any) -> None:
    """Refuse a link that would take the server too long to draw or, by the estimate of its scan, to compute."""
    most = _CROSSINGS if import_module("erlangen.native").available() else _TWIN_CROSSINGS
    if link.n_crossings > most:
        message = f"{link.n_crossings} crossings are more than this page computes: it takes up to {most}"
        raise ResourceLimitError(message, hint=_REMEDY)
    seconds = topology.scan_plan(small).seconds if small.n_crossings else 0.0
    if seconds > _SECONDS:
        message = f"{link.n_crossings} crossings are more than this page computes: about {seconds:.2g} s, where it takes {_SECONDS:g} s"
        raise ResourceLimitError(message, hint=_REMEDY)


@cache
def examples() -> tuple[dict[str, Any], ...]:
    """Return the examples that the page shows without a server."""
    return tuple({**describe(word, title=name), "word": word} for name, word in EXAMPLES)
