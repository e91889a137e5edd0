"""Run the experiments of the paper: identities, costs, times of routes, tetrominoes; then the figures.

Definition: every network (product, degree, seed) is a row, so that rows run in parallel and a killed run goes on where it was.
Convention: metrics named after a theorem are its largest violation; times are processor time of one thread, forward and backward.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from erlangen.papers.price_of_freedom import experiments, figures, theorems
from erlangen.runs import RunContext

__all__ = ["run"]


def run(context: RunContext) -> None:
    """Run the paper."""
    _theorems(context)
    _couplings(context)
    _costs(context)
    _times(context)
    _tetris(context)


def _theorems(context: RunContext) -> None:
    """Measure the identities."""
    L = context.parameters["degrees"]
    for name in theorems.__all__:
        found = context.step(f"theorem/{name}", getattr(theorems, name), L)
        if name == "cost_of_freedom":
            context.metric(name, found)
            continue
        context.metric(name, found[0])
        context.metric(f"{name}_instances", found[1])


def _couplings(context: RunContext) -> None:
    """Draw which paths survive."""
    rows: Any = context.step("couplings", experiments.couplings, 3)
    caption = (
        "Paths (l1, l2) → l3 up to L = 3: kept by the product of functions, or lost by it and recovered by the bracket."
    )
    context.figure("couplings", figures.couplings(rows, 3), "image/svg+xml", caption)


def _costs(context: RunContext) -> None:
    """Count operations by unit of freedom."""
    rows: Any = context.step("costs", experiments.costs, max(context.parameters["degrees"], 6))
    for name, values in rows.items():
        for L, row in enumerate(values, 1):
            context.metric(f"operations_{name}_{L}", row["operations"])
            context.metric(f"freedom_{name}_{L}", row["expressivity"])
    ranked: Any = context.step("freedoms", experiments.freedoms, context.parameters["degrees"])
    for name, dimensions in ranked.items():
        for L, dimension in enumerate(dimensions, 1):
            context.metric(f"expressivity_{name}_{L}", dimension)
    caption = "Operations a sample (left) and by unit of expressivity (right), against the degree L."
    context.figure("costs", figures.costs(rows), "image/svg+xml", caption)


def _times(context: RunContext) -> None:
    """Time the routes of the Gaunt product, on one thread."""
    degrees = range(1, context.parameters["timed_degrees"] + 1)
    rows: Any = {L: context.step(f"times/{L}", experiments.times, L) for L in degrees}
    for L, row in rows.items():
        for method, value in row.items():
            context.metric(f"time_{method}_{L}", value)
    ratios = [row["fourier"] / row["grid"] for row in rows.values()]
    context.metric("fourier_over_grid", float(np.exp(np.mean(np.log(ratios)))))
    caption = "Processor time of a Gaunt product, forward and backward, 1,000 rows, by route."
    context.figure("times", figures.times(rows), "image/svg+xml", caption)
    found: Any = {L: context.step(f"prices/{L}", experiments.prices, L) for L in degrees}
    for L, products in found.items():
        for name, row in products.items():
            context.metric(f"price_{name.replace('/', '_')}_{L}", row["time"])
    caption = "Processor time against expressivity, one point a degree L: up and to the left is more freedom for less."
    context.figure("prices", figures.prices(found), "image/svg+xml", caption)


def _tetris(context: RunContext) -> None:
    """Train networks on tetrominoes."""
    p = context.parameters
    items = {
        f"tetris/{product}/lmax={L}/seed={i}": (
            product,
            L,
            context.child_seed(f"tetris/{i}") % 2**31,
            p["tetris_steps"],
        )
        for product in experiments.PRODUCTS
        for L in p["tetris_degrees"]
        for i in range(p["tetris_seeds"])
    }
    rows: Any = context.map(experiments.tetris, items, message="networks on tetrominoes")
    courses = {}
    for product in experiments.PRODUCTS:
        own = [row for key, row in rows.items() if key.startswith(f"tetris/{product}/")]
        scores = [row["accuracy"] for row in own]
        context.metric(f"tetris_{product.replace('-', '_')}", max(scores) if product == "gaunt" else min(scores))
        courses[product] = np.mean([row["course"] for row in own], axis=0)
    caption = "Accuracy on eight tetrominoes, and the mirror pair that a product of functions cannot tell apart, with its handedness by the bracket."
    pictured = figures.tetris(courses, experiments.mirror_pair(), theorems.handednesses()[:2])
    context.figure("tetris", pictured, "image/svg+xml", caption)
