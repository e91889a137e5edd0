"""The figures of the run: the blocks of an augmented matrix, the landscape of order and lag, each person before and after.

Definition: a heat map of correlations in blocks; accuracy as colour over (lag, order); one line a person.
Convention: SVG as :mod:`erlangen.papers.drawing` makes it; red is high.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from erlangen.papers.drawing import INK, figure, quiet, svg

__all__ = ["heat_map", "landscape", "pairs"]

_BEFORE, _AFTER = "#3b6e8f", "#b5442e"

Array = NDArray[np.float64]


def heat_map(G: Array, n: int) -> bytes:
    """Draw a matrix (n p, n p) as correlations, its blocks parted by lines and named by their lag."""
    scale = np.sqrt(np.diag(G))
    canvas = figure(4.6, 4.4)
    axes = canvas.subplots()
    axes.imshow(G / scale[:, None] / scale, cmap="RdBu_r", vmin=-1, vmax=1, interpolation="nearest")
    p = len(G) // n
    for k in range(1, p):
        axes.axhline(k * n - 0.5, color="white", lw=2.5)
        axes.axvline(k * n - 0.5, color="white", lw=2.5)
    ticks = [k * n + (n - 1) / 2 for k in range(p)]
    names = ["x(t)", *(f"x(t + {k if k > 1 else ''}τ)" for k in range(1, p))]
    axes.set_xticks(ticks, names)
    axes.set_yticks(ticks, names)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, colors=INK, labelsize=9)
    for side in axes.spines.values():
        side.set_visible(False)
    return svg(canvas)


def landscape(scores: Mapping[str, float]) -> bytes:
    """Draw accuracies ``scores["order,lag"]`` as coloured cells with their numbers; the best one is framed."""
    cells = {tuple(map(int, key.split(","))): value for key, value in scores.items()}
    orders, lags = sorted({p for p, _ in cells}), sorted({q for _, q in cells})
    values = np.array([[cells.get((p, q), np.nan) for q in lags] for p in orders])
    canvas = figure(1.4 + 0.75 * len(lags), 1.0 + 0.5 * len(orders))
    axes = canvas.subplots()
    axes.imshow(values, cmap="YlOrRd", aspect="auto", origin="lower")
    middle = (np.nanmin(values) + np.nanmax(values)) / 2
    for i, j in np.argwhere(np.isfinite(values)):
        shade = "white" if values[i, j] > middle else "#2b2723"
        weight = "bold" if values[i, j] == np.nanmax(values) else "normal"
        axes.text(j, i, f"{values[i, j]:.3f}", ha="center", va="center", color=shade, fontsize=9, weight=weight)
    axes.set_xticks(range(len(lags)), lags)
    axes.set_yticks(range(len(orders)), orders)
    axes.set_xlabel("lag (samples)")
    axes.set_ylabel("order")
    quiet(axes)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    return svg(canvas)


def pairs(scores: Mapping[str, tuple[float, float]], chance: float) -> bytes:
    """Draw the accuracy of each person with both matrices, joined by a line, sorted by the first."""
    canvas = figure(6.0, 3.4)
    axes = canvas.subplots()
    ordered = sorted(scores.items(), key=lambda item: item[1])
    axes.axhline(chance, color=INK, lw=0.8, ls=":")
    for k, (_, (before, after)) in enumerate(ordered):
        axes.plot([k, k], [before, after], color=INK, lw=1.2, alpha=0.6)
        axes.plot(k, before, "o", color=_BEFORE, ms=7, label="covariance" if k == 0 else None)
        axes.plot(k, after, "o", color=_AFTER, ms=7, label="augmented covariance" if k == 0 else None)
    axes.set_xticks(range(len(ordered)), [name for name, _ in ordered])
    axes.set_xlabel("person")
    axes.set_ylabel("accuracy in unseen sessions")
    axes.set_ylim(0.0, None)
    axes.legend(frameon=False, fontsize=9, labelcolor=INK, loc="upper left")
    quiet(axes)
    return svg(canvas)
