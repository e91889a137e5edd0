r"""The layer that writes a symmetric matrix as a vector, keeping lengths.

Definition: the upper triangle row by row, off-diagonal entries times :math:`\sqrt 2`, so that :math:`\langle v(A), v(B) \rangle = \operatorname{tr}(AB)`.
Convention: the order of ``numpy.triu_indices``; ``(..., n, n)`` becomes ``(..., n (n + 1)/2)``.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from erlangen.errors import ShapeError
from erlangen.nn.precision import matrix_precision
from erlangen.validation import check_square

__all__ = ["Vectorise"]


class Vectorise(nn.Module):
    """Upper triangle of symmetric matrices as vectors, an isometry; :meth:`inverse` leads back.

    Raises
    ------
    ShapeError
        If the input is not square, or a vector's length is no n (n + 1)/2.

    Examples
    --------
    >>> v = Vectorise()(torch.tensor([[1.0, 2.0], [2.0, 3.0]]))
    >>> v
    tensor([1.0000, 2.8284, 3.0000])
    >>> Vectorise().inverse(v)
    tensor([[1., 2.],
            [2., 3.]])
    """

    @matrix_precision
    def forward(self, X: Tensor) -> Tensor:
        """Return the vectors."""
        n = check_square(X, "X")
        rows, columns = torch.triu_indices(n, n, device=X.device)
        weight = torch.where(rows == columns, 1.0, 2.0**0.5).to(X.dtype)
        return (X[..., rows, columns] + X[..., columns, rows]) / 2 * weight

    def inverse(self, v: Tensor) -> Tensor:
        """Return the symmetric matrices ``(..., n, n)`` of vectors."""
        n = round((2 * v.shape[-1] + 0.25) ** 0.5 - 0.5)
        if n * (n + 1) // 2 != v.shape[-1]:
            message = f"v has length {v.shape[-1]} along its last axis, which is no n (n + 1)/2"
            raise ShapeError(message, hint="pass what Vectorise returned")
        rows, columns = torch.triu_indices(n, n, device=v.device)
        entries = v / torch.where(rows == columns, 1.0, 2.0**0.5).to(v.dtype)
        upper = v.new_zeros(*v.shape[:-1], n, n)
        upper[..., rows, columns] = entries
        return torch.where(torch.eye(n, dtype=torch.bool, device=v.device), upper, upper + upper.mT)
