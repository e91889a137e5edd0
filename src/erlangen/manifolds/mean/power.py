r"""The power means of Lim and Pálfia, a path from the harmonic over the affine-invariant to the arithmetic mean.

Definition: for p in (0, 1] the only positive definite solution of :math:`K = \sum_i w_i\, K \#_p X_i`; :math:`P_{-p}(X) = P_p(X^{-1})^{-1}`, and p -> 0
is Karcher's mean. In the frame :math:`K = CC^T` both read :math:`\sum_i w_i (C^{-1}X_iC^{-T})^p = I`.
Convention: the residual is :math:`\|J\|_F`, :math:`J = p^{-1}\log\sum_i w_i(C^{-1}X_iC^{-T})^p`, free of scale; steps are those of Karcher's iteration.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.check_spd import check_spd
from erlangen.linalg.spectral import expm, logm, powm
from erlangen.linalg.spectral.checks import decompose
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.mean.implicit import Equation, eigenbasis_operator, implicit
from erlangen.manifolds.mean.karcher import attach_karcher, iterate_factor, karcher_mean
from erlangen.manifolds.mean.sample import spread
from erlangen.manifolds.mean.sets import each_set
from erlangen.manifolds.mean.weighted import weighted_mean
from erlangen.validation import check_real

__all__ = ["power_mean"]


@array_edge("X", "weights", "init", notice=True)
def power_mean(
    X: Tensor,
    p: float,
    weights: Tensor | None = None,
    *,
    axis: int | None = None,
    tol: float | None = None,
    max_iter: int = 200,
    init: Tensor | None = None,
    certificate: bool = False,
    differentiable: bool = False,
) -> Tensor | tuple[Tensor, Certificate]:
    r"""Return the weighted power mean of order p of SPD matrices.

    .. math:: K = \sum_i w_i\, K \#_p X_i \quad (0 < p \le 1), \qquad P_{-p}(X_1, \dots) = P_p(X_1^{-1}, \dots)^{-1}

    Order 1 is the arithmetic, -1 the harmonic, 0 the affine-invariant mean; the means grow with p. It commutes with every congruence.

    Parameters
    ----------
    X : Tensor or ndarray (..., N, n, n)
        Symmetric positive definite.
    p : float
        Order, from -1 to 1.
    weights, axis, tol, max_iter, init, certificate, differentiable
        As in :meth:`erlangen.manifolds.Metric.mean`.

    Returns
    -------
    Tensor or ndarray (..., n, n), or with ``certificate`` a pair

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        As :meth:`erlangen.manifolds.Metric.mean`, or if p lies outside [-1, 1].

    References
    ----------
    Lim & Pálfia, J. Funct. Anal. 262 (2012), theorem 3.1; Congedo, Barachant & Bhatia, IEEE Trans. Signal Process. 65 (2017).

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[[1.0]], [[9.0]]])
    >>> [round(power_mean(X, p).item(), 9) for p in (1.0, 0.5, -1.0)]  # on numbers the power means of old
    [5.0, 4.0, 1.8]
    """
    return weighted_mean(
        _PowerMean(check_real(p, "p", low=-1.0, high=1.0)),
        X,
        weights,
        axis=axis,
        tol=tol,
        max_iter=max_iter,
        init=init,
        certificate=certificate,
        differentiable=differentiable,
    )


@dataclass(frozen=True)
class _PowerMean:
    """The mean of one order, with its derivative."""

    p: float

    @property
    def name(self) -> str:
        return f"the power {self.p:g}"

    def _points(self, X: Tensor, name: str = "X") -> Tensor:
        return check_spd(X, name)

    def _mean(self, X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None) -> tuple[Tensor, Certificate]:
        if abs(self.p) == 1:
            return self._attach(X[..., 0, :, :], X, w), Certificate("closed form", 1, 0.0, tol)
        if self.p == 0:
            return karcher_mean(X, w, tol, max_iter, init)
        return each_set(partial(_one_set, p=self.p), X, w, tol, max_iter, init)

    def _attach(self, mean: Tensor, X: Tensor, w: Tensor) -> Tensor:
        if self.p == 1:
            return (spread(w, 2) * X).sum(-3)
        if self.p == -1:
            return powm(symmetric_part((spread(w, 2) * powm(X, -1)).sum(-3)), -1)
        return attach_karcher(mean, X, w) if self.p == 0 else _attach(mean, X, w, self.p)


def _one_set(
    X: Tensor, w: Tensor, tol: float, max_iter: int, init: Tensor | None, p: float
) -> tuple[Tensor, Certificate]:
    """Return the mean of one set, begun at the log-Euclidean one."""
    if init is None:
        init = expm(symmetric_part((spread(w, 2) * logm(X)).sum(0)))

    def image(W: Tensor) -> Tensor | None:
        values, vectors = decompose(symmetric_part(W @ X @ W.mT))
        if not bool((values > 0).all()):
            return None
        shifted = (p * values.log()).expm1().to(X.dtype)  # powers less one, which keep their digits for small p
        values, vectors = decompose(
            symmetric_part((spread(w, 2) * ((vectors * shifted.unsqueeze(-2)) @ vectors.mT)).sum(0))
        )
        return symmetric_part((vectors * (values.log1p() / p).to(X.dtype).unsqueeze(-2)) @ vectors.mT)

    C, residual, count, stalled = iterate_factor(image, torch.linalg.cholesky(init), tol, max_iter, 0)
    goal = max(tol, torch.finfo(X.dtype).eps * float(torch.linalg.cond(C)) ** 2) if stalled else tol
    return symmetric_part(C @ C.mT), Certificate("Karcher's iteration", count, residual, goal)


def _attach(K: Tensor, X: Tensor, w: Tensor, p: float) -> Tensor:
    r"""Return the mean with its implicit derivatives: in the eigenbasis of :math:`M_i`, the operator multiplies by
    :math:`\tfrac12 (m_a + m_b)\, p^{-1} (m_a^p - m_b^p)/(m_a - m_b)`.
    """
    C = torch.linalg.cholesky(K.detach())
    with torch.no_grad():
        values, vectors = decompose(_seen(C, X.detach()))
    half = (values.log().unsqueeze(-1) - values.log().unsqueeze(-2)) / 2
    safe = torch.where(half.abs() < 1e-4, 1.0, half)
    ratio = torch.where(half.abs() < 1e-4, p * (1 + (p * p + 2) * half * half / 6), (p * safe).sinh() / safe.tanh())
    size = (values.unsqueeze(-1) * values.unsqueeze(-2)) ** (p / 2)
    weight = spread(w.detach(), 2) * (size * ratio / p).to(X.dtype)

    def defect(K: Tensor, X: Tensor, w: Tensor) -> Tensor:
        powers = powm(_seen(torch.linalg.cholesky(K), X), p)
        identity = torch.eye(X.shape[-1], dtype=X.dtype, device=X.device)
        return ((spread(w, 2) * powers).sum(-3) - identity) / p

    return implicit(K, X, w, Equation(defect, C, eigenbasis_operator(vectors, weight), lambda h: h))


def _seen(C: Tensor, X: Tensor) -> Tensor:
    """Return samples in the frame C."""
    inside = torch.linalg.solve_triangular(C.unsqueeze(-3), X, upper=False)
    return symmetric_part(torch.linalg.solve_triangular(C.unsqueeze(-3).mT, inside, upper=True, left=False))
