"""The battery of Riemannian metrics: inner product, geodesics, transport, retraction, and the cut locus.

Definition: primitives ``inner(x, u, v), exp(x, v), log(x, y), transport(x, y, v), retract(x, v)`` on batches ``(n, *shape)``.
Convention: ``transport`` is parallel along the minimal geodesic from ``x`` to ``y``; ``inner`` returns ``(n,)``; samples have norm at most ``radius``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from erlangen.random import RngLike, as_generator
from erlangen.testing.arrays import central_difference, eps_of, is_tensor, like, normal_like, rows, to_array
from erlangen.testing.derivatives import directional_defects
from erlangen.testing.law_report import LawReport
from erlangen.testing.laws import Measurement, NotApplicable, agree, holds, refuses, register, run_laws
from erlangen.testing.manifold import sample_points
from erlangen.validation import check_integer

__all__ = ["check_metric"]


@dataclass(frozen=True)
class _Case:
    metric: Any
    manifold: Any
    x: Any
    u: Any
    v: Any
    w: Any
    y: Any
    cut: Any
    rtol: float
    ftol: float
    step: float
    rng: np.random.Generator

    def norm(self, x: Any, v: Any) -> Any:
        return np.sqrt(np.maximum(to_array(self.metric.inner(x, v, v)), 0.0))


def _build(metric: Any, manifold: Any, n: int, radius: float, cut: Any, rtol: float | None, rng: RngLike) -> _Case:
    generator = as_generator(rng)
    check_integer(n, "n", low=1)
    x = sample_points(manifold, n, generator)
    vectors = [manifold.to_tangent(x, normal_like(x, generator)) for _ in range(3)]
    u, v, w = (rows(radius / np.sqrt(to_array(metric.inner(x, t, t))), t) for t in vectors)
    eps = eps_of(x)
    y = metric.exp(x, v)
    return _Case(metric, manifold, x, u, v, w, y, cut, rtol or 10 * eps**0.6, 10 * eps**0.4, eps ** (1 / 3), generator)


def _shape(case: _Case) -> Measurement:
    m, x, y = case.metric, case.x, case.y
    values = {
        "exp": y,
        "log": m.log(x, y),
        "transport": m.transport(x, y, case.u),
        "retract": m.retract(x, case.v),
    }
    for name, value in values.items():
        if value.shape != x.shape or value.dtype != x.dtype or type(value) is not type(x):
            found = f"{type(value).__name__} {tuple(value.shape)} {value.dtype}"
            return holds(False, f"{name} returns {found}, points are {tuple(x.shape)} {x.dtype}")
    inner = m.inner(x, case.u, case.v)
    wanted = (len(x),)
    return holds(
        tuple(inner.shape) == wanted and inner.dtype == x.dtype, f"inner returns {tuple(inner.shape)} {inner.dtype}"
    )


def _batching(case: _Case) -> Measurement:
    m = case.metric
    maps: dict[str, Callable[..., Any]] = {
        "exp": lambda x, y, v: m.exp(x, v),
        "log": lambda x, y, v: m.log(x, y),
        "transport": m.transport,
        "retract": lambda x, y, v: m.retract(x, v),
        "inner": lambda x, y, v: m.inner(x, v, v),
    }
    scales = 0.5 + np.arange(len(case.x)) / (2 * len(case.x))
    v = rows(scales, case.v)
    for name, function in maps.items():
        whole = to_array(function(case.x, case.y, v))
        single = [to_array(function(case.x[i : i + 1], case.y[i : i + 1], v[i : i + 1]))[0] for i in range(len(case.x))]
        found = agree(whole, np.stack(single), case.rtol, what=name)
        if not found.residual <= found.tolerance:
            return found
    return holds(True)


def _symmetry(case: _Case) -> Measurement:
    scale = float(np.max(case.norm(case.x, case.u)) * np.max(case.norm(case.x, case.v)))
    return agree(
        case.metric.inner(case.x, case.u, case.v), case.metric.inner(case.x, case.v, case.u), case.rtol, scale=scale
    )


def _bilinearity(case: _Case) -> Measurement:
    inner = case.metric.inner
    scale = float(np.max(to_array(inner(case.x, case.u, case.u))))
    left = inner(case.x, 2.0 * case.u - 3.0 * case.v, case.w)
    return agree(
        left, 2.0 * inner(case.x, case.u, case.w) - 3.0 * inner(case.x, case.v, case.w), case.rtol, scale=scale
    )


def _positivity(case: _Case) -> Measurement:
    values = to_array(case.metric.inner(case.x, case.u, case.u))
    worst = int(np.argmin(values))
    return holds(bool((values > 0).all()), f"sample {worst}: inner(u, u) = {values[worst]:.3g}")


def _exp_zero(case: _Case) -> Measurement:
    return agree(case.metric.exp(case.x, 0.0 * case.v), case.x, case.rtol)


def _exp_velocity(case: _Case) -> Measurement:
    return agree(central_difference(lambda t: case.metric.exp(case.x, t * case.v), case.step), case.v, case.ftol)


def _exp_lands(case: _Case) -> Measurement:
    for index in range(len(case.y)):
        ok, reason = case.manifold.check(case.y[index], explain=True)
        if not bool(ok):
            return holds(False, f"sample {index}: {reason}")
    return holds(True)


def _log_exp(case: _Case) -> Measurement:
    return agree(case.metric.log(case.x, case.y), case.v, case.rtol)


def _exp_log(case: _Case) -> Measurement:
    target = case.metric.exp(case.x, case.u)
    return agree(case.metric.exp(case.x, case.metric.log(case.x, target)), target, case.rtol)


def _log_self(case: _Case) -> Measurement:
    found = case.metric.log(case.x, case.x)
    scale = float(np.max(np.abs(to_array(case.v))))
    return agree(found, 0.0 * case.v, 100 * eps_of(case.x) ** 0.5, scale=scale)


def _distance_symmetric(case: _Case) -> Measurement:
    there = case.norm(case.x, case.metric.log(case.x, case.y))
    back = case.norm(case.y, case.metric.log(case.y, case.x))
    return agree(there, back, case.rtol, what="distance")


def _geodesic(case: _Case) -> Measurement:
    middle = case.metric.exp(case.x, 0.3 * case.v)
    rest = case.norm(middle, case.metric.log(middle, case.y))
    return agree(rest, 0.7 * case.norm(case.x, case.v), case.rtol, what="distance")


def _gauss(case: _Case) -> Measurement:
    """Gauss's lemma: ``<d exp_v(v), d exp_v(w)> = <v, w>``."""

    def push(w: Any) -> Any:
        velocity = central_difference(lambda t: case.metric.exp(case.x, case.v + t * w), case.step)
        return like(velocity, case.x)

    found = case.metric.inner(case.y, push(case.v), push(case.w))
    scale = float(np.max(to_array(case.metric.inner(case.x, case.v, case.v))))
    return agree(found, case.metric.inner(case.x, case.v, case.w), case.ftol, scale=scale)


