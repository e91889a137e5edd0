r"""A power followed by a congruence, the chart of the deformed and generalised metrics.

Definition: :math:`\varphi(X) = M^{-1/2} X^\theta M^{-1/2}`, :math:`\varphi^{-1}(Y) = (M^{1/2} Y M^{1/2})^{1/\theta}`.
Convention: M and theta may be tensors that require gradients; then the power is :math:`\exp(\theta\log X)`, differentiable in theta as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from erlangen.errors import ShapeError
from erlangen.linalg.spectral import Exponential, Logarithm, Power, expm, inv_sqrtm, logm, powm, sqrtm
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.spd.chart import Chart, spectral_differential

__all__ = ["PowerCongruence"]


@dataclass(frozen=True, eq=False)
class PowerCongruence(Chart):
    """The map from X to its power theta, seen from M.

    Parameters
    ----------
    M : Tensor (n, n), optional
        Symmetric positive definite; the identity if omitted.
    theta : float or Tensor ()
        Exponent, not 0.

    Examples
    --------
    >>> PowerCongruence(theta=0.5).forward(4 * torch.eye(1))
    tensor([[2.]])
    """

    M: Tensor | None = None
    theta: float | Tensor = 1.0

    def forward(self, x: Tensor) -> Tensor:
        """Return the image of points."""
        return self._out(self._power(x, self.theta))

    def inverse(self, y: Tensor) -> Tensor:
        """Return the points with these images."""
        return self._power(self._in(symmetric_part(y)), 1 / self.theta)

    def push(self, x: Tensor, v: Tensor) -> Tensor:
        """Return the derivative at x applied to v."""
        return self._out(self._power_differential(x, v, self.theta))

    def pull(self, x: Tensor, w: Tensor) -> Tensor:
        """Return the derivative of the inverse map."""
        return self._power_differential(self._power(x, self.theta), self._in(symmetric_part(w)), 1 / self.theta)

    def covector(self, x: Tensor, g: Tensor) -> Tensor:
        """Return the adjoint derivative of the inverse map: both factors are self-adjoint."""
        powered = self._power(x, self.theta)
        return self._in(self._power_differential(powered, g, 1 / self.theta))

    def _out(self, x: Tensor) -> Tensor:
        return x if self.M is None else self._congruence(inv_sqrtm(self._seen_from(self.M, x)), x)

    def _in(self, y: Tensor) -> Tensor:
        return y if self.M is None else self._congruence(sqrtm(self._seen_from(self.M, y)), y)

    @staticmethod
    def _seen_from(M: Tensor, x: Tensor) -> Tensor:
        """Return M in the dtype of x, refused where it has another size."""
        if M.shape[-2:] != x.shape[-2:]:
            message = f"M must have the size of the points, {tuple(x.shape[-2:])}, got {tuple(M.shape)}"
            raise ShapeError(message, hint="make the metric with an M of that size")
        return M.to(x)

    @staticmethod
    def _congruence(R: Tensor, x: Tensor) -> Tensor:
        return symmetric_part(R @ x @ R)

    @staticmethod
    def _power(x: Tensor, p: float | Tensor) -> Tensor:
        if isinstance(p, Tensor):
            return expm(p.to(x) * logm(x))
        return x if p == 1 else powm(x, p)

    @staticmethod
    def _power_differential(x: Tensor, v: Tensor, p: float | Tensor) -> Tensor:
        if isinstance(p, Tensor):
            q = p.to(x)
            return spectral_differential(q * logm(x), q * spectral_differential(x, v, Logarithm()), Exponential())
        return v if p == 1 else spectral_differential(x, v, Power(p))

    def __repr__(self) -> str:
        M = "" if self.M is None else f"M=<{'x'.join(map(str, self.M.shape))} tensor>, "
        return f"PowerCongruence({M}theta={float(self.theta)!r})"


def required(*values: object) -> bool:
    """Return whether one of the values is a tensor that requires a gradient."""
    return any(isinstance(value, torch.Tensor) and value.requires_grad for value in values)
