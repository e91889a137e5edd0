"""Lie groups of the geometry of space: compose, invert, exponential and logarithm, invariant sampling.

Definition: each name is documented where it is defined.
Convention: elements are real matrices ``(..., n, n)`` that act on column vectors.
"""

from __future__ import annotations

from erlangen.groups.axis_angle import (
    axis_angle_to_matrix,
    axis_angle_to_quaternion,
    hat,
    matrix_to_axis_angle,
    quaternion_to_axis_angle,
    vee,
)
from erlangen.groups.euler import angles_to_matrix, matrix_to_angles, matrix_x, matrix_y, matrix_z
from erlangen.groups.o3 import O3
from erlangen.groups.quaternions import compose_quaternion, matrix_to_quaternion, quaternion_to_matrix
from erlangen.groups.so3 import SO3

__all__ = [
    "O3",
    "SO3",
    "angles_to_matrix",
    "axis_angle_to_matrix",
    "axis_angle_to_quaternion",
    "compose_quaternion",
    "hat",
    "matrix_to_angles",
    "matrix_to_axis_angle",
    "matrix_to_quaternion",
    "matrix_x",
    "matrix_y",
    "matrix_z",
    "quaternion_to_axis_angle",
    "quaternion_to_matrix",
    "vee",
]
