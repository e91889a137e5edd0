"""Symmetric positive definite matrices: tests, equations, means, distances, repairs and their estimation from signals.

Definition: each name is documented where it is defined; all are torch functions that take and return NumPy arrays as well.
Convention: importing this folder loads torch; :mod:`erlangen.linalg` does so only when one of these names is used.
"""

from __future__ import annotations

from erlangen.linalg.spd.bures import bures_distance, bures_squared_distance
from erlangen.linalg.spd.check_spd import check_spd
from erlangen.linalg.spd.condition_report import ConditionReport, condition_report
from erlangen.linalg.spd.covariance import covariance
from erlangen.linalg.spd.effective_samples import effective_samples
from erlangen.linalg.spd.geometric_mean import geometric_mean
from erlangen.linalg.spd.joint_diagonaliser import joint_diagonaliser
from erlangen.linalg.spd.lyapunov import lyapunov
from erlangen.linalg.spd.nearest_spd import Repair, nearest_spd
from erlangen.linalg.spd.polar import polar
from erlangen.linalg.spd.procrustes import procrustes

__all__ = [
    "ConditionReport",
    "Repair",
    "bures_distance",
    "bures_squared_distance",
    "check_spd",
    "condition_report",
    "covariance",
    "effective_samples",
    "geometric_mean",
    "joint_diagonaliser",
    "lyapunov",
    "nearest_spd",
    "polar",
    "procrustes",
]
