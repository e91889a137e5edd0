"""``erlangen gallery serve``: serve the page on this machine, with live runs.

Definition: see :func:`erlangen.gallery.serve`; bound to 127.0.0.1 only.
Convention: port 0 takes a free one; the address is printed when the server is about to listen; Ctrl-C stops it.
"""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from erlangen import gallery
from erlangen.cli.options import benchmarks_option, root_option, verb
from erlangen.cli.terminal import Terminal
from erlangen.runs import RunStore

__all__ = ["command"]


@verb("serve")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="Port on 127.0.0.1; 0 takes a free one.",
)
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
@benchmarks_option
@root_option
def command(terminal: Terminal, port: int, show: bool, benchmarks: Path | None, root: Path | None) -> None:
    """Serve the page on this machine, with live runs."""

    def ready(url: str) -> None:
        if terminal.json:
            terminal.document({"url": url})
        else:
            terminal.line(f"the page is at {url} (Ctrl-C stops it)")
        if show:
            webbrowser.open(url)

    gallery.serve(port, store=RunStore(), benchmarks=benchmarks, root=root, on_ready=ready)
