r"""Multinomial logistic regression on SPD matrices.

Definition: :math:`p(c \mid X) \propto \exp\langle \log_{P_c} X, A_c \rangle_{P_c}`, A_c a tangent vector at P_c (Chen et al., NeurIPS 2024, eq. 11).
Convention: A_c is the parallel transport to P_c of a symmetric matrix B_c at I; logits ``(..., classes)``, their inner products are taken at I.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.errors import DomainError
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds import SPD, Metric, metric_named
from erlangen.nn.precision import check_batch, matrix_precision, together
from erlangen.nn.spd.normalisation import normaliser_for
from erlangen.random import RngLike
from erlangen.validation import check_integer

__all__ = ["SPDMLR"]


class SPDMLR(nn.Module):
    r"""Logits of SPD matrices, ``(..., n, n)`` to ``(..., classes)``.

    .. math:: \ell_c(X) = \big\langle \Gamma_{P_c \to I} \log_{P_c} X,\; B_c \big\rangle_I

    Because :math:`\Gamma` is an isometry this is :math:`\langle \log_{P_c} X, \Gamma_{I \to P_c} B_c\rangle_{P_c}`, the signed distance to a
    geodesic hyperplane through :math:`P_c` times the length of :math:`B_c`. All ends commute with I, so every formula is closed:

    - affine-invariant: :math:`\operatorname{tr}(\log(P^{-1/2} X P^{-1/2}) B)`;
    - log-Euclidean: :math:`\operatorname{tr}((\log X - \log P) B)`;
    - Bures–Wasserstein: a quarter of :math:`\operatorname{tr}(\Gamma_{P \to I}[(XP)^{1/2} + (PX)^{1/2} - 2P]\, B)`.

    Parameters
    ----------
    n : int
        Size of the matrices.
    classes : int
        How many.
    metric : str or Metric
        ``"log-euclidean"``, ``"bures-wasserstein"`` (M = I), ``"affine-invariant"``, or a metric with a flat chart.
    rng : int, Generator or torch.Generator
        Seed of the initial B; the P start at I.
    dtype : torch.dtype
        Of the parameters.

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        If the input is not symmetric positive definite, or the metric is none of these.

    References
    ----------
    Chen et al., "RMLR: Extending multinomial logistic regression into general geometries", NeurIPS 2024.

    Examples
    --------
    >>> SPDMLR(3, 2, rng=0)(torch.eye(3, dtype=torch.float64)[None]).tolist()  # at P all logits vanish
    [[0.0, 0.0]]
    """

    def __init__(
        self,
        n: int,
        classes: int,
        metric: str | Metric = "log-euclidean",
        *,
        rng: RngLike | torch.Generator = None,
        dtype: torch.dtype = torch.float64,
    ) -> None:
        super().__init__()
        self.n = check_integer(n, "n", low=1)
        self.classes = check_integer(classes, "classes", low=1)
        self.metric = metric_named(metric)
        if getattr(self.metric, "M", None) is not None:
            message = "SPDMLR takes the Bures–Wasserstein metric with M = I"
            raise DomainError(message, hint="leave M out, or put a congruence before the layer")
        self.points = nn.Parameter(torch.eye(self.n, dtype=dtype).repeat(self.classes, 1, 1))
        B = torch.randn(self.classes, self.n, self.n, generator=torch_generator(rng), dtype=torch.float64)
        self.directions = nn.Parameter(symmetric_part(B).to(dtype) / self.n)

    def manifolds(self) -> dict[str, Any]:
        """Return the manifold of each parameter that has one."""
        return {"points": SPD(self.n, self.metric)}

    @matrix_precision
    def forward(self, X: Tensor) -> Tensor:
        """Return the logits."""
        check_batch(X, self.n, None, "SPDMLR")
        lead = X.shape[:-2]
        X, P, B = together(X.reshape(-1, 1, self.n, self.n), self.points, self.directions)
        normal = normaliser_for(self.metric, None, getattr(self.metric, "theta", 1.0), "fold")
        Y, P = normal.image(X), normal.image(symmetric_part(P))
        V = normal.vectors(Y.expand(-1, self.classes, -1, -1), P)
        B = normal.tangent(symmetric_part(B))
        # polarisation keeps the metric's own weights: 4 <V, B> = |V + B|^2 - |V - B|^2
        logits = (normal.squares(V + B) - normal.squares(V - B)) / 4
        return logits.reshape(*lead, self.classes)

    def extra_repr(self) -> str:
        """Return the sizes and the metric."""
        return f"{self.n}, classes={self.classes}, metric={self.metric!r}"
