"""``erlangen tensor-product bench``: time the routes of each kind of product on this machine.

Definition: median processor time a product, forward and forward with backward, and the same over the expressivity of the kind.
Convention: our own routes against each other; peers are measured by ``erlangen bench``, in environments of their own.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from erlangen import __version__
from erlangen.cli.options import seed_option, verb
from erlangen.cli.product_kinds import KINDS, kinds
from erlangen.cli.progress import Progress
from erlangen.cli.table import Column, Table, number
from erlangen.cli.terminal import Terminal

__all__ = ["command"]

_EPILOG = "Example: erlangen tensor-product bench --lmax 4 --setting mimo --kinds cg,gaunt"
_NOTE = "routes of this library against each other, one thread, float32; peers are measured by 'erlangen bench'"
_SETTINGS = ("siso", "simo", "mimo")


@verb("bench", epilog=_EPILOG)
@click.option("--lmax", "-L", type=click.IntRange(0, 16), default=4, show_default=True, help="Highest degree.")
@click.option(
    "--setting",
    type=click.Choice(_SETTINGS),
    default="mimo",
    show_default=True,
    help="One degree into one, one into all, all into all.",
)
@click.option(
    "--kinds",
    type=kinds(KINDS),
    metavar="LIST",
    help=f"Of {', '.join(KINDS)} [default: clebsch-gordan,gaunt, and without --parity complete-gaunt].",
)
@click.option("--parity", is_flag=True, help="Natural parity, as in the paper: paths of even degree sum alone.")
@click.option("--rows", type=click.IntRange(1), default=64, show_default=True, help="Samples.")
@click.option("--channels", type=click.IntRange(1), default=32, show_default=True, help="Channels of each sample.")
@click.option("--repeats", type=click.IntRange(1), default=9, show_default=True, help="Of which the median is told.")
@seed_option
def command(terminal: Terminal, **options: Any) -> None:
    """Time the routes of tensor products on this machine."""
    work = import_module("erlangen.cli.product_timing")
    parity, where = options["parity"], (options["setting"], options["lmax"])
    if parity and set(options["kinds"] or ()) - {"clebsch-gordan", "gaunt"}:
        message = "--parity leaves paths of even degree sum alone: the kinds to compare are clebsch-gordan and gaunt"
        raise click.UsageError(message, click.get_current_context())
    wanted = options["kinds"] or ("clebsch-gordan", "gaunt", *(() if parity else ("complete-gaunt",)))
    chosen = work.coupled(*where, wanted, parity=parity)
    for kind in sorted(set(wanted) - set(chosen)):
        terminal.note(f"note: {kind} couples nothing in {where[0]} at L = {where[1]}: left out")
    torch: Any = import_module("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with Progress(terminal, "timing") as progress:
            sizes = {name: options[name] for name in ("rows", "channels", "repeats", "seed")}
            found = work.timings(*where, chosen, parity=parity, **sizes, on_progress=progress)
    finally:
        torch.set_num_threads(before)
    count = options["rows"] * options["channels"]
    if terminal.json:
        rows = [{**_plain(item), "per_unit": item.per_unit(count)} for item in found]
        about = {name: options[name] for name in ("lmax", "setting", "parity", "rows", "channels", "repeats", "seed")}
        terminal.document({**about, "note": _NOTE, "routes": rows, "versions": _versions(torch)})
    terminal.line(
        f"{options['setting']}, L = {options['lmax']}, {options['rows']} rows of {options['channels']} channels"
    )
    terminal.table(_table(found, count))
    for line in _summary(found):
        terminal.line(line)
    terminal.note(f"note: {_NOTE}")


def _plain(item: Any) -> dict[str, Any]:
    """Return the fields of a timing."""
    names = ("kind", "method", "forward", "both", "expressivity", "flops", "defect")
    return {name: getattr(item, name) for name in names}


def _versions(torch: Any) -> dict[str, str]:
    return {"erlangen": __version__, "torch": str(torch.__version__)}


def _table(found: list[Any], count: int) -> Table:
    """Return the table of the routes."""
    titles = ("forward", "with backward", "expressivity", "ns a unit", "operations", "differs by")
    table = Table([Column("kind"), Column("method"), *(Column(title, right=True) for title in titles)])
    for item in found:
        unit = item.per_unit(count)
        table.add(
            item.kind,
            item.method,
            _nanoseconds(item.forward / count),
            _nanoseconds(item.both / count),
            str(item.expressivity),
            "–" if unit is None else f"{1e9 * unit:.3g}",
            "–" if item.flops is None else f"{item.flops:,}",
            f"{item.defect:.0e}" if item.defect else "0",
        )
    return table


def _nanoseconds(value: float) -> str:
    """Return a time a product, in ns or µs."""
    return f"{1e9 * value:.3g} ns" if value < 1e-6 else f"{1e6 * value:.3g} µs"


def _summary(found: list[Any]) -> list[str]:
    """Return the fastest route of each kind, and by how much."""
    lines = []
    for kind in dict.fromkeys(item.kind for item in found):
        own = sorted((item for item in found if item.kind == kind), key=lambda item: item.both)
        others = ", ".join(f"{number(item.both / own[0].both, 2)} x {item.method}" for item in own[1:])
        lines.append(f"{kind}: {own[0].method} is the fastest with backward{f' ({others})' if others else ''}")
    return lines
