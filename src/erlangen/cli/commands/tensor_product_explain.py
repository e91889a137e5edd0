"""``erlangen tensor-product explain``: what a product couples, how free it is, what each route costs.

Definition: the table of :func:`erlangen.representations.products.explain`, with the verdict *recovered* where the bracket couples what Gaunt loses.
Convention: without IRREPS_OUT the output holds every irrep that symmetry allows, once.
"""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import Any

import click

from erlangen.cli.options import verb
from erlangen.cli.product_kinds import KINDS, kind
from erlangen.cli.table import Column, Table, number
from erlangen.cli.terminal import Terminal
from erlangen.errors import DomainError

__all__ = ["command"]

_EPILOG = 'Example: erlangen tensor-product explain "16x0e+16x1o+16x2e" "0e+1o+2e" --kind gaunt'
_MEANING = {
    "clebsch-gordan": "each path has a weight of its own",
    "gaunt": "product of functions on the sphere: one number a degree; paths of odd degree sum are lost",
    "bracket": "Poisson bracket of functions on the sphere: paths of odd degree sum alone",
    "complete-gaunt": "product and Poisson bracket of functions: every path, one number a degree for each of the two",
    "matrix": "product of matrices that carry the degrees: every path with 6j symbols as strengths",
}


@verb("explain", epilog=_EPILOG)
@click.argument("irreps_1", metavar="IRREPS1")
@click.argument("irreps_2", metavar="IRREPS2")
@click.argument("irreps_out", metavar="[IRREPS_OUT]", required=False)
@click.option(
    "--kind", "-k", type=kind, default="clebsch-gordan", show_default=True, help=f"One of {', '.join(KINDS)}."
)
@click.option("--rank", "-r", type=click.IntRange(1), default=1, show_default=True, help="Products that are summed.")
@click.option("--no-parity", is_flag=True, help="Irreps of SO(3): inversion does not count.")
def command(terminal: Terminal, irreps_1: str, irreps_2: str, irreps_out: str | None, **options: Any) -> None:
    """Explain the tensor product of IRREPS1 and IRREPS2, such as "16x0e+8x1o", into IRREPS_OUT."""
    products = import_module("erlangen.representations.products")
    parity = not options["no_parity"]
    out = _reachable(irreps_1, irreps_2, parity) if irreps_out is None else irreps_out
    spec = products.ProductSpec(irreps_1, irreps_2, out, options["kind"], options["rank"], parity)
    _check_reached(spec)
    report = products.explain(spec)
    if terminal.json:
        terminal.document({**report.rows(), **_head(spec), "fates": _fates(report)})
    _print(terminal, spec, report)


def _reachable(one: Any, two: Any, parity: bool) -> Any:
    """Return each irrep of the product once, sorted."""
    make = import_module("erlangen.representations").Irreps
    found = {c for _, a in make(one) for _, b in make(two) for c in a * b}
    if not parity:  # an irrep of SO(3) is written with the parity of its degree
        found = {type(c)(c.l, (-1) ** c.l) for c in found}
    return make([(1, c) for c in sorted(found, key=lambda c: (c.l, -c.p * (-1) ** c.l))])


def _check_reached(spec: Any) -> None:
    """Refuse an output that symmetry does not allow."""
    reached = {k for _, _, k in spec.allowed}
    for k, (_, ir) in enumerate(spec.irreps_out):
        if k not in reached:
            can = ", ".join(str(c) for _, c in _reachable(spec.irreps_in1, spec.irreps_in2, spec.parity)) or "nothing"
            message = f"IRREPS_OUT: {ir} is not reached from {spec.irreps_in1} x {spec.irreps_in2}"
            raise DomainError(message, hint=f"reached are {can}")


def _head(spec: Any) -> dict[str, Any]:
    """Return the product in words that a program reads."""
    names = ("irreps_in1", "irreps_in2", "irreps_out")
    return {**{name: str(getattr(spec, name)) for name in names}, "kind": spec.kind, "rank": spec.rank}


def _fates(report: Any) -> dict[str, int]:
    """Return how many paths are kept, lost and recovered."""
    counts = Counter(row["fate"] for row in report.paths)
    return {fate: counts.get(fate, 0) for fate in ("kept", "lost", "recovered")}


def _print(terminal: Terminal, spec: Any, report: Any) -> None:
    """Print the summary and the two tables."""
    terminal.line(f"{spec.irreps_in1} x {spec.irreps_in2} -> {spec.irreps_out}", style="bold")
    terminal.line(f"{spec.kind}, rank {spec.rank}: {_MEANING[spec.kind]}")
    told = ", ".join(f"{count} {fate}" for fate, count in _fates(report).items() if count)
    terminal.line(f"{len(report.paths)} paths allowed: {told or 'none'}; expressivity {report.expressivity}")
    if spec.kind == "gaunt" and _fates(report)["lost"]:
        terminal.line("--kind complete-gaunt recovers paths of odd degree sum by the bracket")
    terminal.line()
    titles = ("in1", "in2", "out", "copies")
    table = Table([*(Column(title, right=True) for title in titles), Column("fate"), Column("strength", right=True)])
    for row in report.paths:
        table.add(*(str(row[title]) for title in titles), str(row["fate"]), number(float(row["strength"])))
    terminal.table(table)
    terminal.line()
    costs = Table([Column("method"), Column("operations a sample", right=True), Column("")])
    for row in report.methods:
        costs.add(str(row["method"]), f"{row['flops']:,}", "chosen" if row["method"] == report.method else "")
    terminal.table(costs)
    terminal.line(f"chosen: {report.method}, {report.reason}")
