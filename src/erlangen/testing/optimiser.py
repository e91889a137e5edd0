"""The battery of torch optimisers: descent, state round trip, groups, closures.

Definition: an optimiser is given as a factory ``parameters -> torch.optim.Optimizer``; the test problem is a convex quadratic in float64.
Convention: ``step`` enables gradients for its closure; trajectories after a state round trip are equal bit for bit; ``project`` gives the manifold.
"""

from __future__ import annotations

import copy
import inspect
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from erlangen.random import RngLike, as_generator
from erlangen.testing.law_report import LawReport
from erlangen.testing.laws import Measurement, NotApplicable, agree, holds, register, run_laws
from erlangen.validation import require

__all__ = ["check_optimiser"]


@dataclass(frozen=True)
class _Case:
    torch: Any
    factory: Callable[[Any], Any]
    shape: tuple[int, ...]
    project: Callable[[Any], Any] | None
    steps: int
    seed: int

    def problem(self, count: int = 2, dtype: str = "float64") -> tuple[list[Any], Any]:
        """Return parameters and the closure that fills their gradients and returns the loss ``Σ |p - target|² / 2``."""
        generator = self.torch.Generator().manual_seed(self.seed)
        kind = getattr(self.torch, dtype)

        def draw() -> Any:
            values = self.torch.randn(self.shape, generator=generator, dtype=self.torch.float64)
            return (values if self.project is None else self.project(values)).to(kind)

        targets = [draw() for _ in range(count)]
        parameters = [self.torch.nn.Parameter(draw()) for _ in range(count)]

        def closure() -> Any:
            for p in parameters:
                p.grad = None
            loss = sum((((p - t) ** 2).sum() / 2 for p, t in zip(parameters, targets, strict=True)))
            loss.backward()
            return loss

        return parameters, closure

    def walk(self, optimiser: Any, closure: Any, steps: int) -> list[float]:
        return [_number(optimiser.step(closure)) for _ in range(steps)]


def _number(loss: Any) -> float:
    return float(loss.detach()) if hasattr(loss, "detach") else float("nan" if loss is None else loss)


def _values(parameters: Iterable[Any]) -> Any:
    return np.stack([p.detach().numpy().copy() for p in parameters])


def _is_optimiser(case: _Case) -> Measurement:
    found = case.factory(case.problem()[0])
    return holds(isinstance(found, case.torch.optim.Optimizer), f"the factory returns {type(found).__name__}")


def _descends(case: _Case) -> Measurement:
    parameters, closure = case.problem()
    first = _number(closure())
    case.walk(case.factory(parameters), closure, case.steps)
    last = _number(closure())
    return holds(last < first, f"the loss went from {first:.4g} to {last:.4g} in {case.steps} steps")


def _loss_returned(case: _Case) -> Measurement:
    parameters, closure = case.problem()
    expected = _number(closure())
    found = case.factory(parameters).step(closure)
    return holds(
        found is not None and _number(found) == expected, f"step(closure) returned {found}, the loss was {expected}"
    )


def _deterministic(case: _Case) -> Measurement:
    ends = []
    for _ in range(2):
        parameters, closure = case.problem()
        case.walk(case.factory(parameters), closure, case.steps)
        ends.append(_values(parameters))
    return agree(ends[0], ends[1], 0.0)


def _state_round_trip(case: _Case, *, through_file: bool) -> Measurement:
    parameters, closure = case.problem()
    optimiser = case.factory(parameters)
    case.walk(optimiser, closure, case.steps)
    state = optimiser.state_dict()
    if through_file:
        file = io.BytesIO()
        case.torch.save(state, file)
        file.seek(0)
        state = case.torch.load(file, weights_only=True)
    state = copy.deepcopy(state)
    twins, twin_closure = case.problem()
    with case.torch.no_grad():
        for twin, p in zip(twins, parameters, strict=True):
            twin.copy_(p)
    other = case.factory(twins)
    other.load_state_dict(state)
    case.walk(optimiser, closure, case.steps)
    case.walk(other, twin_closure, case.steps)
    return agree(_values(twins), _values(parameters), 0.0)


def _without_gradient(case: _Case) -> Measurement:
    parameters, closure = case.problem()
    idle = case.torch.nn.Parameter(parameters[0].detach().clone())
    before = _values([idle])
    case.walk(case.factory([*parameters, idle]), closure, 2)
    return agree(_values([idle]), before, 0.0)


def _zero_grad(case: _Case) -> Measurement:
    parameters, closure = case.problem()
    optimiser = case.factory(parameters)
    closure()
    optimiser.zero_grad()
    left = [index for index, p in enumerate(parameters) if p.grad is not None and bool(p.grad.any())]
    return holds(not left, f"parameter {left[:1]} keeps its gradient")


