r"""The affine-invariant mean of matrices that are known for some channels only.

Definition: K minimises :math:`\sum_i w_i\, d^2(S_i^T K S_i, X_i)`, :math:`S_i` selecting the channels of sample i, d affine-invariant (Yger et al. 2020);
a geodesically convex problem. Optimal where :math:`\sum_i w_i S_iC_i^{-T}\log(C_i^{-1}X_iC_i^{-T})C_i^{-1}S_i^T = 0`, :math:`S_i^TKS_i = C_iC_i^T`.
Convention: the residual is the length of that gradient in the frame of K, free of scale; with every channel seen it is Karcher's.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.check_spd import check_spd
from erlangen.linalg.spectral import logm
from erlangen.linalg.spectral.checks import refuse_complex
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.mean.karcher import iterate_factor
from erlangen.manifolds.mean.sample import reached, spread, starting_point, weighted_sample
from erlangen.validation import check_integer, check_square

__all__ = ["partial_mean"]

_LONGEST = 20.0  # of a step: directions seen by few samples bend little
_PATIENCE = 40


@array_edge("X", "weights", "init", notice=True)
def partial_mean(
    X: Tensor,
    weights: Tensor | None = None,
    *,
    tol: float | None = None,
    max_iter: int = 500,
    init: Tensor | None = None,
    certificate: bool = False,
) -> Tensor | tuple[Tensor, Certificate]:
    r"""Return the affine-invariant mean of matrices whose unknown channels are rows and columns of NaN.

    Parameters
    ----------
    X : Tensor or ndarray (..., N, n, n)
        Symmetric positive definite on the channels that are known.
    weights : Tensor or ndarray (N,) or (..., N), optional
        At least zero, of positive sum.
    tol : float, optional
        Of the residual; 1e-10 if omitted, in single precision 1e-5.
    max_iter : int
        Limit of iterations.
    init : Tensor or ndarray (..., n, n), optional
        Where to start.
    certificate : bool
        Return also the :class:`erlangen.linalg.Certificate`.

    Returns
    -------
    Tensor or ndarray (..., n, n), or with ``certificate`` a pair; without gradient

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        If NaN does not fill the row and the column of a channel, two channels are never known together (the minimum is then not unique),
        or what is known is not symmetric positive definite.

    Warns
    -----
    ConvergenceWarning
        If the residual is above ``tol`` after ``max_iter`` iterations.

    References
    ----------
    Yger, Chevallier, Barthélemy & Sra, "Geodesically-convex optimization for averaging partially observed covariance matrices", ACML 2020.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([np.diag([4.0, 1.0]), np.diag([1.0, 9.0]), np.diag([2.0, np.nan])])
    >>> X[2, [0, 1], [1, 0]] = np.nan
    >>> partial_mean(X).round(9)
    array([[2., 0.],
           [0., 3.]])
    """
    check_integer(max_iter, "max_iter", low=1)
    check_square(X, "X")
    refuse_complex(X, "X")
    X, w = weighted_sample(X.detach(), weights, None, 2)
    known = ~X.diagonal(dim1=-2, dim2=-1).isnan()
    both = known.unsqueeze(-1) & known.unsqueeze(-2)
    _refuse(X, both, w)
    identity = torch.eye(X.shape[-1], dtype=X.dtype, device=X.device)
    filled = check_spd(torch.where(both, X, identity), "X")
    tol = reached(tol, 1e-10, X.dtype)
    start = _start(filled, both, w) if init is None else check_spd(starting_point(init, X, 2), "init")
    batch, n = X.shape[:-3], X.shape[-1]
    sets, masks = (A.reshape(-1, *A.shape[-3:]) for A in (filled, both))
    shares, begun = w.detach().reshape(-1, w.shape[-1]), start.expand(*batch, n, n).reshape(-1, n, n)
    results = [_one_set(sets[k], masks[k], shares[k], tol, max_iter, begun[k]) for k in range(len(sets))]
    found = torch.stack([K for K, _ in results]).reshape(*batch, n, n)
    record = max((record for _, record in results), key=lambda record: record.residual)
    record.warn("the partial mean", "raise max_iter, or look at how few samples know a pair of channels")
    return (found, record) if certificate else found


def _refuse(X: Tensor, both: Tensor, w: Tensor) -> None:
    """Refuse NaN that fills no row and column, and pairs of channels that no sample of positive weight knows."""
    odd = X.isnan() == both
    if bool(odd.any()):
        index = [int(i) for i in odd.nonzero()[0]]
        message = f"X{index} is {'' if bool(X[tuple(index)].isnan()) else 'not '}NaN, other than the diagonal says"
        raise DomainError(message, hint="an unknown channel is a row and a column of NaN, diagonal included")
    never = ~(both & (spread(w, 2) > 0)).any(-3)
    if bool(never.any()):
        alone = torch.diag_embed(never.diagonal(dim1=-2, dim2=-1))
        a, b = (int(i) for i in (alone if bool(alone.any()) else never).nonzero()[0][-2:])
        message = f"channel {a} is in no sample" if a == b else f"channels {a} and {b} are in no sample together"
        raise DomainError(
            message, hint="the mean is not unique there: leave a channel out, or add a sample that knows them"
        )


def _start(filled: Tensor, both: Tensor, w: Tensor) -> Tensor:
    """Return entrywise means of what is known, with the eigenvalues of their correlations lifted to at least a tenth."""
    share = spread(w, 2) * both
    rough = (share * filled).sum(-3) / share.sum(-3)
    size = rough.diagonal(dim1=-2, dim2=-1).sqrt()
    scale = size.unsqueeze(-1) * size.unsqueeze(-2)
    values, vectors = torch.linalg.eigh(symmetric_part(rough / scale))
    return symmetric_part((vectors * values.clamp_min(0.1).unsqueeze(-2)) @ vectors.mT) * scale


def _one_set(
    X: Tensor, both: Tensor, w: Tensor, tol: float, max_iter: int, start: Tensor
) -> tuple[Tensor, Certificate]:
    """Return the mean of one set: missing channels stand as an identity, whose logarithm is zero."""
    missing = torch.diag_embed((~both.diagonal(dim1=-2, dim2=-1)).to(X.dtype))

    def image(W: Tensor) -> Tensor:
        C = torch.linalg.inv(W)
        factor = torch.linalg.cholesky(torch.where(both, C @ C.mT, missing))
        inside = torch.linalg.solve_triangular(factor, X, upper=False)
        inside = symmetric_part(torch.linalg.solve_triangular(factor.mT, inside, upper=True, left=False))
        half = torch.linalg.solve_triangular(factor, C.expand_as(X), upper=False)
        return symmetric_part((spread(w, 2) * (half.mT @ logm(inside) @ half)).sum(0))

    C = torch.linalg.cholesky(start)
    C, residual, count, _ = iterate_factor(image, C, tol, max_iter, 0, longest=_LONGEST, patience=_PATIENCE)
    return symmetric_part(C @ C.mT), Certificate("Karcher's iteration", count, residual, tol)
