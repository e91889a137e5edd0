"""The battery of covariance kernels: symmetry, positive semidefiniteness, diagonal, features, derivatives.

Definition: primitives ``forward(x, y)`` and ``diag(x)`` on points ``(n, p)``, ``(m, p)``; optional ``features(x)`` and ``derivative(x, y)``.
Convention: ``derivative(x, y)[i, j]`` is the gradient of ``k(x_i, y_j)`` in ``x_i``; features are real or complex, ``k = Φ Φ*``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from erlangen.errors import DomainError
from erlangen.random import RngLike, as_generator
from erlangen.testing.arrays import eps_of, is_tensor, like, to_array
from erlangen.testing.derivatives import directional_defects
from erlangen.testing.law_report import LawReport
from erlangen.testing.laws import Measurement, NotApplicable, agree, holds, register, run_laws
from erlangen.validation import check_integer

__all__ = ["check_kernel"]

_SPACINGS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.4, 2.0)


@dataclass(frozen=True)
class _Case:
    kernel: Any
    points: Any
    lines: tuple[Any, ...]
    rtol: float
    rng: np.random.Generator

    @property
    def x(self) -> Any:
        """The second half of the points, disjoint from ``y``."""
        return self.points[len(self.points) // 2 :]

    @property
    def y(self) -> Any:
        """The first half of the points."""
        return self.points[: len(self.points) // 2]

    def gram(self) -> Any:
        return to_array(self.kernel.forward(self.points, self.points))

    def need(self, name: str) -> Any:
        if not hasattr(self.kernel, name):
            reason = f"the kernel has no {name}"
            raise NotApplicable(reason)
        return getattr(self.kernel, name)


def _shape(case: _Case) -> Measurement:
    k, d = case.kernel.forward(case.x, case.y), case.kernel.diag(case.x)
    wanted = ((len(case.x), len(case.y)), (len(case.x),))
    found = (tuple(k.shape), tuple(d.shape))
    if found != wanted:
        return holds(False, f"forward and diag have shapes {found}, {wanted} was expected")
    return holds(k.dtype == case.x.dtype and type(k) is type(case.x), f"forward returns {k.dtype} for {case.x.dtype}")


def _finite(case: _Case) -> Measurement:
    k = to_array(case.kernel.forward(case.x, case.y))
    return holds(np.isfinite(k).all(), f"{np.count_nonzero(~np.isfinite(k))} of {k.size} entries are not finite")


def _symmetric(case: _Case) -> Measurement:
    there = to_array(case.kernel.forward(case.x, case.y))
    back = to_array(case.kernel.forward(case.y, case.x))
    return agree(there, back.conj().T, case.rtol, scale=float(np.abs(there).max()))


def _lowest(gram: Any, tolerance: float, what: str) -> Measurement:
    values = np.linalg.eigvalsh((gram + gram.conj().T) / 2)
    size = float(np.abs(values).max())
    residual = float(np.maximum(0.0, -values[0]) / size) if size != 0 else 0.0
    return Measurement(residual, tolerance, f"{what}: lowest eigenvalue {values[0]:.3g}")


def _psd(case: _Case) -> Measurement:
    worst = _lowest(case.gram(), case.rtol, "the points")
    for line in case.lines:
        spacing = float(np.linalg.norm(to_array(line[1] - line[0])))
        found = _lowest(to_array(case.kernel.forward(line, line)), case.rtol, f"a line of spacing {spacing:.2g}")
        worst = worst if found.residual <= worst.residual else found
    return worst


def _psd_repeated(case: _Case) -> Measurement:
    twice = like(np.concatenate([to_array(case.points)] * 2), case.points)
    return _lowest(to_array(case.kernel.forward(twice, twice)), case.rtol, "every point twice")


def _diagonal(case: _Case) -> Measurement:
    return agree(case.kernel.diag(case.points), np.diagonal(case.gram()), case.rtol)


def _cauchy_schwarz(case: _Case) -> Measurement:
    k = np.abs(to_array(case.kernel.forward(case.x, case.y)))
    a, b = (to_array(case.kernel.diag(points)) for points in (case.x, case.y))
    bound = np.sqrt(np.outer(np.maximum(a, 0), np.maximum(b, 0)))
    excess = (k - bound) / max(float(bound.max()), np.finfo(np.float64).tiny)
    i, j = np.unravel_index(int(np.argmax(excess)), excess.shape)
    return Measurement(float(np.maximum(0.0, excess[i, j])), case.rtol, f"worst at pair ({i}, {j})")


def _points(points: Any, n: int, dim: int, rng: np.random.Generator) -> tuple[Any, tuple[Any, ...]]:
    """Return the points and, in free space, ``n`` equally spaced points on lines: they show a negative spectral density."""
    if points is None:
        check_integer(n, "n", low=2)
        along = rng.standard_normal(dim)
        line = np.arange(n)[:, None] * along / np.linalg.norm(along)
        return rng.standard_normal((n, dim)), tuple(spacing * line for spacing in _SPACINGS)
    if len(points) < 2:
        message = f"points: {len(points)} given, at least 2 are needed"
        raise DomainError(message, hint="the laws compare pairs of points")
    return points, ()


def _blocks(case: _Case) -> Measurement:
    whole = to_array(case.kernel.forward(case.x, case.y))
    single = [to_array(case.kernel.forward(row[None], case.y))[0] for row in case.x]
    return agree(whole, np.stack(single), case.rtol)


def _features(case: _Case) -> Measurement:
    phi, gram = to_array(case.need("features")(case.points)), case.gram()
    return agree(phi @ phi.conj().T, gram, case.rtol)


def _derivative(case: _Case) -> Measurement:
    found = to_array(case.need("derivative")(case.x, case.y))
    x = to_array(case.x).astype(np.float64)
    h, columns = eps_of(case.x) ** 0.2, []
    for axis in np.eye(x.shape[1]) * (float(np.abs(x).max()) or 1.0):

        def shifted(t: float, axis: Any = axis) -> Any:
            return to_array(case.kernel.forward(like(x + t * h * axis, case.x), case.y)).astype(np.float64)

        slope = (8 * (shifted(1) - shifted(-1)) - (shifted(2) - shifted(-2))) / (12 * h)
        columns.append(slope / np.abs(axis).max())
    expected = np.stack(columns, axis=-1)
    return agree(found, expected, 100 * eps_of(case.x) ** 0.5, scale=float(np.linalg.norm(expected)) * 1e-3 or None)


def _autograd(case: _Case, order: int) -> Measurement:
    if not is_tensor(case.x):
        reason = "the points are not torch tensors"
        raise NotApplicable(reason)
    defects = directional_defects(case.kernel.forward, (case.x, case.y), order=order, rng=case.rng)
    worst = int(np.argmax(defects))
    return Measurement(defects[worst], 100 * eps_of(case.x) ** 0.5, f"worst at direction {worst}")


LAWS: dict[str, Callable[[_Case], Measurement]] = {
    "shape and dtype": _shape,
    "finite": _finite,
    "symmetry": _symmetric,
    "positive semidefinite": _psd,
    "positive semidefinite at repeated points": _psd_repeated,
    "diag is the diagonal": _diagonal,
    "Cauchy-Schwarz": _cauchy_schwarz,
    "a block equals its rows": _blocks,
    "features give the kernel": _features,
    "derivative": _derivative,
    "first derivatives by autograd": lambda case: _autograd(case, 1),
    "second derivatives by autograd": lambda case: _autograd(case, 2),
}


def check_kernel(
    kernel: Any,
    points: Any = None,
    *,
    n: int = 12,
    dim: int = 3,
    rtol: float | None = None,
    rng: RngLike = 0,
    only: Iterable[str] | None = None,
) -> LawReport:
    """Measure the laws of a covariance kernel ``k``: every matrix ``k(x_i, x_j)`` is symmetric and positive semidefinite, and so on.

    Parameters
    ----------
    kernel : object
        ``forward(x, y)`` ``(n, m)``, ``diag(x)`` ``(n,)``; optional ``features(x)`` ``(n, r)`` and ``derivative(x, y)`` ``(n, m, p)``.
    points : array or tensor (n, p), optional
        Points of the kernel's domain, at least two and distinct. If omitted: ``n`` normal points in ``dim`` dimensions, and, for positive
        semidefiniteness, points on lines with spacings from 0.05 to 2.
    n, dim : int
        Number and dimension of those.
    rtol : float, optional
        Relative tolerance, ``eps**0.6`` if omitted.
    rng : int or Generator
        Seed of points and directions.
    only : names, optional
        Measure these laws only.

    Returns
    -------
    LawReport

    References
    ----------
    C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning, §4.1.

    Examples
    --------
    >>> class Linear:
    ...     def forward(self, x, y): return x @ y.T
    ...     def diag(self, x): return (x * x).sum(-1)
    ...     def features(self, x): return x
    >>> check_kernel(Linear()).passed
    True
    """

    def build() -> _Case:
        generator = as_generator(rng)
        own, lines = _points(points, n, dim, generator)
        return _Case(kernel, own, lines, rtol or eps_of(own) ** 0.6, generator)

    return run_laws(kernel, LAWS, build, only=only)


register(check_kernel, LAWS)