def _groups(case: _Case) -> Measurement:
    parameters, closure = case.problem()
    optimiser = case.factory([{"params": [p]} for p in parameters])
    if "lr" not in optimiser.param_groups[0]:
        reason = "the parameter groups have no lr"
        raise NotApplicable(reason)
    before = _values(parameters)
    optimiser.param_groups[0]["lr"] = 0.0
    optimiser.step(closure)
    after = _values(parameters)
    if not np.allclose(before[0], after[0], rtol=0, atol=1e-12):
        return holds(False, "a group with lr = 0 moved")
    return holds(not np.array_equal(before[1], after[1]), "the other group did not move")


def _late_group(case: _Case) -> Measurement:
    parameters, closure = case.problem()
    optimiser = case.factory(parameters[:1])
    optimiser.step(closure)
    optimiser.add_param_group({"params": parameters[1:]})
    before = _values(parameters)
    optimiser.step(closure)
    return holds(not np.array_equal(before[1], _values(parameters)[1]), "a group added later does not move")


def _dtype(case: _Case) -> Measurement:
    parameters, closure = case.problem(dtype="float32")
    optimiser = case.factory(parameters)
    case.walk(optimiser, closure, 2)
    found = {str(p.dtype) for p in parameters}
    wide = {str(v.dtype) for s in optimiser.state.values() for v in s.values() if case.torch.is_tensor(v) and v.ndim}
    return holds(
        found | wide <= {"torch.float32"}, f"float32 parameters became {sorted(found)}, their state {sorted(wide)}"
    )


def _needs_no_closure(case: _Case) -> Measurement:
    parameters, closure = case.problem()
    twins, twin_closure = case.problem()
    optimiser, other = case.factory(parameters), case.factory(twins)
    step = inspect.signature(optimiser.step).parameters.get("closure")
    if step is not None and step.default is step.empty:
        reason = "step needs its closure"
        raise NotApplicable(reason)
    for _ in range(case.steps):
        closure()
        optimiser.step()
    case.walk(other, twin_closure, case.steps)
    return agree(_values(parameters), _values(twins), 0.0)


def _in_place(case: _Case) -> Measurement:
    parameters, closure = case.problem()
    optimiser = case.factory(parameters)
    places = [p.data_ptr() for p in parameters]
    case.walk(optimiser, closure, 2)
    return holds(places == [p.data_ptr() for p in parameters], "step moves a parameter to other memory")


def _graph_free(case: _Case) -> Measurement:
    parameters, closure = case.problem()
    case.walk(case.factory(parameters), closure, 2)
    return holds(all(p.is_leaf and p.requires_grad for p in parameters), "a parameter is no longer a leaf")


def _stays(case: _Case) -> Measurement:
    if case.project is None:
        reason = "pass project= to test a manifold"
        raise NotApplicable(reason)
    parameters, closure = case.problem()
    case.walk(case.factory(parameters), closure, case.steps)
    expected = np.stack([case.project(p.detach()).numpy() for p in parameters])
    return agree(_values(parameters), expected, 1e-9)


LAWS: dict[str, Callable[[_Case], Measurement]] = {
    "is a torch optimiser": _is_optimiser,
    "descends": _descends,
    "step returns the loss": _loss_returned,
    "step without closure is the same": _needs_no_closure,
    "deterministic": _deterministic,
    "state_dict round trip": lambda case: _state_round_trip(case, through_file=False),
    "state_dict survives a weights-only file": lambda case: _state_round_trip(case, through_file=True),
    "parameters without gradient rest": _without_gradient,
    "zero_grad clears": _zero_grad,
    "groups keep their own rate": _groups,
    "a group may be added later": _late_group,
    "float32 stays": _dtype,
    "step works in place": _in_place,
    "parameters stay leaves": _graph_free,
    "parameters stay on the manifold": _stays,
}


def check_optimiser(
    factory: Callable[[Any], Any],
    *,
    shape: tuple[int, ...] = (4, 3),
    project: Callable[[Any], Any] | None = None,
    steps: int = 5,
    rng: RngLike = 0,
    only: Iterable[str] | None = None,
) -> LawReport:
    """Measure the laws of a torch optimiser on the quadratic ``Σ |p - target|² / 2``.

    Parameters
    ----------
    factory : callable
        ``parameters -> optimiser``; it must take a list of parameters and a list of parameter groups.
    shape : tuple of int
        Shape of each parameter.
    project : callable, optional
        Projection of a tensor onto the manifold that the parameters must stay on.
    steps : int
        Number of steps of each trajectory.
    rng : int or Generator
        Seed of start and target.
    only : names, optional
        Measure these laws only.

    Returns
    -------
    LawReport

    References
    ----------
    PyTorch documentation, ``torch.optim.Optimizer``.

    Examples
    --------
    >>> import torch
    >>> check_optimiser(lambda parameters: torch.optim.Adam(parameters, lr=0.05)).passed
    True
    """

    def build() -> _Case:
        torch = require("torch", extra="test", purpose="check_optimiser")
        return _Case(torch, factory, shape, project, steps, int(as_generator(rng).integers(2**31)))

    return run_laws(getattr(factory, "__name__", factory), LAWS, build, only=only)


register(check_optimiser, LAWS)
