"""Run the experiments of the paper: identities, spread after the layer, gestures across sessions, networks; then the figures.

Definition: every network (subject, normalisation, seed) is a row, so that rows run in parallel and a killed run goes on where it was.
Convention: metrics are accuracies; a gain is over the same network, data and seed without normalisation; p by a one-sided paired test
over subjects (Wilcoxon's), t and its two-sided p by Student's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import ttest_1samp, wilcoxon

from erlangen.papers.gbwbn_spd import experiments, figures, theorems
from erlangen.runs import RunContext

__all__ = ["run"]

_SCALES = [0.1, 0.3, 1.0, 2.0, 5.0, 10.0]
_METHODS = {"mdm raw": "as recorded", "mdm recentred": "recentred", "mdm recentred and scaled": "recentred and scaled"}


def run(context: RunContext) -> None:
    """Run the paper."""
    _theorems(context)
    _spread(context)
    _gestures(context)
    _conditioned(context)
    if context.parameters["subjects"]:
        _evoked_potentials(context)
    _geometry(context)


def _theorems(context: RunContext) -> None:
    """Measure the identities."""
    seed = context.child_seed("theorems") % 2**31
    for name in theorems.__all__:
        worst, count = context.step(f"theorem/{name}", getattr(theorems, name), seed)
        context.metric(name, worst)
        context.metric(f"{name}_instances", count)


def _spread(context: RunContext) -> None:
    """Normalise batches of different scale, as released and as it should be."""
    seed = context.child_seed("spread") % 2**31
    rows = [context.step(f"spread/{scale:g}", experiments.spread, scale, seed) for scale in _SCALES]
    for name in ("released", "ours", "released_offset", "folds"):
        for scale, row in zip(_SCALES, rows, strict=True):
            context.metric(f"spread_{scale:g}_{name}", row[name])
    ours, released = ([row[name] for row in rows] for name in ("ours", "released"))
    context.metric("spread_defect", float(np.max(np.abs(np.array(ours) - 1))))
    context.metric("spread_released_defect", float(np.max(np.abs(np.array(released) - 1))))
    caption = "Dispersion of a batch after the layer, by the factor the batch was multiplied with: it should be one."
    context.figure("spread", figures.spread(_SCALES, released, ours), "image/svg+xml", caption)


def _gestures(context: RunContext) -> None:
    """Classify gestures in a session that was not seen."""
    names = {"mg": "first person", "rr": "second person"}
    rows: Any = context.step("gestures", experiments.gestures, context.parameters["windows"])
    for method in rows["mg"]:
        context.metric(f"emg_{method.replace(' ', '_')}", float(np.mean([row[method] for row in rows.values()])))
    best = "mdm recentred and scaled"
    context.metric("emg_gain", float(np.mean([row[best] - row["mdm raw"] for row in rows.values()])))
    table = {name: {said: rows[who][m] for m, said in _METHODS.items()} for who, name in names.items()}
    caption = (
        "Gestures from an electromyogram, trained on one session and tested on the other (minimum distance to mean)."
    )
    context.figure("sessions", figures.sessions(table), "image/svg+xml", caption)


def _conditioned(context: RunContext) -> None:
    """Train networks on matrices of controlled condition."""
    p = context.parameters
    items: dict[str, Any] = {
        f"condition={c:g}/{norm}/draw={i}": (c, norm, context.child_seed(f"conditioned/{i}") % 2**31, p["short_epochs"])
        for c in p["conditions"]
        for norm in experiments.NORMS
        for i in range(p["draws"])
    }
    rows = context.map(experiments.conditioned, items, message="networks on ill-conditioned matrices")
    draws = range(p["draws"])
    mean = {
        norm: [float(np.mean([rows[f"condition={c:g}/{norm}/draw={i}"] for i in draws])) for c in p["conditions"]]
        for norm in experiments.NORMS
    }
    for norm, values in mean.items():
        for c, value in zip(p["conditions"], values, strict=True):
            context.metric(f"condition_{c:g}_{norm}", value)
        context.metric(f"condition_fall_{norm}", values[0] - values[-1])
    context.metric(
        "condition_fall_margin",
        mean["riemann"][0] - mean["riemann"][-1] - mean["wasserstein"][0] + mean["wasserstein"][-1],
    )
    if len(p["conditions"]) > 1:
        caption = "Accuracy of a network by the condition number of the class means, with one normalisation or another."
        context.figure("conditions", figures.conditions(p["conditions"], mean), "image/svg+xml", caption)


def _evoked_potentials(context: RunContext) -> None:
    """Train the paper's network with and without normalisation, on every subject and seed."""
    p = context.parameters
    subjects, seeds = range(1, p["subjects"] + 1), range(p["seeds"])
    norms = tuple(experiments.NORMS) if p["all_norms"] else ("none", "wasserstein")
    items: dict[str, Any] = {
        f"mamem/{s}/{norm}/seed={i}": (s, p["folder"], norm, i, p["epochs"])
        for s in subjects
        for i in seeds
        for norm in norms
    }
    rows = context.map(experiments.evoked_potentials, items, message="networks on evoked potentials")
    score = {
        norm: np.array([[np.mean(list(rows[f"mamem/{s}/{norm}/seed={i}"].values())) for i in seeds] for s in subjects])
        for norm in norms
    }
    for norm, values in score.items():
        context.metric(f"mamem_{norm}", float(values.mean()))
        for block in ("first", "second"):
            own = [rows[f"mamem/{s}/{norm}/seed={i}"][block] for s in subjects for i in seeds]
            context.metric(f"mamem_{norm}_{block}_block", float(np.mean(own)))
    gain = score["wasserstein"] - score["none"]
    by_subject = gain.mean(axis=1)
    context.metric("mamem_gain", float(by_subject.mean()))
    context.metric(
        "mamem_gain_error", float(by_subject.std(ddof=1) / np.sqrt(len(by_subject))) if len(by_subject) > 1 else 0.0
    )
    context.metric("mamem_better", int((by_subject > 0).sum()))
    if len(by_subject) > 1 and np.any(by_subject != 0):
        context.metric("mamem_p", float(wilcoxon(by_subject, alternative="greater").pvalue))
        paired = ttest_1samp(by_subject, 0.0)
        context.metric("mamem_t", float(paired.statistic))
        context.metric("mamem_t_p", float(paired.pvalue))
    table = {str(s): gain[s - 1].tolist() for s in subjects}
    caption = "Evoked potentials: gain in accuracy by Bures–Wasserstein normalisation over none, one dot a seed, the bar their mean."
    context.figure("gains", figures.gains(table, 0.2), "image/svg+xml", caption)


def _geometry(context: RunContext) -> None:
    """Draw the cone and the folding of the exponential."""
    found = experiments.paths()
    caption = "Geodesics between two matrices in the cone of positive definite 2 × 2 matrices, and ellipses along them."
    context.figure("cone", figures.cone(found["geodesics"]), "image/svg+xml", caption)
    drawn = figures.folding(found["times"], found["eigenvalues"], found["inside"])
    caption = (
        "The formula of the Bures–Wasserstein exponential past its domain: an eigenvalue reaches zero and folds back."
    )
    context.figure("folding", drawn, "image/svg+xml", caption)