def _transport_isometry(case: _Case) -> Measurement:
    moved = [case.metric.transport(case.x, case.y, t) for t in (case.u, case.w)]
    scale = float(np.max(to_array(case.metric.inner(case.x, case.u, case.u))))
    found = case.metric.inner(case.y, moved[0], moved[1])
    return agree(found, case.metric.inner(case.x, case.u, case.w), case.rtol, scale=scale)


def _transport_linear(case: _Case) -> Measurement:
    def move(t: Any) -> Any:
        return case.metric.transport(case.x, case.y, t)

    return agree(move(2.0 * case.u - 3.0 * case.w), 2.0 * move(case.u) - 3.0 * move(case.w), case.rtol)


def _transport_tangent(case: _Case) -> Measurement:
    moved = case.metric.transport(case.x, case.y, case.u)
    return agree(case.manifold.to_tangent(case.y, moved), moved, case.rtol)


def _transport_back(case: _Case) -> Measurement:
    moved = case.metric.transport(case.x, case.y, case.u)
    return agree(case.metric.transport(case.y, case.x, moved), case.u, case.rtol)


def _transport_velocity(case: _Case) -> Measurement:
    moved = case.metric.transport(case.x, case.y, case.v)
    return agree(moved, -1.0 * case.metric.log(case.y, case.x), case.rtol)


def _transport_parallel(case: _Case) -> Measurement:
    """Tie transport to exp: ``d exp_{tv}(w) = P_t w - t²/6 P_t R(w, v)v + O(t³)``, so that a spurious rotation shows at order ``t``."""
    t = eps_of(case.x) ** 0.2
    push = central_difference(lambda h: case.metric.exp(case.x, t * case.v + h * case.w), case.step)
    moved = case.metric.transport(case.x, case.metric.exp(case.x, t * case.v), case.w)
    return agree(push, moved, 10 * t * t)


def _retract_zero(case: _Case) -> Measurement:
    return agree(case.metric.retract(case.x, 0.0 * case.v), case.x, case.rtol)


def _retract_velocity(case: _Case) -> Measurement:
    return agree(central_difference(lambda t: case.metric.retract(case.x, t * case.v), case.step), case.v, case.ftol)


def _cut_locus(case: _Case) -> Measurement:
    if case.cut is None:
        reason = "pass cut= pairs of points that no unique minimal geodesic joins"
        raise NotApplicable(reason)
    for index, (x, y) in enumerate(case.cut):
        found = refuses(functools.partial(case.metric.log, x[None], y[None]), f"log of cut[{index}]")
        if found.residual > 0:
            return found
    return holds(True)


