"""``erlangen charges``: symmetries, conservation laws and charges of field theories.

Definition: ``symmetries`` and ``conservation-laws`` take differential equations, ``killing`` and ``surface`` a spacetime, ``asymptotic`` a
    file with gauge and fall-offs, ``bms3 orbit`` a function of the angle.
Convention: the group loads nothing until one of its commands is named.
"""

from __future__ import annotations

import click

from erlangen.cli.lazy_group import Entry, LazyGroup

__all__ = ["command"]

_ROOM = "erlangen.cli.commands"
_ENTRIES = {
    "symmetries": Entry(
        f"{_ROOM}.charges_symmetries", "Point, contact and generalised symmetries of differential equations."
    ),
    "conservation-laws": Entry(f"{_ROOM}.charges_conservation_laws", "Conserved currents of differential equations."),
    "killing": Entry(f"{_ROOM}.charges_killing", "Curvature of a spacetime and the dimension of its isometries."),
    "surface": Entry(f"{_ROOM}.charges_surface", "Surface charge of a vector field about a spacetime."),
    "asymptotic": Entry(f"{_ROOM}.charges_asymptotic", "Asymptotic symmetries from gauge and fall-offs in a file."),
    "bms3": Entry(f"{_ROOM}.charges_bms3", "Orbits of three-dimensional asymptotically flat space."),
}


@click.group("charges", cls=LazyGroup, entries=_ENTRIES)
def command() -> None:
    """Symmetries, conservation laws and charges of field theories, exactly."""
