"""The figures of the run, drawn from its own numbers.

Definition: correlations against noise for four methods; the roll in space beside its embedding; digits coloured by label.
Convention: SVG without fonts of its own, transparent ground, one palette; matplotlib is imported where a figure is drawn.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.validation import require

__all__ = ["correlations", "labelled", "unrolled"]

_NAMES = {"heat": "heat geodesic", "phate": "PHATE potential", "diffusion": "diffusion map", "paths": "shortest path"}
_COLOURS = {"heat": "#b5442e", "phate": "#3b6e8f", "diffusion": "#7a8450", "paths": "#8b8378"}
_INK = "#6b655d"

Array = NDArray[np.float64]


def _svg(figure: Any) -> bytes:
    """Return a figure as SVG on transparent ground, the same bytes every time."""
    out = io.BytesIO()
    settings = {"svg.hashsalt": "erlangen", "svg.fonttype": "none"}
    with require("matplotlib", extra="plot", purpose="the figures").rc_context(settings):
        figure.savefig(out, format="svg", transparent=True, bbox_inches="tight", metadata={"Date": None})
    return out.getvalue()


def _figure(width: float, height: float) -> Any:
    return require("matplotlib.figure", extra="plot", purpose="the figures").Figure(figsize=(width, height))


def _quiet(axes: Any) -> None:
    """Draw axes in a quiet colour without a frame."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(_INK)
    axes.tick_params(colors=_INK, labelsize=9)
    axes.xaxis.label.set_color(_INK)
    axes.yaxis.label.set_color(_INK)


def correlations(table: Mapping[str, Mapping[float, Mapping[str, float]]]) -> bytes:
    """Draw Pearson's correlation with the true geodesics against the noise: ``table[kind][noise][method]``."""
    figure = _figure(8.0, 3.2)
    titles = {"swiss": "Swiss roll", "tree": "tree"}
    for place, (kind, rows) in enumerate(table.items()):
        axes = figure.add_subplot(1, len(table), place + 1)
        noises = sorted(rows)
        for method, name in _NAMES.items():
            values = [rows[noise][method] for noise in noises]
            axes.plot(range(len(noises)), values, "o-", color=_COLOURS[method], label=name, lw=1.8, ms=5)
        axes.set_xticks(range(len(noises)), [f"{noise:g}" for noise in noises])
        axes.set_ylim(0.0, 1.04)
        axes.set_xlim(-0.25, len(noises) - 0.75)
        axes.set_xlabel("standard deviation of the noise")
        axes.set_title(titles[kind], fontsize=11, loc="left", color=_INK)
        if place == 0:
            axes.set_ylabel("correlation with geodesics")
        _quiet(axes)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncol=4, frameon=False, fontsize=9, labelcolor=_INK)
    figure.subplots_adjust(bottom=0.3, wspace=0.18)
    return _svg(figure)


def unrolled(X: Array, Z: Array, arc: Array) -> bytes:
    """Draw a roll (n, 3) seen along its axis, and its embedding (n, 2), both coloured by arc length."""
    figure = _figure(8.0, 3.4)
    left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": [1, 1.6]})
    left.scatter(X[:, 0], X[:, 2], c=arc, s=6, cmap="viridis", linewidths=0)
    Z = Z - Z.mean(axis=0)
    axis = np.linalg.svd(Z, full_matrices=False)[2]
    flat = Z @ axis.T
    right.scatter(flat[:, 0], flat[:, 1], c=arc, s=6, cmap="viridis", linewidths=0)
    for axes, title in ((left, "the roll, seen along its axis"), (right, "its embedding, in the same unit")):
        axes.set_aspect("equal", adjustable="datalim")
        axes.set_title(title, fontsize=11, loc="left", color=_INK)
        _quiet(axes)
    figure.subplots_adjust(wspace=0.2)
    return _svg(figure)


def labelled(Z: Array, labels: NDArray[Any]) -> bytes:
    """Draw an embedding (n, 2) of digits, each point in the colour of its digit and each cluster named at its median."""
    figure = _figure(4.6, 4.2)
    axes = figure.subplots()
    axes.scatter(Z[:, 0], Z[:, 1], c=labels, s=8, cmap="tab10", linewidths=0)
    for label in np.unique(labels):
        x, y = np.median(Z[labels == label], axis=0)
        axes.text(x, y, str(label), fontsize=15, ha="center", va="center", color="#2b2723", weight="bold")
    axes.set_aspect("equal", adjustable="datalim")
    _quiet(axes)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    return _svg(figure)
