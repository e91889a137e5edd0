"""The kinds of products by the names that the command takes.

Definition: :data:`KINDS` are those of :mod:`erlangen.representations.products`, :data:`PRODUCTS` those of a potential; short names stand for some.
Convention: spelt out here, so that help and completion load no torch; a test holds them equal to the library's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from erlangen.cli.lazy_group import suggestion

__all__ = ["KINDS", "PRODUCTS", "kind", "kinds"]

KINDS = ("clebsch-gordan", "gaunt", "bracket", "complete-gaunt", "matrix")
PRODUCTS = ("clebsch-gordan", "gaunt", "complete-gaunt")
_SHORT = {"cg": "clebsch-gordan", "gtp": "gaunt", "mtp": "matrix"}


def kind(text: str, choices: Sequence[str] = KINDS) -> str:
    """Return the kind that a name or a short name stands for.

    Examples
    --------
    >>> kind("cg"), kind("gaunt")
    ('clebsch-gordan', 'gaunt')
    """
    found = _SHORT.get(text.strip().lower(), text.strip().lower())
    if found in choices:
        return found
    hint = suggestion(found, choices) or f"choose from {', '.join(choices)}"
    message = f"{text.strip()!r} is no kind of product ({hint})"
    raise click.BadParameter(message)


def kinds(choices: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """Return a parameter type that reads a list with commas, each kind once.

    Examples
    --------
    >>> kinds(PRODUCTS)("cg,gaunt,cg")
    ('clebsch-gordan', 'gaunt')
    """

    def read(text: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(kind(part, choices) for part in text.split(",")))

    read.__name__ = "list"
    return read
