r"""Batch normalisation of equivariant features: scalars are centred, all irreps are divided by their root mean square.

Definition: :math:`x \mapsto w\,(x - \mu)/\sqrt{\sigma^2 + \varepsilon} + b`, with :math:`\mu, b` on true scalars only, :math:`\sigma^2 = E|x|^2/(2l+1)` a copy.
Convention: running averages move by ``momentum``; axis 0 is the batch, axes between it and the last are averaged too.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from erlangen.errors import ShapeError
from erlangen.nn.equivariant.feature_blocks import check_features, check_layout, half_returns, join_blocks, split_blocks
from erlangen.representations import Irreps
from erlangen.validation import check_choice, check_real

__all__ = ["EquivariantBatchNorm"]


class EquivariantBatchNorm(nn.Module):
    r"""Batch normalisation, (n, ..., irreps.dim) to itself.

    Parameters
    ----------
    irreps : Irreps or str
        Type of the feature.
    eps, momentum : float
        Added to the variance; step of the running averages.
    affine : bool
        Whether there are learnable weights a copy and biases a true scalar.
    normalization : {"component", "norm"}
        Whether the variance is that of a component or of the norm.
    layout : {"mul_ir", "ir_mul"}
        Layout of the feature.

    Raises
    ------
    ShapeError
        If there is no row in training.

    References
    ----------
    Weiler et al., NeurIPS 2018, section 4; numbers of ``e3nn.nn.BatchNorm`` with ``reduce="mean"``.

    Examples
    --------
    >>> layer = EquivariantBatchNorm("2x0e+1x1o")
    >>> y = layer(torch.randn(1000, 5, generator=torch.Generator().manual_seed(0)) * 7 + 3).detach()
    >>> bool((y[:, :2].mean(0).abs() < 1e-5).all()), round(float(y[:, 2:].square().mean()), 3)
    (True, 1.0)
    """

    running_mean: Tensor
    running_var: Tensor

    def __init__(
        self,
        irreps: Irreps | str,
        *,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = True,
        normalization: str = "component",
        layout: str = "mul_ir",
    ) -> None:
        super().__init__()
        self.irreps = self.irreps_in = self.irreps_out = Irreps(irreps)
        self.layout = check_layout(layout)
        self.eps = check_real(eps, "eps", low=0)
        self.momentum = check_real(momentum, "momentum", low=0, high=1)
        self.normalization = check_choice(normalization, "normalization", ("component", "norm"))
        scalars = self.irreps.count("0e")
        self.register_buffer("running_mean", torch.zeros(scalars))
        self.register_buffer("running_var", torch.ones(self.irreps.num_irreps))
        self.weight = nn.Parameter(torch.ones(self.irreps.num_irreps)) if affine else None
        self.bias = nn.Parameter(torch.zeros(scalars)) if affine else None

    @half_returns
    def forward(self, x: Tensor) -> Tensor:
        """Return the normalised features; in training the running averages move."""
        check_features(x, self.irreps, "x", owner="EquivariantBatchNorm")
        if self.training and x.numel() == 0 and self.irreps.dim:
            message = f"EquivariantBatchNorm: a batch of shape {tuple(x.shape)} has no mean"
            raise ShapeError(message, hint="pass at least one row, or call eval()")
        blocks, means, variances = [], [], []
        copy = scalar = 0
        for block, (mul, ir) in zip(split_blocks(x, self.irreps, self.layout), self.irreps, strict=True):
            rows = tuple(range(block.ndim - 2))
            centred, true_scalar = block, ir.l == 0 and ir.p == 1
            if true_scalar:
                held = self.running_mean[scalar : scalar + mul].to(x.dtype)
                mean = block.mean(rows).squeeze(-1) if self.training else held
                means.append(mean)
                centred = block - mean.unsqueeze(-1)
            variance = self._variance(centred, rows, copy, mul)
            variances.append(variance)
            scale = (variance + self.eps).rsqrt()
            if self.weight is not None:
                scale = scale * self.weight[copy : copy + mul].to(x.dtype)
            block = centred * scale.unsqueeze(-1)  # noqa: PLW2901 - the block after its normalisation
            if true_scalar and self.bias is not None:
                block = block + self.bias[scalar : scalar + mul].to(x.dtype).unsqueeze(-1)  # noqa: PLW2901
            scalar += mul if true_scalar else 0
            copy += mul
            blocks.append(block)
        if self.training:
            self._move(means, variances)
        return join_blocks(blocks, self.layout, like=x)

    def _variance(self, block: Tensor, rows: tuple[int, ...], copy: int, mul: int) -> Tensor:
        if not self.training:
            return self.running_var[copy : copy + mul].to(block.dtype)
        squares = block.square()
        size = squares.mean(-1) if self.normalization == "component" else squares.sum(-1)
        return size.mean(rows) if rows else size

    @torch.no_grad()
    def _move(self, means: list[Tensor], variances: list[Tensor]) -> None:
        for running, fresh in ((self.running_mean, means), (self.running_var, variances)):
            if fresh:
                running.lerp_(torch.cat(fresh).to(running.dtype), self.momentum)

    def extra_repr(self) -> str:
        """Return the type and the options."""
        return f"{self.irreps}, eps={self.eps}, momentum={self.momentum}, layout={self.layout!r}"
