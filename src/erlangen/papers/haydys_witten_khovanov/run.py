"""Run the experiments of layer A: tables of knots and links, torus knots, theorems on random diagrams; then the figures.

Definition: every chunk of a table and every torus knot is a row, so that rows run in parallel and a killed run goes on where it was.
Convention: metrics named after a column or a theorem count disagreements; ``…_instances`` count what was compared.
"""

from __future__ import annotations

from typing import Any

from erlangen.papers.haydys_witten_khovanov import figures, sweeps, theorems
from erlangen.runs import RunContext

__all__ = ["run"]


def run(context: RunContext) -> None:
    """Run the paper."""
    _theorems(context)
    _tables(context)
    _torus(context)


def _theorems(context: RunContext) -> None:
    """Count failures of the theorems."""
    count = context.parameters["diagrams"]
    items = {f"theorem/{name}": (name, context.child_seed(name) % 2**32, count) for name in theorems.__all__}
    rows: Any = context.map(_theorem, items, message="theorems")
    for name in theorems.__all__:
        failures, instances = rows[f"theorem/{name}"]
        context.metric(name, failures)
        context.metric(f"{name}_instances", instances)


def _theorem(name: str, seed: int, count: int) -> tuple[int, int]:
    found: tuple[int, int] = getattr(theorems, name)(seed, count)
    return found


def _tables(context: RunContext) -> None:
    """Compare with KnotInfo and LinkInfo, chunk by chunk."""
    p = context.parameters
    counts: dict[str, int] = {}
    knots: dict[str, Any] = {
        f"knots/{first}-{stop}": (first, stop, first < p["odd"]) for first, stop in sweeps.chunks(p["knots"])
    }
    links: dict[str, Any] = {
        f"links/{first}-{stop}": (first, stop) for first, stop in sweeps.chunks(p["links"], proper=True)
    }
    for function, items, message in ((sweeps.knots, knots, "KnotInfo"), (sweeps.links, links, "LinkInfo")):
        rows: Any = context.map(function, items, message=message)
        for row in rows.values():
            for name, value in row.items():
                counts[name] = counts.get(name, 0) + value
    for name, value in counts.items():
        context.metric(name if name.endswith("_instances") else f"{name}_disagreements", value)


def _torus(context: RunContext) -> None:
    """Compare torus knots with the table and draw the largest of them."""
    largest = context.parameters["strands"]
    chosen = [(p, q) for p, q in sweeps.torus_table() if p <= largest]
    rows: Any = context.map(sweeps.torus_knots, {f"T({p},{q})": (p, q) for p, q in chosen}, message="torus knots")
    orders = {key: row["orders"] for key, row in rows.items()}
    context.metric("torus_disagreements", sum(not row["agrees"] for row in rows.values()))
    context.metric("torus_instances", len(rows))
    context.metric("torus_largest_order", max(order for found in orders.values() for order in found))
    p, q = max(chosen, key=lambda pair: (pair[0], -pair[1]))
    name = f"T({p},{q})"
    caption = f"Khovanov homology of {name} over Z: ranks in blue, torsion in red with its orders as subscripts."
    context.figure("torus", figures.table(rows[name]["polynomial"], name), "image/svg+xml", caption)
    caption = "Orders of torsion in the unreduced homology of torus knots over Z, by how often Z/n is a summand."
    polynomials = {key: row["polynomial"] for key, row in rows.items()}
    context.figure("torsion", figures.torsion(polynomials), "image/svg+xml", caption)
    caption = (
        "Ends that are open while a diagram is scanned crossing by crossing: what the memory of a scan depends on."
    )
    context.figure("girth", figures.girths(figures.profiles()), "image/svg+xml", caption)
