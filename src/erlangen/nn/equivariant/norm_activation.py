r"""A nonlinearity of norms: each irrep keeps its direction, its length passes a function.

Definition: :math:`x \mapsto \phi(|x| + b)\, x / |x|`, or without the quotient if not normalised (Thomas et al., arXiv 1802.08219).
Convention: one bias a copy; lengths below ``eps`` count as ``eps``, so that the gradient at zero is finite.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from erlangen.errors import DomainError
from erlangen.nn.equivariant.feature_blocks import check_features, check_layout, half_returns, join_blocks, split_blocks
from erlangen.nn.equivariant.scalar_activation import Activation
from erlangen.representations import Irreps
from erlangen.validation import check_real

__all__ = ["NormActivation"]


class NormActivation(nn.Module):
    r"""Activation of the norm of each irrep, (..., irreps.dim) to itself.

    Parameters
    ----------
    irreps : Irreps or str
        Type of the feature.
    function : callable
        Elementwise function of the norms.
    normalize : bool
        Whether the feature is divided by its norm first.
    eps : float, optional
        Smallest norm; 1e-8 if normalised, and not allowed otherwise.
    bias : bool
        Whether a learnable number is added to each norm.
    layout : {"mul_ir", "ir_mul"}
        Layout of the feature.

    Raises
    ------
    DomainError
        If ``eps`` is not positive, or given without ``normalize``.

    References
    ----------
    Thomas et al., "Tensor field networks", arXiv 1802.08219; numbers of ``e3nn.nn.NormActivation``.

    Examples
    --------
    >>> layer = NormActivation("2x1e", torch.sigmoid)
    >>> layer(torch.ones(6)).reshape(2, 3).norm(dim=-1)
    tensor([0.8497, 0.8497])
    """

    def __init__(
        self,
        irreps: Irreps | str,
        function: Activation,
        *,
        normalize: bool = True,
        eps: float | None = None,
        bias: bool = False,
        layout: str = "mul_ir",
    ) -> None:
        super().__init__()
        self.irreps = self.irreps_in = self.irreps_out = Irreps(irreps)
        self.layout = check_layout(layout)
        if eps is not None and not normalize:
            message = f"eps={eps} without normalize: nothing is divided by a norm"
            raise DomainError(message, hint="leave eps out")
        self.eps = check_real(1e-8 if eps is None else eps, "eps", low=0, open_low=True) if normalize else 0.0
        self.function, self.normalize = function, bool(normalize)
        self.biases = nn.Parameter(torch.zeros(self.irreps.num_irreps)) if bias else None

    @half_returns
    def forward(self, x: Tensor) -> Tensor:
        """Return the rescaled irreps."""
        check_features(x, self.irreps, "x", owner="NormActivation")
        blocks, start = [], 0
        for block, (mul, _) in zip(split_blocks(x, self.irreps, self.layout), self.irreps, strict=True):
            bias = None if self.biases is None else self.biases[start : start + mul].to(x.dtype).unsqueeze(-1)
            blocks.append(block * self._factor(block, bias))
            start += mul
        return join_blocks(blocks, self.layout, like=x)

    def _factor(self, block: Tensor, bias: Tensor | None) -> Tensor:
        """Return (..., mul, 1)."""
        square = block.square().sum(-1, keepdim=True)
        if self.normalize:
            norm = square.clamp_min(self.eps**2).sqrt()
        else:
            positive = square > 0
            norm = torch.where(positive, torch.where(positive, square, 1.0).sqrt(), 0.0)
        value = self.function(norm if bias is None else norm + bias)
        return value / norm if self.normalize else value

    def extra_repr(self) -> str:
        """Return the type and the options."""
        return f"{self.irreps}, normalize={self.normalize}, bias={self.biases is not None}, layout={self.layout!r}"
