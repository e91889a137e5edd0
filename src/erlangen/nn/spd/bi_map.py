r"""The bilinear layer: a compression of SPD matrices by a semi-orthogonal matrix.

Definition: :math:`X \mapsto W^T X W`, :math:`W^T W = I` (Huang & Van Gool, AAAI 2017, eq. 6); with channels :math:`Y_o = \sum_i W_{oi}^T X_i W_{oi}`.
Convention: W is ``(n_in, n_out)``, a point of the Stiefel manifold; there is no bias.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from erlangen import manifolds
from erlangen.edges import torch_generator
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.nn.precision import check_batch, matrix_precision, together
from erlangen.random import RngLike
from erlangen.validation import check_integer

__all__ = ["BiMap"]


class BiMap(nn.Module):
    r"""Compression to ``n_out`` dimensions, ``(..., n_in, n_in)`` to ``(..., n_out, n_out)``.

    Parameters
    ----------
    n_in, n_out : int
        Sizes, ``n_out <= n_in`` (a larger one would make the output singular).
    channels : (int, int), optional
        Channels in and out; the input is then ``(N, in, n_in, n_in)`` and each output channel sums over the input's.
    rng : int, Generator or torch.Generator
        Seed of the initial W, uniform on the Stiefel manifold.
    dtype : torch.dtype
        Of W; float64 by default, because eigenvalues follow.

    Raises
    ------
    ShapeError, DomainError
        If the sizes do not fit.

    References
    ----------
    Huang & Van Gool, "A Riemannian network for SPD matrix learning", AAAI 2017.

    Examples
    --------
    >>> layer = BiMap(4, 2, rng=0)
    >>> layer(torch.eye(4, dtype=torch.float64)).detach().round(decimals=12)
    tensor([[1., 0.],
            [0., 1.]], dtype=torch.float64)
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        *,
        channels: tuple[int, int] | None = None,
        rng: RngLike | torch.Generator = None,
        dtype: torch.dtype = torch.float64,
    ) -> None:
        super().__init__()
        self.n_in = check_integer(n_in, "n_in", low=1)
        self.n_out = check_integer(n_out, "n_out", low=1, high=self.n_in)
        self.channels = None
        lead: tuple[int, ...] = ()
        if channels is not None:
            self.channels = tuple(check_integer(c, "channels", low=1) for c in channels)
            lead = self.channels[::-1]
        self.weight = nn.Parameter(torch.empty(*lead, self.n_in, self.n_out, dtype=dtype))
        self.reset_parameters(rng)

    def reset_parameters(self, rng: RngLike | torch.Generator = None) -> None:
        """Draw W uniformly (Haar) from the Stiefel manifold."""
        normal = torch.randn(self.weight.shape, generator=torch_generator(rng), dtype=torch.float64)
        Q, R = torch.linalg.qr(normal)
        with torch.no_grad():
            self.weight.copy_(Q * R.diagonal(dim1=-2, dim2=-1).sign().unsqueeze(-2))

    def manifolds(self) -> dict[str, Any]:
        """Return the manifold of each parameter that has one."""
        return {"weight": manifolds.Stiefel(self.n_in, self.n_out)}

    @matrix_precision
    def forward(self, X: Tensor) -> Tensor:
        """Return the compressed matrices."""
        check_batch(X, self.n_in, self.channels[0] if self.channels else None, "BiMap")
        X, W = together(X, self.weight)
        if self.channels is None:
            return symmetric_part(W.mT @ X @ W)
        return symmetric_part((W.mT @ X.unsqueeze(1) @ W).sum(2))

    def extra_repr(self) -> str:
        """Return the sizes."""
        return f"{self.n_in}, {self.n_out}" + (f", channels={self.channels}" if self.channels else "")
