"""A click group whose commands are a static table, loaded only when they are named.

Definition: an :class:`Entry` gives the module, the short help and the section of a command; the module's attribute ``command`` is the command.
Convention: listing, help and completion read the table alone, so that ``erlangen --help`` imports no command module.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

__all__ = ["Entry", "LazyGroup", "suggestion"]


@dataclass(frozen=True)
class Entry:
    """Where a command lives and what it does, in one line."""

    module: str
    help: str
    section: str = "Commands"


def suggestion(word: str, choices: Sequence[str]) -> str | None:
    """Return the hint ``did you mean …?`` for a misspelt ``word``, or ``None`` where nothing is near.

    Examples
    --------
    >>> suggestion("papres", ["papers", "show"])
    "did you mean 'papers'?"
    """
    near = get_close_matches(word, choices, n=2, cutoff=0.6) or [c for c in choices if word and c.startswith(word)][:2]
    return f"did you mean {' or '.join(map(repr, near))}?" if near else None


class LazyGroup(click.Group):
    """A group over a table ``name -> Entry``."""

    def __init__(self, *args: Any, entries: Mapping[str, Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = dict(entries)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command and return its attribute ``command``."""
        entry = self.entries.get(cmd_name)
        return None if entry is None else import_module(entry.module).command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Print the help where no command is named; that is a wrong use (exit code 2)."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Refuse an unknown name with the nearest one."""
        if args and not args[0].startswith("-") and args[0] not in self.entries and not ctx.resilient_parsing:
            message = f"no such command {args[0]!r}"
            hint = suggestion(args[0], list(self.entries)) or f"'{ctx.command_path} --help' lists them"
            msg = f"{message} ({hint})"
            raise click.UsageError(msg, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands of each section, from the table alone."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, entry in self.entries.items():
            sections.setdefault(entry.section, []).append((name, entry.help))
        width = max(map(len, self.entries))
        for section, rows in sections.items():
            with formatter.section(section):
                formatter.write_dl([(name.ljust(width), text) for name, text in rows])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete names from the table, options as click does."""
        items = [CompletionItem(n, help=e.help) for n, e in self.entries.items() if n.startswith(incomplete)]
        return items + click.Command.shell_complete(self, ctx, incomplete)
