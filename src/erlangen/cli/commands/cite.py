"""``erlangen cite``: BibTeX of the papers, and of this software.

Definition: entries are those of the manifests; ``--software`` is the entry of erlangen itself with its version.
Convention: several entries are separated by a blank line; at least one paper, ``--all`` or ``--software`` has to be asked for.
"""

from __future__ import annotations

from pathlib import Path

import click

from erlangen import __version__
from erlangen.cli.options import root_option, verb
from erlangen.cli.parameters import slug_argument
from erlangen.cli.terminal import Terminal
from erlangen.papers import paper, papers

__all__ = ["command", "software_bibtex"]


def software_bibtex() -> str:
    """Return the BibTeX entry of this software.

    Examples
    --------
    >>> print(software_bibtex().splitlines()[0])
    @software{erlangen,
    """
    fields = {
        "title": "{erlangen}: geometry and symmetry for computing",
        "author": "{The erlangen developers}",
        "version": __version__,
        "license": "BSD-3-Clause",
    }
    lines = [f"  {name:<7} = {{{value}}}," for name, value in fields.items()]
    return "\n".join(["@software{erlangen,", *lines, "}"])


@verb("cite")
@slug_argument("slugs", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every paper.")
@click.option("--software", is_flag=True, help="This software.")
@root_option
def command(terminal: Terminal, slugs: tuple[str, ...], everything: bool, software: bool, root: Path | None) -> None:
    """Print BibTeX of papers, or of this software."""
    if not (slugs or everything or software):
        message = "name papers, or say --all or --software"
        raise click.UsageError(message, click.get_current_context())
    chosen = papers(root) if everything else [paper(slug, root) for slug in dict.fromkeys(slugs)]
    entries = {item.slug: item.bibtex().strip() for item in chosen}
    if software:
        entries["erlangen"] = software_bibtex()
    if terminal.json:
        terminal.document({"entries": [{"key": key, "bibtex": text} for key, text in entries.items()]})
    terminal.line("\n\n".join(entries.values()))
