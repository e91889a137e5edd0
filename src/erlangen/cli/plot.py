"""A picture of an embedding, or of a statistic.

Definition: points coloured by a label, axes of equal scale, a scale bar instead of ticks, the legend outside.
Convention: categories get a fixed palette of twelve; more than twelve, and numbers, get a colour bar; matplotlib is the extra ``plot``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.cli.points.atomic import atomic_path
from erlangen.cli.points.cloud import Labels
from erlangen.validation import require

__all__ = ["PICTURES", "plot_curve", "plot_embedding"]

PICTURES = (".png", ".svg", ".pdf")
_PALETTE = (
    "#3566a8", "#e0663a", "#2f9166", "#c94f7c", "#d9a521", "#8a63b8",
    "#3fa7c4", "#8c5a3c", "#7d9b2f", "#de8fb4", "#59626f", "#9db8dc",
)  # fmt: skip
_INK, _FAINT, _MISSING, _GRID = "#30363d", "#8b949e", "#d0d5da", "#dfe3e8"
_SCALE = "viridis"


def _size(n: int) -> float:
    """Area of a point in points squared: visible alone, not a blot in a crowd."""
    return float(np.clip(9000.0 / max(n, 1), 0.6, 26.0))


def _round_length(span: float) -> float:
    """Return the largest of 1, 2, 5 · 10^k that is at most a fifth of the span.

    Examples
    --------
    >>> _round_length(37.0)
    5.0
    """
    target = span / 5
    power = 10.0 ** math.floor(math.log10(target))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= target * (1 + 1e-12))


def _axes(figure: Any, d: int) -> Any:
    """Return bare axes for 1, 2 or 3 dimensions."""
    axes = figure.add_subplot(projection="3d" if d >= 3 else None)
    if d < 3:
        axes.set_axis_off()
        axes.set_aspect("equal", adjustable="datalim")
        axes.margins(0.02)
        return axes
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_ticklabels([])
        axis.set_pane_color((0.975, 0.978, 0.982, 1.0))
        axis.line.set_color(_GRID)
        axis._axinfo["grid"].update(color=_GRID, linewidth=0.5)
        axis._axinfo["tick"].update(inward_factor=0, outward_factor=0)
    return axes


def _figure_size(parts: list[Any], labels: Labels | None) -> tuple[float, float]:
    """Return a size in inches that fits the shape of the cloud and the legend."""
    if len(parts) == 3:
        return 7.2, 6.0
    width, height = (float(np.ptp(part)) for part in parts)
    lines = len(set(map(str, labels.values))) if labels is not None and labels.categorical else 0
    least = max(2.4, 0.9 + 0.23 * min(lines, 16))
    wide = 6.8 if labels is None else 5.9
    return 7.2, float(np.clip(wide * height / max(width, 1e-300) + 0.8, least, 7.2))


def _coordinates(Z: NDArray[np.floating]) -> list[NDArray[np.floating]]:
    """Return one array an axis; points on a line are spread a little so that they can be seen."""
    if Z.shape[1] > 1:
        return [Z[:, j] for j in range(min(Z.shape[1], 3))]
    height = float(0.04 * np.ptp(Z[:, 0])) or 1.0
    spread = height * (2 * np.random.default_rng(1).random(Z.shape[0]) - 1)
    return [Z[:, 0], np.asarray(spread)]


def _bar(figure: Any, axes: Any, mappable: Any, name: str) -> Any:
    """Add a slim colour bar."""
    bar = figure.colorbar(mappable, ax=axes, shrink=0.62, aspect=28, pad=0.03)
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelsize=8, labelcolor=_INK)
    bar.set_label(name, size=9, color=_INK)
    return bar


def _draw_numbers(figure: Any, axes: Any, parts: list[Any], labels: Labels, order: Any, style: dict[str, Any]) -> None:
    """Colour by a number."""
    values = np.asarray(labels.values, dtype=float)[order]
    known = np.isfinite(values)
    if not known.all():
        axes.scatter(*(part[order][~known] for part in parts), color=_MISSING, **style)
    drawn = axes.scatter(*(part[order][known] for part in parts), c=values[known], cmap=_SCALE, **style)
    _bar(figure, axes, drawn, labels.name).solids.set_alpha(1)


def _sorted_categories(values: NDArray[Any]) -> list[str]:
    """Return the categories by alphabet, the numbers in them by size (c2 before c10)."""
    pieces = re.compile(r"(\d+(?:\.\d+)?)")

    def key(text: str) -> list[tuple[float, str]]:
        return [(float(part), "") if part[:1].isdigit() else (math.inf, part) for part in pieces.split(text) if part]

    return sorted(set(map(str, values)), key=key)


def _draw_categories(
    figure: Any, axes: Any, parts: list[Any], labels: Labels, order: Any, style: dict[str, Any]
) -> None:
    """Colour by a category: a legend outside for up to twelve, a stepped bar for more."""
    colors = require("matplotlib.colors", extra="plot", purpose="a plot")
    categories = _sorted_categories(labels.values)
    codes = np.array([{c: i for i, c in enumerate(categories)}[str(v)] for v in labels.values])[order]
    few = len(categories) <= len(_PALETTE)
    if few:
        cmap = colors.ListedColormap(_PALETTE[: len(categories)])
    else:
        scale = require("matplotlib", extra="plot", purpose="a plot").colormaps["turbo"]
        cmap = colors.ListedColormap(scale(np.linspace(0.04, 0.96, len(categories))))
    norm = colors.BoundaryNorm(np.arange(len(categories) + 1) - 0.5, len(categories))
    drawn = axes.scatter(*(part[order] for part in parts), c=codes, cmap=cmap, norm=norm, **style)
    if few:
        _legend(figure, categories, labels.name)
        return
    bar = _bar(figure, axes, drawn, labels.name)
    bar.solids.set_alpha(1)
    room = max(2, int(0.62 * figure.get_figheight() / 0.15))
    step = math.ceil(len(categories) / room)
    bar.set_ticks(np.arange(0, len(categories), step), labels=[c[:18] for c in categories[::step]])
    bar.minorticks_off()


def _legend(figure: Any, categories: list[str], name: str) -> None:
    """Add the legend at the right, outside of the points."""
    line = require("matplotlib.lines", extra="plot", purpose="a plot").Line2D
    handles = [
        line([], [], linestyle="", marker="o", markersize=6, color=color, label=category[:28] or "(none)")
        for category, color in zip(categories, _PALETTE, strict=False)
    ]
    legend = figure.legend(
        handles=handles,
        title=name,
        loc="outside right center",
        frameon=False,
        fontsize=9,
        title_fontsize=9,
        labelcolor=_INK,
        handletextpad=0.2,
    )
    legend.get_title().set_color(_INK)


def _scale_bar(axes: Any, Z: NDArray[np.floating]) -> None:
    """Draw a bar of a round length below the points, in the unit of the embedding."""
    low, high = Z.min(axis=0), Z.max(axis=0)
    span = float(max(high - low))
    if not span > 0:
        return
    length = _round_length(span)
    y = float(low[1]) - 0.06 * span if Z.shape[1] > 1 else -0.12 * span
    x = float(low[0])
    axes.plot([x, x + length], [y, y], color=_FAINT, linewidth=1.4, solid_capstyle="butt")
    axes.annotate(
        f"{length:g}",
        (x + length / 2, y),
        (0, -3),
        textcoords="offset points",
        ha="center",
        va="top",
        fontsize=8,
        color=_FAINT,
    )


def plot_embedding(path: Path, Z: NDArray[np.floating], labels: Labels | None = None, *, caption: str = "") -> None:
    """Draw the embedding ``Z`` (n, d) and write it to ``path`` (png, svg or pdf), whole or not at all.

    Of more than three dimensions the first three are drawn.
    """
    figure_class = require("matplotlib.figure", extra="plot", purpose="a plot").Figure
    n = Z.shape[0]
    parts = _coordinates(Z)
    size = _figure_size(parts, labels)
    figure = figure_class(figsize=size, facecolor="white", layout="constrained")
    axes = _axes(figure, Z.shape[1])
    order = np.random.default_rng(0).permutation(n)
    style = {"s": _size(n), "linewidths": 0, "alpha": 0.9 if n < 5000 else 0.7, "rasterized": n > 5000}
    if labels is None:
        axes.scatter(*parts, color=_PALETTE[0], **style)
    elif labels.categorical:
        _draw_categories(figure, axes, parts, labels, order, style)
    else:
        _draw_numbers(figure, axes, parts, labels, order, style)
    if Z.shape[1] < 3:
        _scale_bar(axes, Z)
    else:
        axes.set_box_aspect([max(float(np.ptp(part)), 1e-12) for part in parts], zoom=1.05)
    if caption:
        figure.supxlabel(caption, fontsize=8.5, color=_FAINT)
    _save(figure, path)


def plot_curve(
    path: Path,
    x: Sequence[float],
    y: Sequence[float],
    *,
    titles: tuple[str, str],
    mark: float | None = None,
    caption: str = "",
) -> None:
    """Draw a curve under the titles of its axes, with a vertical line at ``mark``, and write it to ``path``, whole or not at all."""
    figure = require("matplotlib.figure", extra="plot", purpose="a plot").Figure(
        figsize=(7.2, 3.6), facecolor="white", layout="constrained"
    )
    axes = figure.add_subplot()
    axes.plot(x, y, color=_PALETTE[0], linewidth=1.6, marker="o", markersize=3)
    if mark is not None:
        axes.axvline(mark, color=_PALETTE[1], linewidth=1.0)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel(titles[0], fontsize=9, color=_INK)
    axes.set_ylabel(titles[1], fontsize=9, color=_INK)
    axes.tick_params(labelsize=8, labelcolor=_INK, color=_GRID)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["bottom", "left"]].set_color(_GRID)
    if caption:
        figure.supxlabel(caption, fontsize=8.5, color=_FAINT)
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    """Write a figure, whole or not at all."""
    with atomic_path(path) as temporary:
        figure.savefig(temporary, dpi=200, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)
