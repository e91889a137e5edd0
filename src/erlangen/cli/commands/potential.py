"""``erlangen potential``: a force field from your own frames.

Definition: ``fit`` trains on energies and forces, ``evaluate`` compares with a calculation, ``md`` runs dynamics.
Convention: the group loads nothing until one of its commands is named.
"""

from __future__ import annotations

import click

from erlangen.cli.lazy_group import Entry, LazyGroup

__all__ = ["command"]

_ENTRIES = {
    "fit": Entry("erlangen.cli.commands.potential_fit", "Fit to energies and forces; compare products."),
    "evaluate": Entry("erlangen.cli.commands.potential_evaluate", "Errors on frames; write predictions."),
    "md": Entry("erlangen.cli.commands.potential_md", "Molecular dynamics, resumable."),
}


@click.group("potential", cls=LazyGroup, entries=_ENTRIES)
def command() -> None:
    """Fit an equivariant interatomic potential, judge it, run molecular dynamics."""