def _derivatives(case: _Case, order: int) -> Measurement:
    if not is_tensor(case.x):
        reason = "the points are not torch tensors"
        raise NotApplicable(reason)
    tangent = case.manifold.to_tangent
    maps = {
        "exp": lambda a: case.metric.exp(case.x, tangent(case.x, a)),
        "log": lambda a: case.metric.log(case.x, case.metric.exp(case.y, tangent(case.y, a))),
    }
    worst = Measurement(0.0, 0.0)
    for name, function in maps.items():
        defects = directional_defects(function, (0.3 * case.u,), order=order, directions=2, rng=case.rng)
        largest = max(defects)
        if not largest <= worst.residual:
            worst = Measurement(largest, 100 * eps_of(case.x) ** 0.5, f"{name}, direction {defects.index(largest)}")
    return Measurement(worst.residual, 100 * eps_of(case.x) ** 0.5, worst.detail)


LAWS: dict[str, Callable[[_Case], Measurement]] = {
    "shape and dtype": _shape,
    "a batch equals its elements": _batching,
    "inner is symmetric": _symmetry,
    "inner is bilinear": _bilinearity,
    "inner is positive": _positivity,
    "exp of zero is the point": _exp_zero,
    "exp has the velocity": _exp_velocity,
    "exp lands on the manifold": _exp_lands,
    "log after exp": _log_exp,
    "exp after log": _exp_log,
    "log of the point is zero": _log_self,
    "distance is symmetric": _distance_symmetric,
    "geodesics have constant speed": _geodesic,
    "Gauss's lemma": _gauss,
    "transport is an isometry": _transport_isometry,
    "transport is linear": _transport_linear,
    "transport is tangent": _transport_tangent,
    "transport there and back": _transport_back,
    "transport keeps velocities": _transport_velocity,
    "transport is parallel": _transport_parallel,
    "retract of zero is the point": _retract_zero,
    "retract has the velocity": _retract_velocity,
    "log refuses at the cut locus": _cut_locus,
    "first derivatives": lambda case: _derivatives(case, 1),
    "second derivatives": lambda case: _derivatives(case, 2),
}


def check_metric(
    metric: Any,
    manifold: Any,
    *,
    n: int = 8,
    radius: float = 0.5,
    cut: Any = None,
    rtol: float | None = None,
    rng: RngLike = 0,
    only: Iterable[str] | None = None,
) -> LawReport:
    """Measure the laws of a Riemannian metric on ``manifold``.

    Among them Gauss's lemma ``<d exp_v(v), d exp_v(w)> = <v, w>``, which ties ``exp`` to ``inner``, and
    ``transport(x, y, log(x, y)) = -log(y, x)`` and ``d exp_{tv}(w) = P_t w + O(t²)``, which tie ``transport`` to both.
    Where the points are torch tensors, first and second derivatives by autograd are held against central differences.

    Parameters
    ----------
    metric : object
        ``inner(x, u, v)`` ``(n,)``; ``exp(x, v)``, ``log(x, y)``, ``transport(x, y, v)``, ``retract(x, v)`` ``(n, *shape)``.
    manifold : object
        As :func:`check_manifold` asks.
    n : int
        Number of points.
    radius : float
        Length of the sampled tangent vectors; keep it below the injectivity radius (divided by 2 for products of two moves).
    cut : sequence of pairs of arrays (*shape), optional
        Pairs ``(x, y)`` for which ``log`` must refuse.
    rtol : float, optional
        Relative tolerance, ``10 * eps**0.6`` if omitted.
    rng : int or Generator
        Seed of the samples.
    only : names, optional
        Measure these laws only.

    Returns
    -------
    LawReport

    References
    ----------
    M. P. do Carmo, Riemannian Geometry, ch. 2 (parallel transport), ch. 3, lemma 3.5 (Gauss).

    Examples
    --------
    >>> class Plane:
    ...     shape, dim = (2,), 2
    ...     def project(self, x): return x
    ...     def to_tangent(self, x, v): return v
    ...     def check(self, x, explain=False): return (x.shape == (2,), "wrong shape")
    >>> class Flat:
    ...     def inner(self, x, u, v): return (u * v).sum(-1)
    ...     def exp(self, x, v): return x + v
    ...     def log(self, x, y): return y - x
    ...     def transport(self, x, y, v): return v
    ...     retract = exp
    >>> check_metric(Flat(), Plane()).passed
    True
    """
    return run_laws(metric, LAWS, lambda: _build(metric, manifold, n, radius, cut, rtol, rng), only=only)


register(check_metric, LAWS)
