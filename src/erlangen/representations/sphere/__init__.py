"""Functions on the sphere: quadrature rules, values on a grid and back, coefficients in the Fourier basis of the torus.

Definition: a signal of degree L has coefficients ``x_lm``, ``F(r) = sum x_lm Y_lm(r)``, harmonics normalised to integral one.
Convention: points are unit vectors ``(x, y, z)`` with polar axis y; weights of a rule sum to 4 pi.
"""

from __future__ import annotations

from erlangen.representations.sphere.fourier import (
    convolve2d,
    fourier_coefficients,
    fourier_to_sh,
    pack_fourier,
    sh_to_fourier,
    unpack_fourier,
)
from erlangen.representations.sphere.grid import evaluate, from_grid, to_grid, to_grid_gradient
from erlangen.representations.sphere.grid_tables import tangent_frames
from erlangen.representations.sphere.minimal_points import minimal_points, optimise_points
from erlangen.representations.sphere.rule import projection_rule, rule
from erlangen.representations.sphere.sphere_rule import SphereRule

__all__ = [
    "SphereRule",
    "convolve2d",
    "evaluate",
    "fourier_coefficients",
    "fourier_to_sh",
    "from_grid",
    "minimal_points",
    "optimise_points",
    "pack_fourier",
    "projection_rule",
    "rule",
    "sh_to_fourier",
    "tangent_frames",
    "to_grid",
    "to_grid_gradient",
    "unpack_fourier",
]
