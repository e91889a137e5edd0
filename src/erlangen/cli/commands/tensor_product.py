"""``erlangen tensor-product``: what a product of irreps couples, and what its routes cost here.

Definition: ``explain`` prints paths, expressivity and costs, ``bench`` times the routes on this machine.
Convention: the group loads nothing until one of its commands is named.
"""

from __future__ import annotations

import click

from erlangen.cli.lazy_group import Entry, LazyGroup

__all__ = ["command"]

_ENTRIES = {
    "explain": Entry("erlangen.cli.commands.tensor_product_explain", "Paths kept, lost and recovered; cost; route."),
    "bench": Entry("erlangen.cli.commands.tensor_product_bench", "Time the routes of each kind on this machine."),
}


@click.group("tensor-product", cls=LazyGroup, entries=_ENTRIES)
def command() -> None:
    """Explain a tensor product of irreps, or time its routes."""
