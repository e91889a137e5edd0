"""Uniform samples of round spheres.

Definition: normalised Gaussian vectors (Muller 1959); geodesics are r arccos <x, y>.
Convention: ``dimension`` is that of the sphere; S^2 lies in three coordinates.
"""

from __future__ import annotations

import numpy as np

from erlangen.datasets.embedding_space import place_in_space
from erlangen.datasets.manifold_sample import ManifoldSample
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer, check_real

__all__ = ["sphere"]


def sphere(
    n: int = 1000,
    *,
    dimension: int = 2,
    radius: float = 1.0,
    noise: float = 0.0,
    dim: int | None = None,
    rng: RngLike = None,
) -> ManifoldSample:
    """Return a uniform sample of a sphere.

    Parameters
    ----------
    n : int
        Number of points.
    dimension : int
        Dimension of the sphere.
    radius : float
        Its radius.
    noise, dim, rng
        As in :func:`erlangen.datasets.swiss_roll`.

    Examples
    --------
    >>> float(sphere(500, rng=0).geodesics().max()) <= np.pi
    True
    """
    n = check_integer(n, "n", low=1)
    dimension = check_integer(dimension, "dimension", low=1)
    radius = check_real(radius, "radius", low=0, open_low=True)
    generator = as_generator(rng)
    unit = generator.normal(size=(n, dimension + 1))
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    X = place_in_space(radius * unit, dim, noise, generator)
    return ManifoldSample(X, "sphere", coordinates=unit, radius=radius)
