"""Run the experiments of the paper: identities, reversed processes, motions, gestures, simulated imagery, MAMEM; then the figures.

Definition: every subject and every draw is a row, so that rows run in parallel and a killed run goes on where it was.
Convention: metrics are accuracies, or gains in accuracy of the augmented covariance over the covariance.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from erlangen.estimators.evaluation import permutation_test
from erlangen.papers.augmented_covariance_eeg import experiments, figures, theorems
from erlangen.runs import RunContext

__all__ = ["run"]

_ORDERS, _LAGS = [2, 4, 6, 8], [1, 2, 4, 6]


def run(context: RunContext) -> None:
    """Run the paper."""
    _theorems(context)
    _reversed(context)
    _motions(context)
    _imagery(context)
    _gestures(context)
    if context.parameters["subjects"]:
        _mamem(context)
    points, delayed, lag = experiments.attractor()
    context.metric("attractor_lag", lag)
    context.array("points3d", points)
    context.array("embedding", delayed)
    context.array("colors", np.arctan2(points[:, 1], points[:, 0]))
    matrix, gammas = experiments.structure(context.child_seed("structure") % 2**31)
    caption = "An augmented covariance matrix of 4 channels and order 5: each block is the autocovariance at the lag of its diagonal."
    context.figure("augmented-matrix", figures.heat_map(matrix, len(gammas[0])), "image/svg+xml", caption)


def _theorems(context: RunContext) -> None:
    """Measure the identities."""
    seed = context.child_seed("theorems") % 2**31
    for name in theorems.__all__:
        worst, count = context.step(f"theorem/{name}", getattr(theorems, name), seed)
        context.metric(name, worst)
        context.metric(f"{name}_instances", count)


def _reversed(context: RunContext) -> None:
    """Classify processes that differ in the direction of time alone."""
    draws = context.parameters["draws"]
    items = {f"reversed/draw={i}": (context.child_seed(f"reversed/{i}") % 2**31,) for i in range(draws)}
    rows = list(context.map(experiments.reversed_pair, items, message="time reversals").values())
    for name in ("cm", "acm"):
        context.metric(f"reversed_{name}", float(np.mean([row[name] for row in rows])))
    context.metric("reversed_cm_gap", abs(float(np.mean([row["cm"] for row in rows])) - 0.5))


def _motions(context: RunContext) -> None:
    """Classify recorded motions."""
    row = context.step("motions", experiments.motions)
    for name, value in row.items():
        context.metric(f"motions_{name}", value)
    context.metric("motions_gain", row["acm_linear"] - row["cm_linear"])


def _imagery(context: RunContext) -> None:
    """Classify simulated imagery across sessions."""
    draws = context.parameters["draws"]
    items = {f"imagery/draw={i}": (context.child_seed(f"imagery/{i}") % 2**31, 0.3, 0.0) for i in range(draws)}
    rows = list(context.map(experiments.imagery, items, message="simulated imagery").values())
    mean = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    for name, value in mean.items():
        context.metric(f"imagery_{name}", value)
    context.metric("imagery_gain", mean["acm_recentred"] - mean["cm_recentred"])
    seed = context.child_seed("landscape") % 2**31
    cells: Any = context.step(
        "imagery/landscape", experiments.imagery_landscape, seed, [1, 2, 3, 4, 6, 8], [1, 2, 4, 8]
    )
    context.metric("imagery_best", max(cells.values()))
    caption = "Simulated imagery: cross-validated accuracy over order and lag (128 samples a second); order 1 is the ordinary covariance."
    context.figure("imagery-landscape", figures.landscape(cells), "image/svg+xml", caption)


def _gestures(context: RunContext) -> None:
    """Let cross validation choose the order on gestures."""
    rows: Any = context.step("gestures", experiments.electromyogram, context.parameters["windows"])
    for who, row in rows.items():
        context.metric(f"emg_{who}_order", row["order"])
    for name in ("cm_within", "acm_within", "cm_across", "acm_across"):
        context.metric(f"emg_{name}", float(np.mean([row[name] for row in rows.values()])))
    for kind in ("within", "across"):
        gain = [row[f"acm_{kind}"] - row[f"cm_{kind}"] for row in rows.values()]
        context.metric(f"emg_gain_{kind}", float(np.mean(gain)))


def _mamem(context: RunContext) -> None:
    """Classify evoked potentials, subject by subject."""
    p = context.parameters
    items: dict[str, Any] = {f"mamem/{s}": (s, p["folder"], _ORDERS, _LAGS) for s in range(1, p["subjects"] + 1)}
    rows = context.map(experiments.mamem, items, message="evoked potentials")
    table = {str(s): rows[f"mamem/{s}"] for s in range(1, p["subjects"] + 1)}
    gains = np.array([row["acm"] - row["cm"] for row in table.values()])
    for name in ("cm", "acm"):
        context.metric(f"mamem_{name}", float(np.mean([row[name] for row in table.values()])))
    context.metric("mamem_gain", float(gains.mean()))
    context.metric("mamem_better", int((gains > 0).sum()))
    context.metric("mamem_p", permutation_test(gains))
    context.metric(
        "mamem_at_border", sum(row["order"] == _ORDERS[-1] or row["lag"] == _LAGS[-1] for row in table.values())
    )
    pairs = {s: (row["cm"], row["acm"]) for s, row in table.items()}
    caption = "Accuracy of each person with the covariance and with the augmented covariance (order and lag by cross validation)."
    context.figure("subjects", figures.pairs(pairs, 0.2), "image/svg+xml", caption)
    mean = {cell: float(np.mean([row["scores"][cell] for row in table.values()])) for cell in table["1"]["scores"]}
    caption = "Cross-validated accuracy over order and lag, mean of all people."
    context.figure("landscape", figures.landscape(mean), "image/svg+xml", caption)
