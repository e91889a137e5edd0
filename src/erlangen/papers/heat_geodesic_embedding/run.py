"""Run the experiments of the paper: distances, clusters, interpolation, identities; then the figures.

Definition: every draw is a row, so that rows run in parallel and a killed run goes on where it was.
Convention: metrics are means over draws; a margin is ours less the best of the others, in the unit of the score.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from erlangen.datasets import digits
from erlangen.estimators import HeatGeodesicEmbedding
from erlangen.papers.heat_geodesic_embedding import experiments, figures, theorems
from erlangen.runs import RunContext

__all__ = ["run"]

_OTHERS = ("phate", "diffusion", "paths")
_SHOWN = 1000
_NAMES = {"swiss": "Swiss roll", "tree": "tree"}


def run(context: RunContext) -> None:
    """Run the paper."""
    p = context.parameters
    _theorems(context)
    table = {kind: _distances(context, kind, p[f"{kind}_noises"]) for kind in ("swiss", "tree")}
    _clusters(context)
    _interpolation(context)
    mean = {
        kind: {noise: {m: row[m]["pearson"] for m in experiments.METHODS} for noise, row in rows.items()}
        for kind, rows in table.items()
    }
    caption = "Pearson's correlation of each method's distances with the true geodesics, mean over draws."
    context.figure("correlations", figures.correlations(mean), "image/svg+xml", caption)
    _pictures(context)


def _theorems(context: RunContext) -> None:
    """Measure the identities."""
    seed = context.child_seed("theorems") % 2**31
    checks: dict[str, tuple[Any, ...]] = {
        "diffusion_identity": (theorems.diffusion_identity, seed),
        "potential_identity": (theorems.potential_identity, seed),
        "harnack_radicand": (theorems.harnack_radicand, seed),
        "bessel_logarithms": (theorems.bessel_logarithms,),
        "conserved_heat": (theorems.conserved_heat, seed),
    }
    for name, (function, *arguments) in checks.items():
        worst, count = context.step(f"theorem/{name}", function, *arguments)
        context.metric(name, worst)
        context.metric(f"{name}_instances", count)


def _distances(context: RunContext, kind: str, noises: list[float]) -> dict[float, dict[str, dict[str, float]]]:
    """Return the mean scores of every method at every noise, and record them."""
    p = context.parameters
    items = {
        f"{kind}/noise={noise:g}/draw={i}": (
            kind,
            p["n"],
            noise,
            p["neighbours"],
            context.child_seed(f"{kind}/{noise:g}/{i}") % 2**31,
            context.threads,
        )
        for noise in noises
        for i in range(p["repeats"])
    }
    rows = context.map(experiments.distances, items, message=f"distances on the {_NAMES[kind]}")
    table: dict[float, dict[str, dict[str, float]]] = {}
    for noise in noises:
        draws = [rows[f"{kind}/noise={noise:g}/draw={i}"] for i in range(p["repeats"])]
        mean = {
            method: {score: float(np.mean([draw[method][score] for draw in draws])) for score in scores}
            for method, scores in draws[0].items()
        }
        table[noise] = mean
        for method, scores in mean.items():
            for score in ("pearson", "spearman", "precision"):
                context.metric(f"{kind}_{noise:g}_{method.replace(' ', '_')}_{score}", scores[score])
        for score in ("pearson", "spearman"):
            best = {m: mean["heat"][score] - mean[m][score] for m in _OTHERS}
            for other, margin in best.items():
                context.metric(f"{kind}_{noise:g}_margin_over_{other}_{score}", margin)
            context.metric(f"{kind}_{noise:g}_margin_{score}", min(best.values()))
        gap = mean["heat embedding"]["pearson"] - mean["phate embedding"]["pearson"]
        context.metric(f"{kind}_{noise:g}_embedding_margin_pearson", gap)
    return table


def _clusters(context: RunContext) -> None:
    """Cluster digits in two or three embeddings."""
    p = context.parameters
    methods = ("heat", "phate", "tsne") if p["tsne"] else ("heat", "phate")
    items = {
        f"digits/{method}/draw={i}": (method, p["neighbours"], i, context.threads)
        for method in methods
        for i in range(1 if method == "tsne" else p["repeats"])
    }
    rows = context.map(experiments.clusters, items, message="clusters of digits")
    means: dict[str, dict[str, float]] = {}
    for method in methods:
        own = [row for key, row in rows.items() if key.startswith(f"digits/{method}/")]
        means[method] = {score: float(np.mean([row[score] for row in own])) for score in own[0]}
        for score, value in means[method].items():
            context.metric(f"digits_{method}_{score}", value)
    for score in ("ari", "ami"):
        context.metric(f"digits_margin_over_phate_{score}", means["heat"][score] - means["phate"][score])


def _interpolation(context: RunContext) -> None:
    """Interpolate withheld times in two embeddings."""
    p = context.parameters
    items = {
        f"course/{method}/draw={i}": (
            method,
            p["course"],
            p["neighbours"],
            context.child_seed(f"course/{i}") % 2**31,
            context.threads,
        )
        for method in ("heat", "phate")
        for i in range(p["repeats"])
    }
    rows = context.map(experiments.interpolation, items, message="withheld times")
    means = {
        method: float(np.mean([row["w1"] for key, row in rows.items() if key.startswith(f"course/{method}/")]))
        for method in ("heat", "phate")
    }
    for method, value in means.items():
        context.metric(f"course_{method}_w1", value)
    context.metric("course_margin_w1", means["phate"] - means["heat"])


def _pictures(context: RunContext) -> None:
    """Keep points for the page's viewer and draw two figures."""
    p = context.parameters
    n = _SHOWN
    made = experiments.picture(n, context.child_seed("picture") % 2**31, p["neighbours"], context.threads)
    roll, automatic = made["roll"], made["automatic"]
    arc = roll.coordinates[:, 0]
    context.array("points3d", roll.X)
    context.array("colors", arc)
    for t, Z in made["frames"].items():
        context.array(f"embedding_t_{t}", Z)
    sources = np.linspace(0, n - 1, 40).astype(np.int64)
    context.array("distances", automatic.dissimilarity_[sources])
    context.array("distance_sources", sources)
    caption = f"A Swiss roll of {n} points and its embedding at the automatic time t = {automatic.t_:.3g}; colour is arc length."
    context.figure("unrolled", figures.unrolled(roll.X, automatic.embedding_, arc), "image/svg+xml", caption)
    fold = digits("test")
    heat = HeatGeodesicEmbedding(n_neighbors=p["neighbours"], smoothing=0.0, n_jobs=context.threads)
    Z = heat.fit_transform(fold.X)
    caption = "Half of the handwritten digits by heat geodesic distances, without smoothing; labels were not used."
    context.figure("digits", figures.labelled(Z, np.asarray(fold.labels)), "image/svg+xml", caption)
