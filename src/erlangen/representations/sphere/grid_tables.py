r"""Matrices between coefficients and values on a rule, made in float64 and kept.

Definition: synthesis :math:`A_{ik} = Y_k(r_i)`; analysis :math:`B = A^T \operatorname{diag}(w)`, or the inverse of A on the points that interpolate;
a rule with antipodes is worked on half its points, even and odd degrees apart.
Convention: in a normalisation with :math:`Y'_l = s_l Y_l` analysis is the inverse of synthesis, :math:`B' = s_l^{-2} A'^T \operatorname{diag}(w)`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from erlangen.representations.harmonic_tables import degree_scale
from erlangen.representations.kept_tensors import ordinary_tensors
from erlangen.representations.solid_harmonics import pushforward, solid_harmonics
from erlangen.representations.sphere.sphere_rule import SphereRule

__all__ = ["analysis", "as_tensor", "degrees_of", "gradient_synthesis", "parts", "synthesis", "tangent_frames"]

Floats = NDArray[np.float64]


def degrees_of(lmax: int) -> NDArray[np.int64]:
    """Return the degree ((lmax + 1) ** 2,) of each component."""
    l = np.arange(lmax + 1)
    return np.repeat(l, 2 * l + 1)


def parts(lmax: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the components of even and of odd degree."""
    odd = degrees_of(lmax) % 2
    return np.flatnonzero(odd == 0), np.flatnonzero(odd)


def harmonics_at(points: Floats, lmax: int, normalization: str) -> Floats:
    """Return the harmonics (N, (lmax + 1) ** 2) at unit vectors."""
    return solid_harmonics(torch.from_numpy(np.array(points)), lmax, normalization).numpy()


@lru_cache(maxsize=64)
def synthesis(rule: SphereRule, lmax: int, normalization: str) -> tuple[Floats, ...]:
    """Return the matrix (K, N), or for antipodal points those of even and odd degrees on half of them."""
    points = rule.points[: len(rule) // 2] if rule.antipodal else rule.points
    matrix = harmonics_at(points, lmax, normalization).T
    return tuple(np.ascontiguousarray(matrix[part]) for part in parts(lmax)) if rule.antipodal else (matrix,)


@lru_cache(maxsize=64)
def analysis(rule: SphereRule, lmax: int, normalization: str, interpolate: bool) -> tuple[Floats, ...]:
    """Return the matrix (N, K), or for antipodal points those that take half the sum and half the difference of two values."""
    size = degree_scale(lmax, normalization)[degrees_of(lmax)]
    if interpolate:
        half = rule.points[: len(rule) // 2]
        full = harmonics_at(half, rule.interpolates, "integral")
        inverses = [np.linalg.pinv(full[:, part]).T for part in parts(rule.interpolates)]
        counts = [len(part) for part in parts(lmax)]
        return tuple(
            inverse[:, :count] / size[part] for inverse, count, part in zip(inverses, counts, parts(lmax), strict=True)
        )
    matrices = synthesis(rule, lmax, normalization)
    weights = rule.weights[: len(rule) // 2] * 2 if rule.antipodal else rule.weights
    chosen = parts(lmax) if rule.antipodal else (np.arange((lmax + 1) ** 2),)
    return tuple((A * weights).T / size[part] ** 2 for A, part in zip(matrices, chosen, strict=True))


def tangent_frames(points: Floats) -> Floats:
    """Return right-handed frames (N, 2, 3) of the tangent planes at unit vectors: ``e1 x e2 = r`` (Duff et al., JCGT 6(1), 2017).

    Examples
    --------
    >>> tangent_frames(np.array([[0.0, 0.0, 1.0]]))
    array([[[1., 0., 0.],
            [0., 1., 0.]]])
    """
    x, y, z = points.T
    sign = np.where(z >= 0, 1.0, -1.0)
    a = -1 / (sign + z)
    b = x * y * a
    first = np.stack([1 + sign * x * x * a, sign * b, -sign * x], axis=-1)
    second = np.stack([b, sign + y * y * a, -y], axis=-1)
    return np.stack([first, second], axis=1) + 0.0


@lru_cache(maxsize=64)
def gradient_synthesis(rule: SphereRule, lmax: int, normalization: str) -> Floats:
    """Return the matrix (K, 2 N) of the tangential derivatives along the two vectors of each frame."""
    points, frames = torch.from_numpy(np.array(rule.points)), torch.from_numpy(tangent_frames(rule.points))
    sides = [pushforward(points, frames[:, c], lmax, normalization).numpy() for c in range(2)]
    return np.ascontiguousarray(np.concatenate(sides).T)


@lru_cache(maxsize=256)
@ordinary_tensors
def _converted(
    which: str, arguments: tuple[object, ...], dtype: torch.dtype, device: torch.device
) -> tuple[Tensor, ...]:
    """Return kept matrices as tensors."""
    made = {"synthesis": synthesis, "analysis": analysis, "gradient": gradient_synthesis}[which](*arguments)
    arrays = made if isinstance(made, tuple) else (made,)
    return tuple(torch.from_numpy(np.array(array)).to(device=device, dtype=dtype) for array in arrays)


def as_tensor(which: str, arguments: tuple[object, ...], like: Tensor) -> tuple[Tensor, ...]:
    """Return kept matrices in the type and on the device of ``like``."""
    return _converted(which, arguments, like.dtype, like.device)
