"""Arguments that name things of the house: papers, runs.

Definition: the value stays a text, the rooms resolve it and suggest the nearest name; completion lists what there is.
Convention: a run is named by its 12 hexadecimal digits or any unique beginning of them.
"""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from erlangen.errors import ErlangenError
from erlangen.papers import papers
from erlangen.runs import RunStore

__all__ = ["RunName", "Slug"]


class Slug(click.ParamType):
    """The slug of a paper."""

    name = "slug"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """List the slugs that begin so."""
        return [CompletionItem(p.slug, help=p.title) for p in papers() if p.slug.startswith(incomplete)]


class RunName(click.ParamType):
    """The id of a run, or a unique beginning of it."""

    name = "run"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """List the runs that begin so."""
        try:
            found = RunStore().runs(limit=200)
        except (ErlangenError, OSError):
            return []
        return [CompletionItem(r.id, help=f"{r.slug} {r.status}") for r in found if r.id.startswith(incomplete)]
