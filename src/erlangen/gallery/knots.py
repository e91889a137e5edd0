"""Knots on the page: a picture, the bigraded table and what else is said of a link that a person types or draws.

Definition: :func:`describe` computes one link; :func:`examples` are those that the page shows without a server.
Convention: a request is refused before it is computed where its estimated time or memory is more than a page may take.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from erlangen.errors import ResourceLimitError

__all__ = ["EXAMPLES", "describe", "examples"]

EXAMPLES = (
    ("Hopf link", "[1, 1]"),
    ("Trefoil 3₁", "[1, 1, 1]"),
    ("Figure eight 4₁", "[1, -2, 1, -2]"),
    ("Borromean rings", "[1, -2, 1, -2, 1, -2]"),
    ("Torus knot T(3,4), 8₁₉", "[1, 2, 1, 2, 1, 2, 1, 2]"),
    ("Torus knot T(4,5)", "[1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]"),
)
_CROSSINGS, _TWIN_CROSSINGS, _SECONDS, _BYTES = 60, 14, 2.0, 1 << 29


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
    _check_size(topology, link)
    group = topology.khovanov_homology(link, ring, reduced=reduced, max_memory=_BYTES)
    name = title or text
    knot = link.n_components == 1
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
        "jones": str(topology.jones_polynomial(link)),
        "s": topology.s_invariant(link) if knot else None,
        "girths": list(topology.scan_plan(link).girths) if link.n_crossings else [],
    }


def _check_size(topology: Any, link: Any) -> None:
    """Refuse a link whose scan would take the server too long."""
    most = _CROSSINGS if import_module("erlangen.native").available() else _TWIN_CROSSINGS
    seconds = topology.scan_plan(link).seconds if 0 < link.n_crossings <= most else 0.0
    if link.n_crossings > most or seconds > _SECONDS:
        message = f"{link.n_crossings} crossings are more than this page computes"
        raise ResourceLimitError(message, hint="use 'erlangen knot homology' in a shell")


@cache
def examples() -> tuple[dict[str, Any], ...]:
    """Return the examples that the page shows without a server."""
    return tuple({**describe(word, title=name), "word": word} for name, word in EXAMPLES)
