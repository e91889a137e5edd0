r"""The layer that pools a multichannel signal into its covariance.

Definition: :math:`C = \frac{1}{T-1} \sum_t (x_t - \bar x)(x_t - \bar x)^T`, then :math:`(1 - \epsilon) C + \epsilon\, \frac{\operatorname{tr} C}{n} I`.
Convention: time is the last axis; :math:`\epsilon` is relative to the mean variance, so that units do not matter.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from erlangen.errors import ShapeError
from erlangen.linalg.spd.covariance import covariance
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.nn.precision import matrix_precision
from erlangen.validation import check_real

__all__ = ["CovPool"]


class CovPool(nn.Module):
    r"""Covariance of signals ``(..., n, T)`` as ``(..., n, n)``.

    Parameters
    ----------
    estimator : str
        ``"cov"`` (unbiased) or another of :func:`erlangen.linalg.covariance`: ``"scm"``, ``"oas"``, ``"lwf"`` …
    shrinkage : float
        Weight :math:`\epsilon` of the multiple of the identity, in [0, 1].
    dtype : torch.dtype, optional
        Of the result; float64 by default, because eigenvalues follow. ``None`` keeps the input's.

    Raises
    ------
    ShapeError
        If there are no two axes or fewer than two samples.

    Examples
    --------
    >>> X = torch.tensor([[1.0, -1.0, 1.0, -1.0], [1.0, 1.0, -1.0, -1.0]])
    >>> CovPool(shrinkage=0.0)(X)
    tensor([[1.3333, 0.0000],
            [0.0000, 1.3333]], dtype=torch.float64)
    """

    def __init__(
        self, estimator: str = "cov", *, shrinkage: float = 1e-5, dtype: torch.dtype | None = torch.float64
    ) -> None:
        super().__init__()
        self.estimator = estimator
        self.shrinkage = check_real(shrinkage, "shrinkage", low=0.0, high=1.0)
        self.dtype = dtype

    @matrix_precision
    def forward(self, X: Tensor) -> Tensor:
        """Return the covariances."""
        if X.ndim < 2 or X.shape[-1] < 2:
            message = f"CovPool takes signals (..., n, T) with T >= 2, got shape {tuple(X.shape)}"
            raise ShapeError(message, hint="put time on the last axis")
        X = X if self.dtype is None else X.to(self.dtype)
        if self.estimator == "cov":
            centred = X - X.mean(-1, keepdim=True)
            C = symmetric_part(centred @ centred.mT) / (X.shape[-1] - 1)
        else:
            C = covariance(X, estimator=self.estimator)
        if self.shrinkage == 0:
            return C
        size = C.diagonal(dim1=-2, dim2=-1).mean(-1)[..., None, None]
        return (1 - self.shrinkage) * C + self.shrinkage * size * torch.eye(C.shape[-1], dtype=C.dtype, device=C.device)

    def extra_repr(self) -> str:
        """Return the options."""
        return f"estimator={self.estimator!r}, shrinkage={self.shrinkage:g}"
