r"""What every Riemannian metric of this library gives.

Definition: primitives ``inner, exp, log, transport, riemannian_gradient``; distance, geodesic, mean and median follow from them.
Convention: point first, then tangent vector; ``transport(x, y, v)`` is parallel along the minimal geodesic; ``inner`` returns ``(...)``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError
from erlangen.linalg.certificate import Certificate
from erlangen.manifolds.mean.descent import gradient_descent
from erlangen.manifolds.mean.median import weiszfeld
from erlangen.manifolds.mean.sample import reached, weighted_sample
from erlangen.manifolds.mean.weighted import weighted_mean
from erlangen.validation import check_integer

__all__ = ["Metric", "safe_root"]


def safe_root(squared: Tensor) -> Tensor:
    """Return the square root with the subgradient 0 at 0.

    Examples
    --------
    >>> x = torch.tensor([0.0, 4.0], requires_grad=True)
    >>> safe_root(x).sum().backward()
    >>> x.grad
    tensor([0.0000, 0.2500])
    """
    positive = squared > 0
    return torch.where(positive, torch.where(positive, squared, 1.0).sqrt(), 0.0)


class Metric(ABC):
    """A Riemannian metric; a subclass writes the five primitives and, where it has them, shorter ways for the rest.

    Attributes
    ----------
    name : str
        As messages and :func:`erlangen.manifolds.metric_named` call it.
    point_axes : int
        Number of axes of one point.

    Examples
    --------
    >>> import numpy as np
    >>> from erlangen.manifolds import AffineInvariant
    >>> metric = AffineInvariant()
    >>> metric.name, metric.geodesic(np.eye(1), 16 * np.eye(1), 0.5).round(12)
    ('affine-invariant', array([[4.]]))
    """

    name: ClassVar[str]
    point_axes: ClassVar[int] = 2

    @abstractmethod
    def inner(self, x: Any, u: Any, v: Any) -> Any:
        """Return the inner product of tangent vectors at ``x``, ``(...)``."""

    @abstractmethod
    def exp(self, x: Any, v: Any) -> Any:
        """Return the end of the geodesic that leaves ``x`` with velocity ``v``."""

    @abstractmethod
    def log(self, x: Any, y: Any) -> Any:
        """Return the velocity at ``x`` of the minimal geodesic to ``y``."""

    @abstractmethod
    def transport(self, x: Any, y: Any, v: Any) -> Any:
        """Return ``v`` transported in parallel along the minimal geodesic from ``x`` to ``y``."""

    @abstractmethod
    def riemannian_gradient(self, x: Any, g: Any) -> Any:
        """Return the tangent vector w with ``inner(x, w, v) = <g, v>`` for all tangent v."""

    def retract(self, x: Any, v: Any) -> Any:
        """Return a point that agrees with ``exp`` to first order; here ``exp`` itself."""
        return self.exp(x, v)

    @array_edge("x", "v", notice=True)
    def norm(self, x: Tensor, v: Tensor) -> Tensor:
        """Return the length of ``v``, ``(...)``, with the subgradient 0 at v = 0."""
        return safe_root(self.inner(x, v, v))

    @array_edge("x", "y", notice=True)
    def squared_dist(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the squared length of ``log``, ``(...)``."""
        v = self.log(x, y)
        squared: Tensor = self.inner(x, v, v)
        return squared

    @array_edge("x", "y", notice=True)
    def dist(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the geodesic distance, ``(...)``, with the subgradient 0 at x = y."""
        squared = self.squared_dist(x, y)
        same = (x == y).flatten(-self.point_axes).all(-1)
        return safe_root(torch.where(same, 0.0, squared))

    @array_edge("x", "y", "t", notice=True)
    def geodesic(self, x: Tensor, y: Tensor, t: Tensor) -> Tensor:
        """Return the point at ``t``, a number or ``(...)`` broadcast against the batch axes; outside [0, 1] it extrapolates."""
        v: Tensor = self.log(x, y)
        moved: Tensor = self.exp(x, self.along(t, v) * v)
        return moved

    def along(self, t: Tensor, v: Tensor) -> Tensor:
        """Return numbers ``(...)`` with the axes of a point behind them."""
        return t.to(v.dtype).reshape(*t.shape, *(1,) * self.point_axes)

    @array_edge("x", "v", notice=True)
    def in_exp_domain(self, x: Tensor, v: Tensor) -> Tensor:
        """Return whether ``exp(x, v)`` is defined, ``(...)``; everywhere, unless a metric says otherwise."""
        shape = (x + v).shape
        return torch.ones(shape[: len(shape) - self.point_axes], dtype=torch.bool, device=x.device)

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
        r"""Return the weighted Fréchet mean :math:`\arg\min_K \sum_i w_i\, d^2(K, X_i)`.

        Parameters
        ----------
        X : Tensor or ndarray (..., N, *shape)
            Points; further axes are sets of their own, each with its mean.
        weights : Tensor or ndarray (N,) or (..., N), optional
            At least zero, of positive sum; they are divided by their sum. Equal if omitted.
        axis : int, optional
            Axis of X over which the mean is taken; the one before a point's axes (-3 for matrices) if omitted.
        tol : float, optional
            Tolerance of the residual, which is free of scale; the metric says what it is. If omitted, 1e-10, in single precision 1e-5.
        max_iter : int
            Limit of iterations.
        init : Tensor or ndarray (..., *shape), optional
            Where to start.
        certificate : bool
            Return also the :class:`erlangen.linalg.Certificate`.
        differentiable : bool
            Let the result carry the derivative in X and weights, by the implicit function theorem. Without it the result is a constant.

        Returns
        -------
        Tensor or ndarray (..., *shape), or with ``certificate`` a pair

        Raises
        ------
        ShapeError, DomainError, NotSPDError
            If there is no sample, a weight is negative or their sum not positive, or X or init holds something that is no point.

        Warns
        -----
        ConvergenceWarning
            If the residual is above ``tol`` after ``max_iter`` iterations.

        Examples
        --------
        >>> import numpy as np
        >>> from erlangen.manifolds import AffineInvariant
        >>> AffineInvariant().mean(np.array([[[1.0]], [[4.0]]])).round(12)
        array([[2.]])
        """
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
            point_axes=self.point_axes,
        )

    @array_edge("X", "weights", notice=True)
    def median(
        self,
        X: Tensor,
        weights: Tensor | None = None,
        *,
        axis: int | None = None,
        tol: float | None = None,
        max_iter: int = 500,
        certificate: bool = False,
    ) -> Tensor | tuple[Tensor, Certificate]:
        r"""Return the weighted geometric median :math:`\arg\min_K \sum_i w_i\, d(K, X_i)`, a constant.

        Arguments and refusals are those of :meth:`mean`, ``tol`` is 1e-8 (in single precision 1e-5) of the mean distance if omitted;
        the iteration is Weiszfeld's on the manifold.

        References
        ----------
        Fletcher, Venkatasubramanian & Joshi, NeuroImage 45 (2009).

        Examples
        --------
        >>> import numpy as np
        >>> from erlangen.manifolds import LogEuclidean
        >>> LogEuclidean().median(np.array([[[1.0]], [[2.0]], [[50.0]]])).round(6)
        array([[2.]])
        """
        check_integer(max_iter, "max_iter", low=1)
        X, w = weighted_sample(X, weights, axis, self.point_axes)
        X = self._points(X).detach()
        tol = reached(tol, 1e-8, X.dtype)
        with torch.no_grad():
            start, _ = self._mean(X, w.detach(), 1e-3, 20, None)
            found, record = weiszfeld(self, X, w.detach(), start, tol, max_iter)
        record.warn(f"the median under {self.name}", "raise max_iter, or look at the condition of the matrices")
        return (found, record) if certificate else found

    def _points(self, X: Tensor, name: str = "X") -> Tensor:
        """Return a batch of points, refused under that name where it holds something else."""
        return X

    def _mean(self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
        """Return the mean over axis ``-point_axes - 1`` and its record, without gradient; ``w`` sums to 1."""
        return gradient_descent(self, X, w, tol, max_iter, init)

    def _attach(self, mean: Tensor, X: Tensor, w: Tensor) -> Tensor:
        """Return the mean with its derivative in X and w."""
        message = f"the mean under {self.name} has no implicit derivative"
        raise DomainError(message, hint="leave differentiable=False, or use a metric that gives one")
