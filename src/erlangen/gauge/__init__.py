"""Numerical sides of gauge theory and gravity: Hill's equation and the orbits of BMS3, charges by automatic differentiation.

Definition: each name is documented where it is defined.
Convention: angles run over ``[0, 2π)``; functions on the circle are callables of NumPy arrays or samples on equal steps.
"""

from __future__ import annotations

from erlangen.gauge.bms3 import BMS3Element, boost_vacuum, match_null_infinities
from erlangen.gauge.circle import CircleFunction
from erlangen.gauge.exact_function import ExactFunction, to_torch
from erlangen.gauge.hill import Monodromy, OrbitType, classify_orbit, hill_monodromy
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
