"""``erlangen digest``: what changed, for a reader or a mail program.

Definition: the runs that ended since a day and the verdicts they changed; see :mod:`erlangen.cli.news`.
Convention: seven days by default; text, an Atom feed or a mail draft; nothing is ever sent.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from erlangen.cli.claims import verdict_counts
from erlangen.cli.news import Item, as_atom, as_eml, as_text, count, news
from erlangen.cli.options import moment, root_option, verb
from erlangen.cli.points.atomic import atomic_path
from erlangen.cli.terminal import Terminal
from erlangen.errors import DomainError
from erlangen.papers import papers
from erlangen.runs import RunStore

__all__ = ["command"]

_FORMATS = {"text": as_text, "atom": as_atom, "eml": as_eml}


@verb("digest")
@click.option("--since", type=moment, metavar="DATE", help="From this day or moment on [default: seven days ago].")
@click.option(
    "--format", "form", type=click.Choice(list(_FORMATS)), default="text", show_default=True, help="Form of the digest."
)
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write it to a file.")
@root_option
def command(terminal: Terminal, since: datetime | None, form: str, output: Path | None, root: Path | None) -> None:
    """Tell what changed: new runs and verdicts, as text, Atom or mail."""
    start = since or datetime.now(UTC) - timedelta(days=7)
    items = news(papers(root), RunStore().runs(), start)
    if output is not None:
        if not output.absolute().parent.is_dir():
            message = f"--output: there is no folder {str(output.parent)!r}"
            raise DomainError(message, hint=f"mkdir -p {output.parent}")
        with atomic_path(output) as temporary:
            temporary.write_text(_FORMATS[form](items, start), encoding="utf-8", newline="")
        terminal.note(f"{count(len(items), 'run')} written to {output}")
    if terminal.json:
        terminal.document({"since": start, "items": [_document(item) for item in items]})
    elif output is None:
        terminal.line(_FORMATS[form](items, start).replace("\r\n", "\n").rstrip("\n"))


def _document(item: Item) -> dict[str, object]:
    """Return one run and its changes as JSON holds them."""
    changes = [
        {
            "claim": c.claim.id,
            "before": c.before,
            "after": c.after,
            "value": c.value,
            "paper_value": c.claim.paper_value,
        }
        for c in item.changes
    ]
    return {
        "time": item.when,
        "slug": item.paper.slug,
        "run": item.run.id,
        "status": item.run.status,
        "seconds": item.run.seconds,
        "verdicts": verdict_counts(item.judgements),
        "changes": changes,
    }
