"""Orbits on the page: what Hill's monodromy says of a function Θ of the angle that a person types.

Definition: :func:`describe_orbit` integrates one function, after a superrotation if one is given; :func:`orbit_examples` and :func:`vacuum_examples`
    are those that the page shows without a server.
Convention: ``f = φ + (size/mode) sin(mode φ)``, so that ``|size| < 1`` keeps ``f' > 0``; masses and energies in units of 1/G.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ParseError
from erlangen.gallery.orbit_figures import angle_curve, class_strip, lift, plan_disc

__all__ = ["EXAMPLES", "describe_orbit", "orbit_examples", "vacuum_examples"]

Array = NDArray[np.float64]
EXAMPLES = (
    ("Minkowski space", "-1"),
    ("A conical defect", "-0.4"),
    ("Between defects and cosmologies", "0"),
    ("A flat cosmology", "0.2"),
    ("A wave that nothing makes constant", "-1 + 1.5*cos(phi)"),
    ("An angular excess", "-2.6 + 0.8*sin(phi)"),
)
_VACUA = ((0.0, 1), (0.45, 1), (0.45, 2), (0.6, 3))
_SYMBOLS = {"−": "-", "·": "*", "φ": "phi", "ϕ": "phi", "π": "pi"}
_LETTERS, _LARGEST, _MODES = 300, 2000.0, 8
_DECIMAL = re.compile(r"(?<![\w.])(\d*)\.(\d+)")


def _function(text: str) -> Callable[[Array], Array]:
    """Return the function of the angle that a text means, by the white list of the exact ring."""
    if not 0 < len(text) <= _LETTERS:
        message = f"Θ must have 1 to {_LETTERS} characters, not {len(text)}"
        raise ParseError(message)
    for symbol, word in _SYMBOLS.items():
        text = text.replace(symbol, word)
    exact = _DECIMAL.sub(lambda found: f"({int(found[1] + found[2])}/{10 ** len(found[2])})", text)
    ring = import_module("erlangen.exact").DifferentialRing("phi", constants="pi")
    element = ring.parse(exact)

    def value(angle: Array) -> Array:
        with np.errstate(all="ignore"):  # what is not finite is refused by name
            return np.asarray(element.evaluate({"phi": angle, "pi": np.pi}) + 0 * angle, dtype=np.float64)

    return value


def describe_orbit(text: str, *, size: float = 0.0, mode: int = 1, title: str | None = None) -> dict[str, Any]:
    """Return class, winding, mass, energy and pictures of the orbit of Θ.

    Raises
    ------
    ErlangenError
        If the text is no smooth periodic function of phi, or too large for a page.
    """
    gauge = import_module("erlangen.gauge")
    if not -0.95 <= size <= 0.95 or not 1 <= mode <= _MODES:
        message = f"a superrotation of size {size:g} and mode {mode} is none of this page"
        raise DomainError(message, hint=f"give a size from -0.95 to 0.95 and a mode from 1 to {_MODES}")
    theta = gauge.CircleFunction.of(_function(text))
    if size:
        theta = gauge.BMS3Element.of(lambda angle: size / mode * np.sin(mode * angle))(theta)[0]
    values = theta(np.linspace(0, 2 * np.pi, 181))
    if not np.max(np.abs(values)) <= _LARGEST:
        message = f"|Θ| reaches {np.max(np.abs(values)):.3g}, more than this page integrates"
        raise DomainError(message, hint=f"keep it below {_LARGEST:g}")
    orbit, found = gauge.classify_orbit(theta), gauge.hill_monodromy(theta)
    name = title or text
    way = lift(found.path)
    return {
        "name": name,
        "theta": text,
        "kind": orbit.kind,
        "winding": orbit.winding,
        "trace": orbit.trace,
        "constant": orbit.constant,
        "mass": orbit.mass,
        "energy": theta.mean() / 8,
        "stabiliser": orbit.stabiliser,
        "branch": float(np.arccosh(max(1.0, abs(orbit.trace) / 2)) / np.pi),
        "turns": float(way[-1, 0]),
        "curve": angle_curve(values, f"Θ of {name} against the angle"),
        "strip": class_strip(way, orbit.kind, orbit.trace, f"{name}: {orbit.kind}, winding {orbit.winding}"),
        "disc": plan_disc(way, f"The same path of {name} seen along the axis"),
    }


@cache
def orbit_examples() -> tuple[dict[str, Any], ...]:
    """Return the functions that the page shows without a server."""
    return tuple(describe_orbit(text, title=name) for name, text in EXAMPLES)


@cache
def vacuum_examples() -> tuple[dict[str, Any], ...]:
    """Return Minkowski spaces moved by superrotations: one monodromy, many energies."""
    return tuple(
        {"size": size, "mode": mode, **describe_orbit("-1", size=size, mode=mode, title="a Minkowski space")}
        for size, mode in _VACUA
    )
