"""Charges against radius: what surface charges of black holes do on spheres from near the horizon to far away.

Definition: :func:`describe_charge` gives the exact density of ``∂Q_ξ/∂(parameter)`` in both prescriptions, its integral where it has one, and
    numbers at some radii; :func:`charge_examples` are those that the page shows without a server.
Convention: charts (t, r, x = cos θ, φ) and (t, r, φ); G = 1 where the metric has none; the metrics solve Einstein's equations without matter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ErlangenError, ParseError, ResourceLimitError
from erlangen.gallery.charge_plot import charge_plot

__all__ = ["EXAMPLES", "METRICS", "RADII", "charge_examples", "describe_charge"]

Array = NDArray[np.float64]
METRICS = {
    "schwarzschild": ("Schwarzschild", {"M": 1.0}, ("M",)),
    "kerr": ("Kerr", {"M": 1.0, "a": 0.6}, ("M", "a")),
    "kerr-anti-de-sitter": ("Kerr in anti-de Sitter space", {"M": 1.0, "a": 0.6, "l": 2.0}, ("M", "a")),
    "btz": ("Bañados–Teitelboim–Zanelli", {"M": 1.0, "J": 0.5, "l": 1.0, "G": 1.0}, ("M", "J")),
}
"""Metrics of the page with a title, the values at which curves are drawn, and the parameters that change within the solutions."""
EXAMPLES = (
    ("Kerr: mass", "kerr", {"t": "1"}, "M"),
    ("Kerr: angular momentum", "kerr", {"phi": "1"}, "a"),
    ("BTZ: mass", "btz", {"t": "1"}, "M"),
    ("BTZ: angular momentum", "btz", {"phi": "1"}, "J"),
    ("Kerr in anti-de Sitter space: energy", "kerr-anti-de-sitter", {"t": "1", "phi": "-a/l^2"}, "M"),
    ("The same, turning at infinity", "kerr-anti-de-sitter", {"t": "1"}, "M"),
    ("Kerr, a symmetry far away only", "kerr", {"t": "1 + 2/r"}, "M"),
    ("Kerr, no symmetry", "kerr", {"t": "r/4"}, "M"),
)
RADII = tuple(float(x) for x in np.round(np.geomspace(1.0, 1000.0, 61), 9))
_LETTERS, _DENSITY, _NODES = 160, 40_000, 48
_PRESCRIPTIONS = ("barnich-brandt", "iyer-wald")
_DECIMAL = re.compile(r"(?<![\w.])(\d*)\.(\d+)")


def describe_charge(metric: str, xi: Mapping[str, Any], vary: str, *, title: str | None = None) -> dict[str, Any]:
    """Return the densities, their integrals and their values at :data:`RADII`.

    Raises
    ------
    ErlangenError
        If the metric is none of the page, a component is no expression of its chart, or the densities are too long.
    """
    if metric not in METRICS:
        message = f"there is no metric {metric[:40]!r} on this page"
        raise DomainError(message, hint="choose " + ", ".join(METRICS))
    symbolic = import_module("erlangen.symbolic")
    space, (_, values, changing) = symbolic.spacetime(metric), METRICS[metric]
    if vary not in changing:
        message = f"{vary[:40]!r} is not among the parameters {', '.join(changing)} that change within the solutions"
        raise DomainError(message, hint="vary one of those")
    ring = space.ring
    field = _field(ring, xi)
    variation = symbolic.metric_variation(space, vary)
    tensor = symbolic.Tensor(ring, "u", {(ring.coordinates.index(name),): value for name, value in field.items()})
    curves = []
    for name in _PRESCRIPTIONS:
        form = symbolic.charge_form(space, variation, field, prescription=name)
        curves.append(_curve(name, form.density, _exact(form), values))
    killing = not space.lower.lie_derivative(tensor)
    newton = symbolic.Einstein(newton="G") if "G" in ring.constants else None
    whole = symbolic.surface_charge(space, delta=changing, xi=tensor, theory=newton) if killing else None
    found = {
        "name": title or METRICS[metric][0],
        "metric": metric,
        "xi": {name: str(value) for name, value in field.items()},
        "field": " + ".join(_component(name, str(value)) for name, value in field.items()).replace("+ -", "− "),
        "vary": vary,
        "sphere": "x" in ring.coordinates,
        "values": values,
        "killing": killing,
        "charge": str(whole.charge) if whole is not None and whole.integrable else None,
        "curvature": {} if whole is None else {" ".join(pair): str(value) for pair, value in whole.curvature.items()},
        "curves": curves,
    }
    return {
        **found,
        "verdict": _verdict(found),
        "plot": charge_plot(curves, RADII, f"Charge against radius: {found['name']}"),
    }


def _field(ring: Any, xi: Mapping[str, Any]) -> dict[str, Any]:
    """Return the components of a vector field that a person typed."""
    field = {}
    for name, text in xi.items():
        if name not in ring.coordinates:
            message = f"{name[:40]!r} is not among the coordinates {' '.join(ring.coordinates)}"
            raise DomainError(message, hint="name a component by its coordinate")
        if not isinstance(text, str) or len(text) > _LETTERS:
            message = f"the component {name} must be a text of at most {_LETTERS} characters"
            raise ParseError(message)
        if text.strip():
            plain = _DECIMAL.sub(lambda found: f"({int(found[1] + found[2])}/{10 ** len(found[2])})", text)
            value = ring.parse(plain.replace("−", "-"))
            if value.derivative("phi") or value.derivative("t"):
                message = f"the component {name} depends on t or phi, over which this page does not integrate"
                raise DomainError(message, hint="give functions of r and x")
            if value:
                field[name] = value
    if not field:
        message = "all components of the vector field vanish"
        raise DomainError(message, hint='give one, as t = "1"')
    return field


def _component(name: str, text: str) -> str:
    head = "" if text == "1" else "−" if text == "-1" else f"({text}) " if " " in text else f"{text} "
    return f"{head}∂_{name}"


def _exact(form: Any) -> str | None:
    """Return the integral over the sphere where it has an elementary one."""
    bounds = {"x": (-1, 1)} if "x" in form.density.ring.coordinates else {}
    try:
        return str(form.integrate(bounds, circles=("phi",)))
    except ErlangenError:
        return None


def _curve(name: str, density: Any, exact: str | None, values: Mapping[str, float]) -> dict[str, Any]:
    text = str(density)
    if len(text) > _DENSITY:
        message = f"the density has {len(text)} characters, more than this page carries"
        raise ResourceLimitError(message, hint="use 'erlangen charges surface' in a shell")
    charges = _integrate(density, values, np.array([*RADII, 1e6, 2e6]))
    power = None
    if np.all(np.isfinite(charges)) and abs(charges[-2]) > 1e-9 and charges[-1] / charges[-2] > 1e-3:
        power = round(math.log2(charges[-1] / charges[-2]), 3)
    return {
        "prescription": name,
        "density": text,
        "exact": exact,
        "power": power,
        "limit": None if not np.isfinite(charges[-1]) else float(charges[-1]),
        "charges": [float(q) if np.isfinite(q) else None for q in charges[:-2]],
    }


def _integrate(density: Any, values: Mapping[str, float], radii: Array) -> Array:
    """Return the charge at radii, by Gauss and Legendre over x where there is one."""
    if "x" not in density.ring.coordinates:
        return _at(density, {**values, "r": radii}) / 8 + 0 * radii
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return (_at(density, {**values, "r": radii[:, None], "x": nodes}) + 0 * radii[:, None] * nodes) @ weights / 8


def _at(element: Any, values: Mapping[str, Any]) -> Any:
    with np.errstate(all="ignore"):
        return element.evaluate(
            {name: values[name] for name in element.ring.constants + element.ring.coordinates if name in values}
        )


def _verdict(found: Mapping[str, Any]) -> str:
    """Return in words what the charge does with the radius."""
    first, second = found["curves"]
    if found["killing"]:
        told = f"An exact symmetry: {first['exact'] or 'the same number'} on every sphere."
        return told if found["charge"] else f"{told} It is the change of no charge: the order of changes matters."
    same = all(
        abs((p or 0) - (q or 0)) < 1e-9 * (1 + abs(p or 0))
        for p, q in zip(first["charges"], second["charges"], strict=True)
    )
    words = [_far(curve) for curve in ((first,) if same else (first, second))]
    if same or words[0] == words[1]:
        apart = "" if same else ", by different ways in the two prescriptions"
        return f"No symmetry of the metric: the value {words[0]}{apart}."
    return f"No symmetry: after Barnich and Brandt the value {words[0]}, after Iyer and Wald it {words[1]}."


def _far(curve: Mapping[str, Any]) -> str:
    """Return what a curve does far away."""
    limit, power = curve["limit"], curve["power"]
    if limit is None:
        return "is not finite"
    if abs(limit) < 1e-5:
        return "vanishes far away"
    if power is not None and power > 0.01:
        return "grows like r" + ("" if power == 1 else f"^{power:g}")
    return f"tends to {limit:.4g}".replace("-", "−")


@cache
def charge_examples() -> tuple[dict[str, Any], ...]:
    """Return the charges that the page shows without a server."""
    return tuple(describe_charge(metric, xi, vary, title=name) for name, metric, xi, vary in EXAMPLES)
