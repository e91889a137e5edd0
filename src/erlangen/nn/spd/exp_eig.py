r"""The layer that maps symmetric matrices to SPD ones by the exponential.

Definition: :math:`X \mapsto \exp X`, the inverse of :class:`erlangen.nn.LogEig`.
Convention: batch axes free.
"""

from __future__ import annotations

from torch import Tensor, nn

from erlangen.linalg.spectral import Exponential
from erlangen.nn.precision import matrix_precision
from erlangen.nn.spd.spectral_map import spectral_map

__all__ = ["ExpEig"]


class ExpEig(nn.Module):
    """The matrix exponential of symmetric matrices, ``(..., n, n)`` to ``(..., n, n)``.

    Raises
    ------
    ShapeError, DomainError
        If the input is not symmetric and finite, or its exponential overflows.

    Examples
    --------
    >>> import torch
    >>> ExpEig()(torch.zeros(2, 2))
    tensor([[1., 0.],
            [0., 1.]])
    """

    @matrix_precision
    def forward(self, X: Tensor) -> Tensor:
        """Return exp X."""
        return spectral_map(X, Exponential())
