"""``erlangen charges bms3``: three-dimensional asymptotically flat space, numerically.

Definition: ``orbit`` classifies a function Θ of the angle.
Convention: the group loads nothing until one of its commands is named.
"""

from __future__ import annotations

import click

from erlangen.cli.lazy_group import Entry, LazyGroup

__all__ = ["command"]

_ENTRIES = {"orbit": Entry("erlangen.cli.commands.charges_orbit", "The orbit of Theta under superrotations.")}


@click.group("bms3", cls=LazyGroup, entries=_ENTRIES)
def command() -> None:
    """Orbits of three-dimensional asymptotically flat space."""
