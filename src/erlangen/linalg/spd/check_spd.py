r"""The test that a batch of matrices is symmetric positive definite, and the refusal that says what is wrong with it.

Definition: a Cholesky factor exists and each pivot :math:`\ell_{ii}^2` exceeds :math:`4 n \varepsilon\, a_{ii}`: no row hangs on the rows before it.
Convention: the test sees neither units nor grading, ``diag(1e-20, 1)`` passes; rank counts eigenvalues above :math:`n \varepsilon \lambda_{\max}`.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import NotSPDError
from erlangen.linalg.spectral.checks import check_symmetric_batch, decompose
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.validation import check_square

__all__ = ["check_spd", "refuse_indefinite", "spd_cholesky", "spd_eigh", "symmetric_input"]

_RTOL = 1e-8
_SINGULAR = (
    "average reference, a duplicated channel or more channels than samples make a covariance singular: "
    'shrink it with covariance(X, estimator="oas"), or drop a channel'
)
_INDEFINITE = "it is no covariance matrix; nearest_spd(A) gives the closest one that is"


@array_edge("A", notice=True)
def check_spd(A: Tensor, name: str = "A", *, symmetrise: bool = False) -> Tensor:
    r"""Return a batch of symmetric positive definite matrices, or say which is not one and why.

    .. math:: A = L L^T, \qquad \ell_{ii}^2 > 4 n \varepsilon\, a_{ii}

    Parameters
    ----------
    A : Tensor or ndarray (..., n, n)
        Symmetric within ``1e-8`` of its largest entry; integers become float64.
    name : str
        As the message calls it.
    symmetrise : bool
        Take :math:`(A + A^T)/2` however far from symmetric ``A`` is.

    Returns
    -------
    Tensor or ndarray (..., n, n)
        Exactly symmetric; with its gradient where it has one.

    Raises
    ------
    ShapeError, DomainError
        If it is not square, not real, not finite or not symmetric.
    NotSPDError
        If a matrix is singular or indefinite; carries ``index``, ``smallest_eigenvalue`` and ``rank``.

    References
    ----------
    Higham, Accuracy and Stability of Numerical Algorithms (2002), theorem 10.7 (the scaled condition decides).

    Examples
    --------
    >>> check_spd([[2, 1], [1, 2]])
    array([[2., 1.],
           [1., 2.]])
    >>> check_spd([[1.0, 1.0], [1.0, 1.0]], "C")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    erlangen.errors.NotSPDError: C is not positive definite: its smallest eigenvalue is 0, its rank 1 of 2 ...
    """
    if symmetrise:
        check_square(A, name)
        A = symmetric_part(A)
    return spd_cholesky(A, name)[0]


def symmetric_input(A: Tensor, name: str) -> Tensor:
    """Return the symmetric part of a batch that is symmetric within 1e-8, refused where it is not."""
    check_symmetric_batch(A, name, rtol=_RTOL)
    return symmetric_part(A)


def spd_cholesky(A: Tensor, name: str) -> tuple[Tensor, Tensor]:
    """Return the exactly symmetric batch and its lower Cholesky factor (with gradient), refused where there is none.

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        As :func:`check_spd`.
    """
    A = symmetric_input(A, name)
    factor, info = torch.linalg.cholesky_ex(A)
    if torch.compiler.is_compiling() or A.numel() == 0:
        return A, factor
    bad = (info > 0) | ~_pivots_stand(A.detach(), factor.detach())
    if bool(bad.any()):
        refuse_indefinite(A.detach(), bad, name)
    return A, factor


def spd_eigh(A: Tensor, name: str) -> tuple[Tensor, Tensor, Tensor]:
    """Return the exactly symmetric batch, its eigenvalues (float64) and its vectors (no gradient), refused as :func:`check_spd` does."""
    A = symmetric_input(A, name)
    values, vectors = decompose(A, name)
    if torch.compiler.is_compiling() or A.numel() == 0:
        return A, values, vectors
    least, most = values[..., 0], values[..., -1]
    doubtful = least <= A.shape[-1] * torch.finfo(A.dtype).eps * most
    if bool(doubtful.any()):
        spd_cholesky(A.detach(), name)
        if bool((least <= 0).any()):
            refuse_indefinite(A.detach(), least <= 0, name)
    return A, values, vectors


def _pivots_stand(A: Tensor, factor: Tensor) -> Tensor:
    """Return where every pivot is above the rounding error of its row."""
    diagonal = A.diagonal(dim1=-2, dim2=-1)
    pivots = factor.diagonal(dim1=-2, dim2=-1) ** 2
    floor = 4 * A.shape[-1] * torch.finfo(A.dtype).eps
    return (pivots > floor * diagonal).all(dim=-1)


def refuse_indefinite(A: Tensor, bad: Tensor, name: str) -> None:
    """Raise for the first matrix marked in ``bad``, with its smallest eigenvalue and rank.

    Raises
    ------
    NotSPDError
        Always.
    """
    index = tuple(int(i) for i in bad.nonzero()[0])
    values = torch.linalg.eigvalsh(A[index].to(torch.float64))
    n = A.shape[-1]
    noise = n * torch.finfo(A.dtype).eps * float(values.abs().max())
    rank, least = int((values.abs() > noise).sum()), float(values[0])
    place = f"{name}[{', '.join(map(str, index))}]" if index else name
    message = (
        f"{place} is not positive definite: its smallest eigenvalue is {least:.6g}, its rank {rank} of {n}; "
        f"{int(bad.sum())} of {bad.numel()} matrices are not"
    )
    hint = _INDEFINITE if least < -noise else _SINGULAR
    raise NotSPDError(message, index=index, smallest_eigenvalue=least, rank=rank, hint=hint)
