r"""The Kullback–Leibler divergence of centred Gaussians, either way round or symmetrised.

Definition: :math:`D(P \| Q) = \tfrac12\big(\operatorname{tr}(Q^{-1}P) - n - \log\det Q^{-1}P\big) = \tfrac12\sum_j (e^{t_j} - 1 - t_j)`,
:math:`t_j` the logarithms of the eigenvalues of :math:`Q^{-1}P`; symmetrised (Jeffreys) the sum of both, :math:`\sum_j (\cosh t_j - 1)`.
Convention: pyriemann's: ``left`` is D(x || y), ``right`` D(y || x), ``symmetric`` their sum; the divergence itself, no root.
"""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor

from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.broadcast import same_batch
from erlangen.linalg.spd.geometric_mean import geometric_mean
from erlangen.linalg.spectral import powm
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.divergences.divergence import Divergence, relative_logarithms, with_value
from erlangen.manifolds.mean.sample import spread
from erlangen.validation import check_choice

__all__ = ["KullbackLeibler"]


class KullbackLeibler(Divergence):
    r"""The Kullback–Leibler divergence of centred Gaussians.

    The mean minimises :math:`\sum_i w_i D(X_i \| K)` (``left``: arithmetic), :math:`\sum_i w_i D(K \| X_i)` (``right``: harmonic), or the sum of
    both (``symmetric``: the geometric mean of the arithmetic and the harmonic one).

    Parameters
    ----------
    side : {"left", "right", "symmetric"}
        Which of the two matrices is the true covariance.

    References
    ----------
    Kullback & Leibler, Ann. Math. Stat. 22 (1951); Moakher & Batchelor (2006), sec. 3.

    Examples
    --------
    >>> import numpy as np
    >>> KullbackLeibler().dist(np.eye(1), np.e * np.eye(1)).round(12)  # 1 / (2 e)
    np.float64(0.183939720586)
    """

    name: ClassVar[str] = "kullback-leibler"

    def __init__(self, side: str = "left") -> None:
        self.side = check_choice(side, "side", ("left", "right", "symmetric"))

    def _dist(self, x: Tensor, y: Tensor) -> Tensor:
        t = relative_logarithms(x, y)
        if self.side == "symmetric":
            value = 2 * (t / 2).sinh().square().sum(-1)
        else:
            t = t if self.side == "left" else -t
            value = (t.expm1() - t).sum(-1) / 2
        if not (x.requires_grad or y.requires_grad):
            return value.to(x.dtype)
        return with_value(self._graph(x, y), value)

    def _graph(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the same by traces and determinants, which carry any number of derivatives."""
        x, y = same_batch(x, y)
        if self.side == "symmetric":
            return ((powm(y, -1) * x).sum((-2, -1)) + (powm(x, -1) * y).sum((-2, -1))) / 2 - x.shape[-1]
        x, y = (x, y) if self.side == "left" else (y, x)
        return ((powm(y, -1) * x).sum((-2, -1)) - x.shape[-1] - x.logdet() + y.logdet()) / 2

    def _mean(self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
        return self._attach(X, X, w), Certificate("closed form", 1, 0.0, tol)

    def _attach(self, mean: Tensor, X: Tensor, w: Tensor) -> Tensor:
        arithmetic = symmetric_part((spread(w, 2) * X).sum(-3))
        if self.side == "left":
            return arithmetic
        harmonic = powm(symmetric_part((spread(w, 2) * powm(X, -1)).sum(-3)), -1)
        found: Tensor = harmonic if self.side == "right" else geometric_mean(arithmetic, harmonic)
        return found

    def __repr__(self) -> str:
        return f"KullbackLeibler({self.side!r})"
