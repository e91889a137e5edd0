"""The battery of derivatives: first and second, against central differences of fourth order.

Definition: ``D f(x)[u] = (8 (f(x+hu) - f(x-hu)) - (f(x+2hu) - f(x-2hu))) / 12h + O(h⁴)`` with ``h = eps**(1/5)`` times the scale of ``x``.
Convention: a torch function is differentiated by autograd through ``<w, f(x)>`` for a random ``w``; a NumPy function brings its own derivatives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.random import RngLike, as_generator
from erlangen.testing.arrays import eps_of, is_tensor, like, to_array
from erlangen.testing.law_report import LawReport
from erlangen.testing.laws import Measurement, NotApplicable, register, run_laws
from erlangen.validation import require

__all__ = ["check_derivatives", "directional_defects"]

Tuple = tuple[Any, ...]


@dataclass(frozen=True)
class _Case:
    function: Callable[..., Any]
    inputs: Tuple
    derivative: Callable[..., Any] | None
    second: Callable[..., Any] | None
    directions: int
    tolerance: float
    seed: int

    def need(self, order: int) -> None:
        """Signal that this order cannot be measured."""
        given = self.derivative if order == 1 else self.second
        if given is None and not is_tensor(self.inputs[0]):
            reason = f"pass {'derivative' if order == 1 else 'second'}= for a function of NumPy arrays"
            raise NotApplicable(reason)


def _scale(x: Any) -> float:
    size = float(np.sqrt(np.mean(np.abs(to_array(x)) ** 2))) if to_array(x).size else 0.0
    return size if size > 0 else 1.0


def _direction(inputs: Tuple, rng: np.random.Generator) -> Tuple:
    return tuple(like(_scale(x) * rng.standard_normal(tuple(x.shape)), x) for x in inputs)


def _step(inputs: Tuple, u: Tuple, h: float) -> Tuple:
    return tuple(like(to_array(x) + h * to_array(d), x) for x, d in zip(inputs, u, strict=True))


def _difference(function: Callable[..., NDArray[Any]], inputs: Tuple, u: Tuple) -> NDArray[Any]:
    """Return the directional derivative of a NumPy-valued function by the five-point rule."""
    h = eps_of(*inputs) ** 0.2
    near = function(*_step(inputs, u, h)) - function(*_step(inputs, u, -h))
    far = function(*_step(inputs, u, 2 * h)) - function(*_step(inputs, u, -2 * h))
    return np.asarray((8 * near - far) / (12 * h))


def _defect(found: NDArray[Any], expected: NDArray[Any], floor: float) -> float:
    if found.shape != expected.shape:
        return float("inf")
    gap = float(np.linalg.norm((found - expected).ravel()))
    size = max(float(np.linalg.norm(found.ravel())), float(np.linalg.norm(expected.ravel())), floor)
    return gap / size if np.isfinite(gap) and size > 0 else (0.0 if gap == 0 else float("inf"))


def _flat(parts: Iterable[Any]) -> NDArray[Any]:
    return np.concatenate([to_array(part).astype(np.float64).ravel() for part in parts])


def _torch_pair(function: Callable[..., Any], inputs: Tuple, rng: np.random.Generator) -> tuple[Any, Any]:
    """Return ``φ = <w, f>`` and its gradient by autograd, both as functions of the inputs."""
    torch = require("torch", extra="test", purpose="differentiating a torch function")
    w = like(rng.standard_normal(tuple(function(*inputs).shape)), inputs[0])

    def value(*x: Any) -> Any:
        return (function(*x) * w).sum()

    def gradient(*x: Any, keep: bool = False) -> Any:
        leaves = tuple(a if keep else a.detach().requires_grad_() for a in x)
        with torch.enable_grad():
            parts = torch.autograd.grad(value(*leaves), leaves, create_graph=keep, allow_unused=True)
        return tuple(torch.zeros_like(a) if g is None else g for g, a in zip(parts, leaves, strict=True))

    return value, gradient


def _torch_second(gradient: Any, inputs: Tuple, u: Tuple) -> NDArray[Any]:
    """Return the Hessian of ``φ`` applied to ``u``, by differentiating the gradient."""
    torch = require("torch", extra="test", purpose="differentiating a torch function")
    leaves = tuple(x.detach().requires_grad_() for x in inputs)
    with torch.enable_grad():
        along = sum((g * d).sum() for g, d in zip(gradient(*leaves, keep=True), u, strict=True))
        if not along.requires_grad:
            return _flat(torch.zeros_like(x) for x in inputs)
        parts = torch.autograd.grad(along, leaves, allow_unused=True)
    return _flat(torch.zeros_like(x) if g is None else g for g, x in zip(parts, leaves, strict=True))


def directional_defects(
    function: Callable[..., Any], inputs: Sequence[Any], *, order: int = 1, directions: int = 3, rng: RngLike = 0
) -> list[float]:
    """Return, for random directions, the relative gap between autograd and central differences of a torch function.

    Examples
    --------
    >>> import torch
    >>> max(directional_defects(torch.sin, (torch.ones(3, dtype=torch.float64),), order=2)) < 1e-8
    True
    """
    generator, point = as_generator(rng), tuple(inputs)
    value, gradient = _torch_pair(function, point, generator)
    defects = []
    for _ in range(directions):
        u = _direction(point, generator)
        slope = _flat(gradient(*point))
        if order == 1:
            expected = _difference(lambda *x: to_array(value(*x)), point, u)
            floor = 1e-3 * float(np.linalg.norm(slope)) * float(np.linalg.norm(_flat(u)))
            defects.append(_defect(np.asarray(slope @ _flat(u)), expected, floor))
        else:
            expected = _difference(lambda *x: _flat(gradient(*x)), point, u)
            floor = 1e-3 * float(np.linalg.norm(slope))
            defects.append(_defect(_torch_second(gradient, point, u), expected, floor))
    return defects


def _measured(defects: list[float], tolerance: float) -> Measurement:
    worst = int(np.argmax(defects))
    return Measurement(defects[worst], tolerance, f"worst at direction {worst}")


def _first(case: _Case) -> Measurement:
    case.need(1)
    if case.derivative is None:
        found = directional_defects(case.function, case.inputs, directions=case.directions, rng=case.seed)
        return _measured(found, case.tolerance)
    rng, defects = np.random.default_rng(case.seed), []
    for _ in range(case.directions):
        u = _direction(case.inputs, rng)
        expected = _difference(lambda *x: to_array(case.function(*x)), case.inputs, u)
        defects.append(_defect(to_array(case.derivative(*case.inputs, *u)), expected, 0.0))
    return _measured(defects, case.tolerance)


def _second(case: _Case) -> Measurement:
    case.need(2)
    if case.second is None:
        found = directional_defects(case.function, case.inputs, order=2, directions=case.directions, rng=case.seed)
        return _measured(found, case.tolerance)
    first, rng, defects = case.derivative, np.random.default_rng(case.seed), []
    if first is None:
        reason = "pass derivative= as well"
        raise NotApplicable(reason)
    for _ in range(case.directions):
        u, v = _direction(case.inputs, rng), _direction(case.inputs, rng)
        expected = _difference(lambda *x, u=u: to_array(first(*x, *u)), case.inputs, v)
        defects.append(_defect(to_array(case.second(*case.inputs, *u, *v)), expected, 0.0))
    return _measured(defects, case.tolerance)


def _symmetric(case: _Case) -> Measurement:
    case.need(2)
    rng, defects = np.random.default_rng(case.seed), []
    gradient = None if case.second is not None else _torch_pair(case.function, case.inputs, rng)[1]
    for _ in range(case.directions):
        u, v = _direction(case.inputs, rng), _direction(case.inputs, rng)
        if case.second is not None:
            one, two = (to_array(case.second(*case.inputs, *pair)) for pair in ((*u, *v), (*v, *u)))
            defects.append(_defect(one, two, 0.0))
        else:
            hu, hv = _torch_second(gradient, case.inputs, u), _torch_second(gradient, case.inputs, v)
            floor = 1e-3 * float(np.linalg.norm(hu)) * float(np.linalg.norm(_flat(v)))
            defects.append(_defect(np.asarray(hu @ _flat(v)), np.asarray(hv @ _flat(u)), floor))
    return _measured(defects, case.tolerance)


LAWS: dict[str, Callable[[_Case], Measurement]] = {
    "first derivative": _first,
    "second derivative": _second,
    "second derivative is symmetric": _symmetric,
}


def check_derivatives(
    function: Callable[..., Any],
    *inputs: Any,
    derivative: Callable[..., Any] | None = None,
    second: Callable[..., Any] | None = None,
    directions: int = 4,
    rtol: float | None = None,
    rng: RngLike = 0,
    only: Iterable[str] | None = None,
) -> LawReport:
    """Hold the first and second derivatives of a function against central differences along random directions.

    Parameters
    ----------
    function : callable
        ``f(*inputs)``: torch tensors to a tensor (autograd is tested), or NumPy arrays to an array.
    *inputs : arrays or tensors
        The point, floating; steps are relative to the scale of each.
    derivative : callable, optional
        ``D f(x)[u]`` as ``derivative(*inputs, *u)``, for NumPy functions or hand-written torch rules.
    second : callable, optional
        ``D² f(x)[u, v]`` as ``second(*inputs, *u, *v)``.
    directions : int
        Number of random directions.
    rtol : float, optional
        Relative tolerance, ``20 * eps**0.5`` if omitted.
    rng : int or Generator
        Seed of directions and cotangents.
    only : names, optional
        Measure these laws only.

    Returns
    -------
    LawReport

    References
    ----------
    M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions, 25.3.23 and table 25.2 (five-point rule).

    Examples
    --------
    >>> check_derivatives(np.sin, np.ones(3), derivative=lambda x, u: np.cos(x) * u).passed
    True
    """

    def build() -> _Case:
        for index, x in enumerate(inputs):
            if to_array(x).dtype.kind != "f":
                message = f"inputs[{index}] has dtype {x.dtype}; derivatives need real floating numbers"
                raise DomainError(message, hint="convert to float64; give complex numbers as real and imaginary part")
        tolerance = rtol or 20 * eps_of(*inputs) ** 0.5
        seed = int(as_generator(rng).integers(2**31))
        return _Case(function, inputs, derivative, second, directions, tolerance, seed)

    return run_laws(getattr(function, "__name__", function), LAWS, build, only=only)


register(check_derivatives, LAWS)
