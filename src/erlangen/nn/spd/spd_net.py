r"""SPDNet, small: from signals or covariances to class scores.

Definition: CovPool, then (BiMap, normalisation, ReEig) for each size, LogEig, Vectorise, Linear (Huang & Van Gool, AAAI 2017).
Convention: signals are ``(N, n, T)``, covariances ``(N, n, n)``; scores ``(N, classes)`` in float64.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.errors import DomainError
from erlangen.manifolds import Metric
from erlangen.nn.spd.bi_map import BiMap
from erlangen.nn.spd.cov_pool import CovPool
from erlangen.nn.spd.log_eig import LogEig
from erlangen.nn.spd.re_eig import ReEig
from erlangen.nn.spd.spd_batch_norm import SPDBatchNorm
from erlangen.nn.spd.vectorise import Vectorise
from erlangen.random import RngLike
from erlangen.validation import check_integer

__all__ = ["SPDNet"]


class SPDNet(nn.Module):
    r"""The network of SPD matrices, with batch normalisation under a metric where one is named.

    Parameters
    ----------
    sizes : sequence of int
        Sizes of the matrices: that of the input, then that after each BiMap.
    classes : int
        Number of scores.
    metric : str, Metric or None
        Of the batch normalisation after each BiMap; None leaves it out.
    signals : bool
        The input is a signal ``(N, n, T)``, pooled to its covariance first.
    eps : float
        Relative threshold of ReEig.
    normalisation : dict, optional
        Further options of :class:`SPDBatchNorm`.
    rng : int, Generator or torch.Generator
        Seed of the initial parameters.

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        If the sizes do not fall, or the input does not fit.

    References
    ----------
    Huang & Van Gool, "A Riemannian network for SPD matrix learning", AAAI 2017; Wang et al., CVPR 2025 (normalisation).

    Examples
    --------
    >>> net = SPDNet([4, 3], 2, rng=0)
    >>> net(torch.randn(5, 4, 50, generator=torch.Generator().manual_seed(0))).shape
    torch.Size([5, 2])
    """

    def __init__(
        self,
        sizes: Sequence[int],
        classes: int,
        *,
        metric: str | Metric | None = "bures-wasserstein",
        signals: bool = True,
        eps: float = 1e-4,
        normalisation: dict[str, Any] | None = None,
        rng: RngLike | torch.Generator = None,
    ) -> None:
        super().__init__()
        if len(sizes) < 2:
            message = f"sizes must name at least two sizes, got {tuple(sizes)}"
            raise DomainError(message, hint="e.g. sizes=[22, 12]")
        generator = torch_generator(rng)
        layers: list[nn.Module] = [CovPool()] if signals else []
        for n_in, n_out in pairwise(sizes):
            layers.append(BiMap(n_in, n_out, rng=generator))
            if metric is not None:
                layers.append(SPDBatchNorm(n_out, metric, **(normalisation or {})))
            layers.append(ReEig(eps, relative=True))
        self.features = nn.Sequential(*layers, LogEig(), Vectorise())
        width = sizes[-1] * (sizes[-1] + 1) // 2
        self.head = nn.Linear(width, check_integer(classes, "classes", low=1), dtype=torch.float64)
        with torch.no_grad():
            for parameter in self.head.parameters():
                parameter.copy_(
                    (2 * torch.rand(parameter.shape, generator=generator, dtype=torch.float64) - 1) / width**0.5
                )

    def forward(self, X: Tensor, domain: object = None) -> Tensor:
        """Return the scores.

        Parameters
        ----------
        X : Tensor (N, n, T) or (N, n, n)
            Signals, or covariances with ``signals=False``.
        domain : name, or one a sample, optional
            Passed to every batch normalisation.
        """
        for layer in self.features:
            X = layer(X, domain) if isinstance(layer, SPDBatchNorm) and domain is not None else layer(X)
        scores: Tensor = self.head(X.to(self.head.weight.dtype))
        return scores
