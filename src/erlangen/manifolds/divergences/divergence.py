r"""What every comparison of SPD matrices gives that is no Riemannian metric.

Definition: ``dist(x, y) >= 0``, zero for x = y only; ``mean`` minimises :math:`\sum_i w_i f(d(X_i, K))` with the f that the class names.
Convention: every one here sees only the eigenvalues of :math:`y^{-1}x`: invariant under congruences, hence free of units.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.broadcast import same_batch, same_size
from erlangen.linalg.spd.check_spd import check_spd
from erlangen.manifolds.mean.weighted import weighted_mean
from erlangen.manifolds.spd.graded_frame import framed_eigenpairs, whiten

__all__ = ["Divergence", "relative_logarithms", "with_value"]


def relative_logarithms(x: Tensor, y: Tensor) -> Tensor:
    """Return the logarithms of the eigenvalues of x against y, ``(..., n)`` in float64 and ascending, without gradient.

    Examples
    --------
    >>> relative_logarithms(torch.e * torch.eye(1), torch.eye(1)).round(decimals=6)
    tensor([1.], dtype=torch.float64)
    """
    with torch.no_grad():
        x, y = same_batch(x, y)
        C = torch.linalg.cholesky(y)
        values, _ = framed_eigenpairs(C, x, whiten(C, x))
        return values.log()


def with_value(graph: Tensor, value: Tensor) -> Tensor:
    """Return an exact value with the derivatives of ``graph``, which may have cancelled.

    Examples
    --------
    >>> x = torch.ones(1, requires_grad=True)
    >>> with_value(3 * x - 3 + 1e-9, torch.zeros(1)).sum().backward()
    >>> x.grad
    tensor([3.])
    """
    return graph - graph.detach() + value.to(graph.dtype)


class Divergence(ABC):
    """A comparison of SPD matrices; a subclass writes ``_dist`` and the three parts of its mean.

    Examples
    --------
    >>> import numpy as np
    >>> from erlangen.manifolds import LogDet
    >>> LogDet().mean(np.array([[[1.0]], [[4.0]]])).round(9)
    array([[2.]])
    """

    name: ClassVar[str]

    @array_edge("x", "y", notice=True)
    def dist(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the divergence of x from y, ``(...)``, with the slope 0 where both are equal, of SPD matrices ``(..., n, n)``; batch axes broadcast.

        Raises
        ------
        ShapeError, DomainError, NotSPDError
            If shapes do not fit or a matrix is not symmetric positive definite.
        """
        x, y = same_size(x, y, ("x", "y"))
        found = self._dist(check_spd(x, "x"), check_spd(y, "y"))
        return torch.where((x == y).flatten(-2).all(-1), 0.0, found)

    @array_edge("X", "weights", "init", notice=True)
    def mean(
        self,
        X: Tensor,
        weights: Tensor | None = None,
        *,
        axis: int | None = None,
        tol: float | None = None,
        max_iter: int = 200,
        init: Tensor | None = None,
        certificate: bool = False,
        differentiable: bool = False,
    ) -> Tensor | tuple[Tensor, Certificate]:
        """Return the weighted mean; arguments, refusals and warnings are those of :meth:`erlangen.manifolds.Metric.mean`."""
        return weighted_mean(
            self,
            X,
            weights,
            axis=axis,
            tol=tol,
            max_iter=max_iter,
            init=init,
            certificate=certificate,
            differentiable=differentiable,
        )

    def _points(self, X: Tensor, name: str = "X") -> Tensor:
        return check_spd(X, name)

    @abstractmethod
    def _dist(self, x: Tensor, y: Tensor) -> Tensor: ...

    @abstractmethod
    def _mean(
        self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None
    ) -> tuple[Tensor, Certificate]: ...

    @abstractmethod
    def _attach(self, mean: Tensor, X: Tensor, w: Tensor) -> Tensor: ...

    def __eq__(self, other: Any) -> bool:
        return repr(self) == repr(other) if isinstance(other, Divergence) else NotImplemented

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
