"""The battery of embedded manifolds: projection, tangency, membership explained.

Definition: primitives ``shape, dim, project(x), to_tangent(x, v), check(x, explain=True)`` on batches ``(n, *shape)``; optional ``sample(n, rng=)``.
Convention: ``to_tangent`` is a linear projection of the ambient space onto the tangent space at ``x``; ``check`` returns ``(ok, reason)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from erlangen.random import RngLike, as_generator
from erlangen.testing.arrays import central_difference, eps_of, like, normal_like, to_array
from erlangen.testing.law_report import LawReport
from erlangen.testing.laws import Measurement, NotApplicable, agree, holds, register, run_laws
from erlangen.validation import check_integer

__all__ = ["check_manifold", "sample_points"]

_LARGEST = 400


@dataclass(frozen=True)
class _Case:
    manifold: Any
    x: Any
    ambient: Any
    other: Any
    off: Any
    rtol: float
    ftol: float
    step: float

    def size(self) -> int:
        return int(np.prod(self.manifold.shape))


def sample_points(manifold: Any, n: int, rng: np.random.Generator) -> Any:
    """Return ``n`` points: the manifold's own ``sample(n, rng=)``, else projected normal numbers."""
    if hasattr(manifold, "sample"):
        return manifold.sample(n, rng=rng)
    return manifold.project(rng.standard_normal((n, *manifold.shape)))


def _shape(case: _Case) -> Measurement:
    wanted = tuple(case.manifold.shape)
    if tuple(case.x.shape)[1:] != wanted:
        return holds(False, f"points have shape {tuple(case.x.shape)[1:]}, the manifold says {wanted}")
    if not hasattr(case.manifold, "sample") and to_array(case.x).dtype != np.float64:
        return holds(False, f"project of float64 gives {case.x.dtype}")
    for name, y in (
        ("project", case.manifold.project(case.x)),
        ("to_tangent", case.manifold.to_tangent(case.x, case.ambient)),
    ):
        if y.shape != case.x.shape or y.dtype != case.x.dtype or type(y) is not type(case.x):
            return holds(False, f"{name} returns {type(y).__name__} {tuple(y.shape)} {y.dtype}")
    return holds(True)


def _member(case: _Case, points: Any) -> Measurement:
    for index in range(len(points)):
        ok, reason = case.manifold.check(points[index], explain=True)
        if not bool(ok):
            return holds(False, f"sample {index}: {reason}")
    return holds(True)


def _samples_belong(case: _Case) -> Measurement:
    return _member(case, case.x)


def _projection_lands(case: _Case) -> Measurement:
    return _member(case, case.manifold.project(case.x + 0.1 * case.ambient))


def _refused(case: _Case, point: Any, what: str) -> Measurement:
    try:
        ok, reason = case.manifold.check(point, explain=True)
    except ValueError as error:
        ok, reason = False, str(error)
    if bool(ok):
        return holds(False, f"check accepts {what}")
    return holds(str(reason or "").strip(), f"check refuses {what} without a reason")


def _check_refuses(case: _Case) -> Measurement:
    if case.off is None and case.manifold.dim == case.size():
        reason = "the manifold is open in its ambient space; pass off= a point outside"
        raise NotApplicable(reason)
    if case.off is not None:
        return _refused(case, case.off, "the point off the manifold")
    return _refused(case, case.x[0] + 0.1 * case.ambient[0], "a perturbed point")


def _check_refuses_nan(case: _Case) -> Measurement:
    broken = to_array(case.x[0]).copy()
    broken.flat[0] = np.nan
    return _refused(case, like(broken, case.x), "NaN")


def _check_refuses_shape(case: _Case) -> Measurement:
    return _refused(case, like(np.zeros((*case.manifold.shape, 2)), case.x), "a wrong shape")


def _projection_fixes(case: _Case) -> Measurement:
    return agree(case.manifold.project(case.x), case.x, case.rtol)


def _projection_idempotent(case: _Case) -> Measurement:
    once = case.manifold.project(case.x + 0.1 * case.ambient)
    return agree(case.manifold.project(once), once, case.rtol)


def _tangent_idempotent(case: _Case) -> Measurement:
    once = case.manifold.to_tangent(case.x, case.ambient)
    return agree(case.manifold.to_tangent(case.x, once), once, case.rtol, scale=1.0)


def _tangent_linear(case: _Case) -> Measurement:
    t = case.manifold.to_tangent
    both = t(case.x, 2.0 * case.ambient - 3.0 * case.other)
    return agree(both, 2.0 * t(case.x, case.ambient) - 3.0 * t(case.x, case.other), case.rtol, scale=1.0)


