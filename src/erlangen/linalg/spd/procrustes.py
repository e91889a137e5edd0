r"""The orthogonal Procrustes problem.

Definition: :math:`\arg\min_O \|A - B O\|_F` over orthogonal O is the orthogonal polar factor of :math:`B^T A`.
Convention: O is ``(..., n, n)`` and acts from the right; reflections are allowed.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.spd.broadcast import same_batch
from erlangen.linalg.spd.polar import nearest_orthogonal, orthogonal_factor

__all__ = ["procrustes"]


@array_edge("A", "B")
def procrustes(A: Tensor, B: Tensor) -> Tensor:
    r"""Return the orthogonal O that brings B nearest to A.

    .. math:: O = \arg\min_{O^T O = I} \|A - B O\|_F = U V^T, \qquad B^T A = U \Sigma V^T

    Parameters
    ----------
    A, B : Tensor or ndarray (..., m, n)
        Of equal size; batch axes broadcast.

    Returns
    -------
    Tensor or ndarray (..., n, n)
        Orthogonal. Where :math:`B^T A` is singular it is one of many minimisers and has no gradient.

    Raises
    ------
    ShapeError, DomainError
        If the sizes differ or an entry is not real and finite.

    References
    ----------
    Schönemann, Psychometrika 31 (1966).

    Examples
    --------
    >>> import numpy as np
    >>> procrustes(np.array([[0.0, 1.0], [1.0, 0.0]]), np.eye(2))
    array([[0., 1.],
           [1., 0.]])
    """
    if A.ndim < 2 or B.ndim < 2 or A.shape[-2:] != B.shape[-2:]:
        message = f"A {tuple(A.shape)} and B {tuple(B.shape)} must agree in their last two axes"
        raise ShapeError(message, hint="pass two arrays (..., m, n) of the same size")
    dtype = torch.promote_types(A.dtype, B.dtype)
    if dtype not in (torch.float32, torch.float64):
        message = f"A and B have dtypes {A.dtype} and {B.dtype}; float32 or float64 is needed"
        raise DomainError(message, hint="convert them, e.g. A.to(torch.float64)")
    A, B = same_batch(A.to(dtype), B.to(dtype))
    product = B.mT @ A
    if not torch.compiler.is_compiling() and not bool(torch.isfinite(product.detach()).all()):
        message = "the product B^T A is not finite"
        raise DomainError(message, hint="remove or repair what is not finite, or rescale")
    return orthogonal_factor(product, nearest_orthogonal(product)[0])
