r"""The Cholesky factor with its diagonal deformed, as a chart of the SPD matrices.

Definition: :math:`P = LL^T \mapsto \lfloor L \rfloor + \operatorname{diag}(f(L_{ii}))` with :math:`f = \log` (theta = 0) or :math:`f(x) = x^\theta/\theta`.
Convention: L is lower triangular with positive diagonal; the image is lower triangular, for theta != 0 with :math:`\theta y_{ii} > 0`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.spd.chart import Chart

__all__ = ["CholeskyCoordinates"]


def _diagonal(A: Tensor) -> Tensor:
    return A.diagonal(dim1=-2, dim2=-1)


@dataclass(frozen=True)
class CholeskyCoordinates(Chart):
    """Cholesky coordinates with the power theta, or the logarithm for theta = 0, on the diagonal.

    Parameters
    ----------
    theta : float
        Exponent.

    Examples
    --------
    >>> CholeskyCoordinates().forward(torch.tensor([[1.0, 2.0], [2.0, 5.0]]))
    tensor([[0., 0.],
            [2., 0.]])
    """

    theta: float = 0.0

    def forward(self, x: Tensor) -> Tensor:
        """Return the coordinates."""
        L = torch.linalg.cholesky(x)
        d = _diagonal(L)
        image = d.log() if self.theta == 0 else d**self.theta / self.theta
        return L.tril(-1) + torch.diag_embed(image)

    def inverse(self, y: Tensor) -> Tensor:
        """Return the matrices with these coordinates."""
        d = _diagonal(y)
        value = d.exp() if self.theta == 0 else (self.theta * d) ** (1 / self.theta)
        L = y.tril(-1) + torch.diag_embed(value)
        return symmetric_part(L @ L.mT)

    def push(self, x: Tensor, v: Tensor) -> Tensor:
        r"""Return the derivative: :math:`dL = L\,\lfloor L^{-1} V L^{-T}\rfloor_{1/2}`, half on the diagonal."""
        L = torch.linalg.cholesky(x)
        half = torch.linalg.solve_triangular(L, v, upper=False)
        inside = torch.linalg.solve_triangular(L.mT, half, upper=True, left=False)
        dL = L @ (inside.tril(-1) + torch.diag_embed(_diagonal(inside) / 2))
        return dL.tril(-1) + torch.diag_embed(_diagonal(L) ** (self.theta - 1) * _diagonal(dL))

    def pull(self, x: Tensor, w: Tensor) -> Tensor:
        r"""Return :math:`dL\,L^T + L\,dL^T`."""
        L = torch.linalg.cholesky(x)
        dL = w.tril(-1) + torch.diag_embed(_diagonal(L) ** (1 - self.theta) * _diagonal(w))
        product = dL @ L.mT
        return product + product.mT

    def contains(self, y: Tensor) -> Tensor:
        """Return whether the diagonal has the sign of theta; for theta = 0 everything."""
        if self.theta == 0:
            return super().contains(y)
        return (self.theta * _diagonal(y) > 0).all(-1)
