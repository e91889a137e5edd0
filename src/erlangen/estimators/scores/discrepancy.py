r"""Maximum mean discrepancy of two clouds: the distance of their mean features.

Definition: :math:`\mathrm{MMD}^2 = \overline{k(a, a')} + \overline{k(b, b')} - 2\, \overline{k(a, b)}`, means over all pairs (Gretton et al. 2012, equation 5).
Convention: the squared value of the biased estimate, never negative; ``rbf`` is exp(-γ |x - y|²) with γ = 1/d, ``linear`` the inner product.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.spatial.distance import cdist

from erlangen.estimators.scores.transport import checked_clouds
from erlangen.validation import check_choice, check_memory, check_real

__all__ = ["mmd"]


def mmd(A: Any, B: Any, kernel: str = "rbf", *, gamma: float | None = None) -> float:
    r"""Return the squared maximum mean discrepancy of two clouds.

    .. math:: \frac{1}{n^2} \sum k(a_i, a_j) + \frac{1}{m^2} \sum k(b_i, b_j) - \frac{2}{nm} \sum k(a_i, b_j)

    Parameters
    ----------
    A : array_like (n, d)
    B : array_like (m, d)
        The clouds.
    kernel : {"rbf", "linear"}
        Gaussian, or the inner product: then the squared distance of the means.
    gamma : float, optional
        Of the Gaussian, by default 1 / d.

    Raises
    ------
    ShapeError, DomainError
        If the clouds do not fit or gamma is not positive.

    References
    ----------
    A. Gretton et al., JMLR 13 (2012) 723, equation 5.

    Examples
    --------
    >>> mmd([[0.0], [2.0]], [[4.0]], "linear")
    9.0
    """
    check_choice(kernel, "kernel", ("rbf", "linear"))
    a, b = checked_clouds(A, B)
    if kernel == "linear":
        return float(np.square(a.mean(axis=0) - b.mean(axis=0)).sum())
    rate = 1.0 / a.shape[1] if gamma is None else check_real(gamma, "gamma", low=0.0, open_low=True)
    check_memory(16.0 * max(len(a), len(b)) ** 2, f"kernels of {len(a)} and {len(b)} points")
    own, other, cross = (float(np.exp(-rate * cdist(x, y, "sqeuclidean")).mean()) for x, y in ((a, a), (b, b), (a, b)))
    return max(own + other - 2.0 * cross, 0.0)
