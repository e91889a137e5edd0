"""What the commands of potentials share: names of keys, threads, and the words of refusals.

Definition: :func:`key_options` adds ``--energy-key`` and ``--forces-key``; :data:`FRAME_WORDS` tells arguments of the library as options.
Convention: a key ``none`` says that the file has no such values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["FRAME_WORDS", "key_options", "threads_option", "wanted_key"]

F = TypeVar("F", bound=Callable[..., Any])

FRAME_WORDS = {
    "energy_key": "--energy-key",
    "forces_key": "--forces-key",
    "energy_key=None": "--energy-key none",
    "forces_key=None": "--forces-key none",
    "product must": "--product must",
    "timestep": "--timestep",
    "cutoff": "--cutoff",
    "lmax": "--lmax",
    "channels": "--channels",
    "hidden": "--hidden",
    "layers": "--layers",
    "correlation": "--correlation",
    "lr": "--lr",
    "batch": "--batch",
}


def key_options(function: F) -> F:
    """Add ``--energy-key`` and ``--forces-key``."""
    for name, default in (("forces", "forces"), ("energy", "energy")):
        text = f"Under which name the files have {name if name == 'forces' else 'energies'}; none: they have none."
        function = click.option(f"--{name}-key", metavar="KEY", default=default, show_default=True, help=text)(function)
    return function


def threads_option(function: F) -> F:
    """Add ``--threads``."""
    text = "Threads of the kernels [default: all processors]."
    return click.option("--threads", type=click.IntRange(1, 1024), metavar="N", help=text)(function)


def wanted_key(text: str) -> str | None:
    """Return the key, ``None`` for ``none``.

    Examples
    --------
    >>> wanted_key("REF_energy"), wanted_key("none")
    ('REF_energy', None)
    """
    return None if text == "none" else text
