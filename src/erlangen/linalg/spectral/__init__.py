"""Spectral functions of symmetric matrices and the scalar functions behind them.

Definition: see :mod:`erlangen.linalg.spectral.matrix_functions`; each scalar function carries its divided differences.
Convention: importing this folder loads torch; :mod:`erlangen.linalg` does so only when one of these names is used.
"""

from __future__ import annotations

from erlangen.linalg.spectral.analytic_function import AnalyticFunction
from erlangen.linalg.spectral.apply_spectral import apply_spectral
from erlangen.linalg.spectral.clamp import Clamp
from erlangen.linalg.spectral.exponential import Exponential
from erlangen.linalg.spectral.integer_power import IntegerPower
from erlangen.linalg.spectral.inverse_square_root import InverseSquareRoot
from erlangen.linalg.spectral.logarithm import Logarithm
from erlangen.linalg.spectral.matrix_functions import (
    divided_differences,
    expm,
    inv_sqrtm,
    logm,
    powm,
    spectral_function,
    sqrtm,
)
from erlangen.linalg.spectral.power import Power
from erlangen.linalg.spectral.rectifier import Rectifier
from erlangen.linalg.spectral.spectral_function import SpectralFunction
from erlangen.linalg.spectral.square_root import SquareRoot

__all__ = [
    "AnalyticFunction",
    "Clamp",
    "Exponential",
    "IntegerPower",
    "InverseSquareRoot",
    "Logarithm",
    "Power",
    "Rectifier",
    "SpectralFunction",
    "SquareRoot",
    "apply_spectral",
    "divided_differences",
    "expm",
    "inv_sqrtm",
    "logm",
    "powm",
    "spectral_function",
    "sqrtm",
]
