"""The Swiss roll: a flat strip rolled up in space, whole or in two clusters.

Definition: (t cos t, h, t sin t), t = 3 pi / 2 (1 + 2 U), h = w U; arc length u(t) = (t sqrt(t^2 + 1) + asinh t) / 2.
Convention: coordinates (u, h) are isometric; the length is about 90, so width 5 is nearly a curve and width 90 a square.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.datasets.embedding_space import place_in_space
from erlangen.datasets.manifold_sample import ManifoldSample
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["clustered_swiss_roll", "swiss_roll"]


def swiss_roll(
    n: int = 1000,
    *,
    noise: float = 0.1,
    dim: int | None = None,
    width: float = 5.0,
    density: str = "parameter",
    rng: RngLike = None,
) -> ManifoldSample:
    """Return a sample of the Swiss roll.

    Parameters
    ----------
    n : int
        Number of points.
    noise : float
        Standard deviation of the noise in each coordinate.
    dim : int, optional
        Dimension of the space into which the roll is turned at random (default: 3, not turned).
    width : float
        Width of the strip.
    density : {"parameter", "area"}
        Uniform in the angle t, thus denser inside; or uniform on the strip.
    rng : seed or Generator, optional
        Source of randomness.

    Returns
    -------
    ManifoldSample
        With isometric coordinates (n, 2).

    Examples
    --------
    >>> roll = swiss_roll(100, noise=0, rng=0)
    >>> bool(np.all(roll.geodesics() >= np.linalg.norm(roll.X[:, None] - roll.X, axis=2) - 1e-12))
    True
    """
    n = check_integer(n, "n", low=1)
    width = check_real(width, "width", low=0, open_low=True)
    check_choice(density, "density", ("parameter", "area"))
    generator = as_generator(rng)
    t = 1.5 * np.pi * (1 + 2 * generator.random(n))
    if density == "area":
        grid = np.linspace(1.5 * np.pi, 4.5 * np.pi, 20_001)
        length = arc_length(grid)
        t = np.interp(length[0] + (length[-1] - length[0]) * (t / np.pi - 1.5) / 3, length, grid)
    return _rolled(t, width * generator.random(n), noise, dim, generator, "swiss_roll", None)


def clustered_swiss_roll(
    n: int = 1000, *, noise: float = 0.1, dim: int | None = None, width: float = 5.0, rng: RngLike = None
) -> ManifoldSample:
    """Return two clusters on a Swiss roll: t ~ N(7, 1) for the first half of the points, N(12, 1) for the second.

    Parameters
    ----------
    n : int
        Number of points, at least 2.
    noise, dim, width, rng
        As in :func:`swiss_roll`.

    Returns
    -------
    ManifoldSample
        With isometric coordinates (n, 2) and labels 0 and 1.

    Examples
    --------
    >>> np.bincount(clustered_swiss_roll(11, rng=0).labels)
    array([5, 6])
    """
    n = check_integer(n, "n", low=2)
    width = check_real(width, "width", low=0, open_low=True)
    generator = as_generator(rng)
    labels = (np.arange(n) >= n // 2).astype(np.int64)
    t = np.where(labels == 0, 7.0, 12.0) + generator.normal(size=n)
    return _rolled(t, width * generator.random(n), noise, dim, generator, "clustered_swiss_roll", labels)


def arc_length(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the length of the spiral r = t from its centre to the angle ``t``.

    Examples
    --------
    >>> float(arc_length(np.array(0.0)))
    0.0
    """
    return (t * np.sqrt(t * t + 1) + np.arcsinh(t)) / 2


def _rolled(
    t: NDArray[np.float64],
    height: NDArray[np.float64],
    noise: float,
    dim: int | None,
    rng: np.random.Generator,
    name: str,
    labels: NDArray[np.int64] | None,
) -> ManifoldSample:
    """Roll up the strip and place it in space."""
    Y = np.column_stack([t * np.cos(t), height, t * np.sin(t)])
    X = place_in_space(Y, dim, noise, rng)
    names = ("inner", "outer") if labels is not None else ()
    coordinates = np.column_stack([arc_length(t), height])
    return ManifoldSample(X, name, coordinates=coordinates, labels=labels, label_names=names)
