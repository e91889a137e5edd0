"""``erlangen knot invariants``: the classical invariants of one link.

Definition: writhe, linking numbers, signature, determinant, Arf, genus bounds, Alexander, Conway and Jones polynomials.
Convention: KnotInfo's signs: a positive knot has signature <= 0; Jones in t, with the square root of t for even numbers of components.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from erlangen.cli.options import verb
from erlangen.cli.table import Column, Table
from erlangen.cli.terminal import Terminal
from erlangen.errors import DomainError

__all__ = ["command"]


@verb("invariants", epilog='Example: erlangen knot invariants "X[1,5,2,4] X[3,1,4,6] X[5,3,6,2]"')
@click.argument("link", metavar="NAME|PD|BRAID")
def command(terminal: Terminal, link: str) -> None:
    """Print the classical invariants of a knot or link."""
    topology = import_module("erlangen.topology")
    found = topology.parse_link(link)
    rows: dict[str, Any] = {
        "crossings": found.n_crossings,
        "components": found.n_components,
        "writhe": found.writhe,
        "signature": topology.signature(found),
        "nullity": topology.nullity(found),
        "determinant": topology.determinant(found),
        "arf": _where_defined(topology.arf_invariant, found),
        "seifert genus of the diagram": topology.seifert_genus(found),
        "alexander": str(topology.alexander_polynomial(found)),
        "conway": str(topology.conway_polynomial(found)),
        "jones": str(topology.jones_polynomial(found)),
    }
    if found.n_components > 1:
        rows["linking matrix"] = [list(map(int, row)) for row in topology.linking_matrix(found)]
    if terminal.json:
        terminal.document({"input": link, **{key.replace(" ", "_"): value for key, value in rows.items()}})
        return
    terminal.line(link, style="bold")
    table = Table([Column("invariant"), Column("value", fold=True)])
    for key, value in rows.items():
        table.add(key, "–" if value is None else str(value))
    terminal.table(table)


def _where_defined(function: Any, link: Any) -> Any:
    """Return an invariant, or None where the link has none."""
    try:
        return function(link)
    except DomainError:
        return None
