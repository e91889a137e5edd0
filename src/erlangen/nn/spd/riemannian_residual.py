r"""A residual step on SPD matrices: the exponential of a learnt tangent field built from the spectrum.

Definition: :math:`X' = \exp_X v(X)`, :math:`v(X) = X^{1/2} F(\log X) X^{1/2}` under the affine-invariant metric,
hence :math:`X' = \exp(L + F(L))`, :math:`L = \log X`
(Katsman et al., NeurIPS 2023, spectral maps).
Convention: F is one scalar function for all eigenvalues, so no order of them enters and the layer is smooth; it starts at 0, as the identity.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.linalg.spectral import Exponential, InverseSquareRoot, Logarithm
from erlangen.nn.precision import check_batch, matrix_precision, together
from erlangen.nn.spd.spectral_map import spectral_map
from erlangen.random import RngLike
from erlangen.validation import check_integer

__all__ = ["RiemannianResidual"]


class RiemannianResidual(nn.Module):
    r"""One residual step ``(..., n, n)`` to ``(..., n, n)``.

    .. math:: F(L) = b I + \sum_h w_h\, \sigma(a_h L + (c_h + m_h \tfrac{\operatorname{tr} L}{n}) I), \qquad \sigma(S) = S (I + S^2)^{-1/2}

    A network with one hidden layer on the logarithms of the eigenvalues, which also sees their mean. It commutes with rotations
    :math:`X \mapsto O X O^T`, and its derivatives are true at repeated eigenvalues, too.

    Parameters
    ----------
    n : int
        Size of the matrices.
    hidden : int
        Number of terms.
    rng : int, Generator or torch.Generator
        Seed of the initial a, c and m; w and b start at 0.
    dtype : torch.dtype
        Of the parameters.

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        If the input is not symmetric positive definite.

    References
    ----------
    Katsman et al., "Riemannian residual neural networks", NeurIPS 2023, sec. 4.

    Examples
    --------
    >>> X = torch.tensor([[2.0, 1.0], [1.0, 2.0]], dtype=torch.float64)
    >>> torch.allclose(RiemannianResidual(2, rng=0)(X), X)
    True
    """

    def __init__(
        self,
        n: int,
        hidden: int = 8,
        *,
        rng: RngLike | torch.Generator = None,
        dtype: torch.dtype = torch.float64,
    ) -> None:
        super().__init__()
        self.n = check_integer(n, "n", low=1)
        width = check_integer(hidden, "hidden", low=1)
        drawn = torch.randn(3, width, generator=torch_generator(rng), dtype=torch.float64).to(dtype)
        self.slopes = nn.Parameter(drawn[0])
        self.shifts = nn.Parameter(drawn[1])
        self.sizes = nn.Parameter(drawn[2])
        self.weights = nn.Parameter(torch.zeros(width, dtype=dtype))
        self.bias = nn.Parameter(torch.zeros((), dtype=dtype))

    @matrix_precision
    def forward(self, X: Tensor) -> Tensor:
        """Return the moved matrices."""
        check_batch(X, self.n, None, "RiemannianResidual")
        X, a, c, m, w, b = together(X, self.slopes, self.shifts, self.sizes, self.weights, self.bias)
        L = spectral_map(X, Logarithm(), positive=True)
        identity = torch.eye(self.n, dtype=X.dtype, device=X.device)
        size = L.diagonal(dim1=-2, dim2=-1).mean(-1, keepdim=True)
        S = a[:, None, None] * L.unsqueeze(-3) + (c + m * size)[..., None, None] * identity
        units = S @ spectral_map(identity + S @ S, InverseSquareRoot())
        F = (w[:, None, None] * (units + units.mT) / 2).sum(-3) + b * identity
        return spectral_map(L + F, Exponential())

    def extra_repr(self) -> str:
        """Return the sizes."""
        return f"{self.n}, hidden={len(self.weights)}"
