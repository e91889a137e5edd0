r"""What every weighted mean does around its iteration: arguments, refusals, certificate, derivative.

Definition: a geometry gives ``_points`` (checks), ``_mean`` (the iteration, without gradient), ``_attach`` (the derivative); metrics and divergences are such.
Convention: arguments, results and refusals are those of :meth:`erlangen.manifolds.Metric.mean`.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from erlangen.linalg.certificate import Certificate
from erlangen.manifolds.mean.sample import reached, starting_point, weighted_sample
from erlangen.validation import check_integer

__all__ = ["weighted_mean"]


def weighted_mean(
    geometry: Any,
    X: Tensor,
    weights: Tensor | None,
    *,
    axis: int | None,
    tol: float | None,
    max_iter: int,
    init: Tensor | None,
    certificate: bool,
    differentiable: bool,
    point_axes: int = 2,
) -> Tensor | tuple[Tensor, Certificate]:
    """Return the mean under a geometry, and with ``certificate`` how good it is.

    Examples
    --------
    >>> from erlangen.manifolds import Frobenius
    >>> plain = dict(axis=None, tol=None, max_iter=9, init=None, certificate=False, differentiable=False)
    >>> float(weighted_mean(Frobenius(), torch.tensor([[[1.0]], [[3.0]]]), None, **plain))
    2.0
    """
    check_integer(max_iter, "max_iter", low=1)
    X, w = weighted_sample(X, weights, axis, point_axes)
    X = geometry._points(X)
    tol = reached(tol, 1e-10, X.dtype)
    start = None if init is None else geometry._points(starting_point(init, X, point_axes), "init")
    with torch.no_grad():
        found, record = geometry._mean(X.detach(), w.detach(), tol, max_iter, start)
    record.warn(f"the mean under {geometry.name}", "raise max_iter, or look at the condition of the matrices")
    if differentiable:
        found = geometry._attach(found, X, w)
    return (found, record) if certificate else found
