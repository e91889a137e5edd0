"""``erlangen gallery``: the page.

Definition: ``build`` writes a static site that opens from disk; ``serve`` shows the same pages on 127.0.0.1 with live runs.
Convention: the group loads nothing of the gallery until one of its commands is named.
"""

from __future__ import annotations

import click

from erlangen.cli.lazy_group import Entry, LazyGroup

__all__ = ["command"]

_ENTRIES = {
    "build": Entry("erlangen.cli.commands.gallery_build", "Write the static site to a folder."),
    "serve": Entry("erlangen.cli.commands.gallery_serve", "Serve the page on this machine, with live runs."),
}


@click.group("gallery", cls=LazyGroup, entries=_ENTRIES)
def command() -> None:
    """Build the page, or serve it with live runs."""
