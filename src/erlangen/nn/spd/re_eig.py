r"""The layer that lifts small eigenvalues to a threshold.

Definition: :math:`X = V \Lambda V^T \mapsto V \max(\Lambda, c) V^T` (Huang & Van Gool, AAAI 2017, eq. 8).
Convention: :math:`c = \epsilon`, in the units of X; with ``relative=True`` :math:`c = \epsilon \operatorname{tr}(X)/n`, which sees no units.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from erlangen.errors import DomainError
from erlangen.linalg.spectral import Rectifier
from erlangen.nn.precision import matrix_precision
from erlangen.nn.spd.spectral_map import spectral_map
from erlangen.validation import check_real, check_square

__all__ = ["ReEig"]


class ReEig(nn.Module):
    r"""Rectified eigenvalues, ``(..., n, n)`` to ``(..., n, n)``.

    Parameters
    ----------
    eps : float
        Threshold, positive.
    relative : bool
        Take it in units of the mean eigenvalue of each matrix: covariances in volts (1e-12) then work as those in microvolts do.

    Raises
    ------
    ShapeError, DomainError
        If the input is not symmetric and finite; with ``relative`` also if a trace is not positive.

    Examples
    --------
    >>> import torch
    >>> ReEig(0.5)(torch.diag(torch.tensor([2.0, 0.1])))
    tensor([[2.0000, 0.0000],
            [0.0000, 0.5000]])
    """

    def __init__(self, eps: float = 1e-4, *, relative: bool = False) -> None:
        super().__init__()
        self.eps = check_real(eps, "eps", low=0.0, open_low=True)
        self.relative = relative
        self.rectifier = Rectifier(self.eps)

    @matrix_precision
    def forward(self, X: Tensor) -> Tensor:
        """Return X with its eigenvalues rectified."""
        n = check_square(X, "X")
        if not self.relative:
            return spectral_map(X, self.rectifier)
        size = X.diagonal(dim1=-2, dim2=-1).sum(-1)[..., None, None] / n
        if not torch.compiler.is_compiling() and not bool((size > 0).all()):
            index = [int(i) for i in (~(size > 0)).nonzero()[0][:-2]]
            message = f"X{index or ''} has a trace that is not positive: a relative threshold has no meaning there"
            raise DomainError(message, hint="repair the matrix, or use relative=False")
        return size * spectral_map(X / size, self.rectifier)

    def extra_repr(self) -> str:
        """Return the options."""
        return f"eps={self.eps:g}, relative={self.relative}"
