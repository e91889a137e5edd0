"""The figures of the run: paths in SL(2, R), the line of constant orbits, energies of vacua.

Definition: a path is drawn as the two solutions (ψ, ψ′) that start as (1, 0) and (0, 1); energies are means of Θ/8G.
Convention: SVG as :mod:`erlangen.papers.drawing` makes it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.gauge import boost_vacuum, hill_monodromy
from erlangen.papers.drawing import INK, figure, quiet, svg

__all__ = ["monodromies", "orbits", "vacua"]

_BLUE, _RED, _GOLD = "#3b6e8f", "#b5442e", "#c58a2b"
_CASES: dict[str, float | None] = {
    r"$\Theta = -1$: Minkowski": -1.0,
    r"$\Theta = -0.4$: conical defect": -0.4,
    r"$\Theta = 0.2$: cosmology": 0.2,
    r"$\Theta = -1 + 0.4\cos\varphi$": None,
}


def monodromies() -> bytes:
    """Draw the two basic solutions in the plane of (ψ, ψ′) for four potentials."""
    canvas = figure(9.6, 2.8)
    for axes, (title, case) in zip(canvas.subplots(1, len(_CASES)), _CASES.items(), strict=True):
        found = hill_monodromy(_wave if case is None else case)
        for start, colour in ((0, _BLUE), (1, _RED)):
            x, y = found.path[:, 0, start], found.path[:, 1, start]
            axes.plot(x, y, color=colour, lw=1.6)
            axes.plot(x[0], y[0], "o", ms=4.5, mfc="none", mec=colour)
            axes.plot(x[-1], y[-1], "o", ms=4.5, color=colour)
        axes.axhline(0, color=INK, lw=0.4)
        axes.axvline(0, color=INK, lw=0.4)
        axes.set_title(f"{title}\ntrace {found.trace:.2f}", color=INK, fontsize=9)
        axes.set_xlabel(r"$\psi$")
        axes.set_aspect("equal", adjustable="datalim")
        quiet(axes)
    canvas.axes[0].set_ylabel(r"$\psi^\prime$")
    canvas.tight_layout()
    return svg(canvas)


def orbits() -> bytes:
    """Draw the trace of constants, with the vacua."""
    canvas = figure(8.0, 3.2)
    axes = canvas.subplots()
    constants = np.linspace(-10.2, 1.05, 700)
    traces = 2 * np.cosh(np.pi * np.sqrt(constants.astype(complex))).real
    axes.axhspan(-2, 2, color=_BLUE, alpha=0.08, lw=0)
    axes.plot(constants, np.where(traces <= 6, traces, np.nan), color=_BLUE, lw=1.8)
    for n in (1, 2, 3):
        axes.plot(-(n**2), 2 * (-1) ** n, "o", ms=7, color=_RED)
        side = -1 if n % 2 else 1
        label = f"n = {n}" + (", Minkowski" if n == 1 else "")
        place = {"textcoords": "offset points", "ha": "center", "va": "center"}
        axes.annotate(label, (-(n**2), 2 * (-1) ** n), (0, 11 * side), color=_RED, fontsize=9, **place)
    axes.plot(0, 2, "o", ms=6, color=_GOLD)
    axes.annotate("parabolic", (0, 2), (-8, 12), textcoords="offset points", ha="right", color=_GOLD, fontsize=9)
    axes.annotate(
        "elliptic: conical defects and excesses", (-10.1, 1.45), ha="left", va="center", color=INK, fontsize=9
    )
    axes.annotate("hyperbolic", (0.05, 4.6), ha="right", color=INK, fontsize=9)
    axes.set_ylim(-3.2, 6)
    axes.set_xlabel(r"$\Theta_0 = 8GM$")
    axes.set_ylabel("trace of the monodromy")
    quiet(axes)
    canvas.tight_layout()
    return svg(canvas)


def vacua() -> bytes:
    """Draw the energies of superrotated vacua."""
    canvas = figure(6.4, 3.2)
    axes = canvas.subplots()
    for n, colour in ((1, _GOLD), (2, _BLUE), (3, _RED)):
        sizes = np.linspace(0, 0.55 / n, 12)
        energies = [_energy(n, float(size)) for size in sizes]
        axes.plot(sizes * n, energies, color=colour, lw=1.8)
        axes.annotate(
            f"n = {n}",
            (sizes[-1] * n, energies[-1]),
            (5, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=9,
        )
    axes.axhline(-1, color=INK, lw=0.6, ls=(0, (4, 3)))
    axes.annotate("Minkowski space", (0.02, -1), (0, -5), textcoords="offset points", va="top", color=INK, fontsize=9)
    axes.set_xlabel(r"largest slope $n\varepsilon$ of the superrotation")
    axes.set_ylabel(r"$8G$ energy $= \oint \Theta\, d\varphi / 2\pi$")
    axes.set_ylim(bottom=-1.35)
    quiet(axes)
    canvas.tight_layout()
    return svg(canvas)


def _wave(phi: NDArray[np.float64]) -> NDArray[np.float64]:
    return -1 + 0.4 * np.cos(phi)


def _energy(n: int, size: float) -> float:
    """Return the mean of Θ after ``f = φ + size sin(nφ)``."""
    return boost_vacuum(lambda phi: size * np.sin(n * phi))[0].mean()
