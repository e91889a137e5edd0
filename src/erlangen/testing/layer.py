"""The battery of torch layers: state, copies, dtype, gradients, batches, compilation.

Definition: a layer is a ``torch.nn.Module`` and a tuple of example inputs, with the batch along axis 0 of each.
Convention: laws are measured on deep copies in ``eval`` mode, in float64 where derivatives are compared; the layer itself is left as it was.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from erlangen.random import RngLike, as_generator
from erlangen.testing.arrays import eps_of, is_tensor, like, to_array
from erlangen.testing.derivatives import directional_defects
from erlangen.testing.law_report import LawReport
from erlangen.testing.laws import Measurement, NotApplicable, agree, holds, register, run_laws
from erlangen.validation import require

__all__ = ["check_layer"]


@dataclass(frozen=True)
class _Case:
    torch: Any
    original: Any
    inputs: tuple[Any, ...]
    batched: bool
    compiled: bool
    rtol: float
    seed: int

    def layer(self, dtype: str | None = None) -> Any:
        """Return a fresh copy in evaluation mode."""
        twin = copy.deepcopy(self.original).eval()
        return twin if dtype is None else twin.to(getattr(self.torch, dtype))

    def given(self, dtype: str | None = None) -> tuple[Any, ...]:
        """Return fresh copies of the inputs, the floating ones in ``dtype``."""
        fresh = tuple(x.detach().clone() if is_tensor(x) else x for x in self.inputs)
        if dtype is None:
            return fresh
        return tuple(x.to(getattr(self.torch, dtype)) if _floating(x) else x for x in fresh)

    def run(self, layer: Any, inputs: tuple[Any, ...] | None = None) -> Any:
        return _first(layer(*(self.given() if inputs is None else inputs)))


def _floating(x: Any) -> bool:
    return is_tensor(x) and bool(x.is_floating_point())


def _first(output: Any) -> Any:
    return output[0] if isinstance(output, (tuple, list)) else output


def _finite(case: _Case) -> Measurement:
    out = to_array(case.run(case.layer()))
    return holds(np.isfinite(out).all(), f"{np.count_nonzero(~np.isfinite(out))} of {out.size} outputs are not finite")


def _deterministic(case: _Case) -> Measurement:
    layer = case.layer()
    return agree(case.run(layer), case.run(layer), 0.0)


def _inputs_kept(case: _Case) -> Measurement:
    given = case.given()
    case.run(case.layer(), given)
    for index, (now, before) in enumerate(zip(given, case.inputs, strict=True)):
        if is_tensor(now) and not case.torch.equal(now, before):
            return holds(False, f"input {index} was changed")
    return holds(True)


def _globals_kept(case: _Case) -> Measurement:
    torch = case.torch
    before, state = torch.get_default_dtype(), torch.get_rng_state()
    case.run(case.layer())
    moved = before != torch.get_default_dtype()
    drawn = not torch.equal(state, torch.get_rng_state())
    torch.set_default_dtype(before)
    torch.set_rng_state(state)
    return holds(
        not (moved or drawn), "the default dtype was changed" if moved else "the global generator was drawn from"
    )


def _state_round_trip(case: _Case) -> Measurement:
    layer, other = case.layer(), case.layer()
    state = copy.deepcopy(layer.state_dict())
    expected = case.run(layer)
    with case.torch.no_grad():
        for value in (*other.parameters(), *other.buffers()):
            if value.is_floating_point():
                value.mul_(0.5).add_(0.25)
    outcome = other.load_state_dict(state)
    if outcome.missing_keys or outcome.unexpected_keys:
        return holds(False, f"missing {outcome.missing_keys}, unexpected {outcome.unexpected_keys}")
    return agree(case.run(other), expected, 0.0)


def _state_plain(case: _Case) -> Measurement:
    plain = (case.torch.Tensor, case.torch.nn.Parameter)
    odd = [name for name, value in case.layer().state_dict().items() if type(value) not in plain]
    return holds(not odd, f"state_dict entries that are not plain tensors: {odd}")


def _parameters_plain(case: _Case) -> Measurement:
    odd = [name for name, value in case.layer().named_parameters() if type(value) is not case.torch.nn.Parameter]
    return holds(not odd, f"parameters of a Tensor subclass: {odd}")


def _copy_equal(case: _Case) -> Measurement:
    return agree(case.run(copy.deepcopy(case.original).eval()), case.run(case.layer()), 0.0)


def _copy_independent(case: _Case) -> Measurement:
    layer = case.layer()
    before = to_array(case.run(layer)).copy()
    twin = copy.deepcopy(layer)
    with case.torch.no_grad():
        for value in (*twin.parameters(), *twin.buffers()):
            if value.is_floating_point():
                value.add_(1.0)
    return agree(case.run(layer), before, 0.0)


def _dtype(case: _Case, dtype: str) -> Measurement:
    out = case.run(case.layer(dtype), case.given(dtype))
    if not out.is_floating_point():
        reason = "the output is not floating"
        raise NotApplicable(reason)
    return holds(str(out.dtype) == f"torch.{dtype}", f"the output is {out.dtype}")


def _precisions(case: _Case) -> Measurement:
    single = to_array(case.run(case.layer("float32"), case.given("float32"))).astype(np.float64)
    double = to_array(case.run(case.layer("float64"), case.given("float64")))
    return agree(single, double, float(np.finfo(np.float32).eps) ** 0.6)


def _batch(case: _Case) -> Measurement:
    if not case.batched:
        reason = "batched=False"
        raise NotApplicable(reason)
    layer, given = case.layer(), case.given()
    whole = to_array(case.run(layer, given))
    single = [case.run(layer, tuple(x[i : i + 1] if is_tensor(x) else x for x in given)) for i in range(len(whole))]
    return agree(whole, np.concatenate([to_array(y) for y in single]), case.rtol)


def _gradients_reach(case: _Case) -> Measurement:
    layer = case.layer("float64")
    names = [name for name, value in layer.named_parameters() if value.requires_grad]
    if not names:
        reason = "the layer has no parameters"
        raise NotApplicable(reason)
    out = case.run(layer, case.given("float64"))
    (out * like(np.random.default_rng(case.seed).standard_normal(tuple(out.shape)), out)).sum().backward()
    for name, value in layer.named_parameters():
        if value.requires_grad and value.grad is None:
            return holds(False, f"no gradient reaches {name}")
        if value.requires_grad and not bool(case.torch.isfinite(value.grad).all()):
            return holds(False, f"the gradient of {name} is not finite")
    return holds(True)


def _defects(case: _Case, function: Callable[..., Any], point: tuple[Any, ...], order: int = 1) -> Measurement:
    if not point:
        reason = "there is nothing to differentiate by"
        raise NotApplicable(reason)
    defects = directional_defects(function, point, order=order, rng=case.seed)
    worst = int(np.argmax(defects))
    return Measurement(defects[worst], 100 * float(np.finfo(np.float64).eps) ** 0.5, f"worst at direction {worst}")


def _input_derivatives(case: _Case, order: int) -> Measurement:
    layer, given = case.layer("float64"), case.given("float64")
    places = [index for index, x in enumerate(given) if _floating(x)]

    def function(*points: Any) -> Any:
        swapped = list(given)
        for index, x in zip(places, points, strict=True):
            swapped[index] = x
        return _first(layer(*swapped))

    return _defects(case, function, tuple(given[index] for index in places), order)


def _parameter_derivatives(case: _Case) -> Measurement:
    layer, given = case.layer("float64"), case.given("float64")
    named = {name: value for name, value in layer.named_parameters() if value.requires_grad}

    def function(*values: Any) -> Any:
        return _first(case.torch.func.functional_call(layer, dict(zip(named, values, strict=True)), given))

    return _defects(case, function, tuple(value.detach() for value in named.values()))


def _modes(case: _Case) -> Measurement:
    layer = case.layer()
    layer.train()
    down = all(module.training for module in layer.modules())
    layer.eval()
    return holds(
        down and not any(module.training for module in layer.modules()), "train() or eval() does not reach all parts"
    )


def _printable(case: _Case) -> Measurement:
    return holds(type(case.original).__name__ in repr(case.original), "repr does not name the class")


def _autocast(case: _Case) -> Measurement:
    with case.torch.autocast("cpu", dtype=case.torch.bfloat16):
        out = to_array(case.run(case.layer("float32"), case.given("float32")).float())
    full = to_array(case.run(case.layer("float32"), case.given("float32")))
    return agree(out, full, 0.1)


def _compiles(case: _Case) -> Measurement:
    if not case.compiled:
        reason = "pass compiled=True"
        raise NotApplicable(reason)
    layer = case.layer()
    try:
        twin = case.torch.compile(case.layer(), fullgraph=True, backend="aot_eager")
        return agree(case.run(twin), case.run(layer), case.rtol)
    finally:
        case.torch.compiler.reset()


LAWS: dict[str, Callable[[_Case], Measurement]] = {
    "finite output": _finite,
    "deterministic in eval mode": _deterministic,
    "inputs are not changed": _inputs_kept,
    "global state is not changed": _globals_kept,
    "state_dict round trip": _state_round_trip,
    "state_dict holds plain tensors": _state_plain,
    "parameters are plain": _parameters_plain,
    "deepcopy is equal": _copy_equal,
    "deepcopy is independent": _copy_independent,
    "float32 stays": lambda case: _dtype(case, "float32"),
    "float64 stays": lambda case: _dtype(case, "float64"),
    "float32 agrees with float64": _precisions,
    "a batch equals its elements": _batch,
    "gradients reach every parameter": _gradients_reach,
    "derivatives by the inputs": lambda case: _input_derivatives(case, 1),
    "second derivatives by the inputs": lambda case: _input_derivatives(case, 2),
    "derivatives by the parameters": _parameter_derivatives,
    "train and eval reach every part": _modes,
    "repr names the class": _printable,
    "autocast to bfloat16": _autocast,
    "compiles as one graph": _compiles,
}


def check_layer(
    layer: Any,
    *inputs: Any,
    batched: bool = True,
    compiled: bool = False,
    rtol: float | None = None,
    rng: RngLike = 0,
    only: Iterable[str] | None = None,
) -> LawReport:
    """Measure the laws of a torch layer on example inputs.

    Parameters
    ----------
    layer : torch.nn.Module
        The layer; if it returns a tuple the first item is measured.
    *inputs : tensors
        Example inputs, batch along axis 0.
    batched : bool
        Whether every element of a batch is treated on its own (in ``eval`` mode).
    compiled : bool
        Also compile the layer as one full graph with the ``aot_eager`` backend (seconds).
    rtol : float, optional
        Relative tolerance, ``eps**0.6`` if omitted.
    rng : int or Generator
        Seed of directions and cotangents.
    only : names, optional
        Measure these laws only.

    Returns
    -------
    LawReport

    References
    ----------
    PyTorch documentation, notes "Extending torch.nn" and "Gradcheck mechanics".

    Examples
    --------
    >>> import torch
    >>> check_layer(torch.nn.Linear(3, 2), torch.ones(4, 3)).passed
    True
    """

    def build() -> _Case:
        torch = require("torch", extra="test", purpose="check_layer")
        tolerance = rtol or eps_of(*(x for x in inputs if is_tensor(x))) ** 0.6
        seed = int(as_generator(rng).integers(2**31))
        given = tuple(x.detach().clone() if is_tensor(x) else x for x in inputs)
        return _Case(torch, layer, given, batched, compiled, tolerance, seed)

    return run_laws(type(layer).__name__, LAWS, build, only=only)


register(check_layer, LAWS)
