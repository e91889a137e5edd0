r"""The log-Euclidean mean seen from the joint diagonaliser, which makes it nearly invariant under congruences.

Definition: :math:`K = B^{-1} \exp\big(\sum_i w_i \log(BX_iB^T)\big) B^{-T}`, B the joint diagonaliser, its rows scaled until the exponential has the
diagonal 1 (Congedo et al. 2015).
Convention: the residual is the largest absolute logarithm on that diagonal, free of scale.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.check_spd import check_spd
from erlangen.linalg.spd.joint_diagonaliser import joint_diagonaliser
from erlangen.linalg.spectral import expm, logm
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.mean.sample import reached, spread, weighted_sample
from erlangen.manifolds.mean.sets import each_set
from erlangen.validation import check_integer

__all__ = ["ale_mean"]


@array_edge("X", "weights", notice=True)
def ale_mean(
    X: Tensor,
    weights: Tensor | None = None,
    *,
    axis: int | None = None,
    tol: float | None = None,
    max_iter: int = 200,
    certificate: bool = False,
) -> Tensor | tuple[Tensor, Certificate]:
    r"""Return the ALE mean (approximate joint diagonalisation, log-Euclidean) of SPD matrices.

    Where the joint diagonaliser diagonalises all matrices it is the affine-invariant mean, always for two; elsewhere near it, and closed under congruences.

    Parameters
    ----------
    X : Tensor or ndarray (..., N, n, n)
        Symmetric positive definite.
    weights, axis, tol, max_iter, certificate
        As in :meth:`erlangen.manifolds.Metric.mean`; weights are those of the logarithms.

    Returns
    -------
    Tensor or ndarray (..., n, n), or with ``certificate`` a pair; without gradient

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        As :meth:`erlangen.manifolds.Metric.mean`.

    References
    ----------
    Congedo, Afsari, Barachant & Moakher, PLOS ONE 10 (2015), e0121423.

    Examples
    --------
    >>> import numpy as np
    >>> ale_mean(np.array([np.diag([1.0, 4.0]), np.diag([9.0, 1.0])])).round(9)
    array([[3., 0.],
           [0., 2.]])
    """
    check_integer(max_iter, "max_iter", low=1)
    X, w = weighted_sample(X.detach(), weights, axis, 2)
    tol = reached(tol, 1e-10, X.dtype)
    found, record = each_set(_one_set, check_spd(X, "X"), w.detach(), tol, max_iter, None)
    record.warn("the ALE mean", "raise max_iter")
    return (found, record) if certificate else found


def _one_set(X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
    B = joint_diagonaliser(X)
    residual, count = float("inf"), 0
    while True:
        inside = expm(symmetric_part((spread(w, 2) * logm(symmetric_part(B @ X @ B.mT))).sum(0)))
        size = inside.diagonal()
        residual, count = float(size.log().abs().max()), count + 1
        if residual <= tol or count >= max_iter:
            break
        B = B / size.sqrt()[:, None]
    back = torch.linalg.inv(B)
    return symmetric_part(back @ inside @ back.mT), Certificate("scaling", count, residual, tol)
