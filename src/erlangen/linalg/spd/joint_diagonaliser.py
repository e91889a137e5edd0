r"""The matrix that makes several SPD matrices as diagonal as one congruence can.

Definition: B minimises :math:`\sum_i w_i \log\frac{\det\operatorname{diag}(BX_iB^T)}{\det BX_iB^T} \ge 0`, zero where all become diagonal (Pham 2001).
Convention: swept in float64; rows have :math:`\sum_i w_i (BX_iB^T)_{jj} = 1` and a positive sum of entries, in the order the iteration finds them.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import ShapeError
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.check_spd import check_spd
from erlangen.validation import check_integer, check_real

__all__ = ["joint_diagonaliser"]


@array_edge("X", "weights", notice=True)
def joint_diagonaliser(
    X: Tensor, weights: Tensor | None = None, *, tol: float = 1e-20, max_iter: int = 200, certificate: bool = False
) -> Tensor | tuple[Tensor, Certificate]:
    r"""Return B for which :math:`B X_i B^T` are as nearly diagonal as possible, for all i at once.

    Two matrices become diagonal exactly (the generalised eigenproblem), more only if they share their directions, as covariances of sources do
    whose powers change and whose mixing does not.

    Parameters
    ----------
    X : Tensor or ndarray (N, n, n)
        Symmetric positive definite.
    weights : Tensor or ndarray (N,), optional
        Positive; equal if omitted.
    tol : float
        Of the decrease of the criterion in one sweep, which has no unit and falls with the square of the error.
    max_iter : int
        Limit of sweeps over all pairs of rows.
    certificate : bool
        Return also the :class:`erlangen.linalg.Certificate`.

    Returns
    -------
    Tensor or ndarray (n, n), or with ``certificate`` a pair; without gradient

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        If X is no stack of symmetric positive definite matrices, or the weights do not fit.

    Warns
    -----
    ConvergenceWarning
        If sweeps still decrease the criterion by more than ``tol``.

    References
    ----------
    Pham, "Joint approximate diagonalization of positive definite Hermitian matrices", SIAM J. Matrix Anal. Appl. 22 (2001), sec. 3.

    Examples
    --------
    >>> import numpy as np
    >>> mixing = np.array([[2.0, 1.0], [0.0, 1.0]])
    >>> X = np.stack([mixing @ np.diag(d) @ mixing.T for d in ([1.0, 2.0], [3.0, 1.0], [5.0, 5.0])])
    >>> B = joint_diagonaliser(X)
    >>> np.abs((B @ X @ B.T)[:, 0, 1]).max() < 1e-12
    np.True_
    """
    if X.ndim != 3 or len(X) == 0:
        message = f"X must have shape (N, n, n) with N >= 1, got {tuple(X.shape)}"
        raise ShapeError(message, hint="one set of matrices at a time")
    dtype, X = X.dtype, check_spd(X, "X").detach().double()
    w = _weights(weights, X)
    tol, max_iter = check_real(tol, "tol", low=0.0, open_low=True), check_integer(max_iter, "max_iter", low=1)
    B = torch.linalg.inv(torch.linalg.cholesky((w[:, None, None] * X).sum(0)))
    A = B @ X @ B.mT
    decrease, count = float("inf"), 0
    while decrease > tol and count < max_iter:
        decrease, count = _sweep(A, B, w), count + 1
    B = B / (w[:, None] * A.diagonal(dim1=-2, dim2=-1)).sum(0).sqrt()[:, None]
    B = torch.where(B.sum(1, keepdim=True) < 0, -B, B).to(dtype)
    record = Certificate("Pham's sweeps", count, decrease, tol)
    record.warn("the joint diagonaliser", "raise max_iter")
    return (B, record) if certificate else B


def _weights(weights: Tensor | None, X: Tensor) -> Tensor:
    """Return positive weights of sum one."""
    if weights is None:
        return torch.full((len(X),), 1 / len(X), dtype=X.dtype, device=X.device)
    if weights.shape != (len(X),):
        message = f"weights must have shape ({len(X)},), got {tuple(weights.shape)}"
        raise ShapeError(message, hint="give one weight a matrix")
    for k, value in enumerate(weights.tolist()):
        check_real(value, f"weights[{k}]", low=0.0, open_low=True)
    w = weights.detach().to(X.dtype)
    return w / w.sum()


def _sweep(A: Tensor, B: Tensor, w: Tensor) -> float:
    """Turn every pair of rows once, in place, and return the decrease of the criterion to first order."""
    decrease, n = 0.0, len(B)
    for i in range(1, n):
        for j in range(i):
            ratio = A[:, i, i] / A[:, j, j]
            g = float((w * A[:, i, j] / A[:, i, i]).sum()), float((w * A[:, i, j] / A[:, j, j]).sum())
            both = float((w / ratio).sum()), float((w * ratio).sum())
            gap = max(both[0] * both[1] - 1, 1e-9)  # zero where all ratios agree: the pair is then undetermined
            h = (both[1] * g[0] - g[1]) / gap, (both[0] * g[1] - g[0]) / gap
            share = 2 / (1 + max(1 - 4 * h[0] * h[1], 0.0) ** 0.5)
            T = torch.tensor([[1.0, -share * h[0]], [-share * h[1], 1.0]], dtype=A.dtype, device=A.device)
            rows = [i, j]
            A[:, rows, :] = T @ A[:, rows, :]
            A[:, :, rows] = A[:, :, rows] @ T.mT
            B[rows] = T @ B[rows]
            decrease += abs(g[0] * h[0] + g[1] * h[1])
    return decrease
