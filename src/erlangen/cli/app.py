"""The root command and the table of its commands.

Definition: :data:`COMMANDS` maps a name to the module that holds it; :func:`main` is the console script.
Convention: nothing heavier than click is imported here; see :mod:`erlangen.cli.guard` for what becomes of errors.
"""

from __future__ import annotations

import click

from erlangen import __version__
from erlangen.cli.guard import GuardedGroup
from erlangen.cli.lazy_group import Entry

__all__ = ["COMMANDS", "cli", "main"]

_ROOM = "erlangen.cli.commands"
_PAPERS, _DATA, _RECORDS, _HOUSE = "Papers", "Your own data", "Records", "The house"

COMMANDS = {
    "papers": Entry(f"{_ROOM}.papers", "List the papers with the state of their claims.", _PAPERS),
    "show": Entry(f"{_ROOM}.show", "Show one paper: abstract, claims, parameters, last run.", _PAPERS),
    "run": Entry(f"{_ROOM}.run", "Run a paper and judge its claims.", _PAPERS),
    "reproduce": Entry(f"{_ROOM}.reproduce", "Run papers and print their value beside ours.", _PAPERS),
    "cite": Entry(f"{_ROOM}.cite", "Print BibTeX of papers, or of this software.", _PAPERS),
    "embed": Entry(f"{_ROOM}.embed", "Embed a point cloud from a file (heat geodesic, PHATE, …).", _DATA),
    "covariance": Entry(f"{_ROOM}.covariance", "Classify signals by their covariances, average them, embed.", _DATA),
    "tensor-product": Entry(
        f"{_ROOM}.tensor_product", "Explain a tensor product of irreps, or time its routes.", _DATA
    ),
    "potential": Entry(f"{_ROOM}.potential", "Fit a force field to your frames, judge it, run dynamics.", _DATA),
    "knot": Entry(f"{_ROOM}.knot", "Khovanov homology of knots and links, pictures, tables.", _DATA),
    "charges": Entry(f"{_ROOM}.charges", "Symmetries, conservation laws and charges of field theories.", _DATA),
    "runs": Entry(f"{_ROOM}.runs", "List the runs in the store.", _RECORDS),
    "resume": Entry(f"{_ROOM}.resume", "Continue an interrupted run.", _RECORDS),
    "compare": Entry(f"{_ROOM}.compare", "Compare two runs: parameters, metrics, environment.", _RECORDS),
    "digest": Entry(f"{_ROOM}.digest", "What changed: new runs and verdicts, as text, Atom or mail.", _RECORDS),
    "gallery": Entry(f"{_ROOM}.gallery", "Build the page, or serve it with live runs.", _HOUSE),
    "bench": Entry(f"{_ROOM}.bench", "Measure against named peers.", _HOUSE),
    "doctor": Entry(f"{_ROOM}.doctor", "Versions, threads, kernels, store, and a self-test.", _HOUSE),
    "completion": Entry(f"{_ROOM}.completion", "Print the completion script of your shell.", _HOUSE),
}


@click.group(
    cls=GuardedGroup,
    entries=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit codes: 0 ok, 1 failed reproduction, 2 usage, 3 bad input, 4 resource limit, 70 internal error, 130 interrupted.",
)
@click.version_option(__version__, "-V", "--version", prog_name="erlangen", message="%(prog)s %(version)s")
@click.option(
    "--debug", is_flag=True, expose_value=False, help="Print the traceback of an error (after any command as well)."
)
def cli() -> None:
    """Geometry and symmetry for computing: papers that run, their claims checked, and their methods on your data."""


def main() -> None:
    """Run the command line of this process; never returns."""
    cli.main(prog_name="erlangen")
