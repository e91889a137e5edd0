"""Run the experiments of the paper: identities, whole training steps by route, potentials and networks on charged bodies by product; then the figures.

Definition: every potential (product, seed) and every network (product, degree, seed) is a row, which run in parallel and are kept.
Convention: metrics named after a theorem are its largest violation; errors are means over seeds, in meV and meV/Å; seconds are processor time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from erlangen.papers.gaunt_tensor_product import courses, experiments, figures, theorems
from erlangen.runs import RunContext

__all__ = ["run"]


def run(context: RunContext) -> None:
    """Run the paper."""
    _theorems(context)
    _pictures(context)
    _steps(context)
    _potentials(context)
    _beside(context)
    _bodies(context)


def _theorems(context: RunContext) -> None:
    """Measure the identities, those of symmetry at degrees of their own."""
    degrees = context.parameters["degrees"]
    for name in theorems.__all__:
        asked = context.parameters["equivariance_degrees"] if name == "equivariance" else [degrees]
        found: Any = [context.step(f"theorem/{name}/{L}", getattr(theorems, name), L) for L in asked]
        context.metric(name, max(worst for worst, _ in found))
        context.metric(f"{name}_instances", sum(count for _, count in found))
    for name, count in context.step("parameters", experiments.parameter_counts).items():  # type: ignore[union-attr]
        context.metric(f"parameters_{name}", count)


def _pictures(context: RunContext) -> None:
    """Draw two functions and their product, and the rules that make the product exact."""
    caption = "Two functions on the sphere, degree 3, and their product: values, and the share of each degree."
    drawn = figures.signals(experiments.signals(3, 7))
    context.figure("product", drawn, "image/svg+xml", caption)
    points = experiments.rules(2)
    for name, nodes in points.items():
        context.metric(f"points_{name.replace('-', '_')}", len(nodes))
    caption = "Points of four rules that make the product of two functions of degree 2 exact; hollow ones lie behind."
    context.figure("rules", figures.rules(points), "image/svg+xml", caption)


def _sizes(context: RunContext) -> dict[str, Any]:
    p = context.parameters
    return {name: p[name] for name in ("channels", "lmax", "correlation", "cutoff")}


def _steps(context: RunContext) -> None:
    """Time whole training steps at the published degrees and 32 channels, on one thread."""
    rounds = context.parameters["rounds"]
    sizes = {"channels": 32, "lmax": 3, "correlation": 3, "cutoff": 5.0}
    found: Any = context.step("steps", experiments.timings, sizes, rounds)
    seconds = found["seconds"]
    for name, value in seconds.items():
        context.metric(f"step_{name.replace('/', '_').replace('-', '_')}", value)
    context.metric("fourier_over_grid", seconds["gaunt/fourier"] / seconds["gaunt/grid"])
    context.metric("clebsch_gordan_over_gaunt", seconds["clebsch-gordan/auto"] / seconds["gaunt/grid"])
    for name, value in found["differences"].items():
        context.metric(f"routes_{name}", value)
    context.metric("symmetry", max(found["symmetry"].values()))
    context.metric("symmetry_instances", len(found["symmetry"]))


def _potentials(context: RunContext) -> None:
    """Train potentials that differ in the product alone; and with the first seed, the complete one in double precision and sums of several powers."""
    p = context.parameters
    data = {"folder": p["folder"], "whole": p["whole"], "train": p["train"]}
    seeds = range(1, p["seeds"] + 1)

    def row(product: str, seed: int, *more: Any) -> tuple[Any, ...]:
        steps = p["nve_steps"] if seed == 1 and not more else 0  # one potential of each product moves
        return (product, _sizes(context), data, seed, p["epochs"], p["stages"], steps, *more)

    items = {f"potential/{name}/seed={i}": row(name, i) for i in seeds for name in experiments.PRODUCTS}
    double, ranks = "potential/clebsch-gordan/float64", range(2, p["ranks"] + 1)
    items[double] = row("clebsch-gordan", 1, 1, "float64")
    items |= {f"potential/gaunt/rank={r}": row("gaunt", 1, r) for r in ranks}
    rows: Any = context.map(experiments.learn, items, message="potentials")
    trained = {name: [rows[f"potential/{name}/seed={i}"] for i in seeds] for name in experiments.PRODUCTS}
    found = {name: [row["course"] for row in own] for name, own in trained.items()}
    budget = min(course[-1]["seconds"] for own in found.values() for course in own)
    context.metric("equal_seconds", budget)
    for product, own in found.items():
        name = product.replace("-", "_")
        context.metric(f"{name}_parameters", trained[product][0]["parameters"])
        context.metric(f"{name}_seconds", float(np.mean([course[-1]["seconds"] for course in own])))
        for key in ("energy_300K", "forces_300K", "energy_600K", "forces_600K"):
            errors = [course[-1][key] for course in own]
            context.metric(f"{name}_{key}", float(np.mean(errors)))
            context.metric(f"{name}_{key}_spread", float(np.std(errors, ddof=1)) if len(errors) > 1 else 0.0)
            at = [_at_seconds(course, key, budget) for course in own]
            context.metric(f"{name}_{key}_equal_seconds", float(np.mean(at)))
    _compare(context, found, budget)
    context.metric("nve_drift", max(row["drift"] for row in rows.values() if "drift" in row))
    caption = "Error of forces on frames at 300 K (solid) and 600 K (dotted), against epochs and against seconds of one processor thread."
    context.figure("learning", figures.learning(found), "image/svg+xml", caption)
    _variants(context, rows[double], {r: rows[f"potential/gaunt/rank={r}"] for r in ranks}, trained)
    _paths(context, trained)


def _variants(context: RunContext, double: Any, ranks: dict[int, Any], trained: dict[str, Any]) -> None:
    """Report what double precision and sums of several powers change, at the first seed."""
    complete, gaunt = (trained[name][0]["course"][-1]["forces_300K"] for name in ("clebsch-gordan", "gaunt"))
    context.metric("double_forces_300K", double["course"][-1]["forces_300K"])
    context.metric("double_seconds", double["course"][-1]["seconds"])
    context.metric("precision_price", complete / double["course"][-1]["forces_300K"])
    for rank, row in ranks.items():
        last = row["course"][-1]
        context.metric(f"rank_{rank}_parameters", row["parameters"])
        context.metric(f"rank_{rank}_seconds", last["seconds"])
        for key in ("energy_300K", "forces_300K", "energy_600K", "forces_600K"):
            context.metric(f"rank_{rank}_{key}", last[key])
        context.metric(f"rank_{rank}_price_300K", last["forces_300K"] / complete)
    best = min([row["course"][-1]["forces_300K"] for row in ranks.values()], default=gaunt)
    context.metric("rank_over_gaunt_300K", best / gaunt)


def _paths(context: RunContext, trained: dict[str, Any]) -> None:
    """Report energies along the turn of a dihedral angle and the transfer of the proton, up to a constant."""
    truth: Any = context.step("paths", experiments.paths)
    barrier = _barrier(truth["transfer"]["energy"])
    context.metric("barrier_dft", barrier)
    errors, barriers = {}, {}
    for product, own in trained.items():
        name = product.replace("-", "_")
        for path in ("dihedral", "transfer"):
            gaps = [np.subtract(row["paths"][path], truth[path]["energy"]) for row in own]
            errors[name, path] = float(np.mean([np.sqrt(np.mean(gap**2)) for gap in gaps]))
            context.metric(f"{name}_{path}", errors[name, path])
        barriers[name] = float(np.mean([_barrier(row["paths"]["transfer"]) for row in own]))
        context.metric(f"{name}_barrier", barriers[name])
    spread = float(np.std(truth["dihedral"]["energy"]))
    context.metric(
        "dihedral_relative", max(error for (_, path), error in errors.items() if path == "dihedral") / spread
    )
    context.metric("barrier_error", max(abs(value - barrier) for value in barriers.values()))
    caption = (
        "Energy along the turn of a dihedral angle and along the transfer of the proton between the oxygens, about its mean: "
        "density functional theory (circles) and potentials that saw neither, one line a seed."
    )
    along = {name: [row["paths"] for row in own] for name, own in trained.items()}
    context.figure("paths", figures.paths(truth, along), "image/svg+xml", caption)


def _barrier(energies: list[float]) -> float:
    """Return the energy in the middle of a path above the mean of its ends."""
    return energies[len(energies) // 2] - (energies[0] + energies[-1]) / 2


def _beside(context: RunContext) -> None:
    """Report the potentials trained beside mace-torch, from the record that comes with the package."""
    found = courses.recorded()
    for name, value in courses.comparison(found).items():
        context.metric(name, value)
    if found:
        caption = (
            "Error of forces at 300 K (solid) and 600 K (dotted) against processor time, beside mace-torch; one thread, "
            "as recorded, the first seed from its first stage, others from the twentieth epoch on."
        )
        context.figure("beside", figures.beside(found), "image/svg+xml", caption)


def _bodies(context: RunContext) -> None:
    """Train networks on charged bodies that differ in the product alone."""
    p = context.parameters
    worst, count = context.step("bodies/symmetry", experiments.symmetry_of_bodies)  # type: ignore[misc]
    context.metric("bodies_symmetry", worst)
    context.metric("bodies_symmetry_instances", count)
    sizes = {"channels": p["bodies_channels"], "layers": p["bodies_layers"]}
    counts = {"train": p["bodies_train"], "valid": p["bodies_test"], "test": p["bodies_test"]}
    seeds, degrees, products = range(1, p["bodies_seeds"] + 1), experiments.BODY_DEGREES, ("clebsch-gordan", "gaunt")
    items: dict[str, Any] = {
        f"bodies/{product}/lmax={L}/seed={i}": (product, L, sizes, counts, i, p["bodies_epochs"], 20)
        for i in seeds
        for L in degrees
        for product in products
    }
    rows: Any = context.map(experiments.learn_bodies, items, message="networks on charged bodies")
    found = {
        f"{product}/{L}": [rows[f"bodies/{product}/lmax={L}/seed={i}"] for i in seeds]
        for L in degrees
        for product in products
    }
    errors = {name: float(np.mean([row["error"] for row in own])) for name, own in found.items()}
    for name, own in found.items():
        label = name.replace("-", "_").replace("/", "_")
        context.metric(f"bodies_{label}", errors[name])
        context.metric(f"bodies_{label}_parameters", own[0]["parameters"])
        context.metric(f"bodies_{label}_seconds", float(np.mean([row["course"][-1]["seconds"] for row in own])))
    straight = next(iter(rows.values()))["straight"]
    context.metric("bodies_straight", straight)
    context.metric("bodies_relative", max(errors.values()) / straight)
    for L in degrees:
        context.metric(f"bodies_price_{L}", errors[f"gaunt/{L}"] / errors[f"clebsch-gordan/{L}"])
    context.metric("bodies_price", max(errors[f"gaunt/{L}"] / errors[f"clebsch-gordan/{L}"] for L in degrees))
    caption = (
        "Mean square error of a coordinate of charged bodies a thousand steps later, on bodies kept for validation, "
        "against epochs: degree 1 (dotted) and 2 (solid); the line is straight motion on the test."
    )
    context.figure("bodies", figures.bodies(found, straight), "image/svg+xml", caption)


def _compare(context: RunContext, courses: Any, budget: float) -> None:
    """Record the errors of the Gaunt products by those of the complete one, at equal epochs and at equal seconds."""
    context.metric("relative_error", max(course[-1]["relative_300K"] for own in courses.values() for course in own))
    for product in ("gaunt", "complete-gaunt"):
        name = product.replace("-", "_")
        for temperature in ("300K", "600K"):
            key = f"forces_{temperature}"
            ends, at = (
                [
                    float(np.mean([read(course, key) for course in courses[which]]))
                    for which in (product, "clebsch-gordan")
                ]
                for read in (lambda course, key: course[-1][key], lambda course, key: _at_seconds(course, key, budget))
            )
            context.metric(f"{name}_price_{temperature}", ends[0] / ends[1])
            context.metric(f"{name}_price_{temperature}_equal_seconds", at[0] / at[1])


def _at_seconds(course: list[dict[str, float]], key: str, budget: float) -> float:
    """Return an error at a time, interpolated between the stages, in logarithms."""
    seconds = [row["seconds"] for row in course]
    return float(np.exp(np.interp(budget, seconds, np.log([row[key] for row in course]))))
