"""The figures of the run: the cone and its geodesics, the folding of an exponential, spread of a batch, gains over subjects.

Definition: 2 x 2 matrices (a, b; b, c) are points ((a - c)/2, b, (a + c)/2) of a cone around the third axis; an ellipse shows x^T X^{-1} x = 1.
Convention: SVG as :mod:`erlangen.papers.drawing` makes it; one colour a metric.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.papers.drawing import INK, figure, quiet, svg

__all__ = ["COLOURS", "NAMES", "conditions", "cone", "folding", "gains", "sessions", "spread"]

NAMES = {
    "riemann": "affine invariant",
    "logeuclid": "log-Euclidean",
    "logchol": "log-Cholesky",
    "wasserstein": "Bures–Wasserstein",
    "generalised": "generalised BW",
}
COLOURS = {
    "riemann": "#b5442e",
    "logeuclid": "#c58a2b",
    "logchol": "#7a8450",
    "wasserstein": "#3b6e8f",
    "generalised": "#7d5a8c",
}

Array = NDArray[np.float64]


def _coordinates(X: Array) -> Array:
    """Return the points (..., 3) of the cone for matrices (..., 2, 2)."""
    return np.stack([(X[..., 0, 0] - X[..., 1, 1]) / 2, X[..., 0, 1], (X[..., 0, 0] + X[..., 1, 1]) / 2], axis=-1)


def _ellipse(X: Array) -> Array:
    """Return the outline (2, 73) of the ellipse of a matrix (2, 2)."""
    angle = np.linspace(0, 2 * np.pi, 73)
    values, vectors = np.linalg.eigh(X)
    return np.asarray(vectors @ (np.sqrt(np.maximum(values, 0.0))[:, None] * np.stack([np.cos(angle), np.sin(angle)])))


def cone(paths: Mapping[str, Array], steps: int = 6) -> bytes:
    """Draw geodesics ``paths[metric]`` (m, 2, 2) in the cone, and ellipses along each of them."""
    canvas = figure(10.4, 4.4)
    grid = canvas.add_gridspec(len(paths), 2, width_ratios=[1.0, 1.5], hspace=0.0, wspace=0.36)
    space = canvas.add_subplot(grid[:, 0], projection="3d")
    _boundary(space, max(float(_coordinates(path)[:, 2].max()) for path in paths.values()))
    largest = max(float(np.sqrt(np.linalg.eigvalsh(path)[:, -1].max())) for path in paths.values())
    for row, (metric, path) in enumerate(paths.items()):
        x, y, z = _coordinates(path).T
        space.plot(x, y, z, color=COLOURS[metric], lw=2.2)
        axes = canvas.add_subplot(grid[row, 1])
        _ellipses(axes, path, largest, COLOURS[metric], steps)
        axes.text(-1.6 * largest, 0, NAMES[metric], ha="right", va="center", color=COLOURS[metric], fontsize=10)
        if row == 0:
            for k, end in ((0, "P"), (steps - 1, "Q")):
                axes.text(2.35 * largest * k, 1.15 * largest, end, ha="center", va="bottom", color=INK, fontsize=10)
    ends = _coordinates(next(iter(paths.values())))[[0, -1]]
    space.scatter(*ends.T, color=INK, s=18, depthshade=False)
    for point, end, side in zip(ends, "PQ", ("left", "right"), strict=True):
        space.text(*point, f"  {end}  ", ha=side, va="bottom", color=INK, fontsize=10)
    space.view_init(elev=16, azim=-52)
    space.set_axis_off()
    space.set_box_aspect((1, 1, 0.95), zoom=1.6)
    return svg(canvas)


def _boundary(axes: Any, height: float) -> None:
    """Draw the boundary of the cone: singular matrices."""
    angle = np.linspace(0, 2 * np.pi, 121)
    rim, levels = np.meshgrid(angle, [0.0, height])
    axes.plot_surface(levels * np.cos(rim), levels * np.sin(rim), levels, color=INK, alpha=0.06, lw=0, shade=False)
    for level in np.linspace(height / 5, height, 5):
        axes.plot(
            level * np.cos(angle), level * np.sin(angle), np.full_like(angle, level), color=INK, lw=0.5, alpha=0.5
        )
    for a in np.linspace(0, 2 * np.pi, 17)[:-1]:
        axes.plot([0, height * np.cos(a)], [0, height * np.sin(a)], [0, height], color=INK, lw=0.5, alpha=0.35)


def _ellipses(axes: Any, path: Array, largest: float, colour: str, steps: int) -> None:
    """Draw ellipses at equal times along a path, from left to right."""
    for k, index in enumerate(np.linspace(0, len(path) - 1, steps).round().astype(int)):
        x, y = _ellipse(path[index])
        axes.fill(x + 2.35 * largest * k, y, facecolor=(colour, 0.2), edgecolor=colour, lw=1.3)
    axes.set_aspect("equal")
    axes.set_xlim(-1.3 * largest, 2.35 * largest * (steps - 1) + 1.3 * largest)
    axes.set_ylim(-1.08 * largest, 1.08 * largest)
    axes.set_axis_off()


def folding(times: Array, eigenvalues: Array, inside: float) -> bytes:
    """Draw the eigenvalues (m, 2) of exp_I(t V) against t (m,): past ``inside`` the formula folds back into the cone."""
    canvas = figure(5.4, 4.0)
    strip, axes = canvas.subplots(2, 1, height_ratios=[1.0, 3.0], gridspec_kw={"hspace": 0.04})
    axes.axvspan(inside, float(times[-1]), color=COLOURS["riemann"], alpha=0.10, lw=0)
    for column, style in zip(eigenvalues.T, ("-", "--"), strict=True):
        before = times <= inside
        axes.plot(times[before], column[before], style, color=COLOURS["wasserstein"], lw=2)
        axes.plot(times[~before], column[~before], style, color=COLOURS["riemann"], lw=2)
    axes.axhline(0.0, color=INK, lw=0.8)
    axes.text(inside, float(eigenvalues.max()), " outside the domain", color=COLOURS["riemann"], fontsize=9, va="top")
    axes.set_xlabel("t")
    axes.set_ylabel("eigenvalues of $(I + tV/2)^2$")
    quiet(axes)
    _flat_ellipses(strip, times, eigenvalues, inside, axes.get_xlim())
    return svg(canvas)


def _flat_ellipses(axes: Any, times: Array, eigenvalues: Array, inside: float, limits: tuple[float, float]) -> None:
    """Draw the ellipses of diagonal matrices above the times they belong to."""
    place = axes.get_position()
    width, height = axes.figure.get_size_inches()
    span = (limits[1] - limits[0]) * (place.height * height) / (place.width * width)
    shown = np.linspace(0, len(times) - 1, 9).round().astype(int)
    radius = 0.42 * (times[shown[1]] - times[shown[0]]) / float(np.sqrt(eigenvalues.max()))
    for k in shown:
        x, y = radius * _ellipse(np.diag(eigenvalues[k]))
        colour = COLOURS["wasserstein" if times[k] <= inside else "riemann"]
        axes.fill(x + times[k], y, facecolor=(colour, 0.2), edgecolor=colour, lw=1.3, clip_on=False)
    axes.set_xlim(limits)
    axes.set_ylim(-span / 2, span / 2)
    axes.set_axis_off()


def spread(scales: Sequence[float], released: Sequence[float], ours: Sequence[float]) -> bytes:
    """Draw the dispersion after the layer against the scale of the batch, for both definitions of the variance."""
    canvas = figure(5.4, 3.2)
    axes = canvas.subplots()
    axes.axhline(1.0, color=INK, lw=0.8, ls=":")
    axes.plot(scales, released, "o-", color=COLOURS["riemann"], lw=1.8, ms=5, label="variance about I (released)")
    axes.plot(scales, ours, "o-", color=COLOURS["wasserstein"], lw=1.8, ms=5, label="variance about the mean")
    axes.set_xscale("log")
    axes.set_xlabel("factor on the batch")
    axes.set_ylabel("dispersion after the layer")
    axes.set_ylim(0.0, None)
    axes.legend(frameon=False, fontsize=9, labelcolor=INK, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncol=2)
    quiet(axes)
    return svg(canvas)


def sessions(table: Mapping[str, Mapping[str, float]]) -> bytes:
    """Draw accuracies across sessions, ``table[person][method]``, as grouped dots."""
    canvas = figure(5.8, 3.0)
    axes = canvas.subplots()
    methods = list(next(iter(table.values())))
    shades = [INK, *COLOURS.values()]
    for row, scores in enumerate(table.values()):
        values = [scores[method] for method in methods]
        axes.plot([min(values), max(values)], [row, row], color=INK, lw=0.8, alpha=0.5)
        for method, value, colour in zip(methods, values, shades, strict=False):
            axes.plot(value, row, "o", ms=8, color=colour, label=method if row == 0 else None)
    axes.set_yticks(range(len(table)), list(table))
    axes.set_ylim(-0.6, len(table) - 0.4)
    axes.set_xlabel("accuracy on the session that was not seen")
    axes.legend(frameon=False, fontsize=9, labelcolor=INK, loc="upper center", bbox_to_anchor=(0.5, -0.22), ncol=3)
    quiet(axes)
    return svg(canvas)


def conditions(values: Sequence[float], table: Mapping[str, Sequence[float]]) -> bytes:
    """Draw accuracies ``table[norm]`` against condition numbers."""
    canvas = figure(5.4, 3.2)
    axes = canvas.subplots()
    for norm, scores in table.items():
        name, colour = NAMES.get(norm, "no normalisation"), COLOURS.get(norm, INK)
        axes.plot(values, scores, "o-", color=colour, lw=1.8, ms=5, label=name)
    axes.set_xscale("log")
    axes.set_xlabel("condition number")
    axes.set_ylabel("accuracy")
    axes.legend(frameon=False, fontsize=9, labelcolor=INK, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncol=2)
    quiet(axes)
    return svg(canvas)


def gains(table: Mapping[str, Sequence[float]], chance: float) -> bytes:
    """Draw each subject's gain in accuracy (one dot a seed) over the same network without normalisation."""
    canvas = figure(6.4, 3.0)
    axes = canvas.subplots()
    axes.axhline(0.0, color=INK, lw=0.8)
    for k, (_, values) in enumerate(table.items()):
        axes.plot(np.full(len(values), k), values, "o", color=COLOURS["wasserstein"], alpha=0.55, ms=5, mew=0)
        axes.plot([k - 0.3, k + 0.3], [np.mean(values)] * 2, color=COLOURS["riemann"], lw=2)
    axes.set_xticks(range(len(table)), list(table))
    axes.set_xlabel(f"subject (chance is {chance:.0%})")
    axes.set_ylabel("gain in accuracy")
    quiet(axes)
    return svg(canvas)
