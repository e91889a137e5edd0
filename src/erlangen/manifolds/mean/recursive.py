r"""Geometric means by recursion from two matrices to many: Ando–Li–Mathias, Bini–Meini–Poloni, and the cheap mean.

Definition: each of N matrices is replaced by the mean of the others (``alm``), moved the share (N - 1)/N towards it on the geodesic (``bmp``), or
moved by the mean logarithm of all (``cheap``), until all coincide; the mean of two is :math:`A \# B`.
Convention: without weights, which these means do not know; the residual is the largest :math:`\|C^{-1}(K_i - K_1)C^{-T}\|_F`, :math:`K_1 = CC^T`.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import ResourceLimitError
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.check_spd import check_spd
from erlangen.linalg.spd.geometric_mean import geometric_mean
from erlangen.linalg.spectral import expm, logm
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.mean.sample import reached, weighted_sample
from erlangen.manifolds.spd.graded_frame import whiten
from erlangen.validation import check_choice, check_integer

__all__ = ["recursive_mean"]

_MOST = {"alm": 5, "bmp": 7, "cheap": 1 << 30}


@array_edge("X", notice=True)
def recursive_mean(
    X: Tensor,
    kind: str = "bmp",
    *,
    axis: int | None = None,
    tol: float | None = None,
    max_iter: int = 100,
    certificate: bool = False,
) -> Tensor | tuple[Tensor, Certificate]:
    r"""Return a geometric mean of few SPD matrices that needs no Fréchet mean.

    All three commute with congruences, have the determinant :math:`\prod_i \det(X_i)^{1/N}` and agree with the affine-invariant mean for two
    matrices and for commuting ones; else they differ from it by little. The cost of ``alm`` and ``bmp`` grows like N!, that of ``cheap`` like N².

    Parameters
    ----------
    X : Tensor or ndarray (..., N, n, n)
        Symmetric positive definite; at most 5 for ``alm``, 7 for ``bmp``.
    kind : {"alm", "bmp", "cheap"}
        Which.
    axis : int, optional
        Axis of the matrices; -3 if omitted.
    tol : float, optional
        Of the residual; 1e-10 if omitted, in single precision 1e-5.
    max_iter : int
        Limit of rounds at each level of the recursion.
    certificate : bool
        Return also the :class:`erlangen.linalg.Certificate`.

    Returns
    -------
    Tensor or ndarray (..., n, n), or with ``certificate`` a pair; without gradient

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        If there is no sample, or a matrix is not symmetric positive definite.
    ResourceLimitError
        If the recursion would be too deep.

    References
    ----------
    Ando, Li & Mathias, Linear Algebra Appl. 385 (2004); Bini, Meini & Poloni, Math. Comp. 79 (2010); Bini & Iannazzo, Adv. Comput. Math. 35 (2011).

    Examples
    --------
    >>> import numpy as np
    >>> [recursive_mean(np.array([[[1.0]], [[4.0]], [[16.0]]]), kind).round(9).item() for kind in ("alm", "bmp", "cheap")]
    [4.0, 4.0, 4.0]
    """
    check_choice(kind, "kind", ("alm", "bmp", "cheap"))
    check_integer(max_iter, "max_iter", low=1)
    X, _ = weighted_sample(X.detach(), None, axis, 2)
    count = X.shape[-3]
    if count > _MOST[kind]:
        message = f"the {kind} mean of {count} matrices is a recursion through {count}! / 2 means of two; up to {_MOST[kind]} are taken"
        raise ResourceLimitError(
            message, estimate=float(count), limit=float(_MOST[kind]), hint='use kind="cheap", or AffineInvariant().mean'
        )
    found, record = _rounds(check_spd(X, "X"), kind, reached(tol, 1e-10, X.dtype), max_iter)
    record.warn(f"the {kind} mean", "raise max_iter, or look at the condition of the matrices")
    return (found, record) if certificate else found


def _rounds(M: Tensor, kind: str, tol: float, max_iter: int) -> tuple[Tensor, Certificate]:
    """Return the mean over the third axis from the end."""
    count = M.shape[-3]
    if count == 1:
        return M[..., 0, :, :], Certificate(kind, 1, 0.0, tol)
    if count == 2:
        return geometric_mean(M[..., 0, :, :], M[..., 1, :, :]), Certificate(kind, 1, 0.0, tol)
    others = torch.tensor([[j for j in range(count) if j != h] for h in range(count)])
    residual, done = float("inf"), 0
    while residual > tol and done < max_iter:
        if kind == "cheap":
            M = _shared_step(M)
        else:
            inner, _ = _rounds(M[..., others, :, :], kind, tol, max_iter)
            M = inner if kind == "alm" else geometric_mean(M, inner, (count - 1) / count)
        first = M[..., :1, :, :]
        gap = whiten(torch.linalg.cholesky(first), M - first)
        residual, done = float(torch.linalg.matrix_norm(gap).max()), done + 1
    return symmetric_part(M.mean(-3)), Certificate(kind, done, residual, tol)


def _shared_step(M: Tensor) -> Tensor:
    """Return every matrix moved by the mean logarithm of all at it."""
    C = torch.linalg.cholesky(M)
    logs = logm(whiten(C.unsqueeze(-3), M.unsqueeze(-4))).mean(-3)
    return symmetric_part(C @ expm(symmetric_part(logs)) @ C.mT)
