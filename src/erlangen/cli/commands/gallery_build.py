"""``erlangen gallery build``: write the static site.

Definition: see :func:`erlangen.gallery.build`; the site opens from disk, without network and without a server.
Convention: the first page is named on standard output.
"""

from __future__ import annotations

from pathlib import Path

import click

from erlangen import gallery
from erlangen.cli.options import benchmarks_option, root_option, verb
from erlangen.cli.terminal import Terminal
from erlangen.errors import DomainError
from erlangen.runs import RunStore

__all__ = ["command"]


@verb("build")
@click.argument("out", type=click.Path(path_type=Path))
@benchmarks_option
@root_option
def command(terminal: Terminal, out: Path, benchmarks: Path | None, root: Path | None) -> None:
    """Write the static site to the folder OUT."""
    if out.exists() and not out.is_dir():
        message = f"OUT: {str(out)!r} is a file"
        raise DomainError(message, hint="give the name of a folder")
    gallery.build(out, store=RunStore(), benchmarks=benchmarks, root=root)
    index = (out / "index.html").resolve()
    pages = sorted(str(path.relative_to(out)) for path in out.rglob("*.html"))
    if terminal.json:
        terminal.document({"folder": str(out.resolve()), "index": str(index), "url": index.as_uri(), "pages": pages})
        return
    terminal.line(f"{len(pages)} pages written; open {index.as_uri()}")
