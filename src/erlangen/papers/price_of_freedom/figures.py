"""The figures of the run: paths that survive, costs by unit of freedom, times of routes, tetrominoes.

Definition: a path is a tile at (l1, l2), one cell for each l3; costs and times on logarithmic axes.
Convention: SVG as :mod:`erlangen.papers.drawing` makes it; one colour a product, one a fate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.papers.drawing import INK, figure, quiet, svg
from erlangen.validation import require

__all__ = ["costs", "couplings", "prices", "tetris", "times"]

Array = NDArray[np.float64]
_FATES = {"kept": ("#3b6e8f", "kept"), "recovered": ("#c58a2b", "lost, recovered by the bracket")}
_PRODUCTS = {
    "clebsch-gordan": ("Clebsch–Gordan", "#b5442e"),
    "gaunt": ("Gaunt", "#3b6e8f"),
    "complete-gaunt": ("Gaunt and bracket", "#c58a2b"),
    "gaunt-grid": ("Gaunt, grid", "#3b6e8f"),
    "gaunt-separable": ("Gaunt, separable grid", "#7d5a8c"),
    "gaunt-fourier": ("Gaunt, Fourier", "#7a8450"),
    "matrix": ("Matrix", "#c58a2b"),
}
_MATRIX = "#7d5a8c"  # where the bracket's colour is taken
_ROUTES = {
    "fourier": ("Fourier", "#7a8450"),
    "grid-separable": ("separable grid", "#7d5a8c"),
    "grid": ("grid", "#3b6e8f"),
    "sparse": ("sparse terms", "#b5442e"),
}


def couplings(rows: Sequence[Mapping[str, Any]], L: int) -> bytes:
    """Draw each path as a cell: columns l1, rows l2, and within a tile one cell for each l3."""
    canvas = figure(6.0, 5.2)
    axes = canvas.subplots()
    width = 0.9 / (2 * L + 1)
    for row in rows:
        count = 2 * min(row["in1"], row["in2"]) + 1
        x = row["in1"] + width * (row["out"] - abs(row["in1"] - row["in2"]) - count / 2)
        y = row["in2"] - 0.28
        colour = _FATES[row["fate"]][0]
        axes.add_patch(_box(x, y, 0.92 * width, 0.56, colour))
        axes.text(x + 0.46 * width, y + 0.28, str(row["out"]), ha="center", va="center", color="white", fontsize=8)
    for fate, (colour, label) in _FATES.items():
        count = sum(row["fate"] == fate for row in rows)
        axes.plot([], [], "s", color=colour, ms=9, label=f"{label} ({count})")
    axes.set_xlim(-0.6, L + 0.6)
    axes.set_ylim(-0.6, L + 0.6)
    axes.set_xticks(range(L + 1))
    axes.set_yticks(range(L + 1))
    axes.set_xlabel("$l_1$")
    axes.set_ylabel("$l_2$")
    axes.legend(frameon=False, fontsize=9, labelcolor=INK, loc="upper center", bbox_to_anchor=(0.5, -0.1), ncol=2)
    quiet(axes)
    return svg(canvas)


def _box(x: float, y: float, width: float, height: float, colour: str) -> Any:
    """Return a filled rectangle."""
    return require("matplotlib.patches", extra="plot", purpose="the figures").Rectangle(
        (x, y), width, height, facecolor=colour, edgecolor="none"
    )


def costs(rows: Mapping[str, Sequence[Mapping[str, float]]]) -> bytes:
    """Draw operations, and operations by expressivity, against L."""
    canvas = figure(9.2, 3.6)
    left, right = canvas.subplots(1, 2)
    for name, values in rows.items():
        label, colour = _PRODUCTS[name]
        L = np.arange(1, len(values) + 1)
        operations = np.array([row["operations"] for row in values])
        left.plot(L, operations, "o-", color=colour, lw=1.8, ms=4, label=label)
        right.plot(L, operations / [row["expressivity"] for row in values], "o-", color=colour, lw=1.8, ms=4)
    for axes, title in ((left, "operations a sample"), (right, "operations by unit of freedom")):
        axes.set_yscale("log")
        axes.set_xlabel("L")
        axes.set_ylabel(title)
        quiet(axes)
    canvas.legend(frameon=False, fontsize=9, labelcolor=INK, loc="lower center", bbox_to_anchor=(0.5, -0.14), ncol=5)
    canvas.subplots_adjust(wspace=0.28)
    return svg(canvas)


def times(rows: Mapping[int, Mapping[str, float]]) -> bytes:
    """Draw the time of each route against L."""
    canvas = figure(5.4, 3.4)
    axes = canvas.subplots()
    for method, (label, colour) in _ROUTES.items():
        axes.plot(list(rows), [row[method] for row in rows.values()], "o-", color=colour, lw=1.8, ms=5, label=label)
    axes.set_yscale("log")
    axes.set_xticks(list(rows))
    axes.set_xlabel("L")
    axes.set_ylabel("processor time (ms)")
    axes.legend(frameon=False, fontsize=9, labelcolor=INK, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncol=2)
    quiet(axes)
    return svg(canvas)


def prices(rows: Mapping[int, Mapping[str, Mapping[str, float]]]) -> bytes:
    """Draw expressivity against time, one line a product and rank, one point a degree."""
    canvas = figure(6.4, 4.4)
    axes = canvas.subplots()
    for name in next(iter(rows.values())):
        kind, _, rank = name.partition("/")
        label, colour = _PRODUCTS[kind]
        label += f", rank {rank}" if kind in ("gaunt", "complete-gaunt") else ""
        found = [(row[name]["time"], row[name]["expressivity"]) for row in rows.values()]
        style = {"1": "-", "2": "--", "3": ":"}[rank]
        colour = _MATRIX if kind == "matrix" else colour
        axes.plot(*np.transpose(found), style, marker="o", color=colour, lw=1.6, ms=5, label=label)
    for L, row in rows.items():
        first = row["clebsch-gordan/1"]
        where = {"xytext": (-6, 6), "textcoords": "offset points", "ha": "right"}
        axes.annotate(f"L = {L}", (first["time"], first["expressivity"]), color=INK, fontsize=8, **where)
    for scale, axis in ((axes.set_xscale, axes.xaxis), (axes.set_yscale, axes.yaxis)):
        scale("log", subs=[2, 5])
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter("{x:g}")
    axes.set_xlabel("processor time, 100 rows of 16 channels, forward and backward (ms)")
    axes.set_ylabel("expressivity")
    axes.legend(frameon=False, fontsize=9, labelcolor=INK, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    quiet(axes)
    axes.tick_params(which="both", labelsize=8, colors=INK)
    return svg(canvas)


def tetris(courses: Mapping[str, Array], pair: Array, handedness: Array) -> bytes:
    """Draw accuracies while training, and the two mirror images (2, 4, 3), each with its handedness."""
    canvas = figure(9.2, 3.4)
    grid = canvas.add_gridspec(2, 2, width_ratios=[2.4, 1.0], hspace=0.05, wspace=0.05)
    axes = canvas.add_subplot(grid[:, 0])
    axes.axhline(7 / 8, color=INK, lw=0.8, ls=":")
    right: Any = axes.get_yaxis_transform()  # right, where the courses have settled
    axes.text(0.98, 7 / 8 - 0.02, "seven of eight", color=INK, fontsize=8, ha="right", va="top", transform=right)
    for product, course in courses.items():
        label, colour = _PRODUCTS[product]
        axes.plot(np.arange(1, len(course) + 1), _smooth(course), color=colour, lw=1.9, label=label)
    axes.set_ylim(0, 1.04)
    axes.set_xlabel("step")
    axes.set_ylabel("accuracy")
    axes.legend(frameon=False, fontsize=9, labelcolor=INK, loc="lower right")
    quiet(axes)
    for k, cubes in enumerate(pair):
        space = canvas.add_subplot(grid[k, 1], projection="3d")
        corners = (cubes - cubes.min(0)).round().astype(int)
        filled = np.zeros(corners.max(0) + 1, dtype=bool)
        filled[tuple(corners.T)] = True
        space.voxels(filled, facecolors=(("#3b6e8f", "#b5442e")[k]), edgecolor="white", linewidth=0.6)
        space.set_axis_off()
        space.set_box_aspect(filled.shape)
        space.view_init(elev=24, azim=-60)
        sign = "+" if handedness[k] > 0 else "−"
        said = rf"$\int F_2\{{F_3, F_4\}} =$ {sign}{abs(handedness[k]):.3g}"
        space.text2D(0.5, -0.04, said, transform=space.transAxes, ha="center", color=INK, fontsize=9)
    return svg(canvas)


def _smooth(course: Array, width: int = 7) -> Array:
    """Return a running mean."""
    padded = np.pad(course, (width - 1, 0), mode="edge")
    return np.convolve(padded, np.full(width, 1 / width), mode="valid")