def _tangent_dimension(case: _Case) -> Measurement:
    if case.size() > _LARGEST:
        reason = f"the ambient space has {case.size()} > {_LARGEST} coordinates"
        raise NotApplicable(reason)
    ambient = np.eye(case.size()).reshape(case.size(), *case.manifold.shape)
    x = like(np.broadcast_to(to_array(case.x)[0], ambient.shape), case.x)
    image = to_array(case.manifold.to_tangent(x, like(ambient, case.x))).reshape(case.size(), -1)
    rank = int(np.linalg.matrix_rank(image, tol=case.rtol * max(1.0, float(np.linalg.norm(image, 2)))))
    return holds(
        rank == case.manifold.dim, f"the tangent space has dimension {rank}, the manifold says {case.manifold.dim}"
    )


def _velocity(case: _Case, v: Any) -> Any:
    return like(central_difference(lambda h: case.manifold.project(case.x + h * v), case.step), case.x)


def _tangent_fixed(case: _Case) -> Measurement:
    v = case.manifold.to_tangent(case.x, case.ambient)
    return agree(_velocity(case, v), v, case.ftol, scale=1.0)


def _velocity_tangent(case: _Case) -> Measurement:
    velocity = _velocity(case, case.ambient)
    return agree(case.manifold.to_tangent(case.x, velocity), velocity, case.ftol, scale=1.0)


def _batching(case: _Case) -> Measurement:
    single = [
        to_array(case.manifold.to_tangent(x[None], v[None]))[0] for x, v in zip(case.x, case.ambient, strict=True)
    ]
    return agree(case.manifold.to_tangent(case.x, case.ambient), np.stack(single), case.rtol)


LAWS: dict[str, Callable[[_Case], Measurement]] = {
    "shape and dtype": _shape,
    "samples belong": _samples_belong,
    "projection lands on the manifold": _projection_lands,
    "projection keeps points": _projection_fixes,
    "projection is idempotent": _projection_idempotent,
    "check refuses a point off the manifold": _check_refuses,
    "check refuses NaN": _check_refuses_nan,
    "check refuses a wrong shape": _check_refuses_shape,
    "to_tangent is idempotent": _tangent_idempotent,
    "to_tangent is linear": _tangent_linear,
    "tangent spaces have the dimension": _tangent_dimension,
    "tangent vectors are velocities": _tangent_fixed,
    "velocities are tangent": _velocity_tangent,
    "a batch equals its elements": _batching,
}


def check_manifold(
    manifold: Any,
    *,
    n: int = 8,
    off: Any = None,
    rtol: float | None = None,
    rng: RngLike = 0,
    only: Iterable[str] | None = None,
) -> LawReport:
    """Measure the laws of a manifold embedded in an array space.

    Tangency is measured on curves: for tangent ``v``, ``d/dt project(x + t v) = v`` at ``t = 0``; for any ``v`` that velocity is tangent.

    Parameters
    ----------
    manifold : object
        ``shape``, ``dim``, ``project(x)``, ``to_tangent(x, v)`` on ``(n, *shape)``, ``check(x, explain=True) -> (bool, str)`` on one point.
    n : int
        Number of points.
    off : array (*shape), optional
        A point that ``check`` must refuse; needed where the manifold is open in its ambient space.
    rtol : float, optional
        Relative tolerance, ``eps**0.6`` if omitted.
    rng : int or Generator
        Seed of the samples.
    only : names, optional
        Measure these laws only.

    Returns
    -------
    LawReport

    References
    ----------
    P.-A. Absil, R. Mahony, R. Sepulchre, Optimization Algorithms on Matrix Manifolds, §3.5 and §3.6.1.

    Examples
    --------
    >>> class Circle:
    ...     shape, dim = (2,), 1
    ...     def project(self, x): return x / np.linalg.norm(x, axis=-1, keepdims=True)
    ...     def to_tangent(self, x, v): return v - (v * x).sum(-1, keepdims=True) * x
    ...     def check(self, x, explain=False):
    ...         ok = x.shape == (2,) and abs(x @ x - 1) < 1e-9
    ...         return (ok, "" if ok else "not of norm one") if explain else ok
    >>> check_manifold(Circle()).passed
    True
    """

    def build() -> _Case:
        generator = as_generator(rng)
        check_integer(n, "n", low=1)
        x = sample_points(manifold, n, generator)
        eps = eps_of(x)
        ambient, other = normal_like(x, generator), normal_like(x, generator)
        return _Case(manifold, x, ambient, other, off, rtol or eps**0.6, 10 * eps**0.4, eps ** (1 / 3))

    return run_laws(manifold, LAWS, build, only=only)


register(check_manifold, LAWS)
