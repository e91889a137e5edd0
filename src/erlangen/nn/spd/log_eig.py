r"""The layer that maps SPD matrices to symmetric ones by the logarithm.

Definition: :math:`X \mapsto \log X` (Huang & Van Gool, AAAI 2017, eq. 10), a chart onto the symmetric matrices.
Convention: natural logarithm, batch axes free.
"""

from __future__ import annotations

from torch import Tensor, nn

from erlangen.linalg.spectral import Logarithm
from erlangen.nn.precision import matrix_precision
from erlangen.nn.spd.spectral_map import spectral_map

__all__ = ["LogEig"]


class LogEig(nn.Module):
    """The matrix logarithm, ``(..., n, n)`` to ``(..., n, n)``.

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        If the input is not symmetric positive definite; the error carries index, smallest eigenvalue and rank.

    References
    ----------
    Huang & Van Gool, "A Riemannian network for SPD matrix learning", AAAI 2017.

    Examples
    --------
    >>> import torch
    >>> LogEig()(torch.eye(2))
    tensor([[0., 0.],
            [0., 0.]])
    """

    @matrix_precision
    def forward(self, X: Tensor) -> Tensor:
        """Return log X."""
        return spectral_map(X, Logarithm(), positive=True)
