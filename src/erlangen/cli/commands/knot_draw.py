"""``erlangen knot draw``: the diagram of a link as SVG.

Definition: :func:`erlangen.topology.draw_link` of the link as :func:`erlangen.topology.parse_link` reads it.
Convention: SVG to standard output, or to a file with ``-o``; the lower strand is broken at a crossing.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from erlangen.cli.options import verb
from erlangen.cli.terminal import Terminal

__all__ = ["command"]


@verb("draw", epilog='Example: erlangen knot draw "T(3,4)" --arrows -o torus.svg')
@click.argument("link", metavar="NAME|PD|BRAID")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write there.")
@click.option(
    "--size", type=click.IntRange(16, 10_000), default=360, show_default=True, help="Length of the longer side, pixels."
)
@click.option("--arrows", is_flag=True, help="Mark the orientation of each component.")
@click.option("--edge-labels", is_flag=True, help="Write the numbers of the edges.")
@click.option("--crossing-labels", is_flag=True, help="Write the numbers of the crossings.")
@click.option("--simplify", is_flag=True, help="Remove crossings by Reidemeister moves first.")
def command(terminal: Terminal, link: str, output: Path | None, simplify: bool, **options: Any) -> None:
    """Draw a knot or link as SVG, named or spelt as for 'knot homology'."""
    topology = import_module("erlangen.topology")
    found = topology.parse_link(link)
    if simplify:
        found = topology.simplify(found)
    svg = topology.draw_link(found).svg(title=link, **options)
    if output is not None:
        output.write_text(svg + "\n", encoding="utf-8")
    if terminal.json:
        pd = [list(crossing) for crossing in found.crossings]
        terminal.document({"input": link, "crossings": found.n_crossings, "pd": pd, "svg": svg, "output": output})
    elif output is None:
        terminal.line(svg)
    else:
        terminal.line(f"written to {output}")
