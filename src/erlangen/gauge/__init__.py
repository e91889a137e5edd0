"""Numerical sides of gauge theory and gravity: Hill's equation and the orbits of BMS3, charges by automatic differentiation.

Definition: each name is documented where it is defined; those that need torch are loaded when they are first used (PEP 562).
Convention: angles run over ``[0, 2π)``; functions on the circle are callables of NumPy arrays or samples on equal steps.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from erlangen.gauge.bms3 import BMS3Element, boost_vacuum, match_null_infinities
from erlangen.gauge.circle import CircleFunction
from erlangen.gauge.hill import Monodromy, OrbitType, classify_orbit, hill_monodromy

if TYPE_CHECKING:
    from erlangen.gauge.exact_function import ExactFunction, to_torch
    from erlangen.gauge.numeric_charge import surface_charge
    from erlangen.gauge.surface_quadrature import SurfaceQuadrature

__all__ = [
    "BMS3Element",
    "CircleFunction",
    "ExactFunction",
    "Monodromy",
    "OrbitType",
    "SurfaceQuadrature",
    "boost_vacuum",
    "classify_orbit",
    "hill_monodromy",
    "match_null_infinities",
    "surface_charge",
    "to_torch",
]

_LATER = {
    "ExactFunction": "exact_function",
    "to_torch": "exact_function",
    "surface_charge": "numeric_charge",
    "SurfaceQuadrature": "surface_quadrature",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"erlangen.gauge.{_LATER[name]}"), name)
    message = f"module 'erlangen.gauge' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
