"""``erlangen knot homology``: Khovanov homology of one link.

Definition: :func:`erlangen.topology.khovanov_homology` and its kin; the link as :func:`erlangen.topology.parse_link` reads it.
Convention: KnotInfo's degrees; the table has h to the right and q upwards; ``1₂`` is a summand Z/2.
"""

from __future__ import annotations

from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from erlangen.cli.knots.question import Question, question, question_options
from erlangen.cli.options import verb
from erlangen.cli.progress import Progress
from erlangen.cli.terminal import Terminal

__all__ = ["command"]

_PATH = click.Path(path_type=Path, dir_okay=False)
_FORMATS = ("text", "latex", "html", "svg")
_EPILOG = (
    'Examples: erlangen knot homology "T(6,7)" --reduced; erlangen knot homology "[1,-2,1,-2]" --ring F2 --s --json'
)


@verb("homology", epilog=_EPILOG)
@click.argument("link", metavar="NAME|PD|BRAID")
@question_options
@click.option(
    "--table", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="Form of the table."
)
@click.option("--output", "-o", type=_PATH, metavar="FILE", help="Write the table there instead of printing it.")
@click.option(
    "--checkpoint",
    type=_PATH,
    metavar="FILE",
    help="Keep the state of a long scan there; the same command with the same FILE goes on from it.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 1024),
    default=1,
    show_default=True,
    metavar="N",
    help="Threads of the scan; the result does not depend on it.",
)
def command(
    terminal: Terminal,
    link: str,
    form: str,
    output: Path | None,
    checkpoint: Path | None,
    threads: int,
    **options: Any,
) -> None:
    """Compute the Khovanov homology of a knot or link.

    It is named (8_19, K11n34, L6a4, T(7,8)), or spelt as a planar diagram (X[1,5,2,4] …, or [[1,5,2,4],…]), as a braid word
    ([1,-2,1,-2], or braid:aBaB), or as dt:… or gauss:….
    """
    asked = question(options)
    topology, answers = import_module("erlangen.topology"), import_module("erlangen.cli.knots.answer")
    found = topology.parse_link(link)
    group = _computed(terminal, found, asked, checkpoint, threads)
    document = answers.answer(found, asked, group, threads=threads)
    if output is not None:
        output.write_text(_table(group, asked, form, link) + "\n", encoding="utf-8")
    if terminal.json:
        terminal.document({"input": link, **document})
        return
    _print(terminal, link, asked, document)
    if output is not None:
        terminal.line(f"written to {output}")
    else:
        terminal.line(_table(group, asked, form, link))


def _computed(terminal: Terminal, link: Any, asked: Question, checkpoint: Path | None, threads: int) -> Any:
    """Compute with progress."""
    plans, progress = import_module("erlangen.topology"), import_module("erlangen.cli.knots.scan_progress")
    girths = plans.scan_plan(link).girths if link.n_crossings else ()
    with ExitStack() as stack:
        show = stack.enter_context(Progress(terminal, "scan"))
        told = progress.scan_progress(show, girths)
        answers = import_module("erlangen.cli.knots.answer")
        return answers.homology(link, asked, progress=told, checkpoint=checkpoint, threads=threads)


def _table(group: Any, asked: Question, form: str, title: str) -> str:
    """Return the table in the form asked for."""
    if asked.theory == "bar-natan":
        return str(group)
    return str(group.table(format=form, title=None if form == "text" else title))


def _print(terminal: Terminal, link: str, asked: Question, document: dict[str, Any]) -> None:
    """Print the heading and what is said beside the table."""
    terminal.line(link, style="bold")
    parts = "knot" if document["components"] == 1 else f"link of {document['components']} components"
    terminal.line(f"{document['crossings']} crossings, {parts}; {asked.words()}")
    if "poincare" in document:
        terminal.line(f"{document['poincare']}")
        terminal.line(f"width {document['width']}; Euler characteristic {document['euler']}")
    if "s" in document:
        terminal.line(f"s = {document['s']}")
    terminal.line()
