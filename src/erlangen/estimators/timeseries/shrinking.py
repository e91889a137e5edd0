r"""Shrinkage weights from moments, for covariances whose signals were never formed.

Definition: :math:`(1 - \gamma) S + \gamma \mu I`; OAS (Chen et al. 2010) from tr S and tr S², Ledoit–Wolf 2004 from the fourth moment as well.
Convention: S is divided by L; weights lie in [0, 1] and equal those of scikit-learn where the number of samples is L.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["ledoit_wolf_weight", "oas_weight", "shrink"]

Array = NDArray[np.float64]


def _spread(S: Array) -> tuple[Array, Array]:
    """Return the mean variance and the squared distance of S from its multiple of the identity, in units of its square."""
    size = S.shape[-1]
    mean = np.trace(S, axis1=1, axis2=2) / size
    unit = np.where(mean > 0, mean, 1.0)
    gap = np.square(S / unit[:, None, None] - (mean / unit)[:, None, None] * np.eye(size)).sum(axis=(1, 2))
    return unit, gap


def oas_weight(S: Array, samples: Array | float) -> Array:
    """Return the weights (N,) of oracle approximating shrinkage.

    Examples
    --------
    >>> oas_weight(np.array([[[1.0, 0.0], [0.0, 3.0]]]), 99.0)
    array([0.13])
    """
    size = S.shape[-1]
    unit, gap = _spread(S)
    top = np.square(S / unit[:, None, None]).sum(axis=(1, 2)) + size**2
    return np.where(gap > 0, np.clip(top / ((samples + 1) * np.where(gap > 0, gap, 1.0)), 0, 1), 1.0)


def ledoit_wolf_weight(S: Array, fourth: Array, samples: Array | float) -> Array:
    """Return the weights (N,) of Ledoit and Wolf from the mean fourth power of the norm of the centred samples.

    Examples
    --------
    >>> ledoit_wolf_weight(np.array([[[0.5, 0.0], [0.0, 2.0]]]), np.array([8.5]), 4.0)
    array([0.94444444])
    """
    unit, gap = _spread(S)
    spread = fourth / unit**2 - np.square(S / unit[:, None, None]).sum(axis=(1, 2))
    return np.where(gap > 0, np.clip(spread / (samples * np.where(gap > 0, gap, 1.0)), 0, 1), 0.0)


def shrink(S: Array, weight: Array) -> Array:
    """Pull S towards the identity times its mean variance, in place, and return it.

    Examples
    --------
    >>> shrink(np.array([[[1.0, 1.0], [1.0, 3.0]]]), np.array([0.5]))
    array([[[1.5, 0.5],
            [0.5, 2.5]]])
    """
    size = S.shape[-1]
    mean = np.trace(S, axis1=1, axis2=2) / size
    S *= (1 - weight)[:, None, None]
    S[:, np.arange(size), np.arange(size)] += (weight * mean)[:, None]
    return S
