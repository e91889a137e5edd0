"""The figures of the run, drawn from its own numbers.

Definition: correlations against noise for four methods; the roll in space beside its embedding; digits coloured by label.
Convention: SVG as :mod:`erlangen.papers.drawing` makes it, one palette.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.papers.drawing import INK, figure, quiet, svg

__all__ = ["correlations", "labelled", "unrolled"]

_NAMES = {"heat": "heat geodesic", "phate": "PHATE potential", "diffusion": "diffusion map", "paths": "shortest path"}
_COLOURS = {"heat": "#b5442e", "phate": "#3b6e8f", "diffusion": "#7a8450", "paths": "#8b8378"}

Array = NDArray[np.float64]


def correlations(table: Mapping[str, Mapping[float, Mapping[str, float]]]) -> bytes:
    """Draw Pearson's correlation with the true geodesics against the noise: ``table[kind][noise][method]``."""
    canvas = figure(8.0, 3.2)
    titles = {"swiss": "Swiss roll", "tree": "tree"}
    for place, (kind, rows) in enumerate(table.items()):
        axes = canvas.add_subplot(1, len(table), place + 1)
        noises = sorted(rows)
        for method, name in _NAMES.items():
            values = [rows[noise][method] for noise in noises]
            axes.plot(range(len(noises)), values, "o-", color=_COLOURS[method], label=name, lw=1.8, ms=5)
        axes.set_xticks(range(len(noises)), [f"{noise:g}" for noise in noises])
        axes.set_ylim(0.0, 1.04)
        axes.set_xlim(-0.25, len(noises) - 0.75)
        axes.set_xlabel("standard deviation of the noise")
        axes.set_title(titles[kind], fontsize=11, loc="left", color=INK)
        if place == 0:
            axes.set_ylabel("correlation with geodesics")
        quiet(axes)
    handles, labels = canvas.axes[0].get_legend_handles_labels()
    canvas.legend(handles, labels, loc="lower center", ncol=4, frameon=False, fontsize=9, labelcolor=INK)
    canvas.subplots_adjust(bottom=0.3, wspace=0.18)
    return svg(canvas)


def unrolled(X: Array, Z: Array, arc: Array) -> bytes:
    """Draw a roll (n, 3) seen along its axis, and its embedding (n, 2), both coloured by arc length."""
    canvas = figure(8.0, 3.4)
    left, right = canvas.subplots(1, 2, gridspec_kw={"width_ratios": [1, 1.6]})
    left.scatter(X[:, 0], X[:, 2], c=arc, s=6, cmap="viridis", linewidths=0)
    Z = Z - Z.mean(axis=0)
    axis = np.linalg.svd(Z, full_matrices=False)[2]
    flat = Z @ axis.T
    right.scatter(flat[:, 0], flat[:, 1], c=arc, s=6, cmap="viridis", linewidths=0)
    for axes, title in ((left, "the roll, seen along its axis"), (right, "its embedding, in the same unit")):
        axes.set_aspect("equal", adjustable="datalim")
        axes.set_title(title, fontsize=11, loc="left", color=INK)
        quiet(axes)
    canvas.subplots_adjust(wspace=0.2)
    return svg(canvas)


def labelled(Z: Array, labels: NDArray[Any]) -> bytes:
    """Draw an embedding (n, 2) of digits, each point in the colour of its digit and each cluster named at its median."""
    canvas = figure(4.6, 4.2)
    axes = canvas.subplots()
    axes.scatter(Z[:, 0], Z[:, 1], c=labels, s=8, cmap="tab10", linewidths=0)
    for label in np.unique(labels):
        x, y = np.median(Z[labels == label], axis=0)
        axes.text(x, y, str(label), fontsize=15, ha="center", va="center", color="#2b2723", weight="bold")
    axes.set_aspect("equal", adjustable="datalim")
    quiet(axes)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    return svg(canvas)
