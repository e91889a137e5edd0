r"""Learnt spatial and temporal filters before a covariance is taken.

Definition: a spatial filter bank :math:`n \to m`, batch normalisation, a convolution in time :math:`m \to k` of width w, batch normalisation.
Convention: signals are ``(N, n, T)``; the convolution is padded by :math:`\lfloor w/2 \rfloor`; all of it is linear, so that the first two layers are
computed as one convolution :math:`n + 1 \to k`, the last channel an indicator of where the signal is.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.errors import ShapeError
from erlangen.random import RngLike
from erlangen.validation import check_integer

__all__ = ["SignalFilters"]

_MOMENTUM = 0.1


class SignalFilters(nn.Module):
    r"""Filter signals ``(N, n, T)`` to ``(N, k, T + 1 - w mod 2)``.

    Parameters
    ----------
    n : int
        Channels of the signal.
    spatial : int
        Spatial filters m.
    temporal : int
        Filters k after the convolution in time.
    width : int
        Samples w of the convolution.
    rng : int, Generator or torch.Generator
        Seed of the weights, uniform in :math:`\pm 1/\sqrt{\text{fan in}}`.
    dtype : torch.dtype
        Of the weights; float32 serves, eigenvalues come later.

    Raises
    ------
    ShapeError
        If the signals are not ``(N, n, T)``.

    References
    ----------
    Schirrmeister et al., Human Brain Mapping 38 (2017), the first two layers; Wang et al., arXiv 2504.00660, the network for evoked potentials.

    Examples
    --------
    >>> SignalFilters(8, 12, 5, 36, rng=0)(torch.zeros(2, 8, 125)).shape
    torch.Size([2, 5, 126])
    """

    def __init__(
        self,
        n: int,
        spatial: int,
        temporal: int,
        width: int,
        *,
        rng: RngLike | torch.Generator = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.n = check_integer(n, "n", low=1)
        spatial, temporal = check_integer(spatial, "spatial", low=1), check_integer(temporal, "temporal", low=1)
        width = check_integer(width, "width", low=1)
        generator = torch_generator(rng)
        self.spatial: nn.Conv1d = nn.utils.skip_init(nn.Conv1d, self.n, spatial, 1, dtype=dtype)
        self.temporal: nn.Conv1d = nn.utils.skip_init(
            nn.Conv1d, spatial, temporal, width, padding=width // 2, dtype=dtype
        )
        self.spatial_norm, self.temporal_norm = (
            nn.BatchNorm1d(spatial, dtype=dtype),
            nn.BatchNorm1d(temporal, dtype=dtype),
        )
        with torch.no_grad():
            for layer, fan in ((self.spatial, self.n), (self.temporal, spatial * width)):
                for parameter in layer.parameters():
                    parameter.uniform_(-(fan**-0.5), fan**-0.5, generator=generator)

    def forward(self, X: Tensor) -> Tensor:
        """Return the filtered signals."""
        if X.ndim != 3 or X.shape[1] != self.n:
            message = f"SignalFilters takes signals (N, {self.n}, T), got shape {tuple(X.shape)}"
            raise ShapeError(message, hint="trials, channels, samples")
        X = X.to(self.spatial.weight.dtype)
        kernel = torch.einsum("kmw,mn->knw", self.temporal.weight, self._mixing(X))
        inside = torch.ones_like(X[:, :1])
        padding = self.temporal.weight.shape[-1] // 2
        filtered: Tensor = self.temporal_norm(
            nn.functional.conv1d(torch.cat([X, inside], dim=1), kernel, self.temporal.bias, padding=padding)
        )
        return filtered

    def _mixing(self, X: Tensor) -> Tensor:
        """Return the spatial filters after their normalisation (m, n + 1), the last column what they add where there is a signal.

        Their means and variances over the batch follow from those of the channels: S mu + b, diag(S C S^T).
        """
        S, norm = self.spatial.weight[..., 0], self.spatial_norm
        statistics = dict(norm.named_buffers())
        bias, mean, variance = (
            dict(self.spatial.named_parameters())["bias"],
            statistics["running_mean"],
            statistics["running_var"],
        )
        if self.training:
            count = X.shape[0] * X.shape[2]
            centre = X.mean((0, 2))
            flat = (X - centre[:, None]).transpose(0, 1).reshape(self.n, count)
            mean = S @ centre + bias
            variance = ((S @ (flat @ flat.mT / count)) * S).sum(-1)
            with torch.no_grad():
                statistics["running_mean"].lerp_(mean, _MOMENTUM)
                statistics["running_var"].lerp_(variance * (count / max(count - 1, 1)), _MOMENTUM)
                statistics["num_batches_tracked"] += 1
        scale = norm.weight * torch.rsqrt(variance + norm.eps)
        return torch.cat([scale[:, None] * S, (scale * (bias - mean) + norm.bias)[:, None]], dim=1)
