r"""Points that determine even polynomials on the sphere, as many as their space has dimensions.

Definition: :math:`M = (2L+1)(L+1)` half-points maximise :math:`\log|\det Y|`, Y the matrix of the harmonics of degrees 0, 2 … 2L (Fekete points of
the projective plane); with their antipodes they determine every polynomial of degree 2L.
Convention: one point of each antipodal pair; ``data/minimal_points.safetensors`` holds L = 0 … 12, made by :func:`write_points`.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save
from scipy.optimize import minimize

from erlangen.errors import DomainError
from erlangen.random import RngLike, as_generator
from erlangen.representations.solid_harmonics import solid_harmonics
from erlangen.validation import check_integer

__all__ = ["LARGEST", "even_harmonics", "minimal_points", "optimise_points", "quadrature_weights", "write_points"]

LARGEST = 12
_FILE = Path(__file__).parent / "data" / "minimal_points.safetensors"
Floats = NDArray[np.float64]


def even_harmonics(points: Floats, L: int) -> Floats:
    """Return the harmonics (M, (2L + 1)(L + 1)) of degrees 0, 2 … 2L, of integral one, at unit vectors (M, 3).

    Examples
    --------
    >>> even_harmonics(np.array([[0.0, 1.0, 0.0]]), 1).shape
    (1, 6)
    """
    return _even(torch.from_numpy(np.array(points, dtype=np.float64)), L).numpy()


def _even(points: torch.Tensor, L: int) -> torch.Tensor:
    full = solid_harmonics(points, 2 * L)
    return torch.cat([full[:, l * l : (l + 1) ** 2] for l in range(0, 2 * L + 1, 2)], 1)


def minimal_points(L: int) -> Floats:
    """Return the stored half-points (M, 3) that determine even polynomials of degree 2L.

    Raises
    ------
    DomainError
        If L > 12; :func:`optimise_points` makes others.

    Examples
    --------
    >>> np.round(np.linalg.cond(even_harmonics(minimal_points(1), 1)), 6)
    np.float64(1.0)
    """
    if check_integer(L, "L", low=0) > LARGEST:
        message = f"minimal points are kept for L <= {LARGEST}, got L={L}"
        raise DomainError(message, hint="optimise_points(L) makes them")
    return _stored()[f"L{L}"]


@lru_cache(maxsize=1)
def _stored() -> dict[str, Floats]:
    return load_file(_FILE)


def quadrature_weights(points: Floats, L: int) -> Floats:
    """Return weights (M,) of half-points, for each of an antipodal pair: exact to degree 2L + 1, sum 2 pi.

    Examples
    --------
    >>> np.allclose(quadrature_weights(minimal_points(1), 1), np.pi / 3)
    True
    """
    matrix = even_harmonics(points, L)
    integrals = np.zeros(matrix.shape[1])
    integrals[0] = np.sqrt(4 * np.pi)
    return np.asarray(np.linalg.solve(matrix.T, integrals) / 2)


def optimise_points(L: int, *, restarts: int = 8, rng: RngLike = 0, maxiter: int = 4000) -> Floats:
    r"""Return half-points (M, 3) that maximise :math:`\log|\det Y|`, the best of several starts.

    Parameters
    ----------
    L : int
        Half the degree.
    restarts : int
        Random starts of L-BFGS.
    rng : seed or Generator
        Where the starts come from.
    maxiter : int
        Iterations of each.

    Returns
    -------
    ndarray (M, 3)
        Unit vectors on the half with y >= 0.

    Raises
    ------
    DomainError
        If L is negative or no integer.

    Examples
    --------
    >>> points = optimise_points(1, restarts=2)
    >>> np.round(np.linalg.cond(even_harmonics(points, 1)), 6)
    np.float64(1.0)
    """
    L, generator = check_integer(L, "L", low=0), as_generator(rng)
    found: list[tuple[float, Floats]] = []
    for _ in range(check_integer(restarts, "restarts", low=1)):
        start = generator.normal(size=((2 * L + 1) * (L + 1), 3))
        result = minimize(_objective, start.ravel(), args=(L,), jac=True, method="L-BFGS-B", options=_options(maxiter))
        found.append((float(result.fun), result.x.reshape(-1, 3)))
    best = min(found, key=lambda item: item[0])[1]
    best /= np.linalg.norm(best, axis=1, keepdims=True)
    return np.asarray(np.where(best[:, 1:2] < 0, -best, best))


def _options(maxiter: int) -> dict[str, float]:
    return {"maxiter": maxiter, "maxfun": 2 * maxiter, "ftol": 1e-14, "gtol": 1e-9, "maxcor": 20}


def _objective(x: Floats, L: int) -> tuple[float, Floats]:
    """Return ``-log|det Y|`` of the directions x and its gradient."""
    points = torch.from_numpy(x.reshape(-1, 3)).requires_grad_()
    unit = points / points.norm(dim=1, keepdim=True)
    value = -torch.linalg.slogdet(_even(unit, L)).logabsdet
    (slope,) = torch.autograd.grad(value, points)
    return float(value.detach()), slope.numpy().ravel()


def write_points(path: str | os.PathLike[str] = _FILE, *, restarts: int = 8, rng: RngLike = 0) -> None:
    """Optimise points for L = 0 … 12 and write them as one safetensors file.

    Examples
    --------
    >>> write_points("points.safetensors")  # doctest: +SKIP
    """
    generator = as_generator(rng)
    points = {f"L{L}": optimise_points(L, restarts=restarts, rng=generator) for L in range(LARGEST + 1)}
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.write_bytes(save(points, metadata={"content": "half-points that maximise log|det Y| of even harmonics"}))
    partial.replace(target)
