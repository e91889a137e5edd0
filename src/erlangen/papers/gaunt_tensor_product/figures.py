"""The figures of the run: functions on spheres and their product, points of rules, errors while training.

Definition: a sphere is seen from a little above, front half; colours from negative (blue) to positive (red); degree bars share one scale.
Convention: SVG as :mod:`erlangen.papers.drawing` makes it; one colour a product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.papers.drawing import INK, figure, quiet, svg

__all__ = ["beside", "bodies", "learning", "paths", "rules", "signals"]

Array = NDArray[np.float64]
_PRODUCTS = {
    "clebsch-gordan": ("Clebsch–Gordan", "#b5442e"),
    "gaunt": ("Gaunt", "#3b6e8f"),
    "complete-gaunt": ("Gaunt and bracket", "#c58a2b"),
}
_SIDES = {
    "mace-torch": ("mace-torch", "#6b655d"),
    "identical": ("ours, mace-torch's function and weights", "#b5442e"),
    "clebsch-gordan": ("ours, Clebsch–Gordan on a basis", "#d08a78"),
    "gaunt": ("ours, Gaunt", "#3b6e8f"),
    "complete-gaunt": ("ours, Gaunt and bracket", "#c58a2b"),
}
_SIGNALS = {"x": "$F_x$", "y": "$F_y$", "xy": "$F_x F_y$"}
_RULES = {"minimal": "minimal", "lebedev": "Lebedev", "gauss-legendre": "Gauss–Legendre", "equal-angle": "equal angles"}
_BLUE, _RED = "#3b6e8f", "#b5442e"


def signals(found: Mapping[str, Mapping[str, Array]]) -> bytes:
    """Draw the functions as coloured spheres, and below each the share of every degree."""
    canvas = figure(8.4, 4.4)
    grid = canvas.add_gridspec(
        2, 5, width_ratios=[1, 0.14, 1, 0.14, 1], height_ratios=[2.4, 1], hspace=0.12, wspace=0.05
    )
    top = max(len(part["energy"]) for part in found.values())
    for k, (name, part) in enumerate(found.items()):
        axes = canvas.add_subplot(grid[0, 2 * k])
        _sphere(axes, part["values"])
        axes.set_title(_SIGNALS[name], color=INK, fontsize=13)
        bars = canvas.add_subplot(grid[1, 2 * k])
        share = part["energy"] / part["energy"].sum()
        bars.bar(range(len(share)), share, color=INK, width=0.62)
        bars.set_xlim(-0.6, top - 0.4)
        bars.set_ylim(0, max(float((p["energy"] / p["energy"].sum()).max()) for p in found.values()) * 1.05)
        bars.set_xticks(range(top))
        bars.set_yticks([])
        bars.set_xlabel("degree $l$")
        quiet(bars)
        bars.spines["left"].set_visible(False)
    for k, sign in ((1, "×"), (3, "=")):
        axes = canvas.add_subplot(grid[0, k])
        axes.text(0.5, 0.5, sign, ha="center", va="center", fontsize=20, color=INK)
        axes.set_axis_off()
    return svg(canvas)


def _sphere(axes: Any, values: Array) -> None:
    """Draw values (n, n) on the disc of a sphere, a little darker towards the rim."""
    top, n = float(np.nanmax(np.abs(values))), len(values)
    edge = np.linspace(-1, 1, n)
    rim = np.clip(1 - edge[:, None] ** 2 - edge[None] ** 2, 0, 1) ** 0.5
    blue, white, red = (np.array(c) for c in ((0.18, 0.38, 0.53), (0.98, 0.96, 0.92), (0.71, 0.27, 0.18)))
    t = np.nan_to_num(values / top)[..., None]
    colour = np.where(t < 0, white + (blue - white) * -t, white + (red - white) * t) * (0.72 + 0.28 * rim[..., None])
    image = np.concatenate([np.clip(colour, 0, 1), np.isfinite(values)[..., None]], axis=-1)
    axes.imshow(image, extent=(-1, 1, -1, 1), interpolation="bilinear")
    axes.set_xlim(-1.04, 1.04)
    axes.set_ylim(-1.04, 1.04)
    axes.set_aspect("equal")
    axes.set_axis_off()


def rules(points: Mapping[str, Array]) -> bytes:
    """Draw the points of each rule on a sphere."""
    canvas = figure(9.2, 2.7)
    angle = np.linspace(0, 2 * np.pi, 121)
    for axes, (name, nodes) in zip(canvas.subplots(1, len(points)), points.items(), strict=True):
        axes.fill(np.cos(angle), np.sin(angle), facecolor=(_BLUE, 0.10), edgecolor=INK, lw=0.8)
        front = nodes[:, 2] >= 0
        axes.plot(*nodes[~front, :2].T, "o", ms=4.2, mfc="none", mec=_BLUE, mew=0.7, alpha=0.6)
        axes.plot(*nodes[front, :2].T, "o", ms=5, color=_RED, mec="none")
        axes.set_aspect("equal")
        axes.set_axis_off()
        label = f"{len(nodes) // 2} pairs" if name == "minimal" else f"{len(nodes)} points"
        axes.set_title(f"{_RULES[name]}\n{label}", color=INK, fontsize=10)
    canvas.subplots_adjust(wspace=0.08)
    return svg(canvas)


def learning(courses: Mapping[str, Sequence[Sequence[Mapping[str, float]]]]) -> bytes:
    """Draw errors of forces against epochs and against seconds, means over seeds, from the first stage on."""
    canvas = figure(9.2, 3.5)
    left, right = canvas.subplots(1, 2, sharey=True)
    for product, own in courses.items():
        label, colour = _PRODUCTS[product]
        for key, style in (("forces_300K", "o-"), ("forces_600K", "o:")):
            error = _mean(own, key)[1:]
            shown = label if style == "o-" else None
            left.plot(_mean(own, "epoch")[1:], error, style, color=colour, lw=1.8, ms=4, label=shown)
            right.plot(_mean(own, "seconds")[1:], error, style, color=colour, lw=1.8, ms=4)
    for axes, name in ((left, "epoch"), (right, "processor time (s)")):
        axes.set_yscale("log", subs=[2, 3, 5])
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter("{x:g}")
        axes.tick_params(which="both", labelsize=9, colors=INK)
        axes.set_xlabel(name)
        quiet(axes)
    left.set_ylabel("error of forces (meV/Å)")
    canvas.legend(frameon=False, fontsize=9, labelcolor=INK, loc="lower center", bbox_to_anchor=(0.5, -0.1), ncol=3)
    canvas.subplots_adjust(wspace=0.08)
    return svg(canvas)


def paths(truth: Mapping[str, Mapping[str, Any]], found: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """Draw energies along both paths: density functional theory as circles, a line for each product and seed."""
    canvas = figure(9.2, 3.5)
    labels = {"dihedral": "dihedral angle (°)", "transfer": "distance of the proton, first oxygen less second (Å)"}
    for axes, (name, text) in zip(canvas.subplots(1, 2), labels.items(), strict=True):
        place = truth[name]["place"]
        for product, own in found.items():
            label, colour = _PRODUCTS[product]
            for k, row in enumerate(own):
                shown = label if name == "dihedral" and k == 0 else None
                axes.plot(place, row[name], color=colour, lw=1.6, alpha=0.9, label=shown)
        shown = "density functional theory" if name == "dihedral" else None
        axes.plot(place, truth[name]["energy"], "o", ms=4, mfc="none", mec=INK, mew=1.0, label=shown, zorder=3)
        axes.set_xlabel(text)
        quiet(axes)
        axes.tick_params(labelsize=9, colors=INK)
    canvas.axes[0].set_ylabel("energy (meV)")
    canvas.axes[0].set_xticks(range(0, 181, 45))
    canvas.legend(frameon=False, fontsize=9, labelcolor=INK, loc="lower center", bbox_to_anchor=(0.5, -0.1), ncol=4)
    canvas.subplots_adjust(wspace=0.16)
    return svg(canvas)


def bodies(found: Mapping[str, Sequence[Mapping[str, Any]]], straight: float) -> bytes:
    """Draw errors on charged bodies against epochs, means over seeds, one line a product and degree."""
    canvas = figure(6.6, 3.9)
    axes = canvas.subplots()
    axes.axhline(straight, color="#6b655d", lw=1.0, label="straight motion")
    for name, own in found.items():
        product, degree = name.split("/")
        label, colour = _PRODUCTS[product]
        courses = [row["course"] for row in own]
        error, style = _mean(courses, "valid"), "o:" if degree == "1" else "o-"
        axes.plot(
            _mean(courses, "epoch"), error, style, color=colour, lw=1.8, ms=3.5, label=f"{label}, degree {degree}"
        )
    axes.set_yscale("log", subs=[2, 3, 5])
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter("{x:g}")
    axes.set_xlabel("epoch")
    axes.set_ylabel("mean square error")
    axes.legend(frameon=False, fontsize=9, labelcolor=INK, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncol=3)
    quiet(axes)
    axes.tick_params(which="both", labelsize=8, colors=INK)
    return svg(canvas)


def beside(courses: Mapping[str, Sequence[Mapping[str, float]]]) -> bytes:
    """Draw errors of forces against processor time, one line a side, mace-torch among them."""
    canvas = figure(7.2, 4.2)
    axes = canvas.subplots()
    for name, course in courses.items():
        label, colour = _SIDES[name.split("/")[0]]
        seconds = [row["seconds"] for row in course]
        for key, style in (("forces_300K", "o-"), ("forces_600K", "o:")):
            shown = label if style == "o-" and name.endswith("/1") else None
            axes.plot(
                seconds, [row[key] for row in course], style, color=colour, lw=1.8, ms=4, label=shown,
                markevery=max(1, len(course) // 6),
            )  # fmt: skip
    above = np.inf
    firsts = ((n, c[-1]) for n, c in courses.items() if c and n.endswith("/1"))
    for name, last in sorted(firsts, key=lambda item: -item[1]["forces_300K"]):
        error = last["forces_300K"]
        shift = -3 if error * 1.15 < above else -9  # where another label stands just above
        axes.annotate(
            f"epoch {last['epoch']:.0f}", (last["seconds"], error), (6, shift), textcoords="offset points",
            color=_SIDES[name.split("/")[0]][1], fontsize=8,
        )  # fmt: skip
        above = error
    for scale, axis in ((axes.set_xscale, axes.xaxis), (axes.set_yscale, axes.yaxis)):
        scale("log", subs=[2, 5])
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter("{x:g}")
    axes.set_xlabel("processor time (s)")
    axes.set_ylabel("error of forces (meV/Å)")
    axes.legend(frameon=False, fontsize=9, labelcolor=INK, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncol=2)
    quiet(axes)
    axes.tick_params(which="both", labelsize=8, colors=INK)
    return svg(canvas)


def _mean(courses: Sequence[Sequence[Mapping[str, float]]], key: str) -> Array:
    """Return the mean over seeds at each stage."""
    return np.asarray(np.mean([[row[key] for row in course] for course in courses], axis=0))
