"""The battery of Lie groups: the axioms, exp and log, and the invariance of the measure.

Definition: primitives ``compose, inverse, identity, exp, log, algebra_basis, sample`` and, where there are any, ``factors, haar_log_density``.
Convention: ``exp(haar_log_density(g))`` is the density of the left Haar measure against Lebesgue measure in ``coordinates`` (default: exponential).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.random import RngLike, as_generator
from erlangen.testing.arrays import eps_of, like, to_array, value_of
from erlangen.testing.law_report import LawReport
from erlangen.testing.laws import Measurement, NotApplicable, agree, holds, refuses, register, run_laws
from erlangen.validation import check_integer

__all__ = ["check_group"]

Chart = tuple[Callable[[Any], Any], Callable[[Any], Any]]


@dataclass(frozen=True)
class _Case:
    group: Any
    a: Any
    b: Any
    c: Any
    identity: Any
    basis: NDArray[Any]
    small: NDArray[Any]
    rtol: float
    ftol: float
    step: float
    chart: Chart
    outside: Any
    seed: int

    def algebra(self, coefficients: NDArray[Any]) -> Any:
        """Return the algebra elements with coefficients ``(n, d)``."""
        return like(np.tensordot(coefficients, self.basis, axes=1), self.a)

    def near(self, coefficients: NDArray[Any]) -> Any:
        """Return the group elements ``exp`` of coefficients ``(n, d)``."""
        return self.group.exp(self.algebra(coefficients))

    def repeat(self, g: Any, index: int = 0) -> Any:
        """Return element ``index`` of ``g`` repeated for every sample."""
        return like(np.broadcast_to(to_array(g)[index], to_array(self.a).shape), self.a)


def _coefficients(basis: NDArray[Any], x: Any) -> NDArray[Any]:
    flat = basis.reshape(len(basis), -1).T
    values = to_array(x)
    return np.asarray(np.linalg.lstsq(flat, values.reshape(len(values), -1).T, rcond=None)[0].T)


def _build(group: Any, n: int, rtol: float | None, rng: RngLike, outside: Any, coordinates: Chart | None) -> _Case:
    generator = as_generator(rng)
    check_integer(n, "n", low=1)
    a, b, c = (group.sample(n, rng=generator) for _ in range(3))
    basis = to_array(value_of(group, "algebra_basis"))
    eps = eps_of(a)
    small = 0.3 * generator.standard_normal((n, len(basis))) / np.sqrt(len(basis))
    chart = coordinates or (
        lambda g: _coefficients(basis, group.log(g)),
        lambda x: group.exp(like(np.tensordot(to_array(x), basis, axes=1), a)),
    )
    identity = value_of(group, "identity")
    seed = int(generator.integers(2**31))
    return _Case(
        group, a, b, c, identity, basis, small, rtol or eps**0.6, 10 * eps**0.4, eps ** (1 / 3), chart, outside, seed
    )


def _closure(case: _Case) -> Measurement:
    ab, inv = case.group.compose(case.a, case.b), case.group.inverse(case.a)
    for name, value in (("compose(a, b)", ab), ("inverse(a)", inv)):
        if value.shape != case.a.shape or value.dtype != case.a.dtype or type(value) is not type(case.a):
            found = f"{type(value).__name__} {tuple(value.shape)} {value.dtype}"
            return holds(False, f"{name} is {found}, elements are {tuple(case.a.shape)} {case.a.dtype}")
    return agree(case.identity, to_array(case.identity).reshape(tuple(case.a.shape)[1:]), 0.0, what="identity")


def _associativity(case: _Case) -> Measurement:
    mul = case.group.compose
    return agree(mul(mul(case.a, case.b), case.c), mul(case.a, mul(case.b, case.c)), case.rtol)


def _left_identity(case: _Case) -> Measurement:
    return agree(case.group.compose(case.repeat(case.identity[None]), case.a), case.a, case.rtol)


def _right_identity(case: _Case) -> Measurement:
    return agree(case.group.compose(case.a, case.repeat(case.identity[None])), case.a, case.rtol)


def _left_inverse(case: _Case) -> Measurement:
    unit = case.repeat(case.identity[None])
    return agree(case.group.compose(case.group.inverse(case.a), case.a), unit, case.rtol, scale=1.0)


def _right_inverse(case: _Case) -> Measurement:
    unit = case.repeat(case.identity[None])
    return agree(case.group.compose(case.a, case.group.inverse(case.a)), unit, case.rtol, scale=1.0)


def _antihomomorphism(case: _Case) -> Measurement:
    mul, inv = case.group.compose, case.group.inverse
    return agree(inv(mul(case.a, case.b)), mul(inv(case.b), inv(case.a)), case.rtol)


def _batching(case: _Case) -> Measurement:
    whole = to_array(case.group.compose(case.a, case.b))
    single = [to_array(case.group.compose(x[None], y[None]))[0] for x, y in zip(case.a, case.b, strict=True)]
    return agree(whole, np.stack(single), case.rtol)


def _basis(case: _Case) -> Measurement:
    rank = int(np.linalg.matrix_rank(case.basis.reshape(len(case.basis), -1)))
    return holds(rank == len(case.basis), f"{len(case.basis)} basis elements have rank {rank}")


def _exp_zero(case: _Case) -> Measurement:
    unit = case.repeat(case.identity[None])
    return agree(case.near(0 * case.small), unit, case.rtol, scale=1.0)


def _exp_negative(case: _Case) -> Measurement:
    return agree(case.near(-case.small), case.group.inverse(case.near(case.small)), case.rtol)


def _one_parameter(case: _Case) -> Measurement:
    return agree(
        case.group.compose(case.near(0.4 * case.small), case.near(0.6 * case.small)), case.near(case.small), case.rtol
    )


def _log_exp(case: _Case) -> Measurement:
    return agree(case.group.log(case.near(case.small)), case.algebra(case.small), case.rtol, scale=0.1)


def _exp_log(case: _Case) -> Measurement:
    g = case.near(case.small)
    return agree(case.group.exp(case.group.log(g)), g, case.rtol)


def _adjoint_closed(case: _Case) -> Measurement:
    mul, h = case.group.compose, 10 * case.step
    curve = mul(mul(case.a, case.near(h * case.small)), case.group.inverse(case.a))
    x = to_array(case.group.log(curve))
    span = np.tensordot(_coefficients(case.basis, x), case.basis, axes=1)
    return agree(x, span, case.ftol, scale=h * 0.1)


def _log_refuses(case: _Case) -> Measurement:
    if case.outside is None:
        reason = "pass outside= elements that have no logarithm"
        raise NotApplicable(reason)
    for index, g in enumerate(case.outside):
        found = refuses(functools.partial(case.group.log, g[None]), f"log of outside[{index}]")
        if found.residual > 0:
            return found
    return holds(True)


def _factors(case: _Case) -> Measurement:
    if not hasattr(case.group, "factors"):
        reason = "the group has no factors"
        raise NotApplicable(reason)
    return agree(functools.reduce(case.group.compose, case.group.factors(case.a)), case.a, case.rtol)


def _sampling(case: _Case) -> Measurement:
    first, second, other = (to_array(case.group.sample(4, rng=s)) for s in (case.seed, case.seed, case.seed + 1))
    if np.array_equal(first, other):
        return holds(False, "two different seeds give the same sample")
    return agree(first, second, 0.0, what="one seed, two samples")


def _translation_defect(case: _Case, move: Callable[[Any], Any]) -> NDArray[Any]:
    """Return ``density(move g) + log|det D move| - density(g)`` at every sample, by central differences in the chart."""
    if not hasattr(case.group, "haar_log_density"):
        reason = "the group has no haar_log_density"
        raise NotApplicable(reason)
    to, back = case.chart
    x = to_array(to(case.near(case.small))).astype(np.float64)
    columns = []
    for axis in np.eye(x.shape[1]) * case.step:
        ahead, behind = to_array(to(move(back(x + axis)))), to_array(to(move(back(x - axis))))
        columns.append((ahead - behind) / (2 * case.step))
    _, volume = np.linalg.slogdet(np.stack(columns, axis=-1))
    g = back(x)
    density = case.group.haar_log_density
    return np.asarray(to_array(density(move(g))) + volume - to_array(density(g)))


def _left_invariance(case: _Case) -> Measurement:
    h = case.repeat(case.near(case.small))
    defect = _translation_defect(case, lambda g: case.group.compose(h, g))
    return agree(defect, np.zeros_like(defect), case.ftol, scale=1.0, what="log density")


def _right_invariance(case: _Case) -> Measurement:
    h = case.repeat(case.near(case.small))
    defect = _translation_defect(case, lambda g: case.group.compose(g, h))
    constant = (
        np.zeros_like(defect) if getattr(case.group, "unimodular", True) else np.full_like(defect, np.median(defect))
    )
    return agree(defect, constant, case.ftol, scale=1.0, what="log density")


LAWS: dict[str, Callable[[_Case], Measurement]] = {
    "closure": _closure,
    "associativity": _associativity,
    "left identity": _left_identity,
    "right identity": _right_identity,
    "left inverse": _left_inverse,
    "right inverse": _right_inverse,
    "inverse reverses products": _antihomomorphism,
    "a batch equals its elements": _batching,
    "the basis is independent": _basis,
    "exp of zero is the identity": _exp_zero,
    "exp of minus is the inverse": _exp_negative,
    "exp is a one-parameter group": _one_parameter,
    "log after exp": _log_exp,
    "exp after log": _exp_log,
    "the adjoint action stays in the algebra": _adjoint_closed,
    "log refuses outside its image": _log_refuses,
    "factors compose": _factors,
    "sampling follows its seed": _sampling,
    "left invariance of the measure": _left_invariance,
    "right invariance of the measure": _right_invariance,
}


def check_group(
    group: Any,
    *,
    n: int = 8,
    outside: Any = None,
    coordinates: Chart | None = None,
    rtol: float | None = None,
    rng: RngLike = 0,
    only: Iterable[str] | None = None,
) -> LawReport:
    """Measure the laws of a Lie group: axioms, ``exp`` and ``log``, factors, and both invariances of its Haar density.

    With ``c = chart(g)`` and ``λ`` the log density, left invariance is ``λ(h g) + log|det D_c chart(h g)| = λ(g)``,
    the determinant taken by central differences.

    Parameters
    ----------
    group : object
        ``compose(a, b)``, ``inverse(a)``, ``exp(X)``, ``log(a)`` on batches ``(n, *shape)``; ``sample(n, rng=)``; ``identity`` ``(*shape)``;
        ``algebra_basis`` ``(d, *shape)``; optional ``factors(a)``, ``haar_log_density(a)`` ``(n,)``, ``unimodular`` (default true; where it is
        false the right translate need only be a constant multiple).
    n : int
        Number of samples of every law.
    outside : array (m, *shape), optional
        Elements that have no logarithm; ``log`` must refuse each.
    coordinates : pair of callables, optional
        ``(g -> (n, d), (n, d) -> g)``, the chart of the density; exponential coordinates in ``algebra_basis`` if omitted.
    rtol : float, optional
        Relative tolerance, ``eps**0.6`` of the samples' dtype if omitted.
    rng : int or Generator
        Seed of the samples.
    only : names, optional
        Measure these laws only.

    Returns
    -------
    LawReport

    References
    ----------
    A. W. Knapp, Lie Groups Beyond an Introduction, 2nd ed., §VIII.2 (Haar measure and translations).

    Examples
    --------
    >>> class Circle:
    ...     identity = np.zeros(1)
    ...     algebra_basis = np.eye(1)
    ...     def wrap(self, a): return (a + np.pi) % (2 * np.pi) - np.pi
    ...     def compose(self, a, b): return self.wrap(a + b)
    ...     def inverse(self, a): return self.wrap(-a)
    ...     def exp(self, x): return self.wrap(x)
    ...     def log(self, a): return a
    ...     def sample(self, n, rng): return np.random.default_rng(rng).uniform(-3, 3, (n, 1))
    ...     def haar_log_density(self, a): return np.zeros(len(a))
    >>> report = check_group(Circle())
    >>> report.passed, len(report)
    (True, 19)
    """
    return run_laws(group, LAWS, lambda: _build(group, n, rtol, rng, outside, coordinates), only=only)


register(check_group, LAWS)
