r"""Transforms on a product rule, first over the polar angle, then over the azimuth.

Definition: :math:`F(\beta_b, \alpha_a) = \sum_m T_m(\alpha_a) \sum_l P_{l|m|}(\cos\beta_b)\, x_{lm}`, :math:`T_m = \sin|m|\alpha, 1, \cos m\alpha`:
:math:`\Theta(L^3)` operations for each signal instead of :math:`\Theta(L^4)`.
Convention: :math:`P_{lm}(-t) = (-1)^{l-m} P_{lm}(t)` halves the polar nodes; signals stand in the last axis inside, so that both stages are matrix products.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from erlangen.representations.harmonic_tables import degree_scale
from erlangen.representations.kept_tensors import ordinary_tensors
from erlangen.representations.solid_harmonics import solid_harmonics
from erlangen.representations.sphere.grid_tables import degrees_of
from erlangen.representations.sphere.sphere_rule import SphereRule

__all__ = ["separable_analysis", "separable_synthesis"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@lru_cache(maxsize=64)
def _slots(lmax: int) -> tuple[Indices, Indices]:
    """Return the component (2, 2 lmax + 1, h) in each slot (parity of l - |m|, m, rank), or K, and the slot (K,) of each component."""
    height, K = lmax // 2 + 1, (lmax + 1) ** 2
    component = np.full((2, 2 * lmax + 1, height), K)
    l = degrees_of(lmax)
    m = np.arange(K) - l * (l + 1)
    place = ((l - np.abs(m)) % 2, m + lmax, (l - np.abs(m)) // 2)
    component[place] = np.arange(K)
    return component, np.ravel_multi_index(place, component.shape)


@lru_cache(maxsize=64)
def _tables(rule: SphereRule, lmax: int, normalization: str, analysis: bool) -> tuple[Floats, Floats]:
    """Return the polar table (2, 2 lmax + 1, h, half the nodes) and the waves (2 lmax + 1, azimuths), with weights for analysis."""
    nodes, azimuths = rule.grid or (0, 0)
    half = (nodes + 1) // 2
    y = rule.points[::azimuths, 1][:half]
    sine = rule.points[::azimuths, 2][:half]
    meridian = np.stack([np.zeros(half), y, sine], axis=1)
    values = solid_harmonics(torch.from_numpy(meridian), lmax, normalization).numpy()
    K, l = (lmax + 1) ** 2, degrees_of(lmax)
    m = np.arange(K) - l * (l + 1)
    values = np.concatenate([values[:, l * (l + 1) + np.abs(m)], np.zeros((half, 1))], axis=1)
    if analysis:
        weights = rule.weights[::azimuths][:half].copy()
        weights[nodes // 2 :] /= 2  # the node on the equator is met twice
        size = np.append(degree_scale(lmax, normalization)[l], 1.0)
        values = values * weights[:, None] / size**2
    polar = np.moveaxis(values[:, _slots(lmax)[0]], 0, -1)
    alpha = 2 * np.pi * np.outer(np.arange(-lmax, lmax + 1), np.arange(azimuths)) / azimuths
    waves = np.where(np.arange(-lmax, lmax + 1)[:, None] < 0, np.sin(-alpha), np.cos(alpha))
    return np.ascontiguousarray(polar), waves


@lru_cache(maxsize=128)
@ordinary_tensors
def _tensors(
    rule: SphereRule, lmax: int, normalization: str, analysis: bool, dtype: torch.dtype, device: torch.device
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return polar table, waves, components of slots and slots of components as tensors."""
    polar, waves = (torch.from_numpy(t).to(device, dtype) for t in _tables(rule, lmax, normalization, analysis))
    components, slots = (torch.from_numpy(t).to(device) for t in _slots(lmax))
    return polar, waves, components, slots


def separable_synthesis(x: Tensor, rule: SphereRule, lmax: int, normalization: str) -> Tensor:
    """Return the values (rows, N) of coefficients (rows, (lmax + 1) ** 2) on a product rule."""
    polar, waves, components, _ = _tensors(rule, lmax, normalization, False, x.dtype, x.device)
    nodes, azimuths = rule.grid or (0, 0)
    rows, M = len(x), 2 * lmax + 1
    columns = torch.cat([x, x.new_zeros(rows, 1)], 1).T[components.reshape(-1)]
    columns = columns.reshape(2 * M, components.shape[-1], rows)
    even, odd = torch.bmm(polar.flatten(0, 1).mT, columns).reshape(2, M, (nodes + 1) // 2, rows).unbind()
    rings = torch.cat([even + odd, (even - odd)[:, : nodes // 2].flip(1)], 1)
    values = waves.T @ rings.reshape(M, nodes * rows)
    return values.reshape(azimuths, nodes, rows).permute(2, 1, 0).reshape(rows, nodes * azimuths)


def separable_analysis(f: Tensor, rule: SphereRule, lmax: int, normalization: str) -> Tensor:
    """Return the coefficients (rows, (lmax + 1) ** 2) of values (rows, N) on a product rule."""
    polar, waves, _, slots = _tensors(rule, lmax, normalization, True, f.dtype, f.device)
    nodes, azimuths = rule.grid or (0, 0)
    rows = len(f)
    rings = waves @ f.reshape(rows, nodes, azimuths).permute(2, 1, 0).reshape(azimuths, nodes * rows)
    rings = rings.reshape(2 * lmax + 1, nodes, rows)
    upper, lower = rings[:, : (nodes + 1) // 2], rings.flip(1)[:, : (nodes + 1) // 2]
    folded = torch.stack([upper + lower, upper - lower]).flatten(0, 1)
    return torch.bmm(polar.flatten(0, 1), folded).reshape(polar[..., 0].numel(), rows)[slots].T
