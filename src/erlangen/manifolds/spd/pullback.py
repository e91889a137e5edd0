r"""A metric pulled back to the SPD matrices along a diffeomorphism.

Definition: :math:`g_P(U, V) = c\; h_{\varphi(P)}(D\varphi[U], D\varphi[V])`; operations are conjugated by :math:`\varphi`, distances times :math:`\sqrt c`.
Convention: the domain of exp is where the image's exp is defined and stays inside the image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.broadcast import same_batch
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.metric import Metric
from erlangen.manifolds.spd.chart import Chart
from erlangen.manifolds.spd.spd_metric import SPDMetric

__all__ = ["Pullback", "PulledBack"]


class PulledBack(SPDMetric):
    """What metrics with a chart share; a subclass says which ``image`` metric, which ``chart`` and which ``scale``.

    Attributes
    ----------
    image : Metric
        The metric on the image.
    chart : Chart
        The diffeomorphism.
    scale : float or Tensor
        Factor of the squared distance.
    """

    image: Any
    chart: Chart
    scale: float | Tensor = 1.0

    def _inner(self, x: Tensor, u: Tensor, v: Tensor) -> Tensor:
        y, push = self.chart.forward(x), self.chart.push
        return self.scale * self.image.inner(y, push(x, u), push(x, v))

    def _exp(self, x: Tensor, v: Tensor, check: bool) -> Tensor:
        y, w = self.chart.forward(x), self.chart.push(x, v)
        end = (
            self.image.exp(y, w)
            if check or not isinstance(self.image, SPDMetric)
            else self.image.exp(y, w, check=False)
        )
        if check:
            self._refuse_exit(self.chart.contains(end))
        return self.chart.inverse(end)

    def _refuse_exit(self, inside: Tensor) -> None:
        if torch.compiler.is_compiling() or bool(inside.all()):
            return
        index = [int(i) for i in (~inside).nonzero()[0]]
        place = f"v{index}" if index else "v"
        message = f"{place} lies outside the domain of exp: the geodesic of the {self.name} metric leaves the SPD matrices before t = 1"
        raise DomainError(message, hint="shorten v, or ask with in_exp_domain(x, v) first")

    def _log(self, x: Tensor, y: Tensor) -> Tensor:
        x, y = same_batch(x, y)
        return self.chart.pull(x, self.image.log(self.chart.forward(x), self.chart.forward(y)))

    def _transport(self, x: Tensor, y: Tensor, v: Tensor, method: str) -> Tensor:
        forward = self.chart.forward
        moved = self.image.transport(forward(x), forward(y), self.chart.push(x, v), method=method)
        return self.chart.pull(y, moved)

    def _squared_dist(self, x: Tensor, y: Tensor) -> Tensor:
        return self.scale * self.image.squared_dist(self.chart.forward(x), self.chart.forward(y))

    @array_edge("x", "y", "t")
    def geodesic(self, x: Tensor, y: Tensor, t: Tensor) -> Tensor:
        """Return the point at ``t`` on the geodesic from x (t = 0) to y (t = 1), ``t`` a number or ``(...)``."""
        x, y = self._pair(x, y)
        return symmetric_part(self.chart.inverse(self.image.geodesic(self.chart.forward(x), self.chart.forward(y), t)))

    def _gradient(self, x: Tensor, g: Tensor) -> Tensor:
        covector = self.chart.covector(x, g)
        return self.chart.pull(x, self.image.riemannian_gradient(self.chart.forward(x), covector)) / self.scale

    def _domain(self, x: Tensor, v: Tensor) -> Tensor:
        y, w = self.chart.forward(x), self.chart.push(x, v)
        inside: Tensor = self.image.in_exp_domain(y, w)
        end = self.image.exp(y, torch.where(inside[..., None, None], w, torch.zeros_like(w)))
        return inside & self.chart.contains(end)

    def _mean(self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
        start = None if init is None else self.chart.forward(init)
        found, record = self.image._mean(self.chart.forward(X), w, tol, max_iter, start)
        return symmetric_part(self.chart.inverse(found)), record

    def _attach(self, mean: Tensor, X: Tensor, w: Tensor) -> Tensor:
        inner = self.chart.forward(mean).detach()
        return symmetric_part(self.chart.inverse(self.image._attach(inner, self.chart.forward(X), w)))


@dataclass(frozen=True)
class Pullback(PulledBack):
    r"""The pull-back of any metric along any :class:`Chart`, times a factor.

    Parameters
    ----------
    image : Metric
        Metric on the image.
    chart : Chart
        The diffeomorphism.
    scale : float
        Factor of the squared distance.

    References
    ----------
    Thanwerdas & Pennec, "O(n)-invariant Riemannian metrics on SPD matrices", Linear Algebra Appl. 661 (2023).

    Examples
    --------
    >>> import numpy as np
    >>> from erlangen.manifolds import AffineInvariant, Pullback
    >>> from erlangen.manifolds.spd.power_congruence import PowerCongruence
    >>> doubled = Pullback(AffineInvariant(), PowerCongruence(theta=2.0), 0.25)
    >>> doubled.dist(np.eye(1), np.exp(1.0) * np.eye(1)).round(12)  # on numbers all powers agree
    np.float64(1.0)
    """

    image: Metric
    chart: Chart
    scale: float = 1.0
    name: ClassVar[str] = "pulled-back"
