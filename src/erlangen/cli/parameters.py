"""Arguments that name things of the house: papers, runs.

Definition: the value stays a text, the rooms resolve it and suggest the nearest name; completion lists what there is.
Convention: a run is named by its 12 hexadecimal digits or any unique beginning of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from erlangen.errors import ErlangenError
from erlangen.papers import papers
from erlangen.runs import RunStore

__all__ = ["run_argument", "run_option", "slug_argument"]

F = TypeVar("F", bound=Callable[..., Any])


def _slugs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """List the slugs that begin so."""
    return [CompletionItem(p.slug, help=p.title) for p in papers() if p.slug.startswith(incomplete)]


def _runs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """List the runs that begin so; a store that cannot be read completes nothing."""
    try:
        found = RunStore().runs(limit=200)
    except (ErlangenError, OSError):
        return []
    return [CompletionItem(r.id, help=f"{r.slug} {r.status}") for r in found if r.id.startswith(incomplete)]


def slug_argument(name: str = "slug", **attributes: Any) -> Callable[[F], F]:
    """Add an argument that names papers by their slugs."""
    return click.argument(name, shell_complete=_slugs, **attributes)


def run_argument(name: str, **attributes: Any) -> Callable[[F], F]:
    """Add an argument that names a run."""
    return click.argument(name, shell_complete=_runs, **attributes)


def run_option(*names: str, **attributes: Any) -> Callable[[F], F]:
    """Add an option that names a run."""
    return click.option(*names, shell_complete=_runs, metavar="RUN", **attributes)
