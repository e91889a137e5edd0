"""``erlangen knot``: homology, pictures, tables and classical invariants of knots and links.

Definition: ``homology``, ``invariants`` and ``draw`` take one link, ``table`` takes many.
Convention: the group loads nothing until one of its commands is named.
"""

from __future__ import annotations

import click

from erlangen.cli.lazy_group import Entry, LazyGroup

__all__ = ["command"]

_ROOM = "erlangen.cli.commands"
_ENTRIES = {
    "homology": Entry(f"{_ROOM}.knot_homology", "Khovanov homology over any ring, s, odd and Bar-Natan's."),
    "invariants": Entry(f"{_ROOM}.knot_invariants", "Jones, Alexander, signature and their like."),
    "draw": Entry(f"{_ROOM}.knot_draw", "Draw the diagram as SVG."),
    "table": Entry(f"{_ROOM}.knot_table", "Homology of many links, in parallel, resumable."),
}


@click.group("knot", cls=LazyGroup, entries=_ENTRIES)
def command() -> None:
    """Homology, pictures, tables and classical invariants of knots and links."""
