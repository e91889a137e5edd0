"""Figures of charges at finite radius and of fronts that reach null infinity on a given cut.

Definition: in 2 + 1 dimensions the fronts of the null surface that arrives on the cut ``u = f(φ)`` are, at time t,
    ``x = (t - f) n - f' n'``, ``n = (cos φ, sin φ)``: the envelope of ``t - n·x = f``.
Convention: a charge is drawn at the radii of spheres, with an axis that is linear below one and logarithmic above.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.papers.drawing import INK, figure, quiet, svg
from erlangen.symbolic import charge_form, metric_variation, spacetime

__all__ = ["charges_at_radii", "front", "light_cones"]

_BLUE, _RED, _GOLD = "#3b6e8f", "#b5442e", "#c58a2b"
_FIELDS = (
    ("1", r"$\partial_t$", _BLUE),
    ("1 + 2/r", r"$(1 + 2/r)\,\partial_t$", _GOLD),
    ("r/4", r"$(r/4)\,\partial_t$", _RED),
)
_CUTS = (
    ("a light cone", 0.0, 1),
    ("a translation, $u = 0.6\\cos\\varphi$", 0.6, 1),
    ("a supertranslation, $u = 0.25\\cos 2\\varphi$", 0.25, 2),
    ("$u = 0.12\\cos 3\\varphi$", 0.12, 3),
)


def front(size: float, mode: int, time: float, angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the front at a time of the null surface that arrives on ``u = size cos(mode φ)``, ``(n, 2)``.

    Examples
    --------
    >>> angles = np.linspace(0, 2 * np.pi, 9)
    >>> moved = front(0.5, 1, 2.0, angles) + [0.5, 0]  # a translation: a circle about (-0.5, 0)
    >>> np.allclose(np.hypot(*moved.T), 2)
    True
    """
    f, slope = size * np.cos(mode * angles), -size * mode * np.sin(mode * angles)
    normal = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    along = np.stack([-np.sin(angles), np.cos(angles)], axis=1)
    return np.asarray((time - f)[:, None] * normal - slope[:, None] * along)


def light_cones() -> bytes:
    """Draw fronts of null surfaces that arrive on four cuts, and the cuts around them."""
    canvas = figure(10.4, 2.9)
    angles = np.linspace(0, 2 * np.pi, 721)
    for axes, (title, size, mode) in zip(canvas.subplots(1, len(_CUTS)), _CUTS, strict=True):
        for time in (0.0, 0.3, 0.6, 0.9, 1.2):
            axes.plot(*front(size, mode, time, angles).T, color=_BLUE, lw=1.1, alpha=0.5 + 0.4 * (time > 1))
        here = size * np.cos(mode * angles) * (1 - mode**2)  # t = f + f'': where rays of the surface meet
        meeting = np.array([front(size, mode, t, np.array([a]))[0] for t, a in zip(here, angles, strict=True)])
        style = {"lw": 1.8} if mode > 1 else {"lw": 0, "marker": "o", "ms": 5}
        axes.plot(*(meeting if mode > 1 else meeting[:1]).T, color=_RED, **style)
        axes.plot(0, 0, "+", ms=7, color=INK, mew=0.8)
        for radius, dashes, colour in (
            (2.15 + 0 * angles, (0, (2, 3)), INK),
            (2.15 + 0.5 * size * np.cos(mode * angles), (0, ()), _GOLD),
        ):
            axes.plot(
                radius * np.cos(angles),
                radius * np.sin(angles),
                color=colour,
                lw=0.7 + 0.8 * (colour == _GOLD),
                ls=dashes,
            )
        axes.set_title(title, color=INK, fontsize=9)
        axes.set(xlim=(-2.55, 2.55), ylim=(-2.55, 2.55), aspect="equal")
        axes.set_axis_off()
    canvas.tight_layout()
    return svg(canvas)


def charges_at_radii() -> bytes:
    """Draw the mass of Kerr's black hole on spheres, for a symmetry, one far away, and none."""
    canvas = figure(6.6, 3.3)
    axes = canvas.subplots()
    radii = np.geomspace(1.5, 400, 60)
    for text, label, colour in _FIELDS:
        for prescription, dashes in (("barnich-brandt", (0, ())), ("iyer-wald", (0, (5, 4)))):
            values = _charge(text, prescription, radii)
            axes.plot(radii, np.arcsinh(values), color=colour, lw=1.8, ls=dashes)
        axes.annotate(
            label, (radii[-1], np.arcsinh(_charge(text, "barnich-brandt", radii)[-1])), (6, -3 if text == "1" else 5),
            textcoords="offset points", color=colour, fontsize=9, va="top" if text == "1" else "bottom",
        )  # fmt: skip
    axes.set_xscale("log")
    ticks = [0, 1, 2, 5, 10, 50, 100]
    axes.set_yticks(np.arcsinh(ticks), [str(tick) for tick in ticks])
    axes.set_ylim(bottom=0)
    axes.set_xlabel("radius of the sphere, $M = 1$, $a = 0.6$")
    axes.set_ylabel(r"$\partial Q_\xi/\partial M$")
    quiet(axes)
    canvas.tight_layout()
    return svg(canvas)


def _charge(text: str, prescription: Any, radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``∂Q/∂M`` on spheres, by Gauss and Legendre in ``x = cos θ``."""
    metric = spacetime("kerr")
    form = charge_form(metric, metric_variation(metric, "M"), {"t": metric.ring.parse(text)}, prescription=prescription)
    nodes, weights = np.polynomial.legendre.leggauss(32)
    values = form.density.evaluate({"M": 1.0, "a": 0.6, "r": radii[:, None], "x": nodes})
    return np.asarray(values @ weights / 8)
