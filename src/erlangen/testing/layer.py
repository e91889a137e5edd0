"""The battery of torch layers: state, copies, dtype, gradients, batches, compilation, several ranks.

Definition: a layer is a ``torch.nn.Module`` and a tuple of example inputs, with the batch along axis 0 of each.
Convention: laws are measured on deep copies in ``eval`` mode, in float64 where derivatives are compared; the layer itself is left as it was.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from erlangen.random import RngLike, as_generator
from erlangen.testing.arrays import eps_of, is_tensor, like, to_array
from erlangen.testing.derivatives import directional_defects
from erlangen.testing.law_report import LawReport
from erlangen.testing.laws import Measurement, NotApplicable, agree, holds, register, run_laws
from erlangen.testing.layer_case import LayerCase, first, floating, largest
from erlangen.testing.ranks import rank_gradients
from erlangen.validation import require

__all__ = ["check_layer"]

_INNER = ("_parameters", "_buffers", "_modules")


def _finite(case: LayerCase) -> Measurement:
    out = to_array(case.run(case.layer()))
    return holds(np.isfinite(out).all(), f"{np.count_nonzero(~np.isfinite(out))} of {out.size} outputs are not finite")


def _deterministic(case: LayerCase) -> Measurement:
    layer = case.layer()
    return agree(case.run(layer), case.run(layer), 0.0)


def _inputs_kept(case: LayerCase) -> Measurement:
    given = case.given()
    case.run(case.layer(), given)
    for index, (now, before) in enumerate(zip(given, case.inputs, strict=True)):
        if is_tensor(now) and not case.torch.equal(now, before):
            return holds(False, f"input {index} was changed")
    return holds(True)


def _globals_kept(case: LayerCase) -> Measurement:
    torch = case.torch

    def read() -> dict[str, Any]:
        return {
            "the default dtype": torch.get_default_dtype(),
            "the number of threads": torch.get_num_threads(),
            "the grad mode": torch.is_grad_enabled(),
            "torch's generator": torch.get_rng_state().tolist(),
            "NumPy's generator": np.random.get_state()[1].tolist(),  # type: ignore[index] # noqa: NPY002 - watched
        }

    before, state = read(), torch.get_rng_state()
    try:
        case.run(case.layer())
        changed = [name for name, value in read().items() if value != before[name]]
    finally:
        torch.set_default_dtype(before["the default dtype"])
        torch.set_num_threads(before["the number of threads"])
        torch.set_grad_enabled(before["the grad mode"])
        torch.set_rng_state(state)
    return holds(not changed, f"the layer changes {', '.join(changed)}")


def _state_round_trip(case: LayerCase) -> Measurement:
    layer, other = case.layer(), case.layer()
    state = copy.deepcopy(layer.state_dict())
    expected = case.run(layer)
    with case.torch.no_grad():
        for value in other.state_dict().values():
            if floating(value):
                value.mul_(0.5).add_(0.25)
    outcome = other.load_state_dict(state)
    if outcome.missing_keys or outcome.unexpected_keys:
        return holds(False, f"missing {outcome.missing_keys}, unexpected {outcome.unexpected_keys}")
    return agree(case.run(other), expected, 0.0)


def _state_plain(case: LayerCase) -> Measurement:
    plain = (case.torch.Tensor, case.torch.nn.Parameter)
    odd = [name for name, value in case.layer().state_dict().items() if type(value) not in plain]
    return holds(not odd, f"state_dict entries that are not plain tensors: {odd}")


def _parameters_plain(case: LayerCase) -> Measurement:
    odd = [name for name, value in case.layer().named_parameters() if type(value) is not case.torch.nn.Parameter]
    return holds(not odd, f"parameters of a Tensor subclass: {odd}")


def _registered(case: LayerCase) -> Measurement:
    layer = case.layer()
    known = {id(part) for part in (*layer.parameters(), *layer.buffers(), *layer.modules())}
    kinds = (case.torch.Tensor, case.torch.nn.Module)
    for prefix, module in layer.named_modules():
        for name, value in vars(module).items():
            if name.startswith("_") and name in _INNER:
                continue
            items = value.values() if isinstance(value, dict) else value
            parts: Iterable[Any] = items if isinstance(value, (dict, list, tuple)) else (value,)
            if any(isinstance(part, kinds) and id(part) not in known for part in parts):
                where = f"{prefix}.{name}" if prefix else name
                return holds(False, f"{where} holds a tensor or module that is neither parameter, buffer nor submodule")
    return holds(True)


def _copy_equal(case: LayerCase) -> Measurement:
    modes = [(module, module.training) for module in case.original.modules()]
    try:
        expected = case.run(case.original.eval())
    finally:
        for module, mode in modes:
            module.training = mode
    return agree(case.run(case.layer()), expected, 0.0)


def _copy_independent(case: LayerCase) -> Measurement:
    layer = case.layer()
    before = to_array(case.run(layer)).copy()
    twin = copy.deepcopy(layer)
    with case.torch.no_grad():
        for value in (*twin.parameters(), *twin.buffers()):
            if value.is_floating_point():
                value.add_(1.0)
    return agree(case.run(layer), before, 0.0)


def _dtype(case: LayerCase, dtype: str) -> Measurement:
    out = case.run(case.layer(dtype), case.given(dtype))
    if not out.is_floating_point():
        reason = "the output is not floating"
        raise NotApplicable(reason)
    return holds(str(out.dtype) == f"torch.{dtype}", f"the output is {out.dtype}")


def _precisions(case: LayerCase) -> Measurement:
    single = to_array(case.run(case.layer("float32"), case.given("float32"))).astype(np.float64)
    double = to_array(case.run(case.layer("float64"), case.given("float64")))
    return agree(single, double, float(np.finfo(np.float32).eps) ** 0.6, scale=largest(double))


def _batch(case: LayerCase) -> Measurement:
    if not case.batched:
        reason = "batched=False"
        raise NotApplicable(reason)
    layer, given = case.layer(), case.given()
    whole = to_array(case.run(layer, given))
    single = [case.run(layer, tuple(x[i : i + 1] if is_tensor(x) else x for x in given)) for i in range(len(whole))]
    return agree(whole, np.concatenate([to_array(y) for y in single]), case.rtol, scale=largest(whole))


def _gradients_reach(case: LayerCase) -> Measurement:
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


def _defects(case: LayerCase, function: Callable[..., Any], point: tuple[Any, ...], order: int = 1) -> Measurement:
    if not case.smooth:
        reason = "smooth=False"
        raise NotApplicable(reason)
    if not point:
        reason = "there is nothing to differentiate by"
        raise NotApplicable(reason)
    defects = directional_defects(function, point, order=order, rng=case.seed)
    worst = int(np.argmax(defects))
    return Measurement(defects[worst], 100 * float(np.finfo(np.float64).eps) ** 0.5, f"worst at direction {worst}")


def _input_derivatives(case: LayerCase, order: int) -> Measurement:
    layer, given = case.layer("float64"), case.given("float64")
    places = [index for index, x in enumerate(given) if floating(x)]

    def function(*points: Any) -> Any:
        swapped = list(given)
        for index, x in zip(places, points, strict=True):
            swapped[index] = x
        return first(layer(*swapped))

    return _defects(case, function, tuple(given[index] for index in places), order)


def _parameter_derivatives(case: LayerCase) -> Measurement:
    layer, given = case.layer("float64"), case.given("float64")
    named = {name: value for name, value in layer.named_parameters() if value.requires_grad}

    def function(*values: Any) -> Any:
        return first(case.torch.func.functional_call(layer, dict(zip(named, values, strict=True)), given))

    return _defects(case, function, tuple(value.detach() for value in named.values()))


def _modes(case: LayerCase) -> Measurement:
    layer = case.layer()
    layer.train()
    down = all(module.training for module in layer.modules())
    layer.eval()
    return holds(
        down and not any(module.training for module in layer.modules()), "train() or eval() does not reach all parts"
    )


def _printable(case: LayerCase) -> Measurement:
    return holds(type(case.original).__name__ in repr(case.original), "repr does not name the class")


def _autocast(case: LayerCase) -> Measurement:
    layer = case.layer("float32")
    with case.torch.autocast("cpu", dtype=case.torch.bfloat16):
        out = case.run(layer, case.given("float32")).float()
    if out.requires_grad:
        out.sum().backward()
    bad = [name for name, p in layer.named_parameters() if p.grad is not None and not bool(p.grad.isfinite().all())]
    if bad:
        return holds(False, f"the gradient of {bad[0]} is not finite")
    full = to_array(case.run(case.layer("float32"), case.given("float32")))
    return agree(to_array(out), full, 0.1, scale=largest(full))


def _compiles(case: LayerCase) -> Measurement:
    if not case.compiled:
        reason = "pass compiled=True"
        raise NotApplicable(reason)
    layer = case.layer()
    try:
        twin = case.torch.compile(case.layer(), fullgraph=True, backend="aot_eager")
        return agree(case.run(twin), case.run(layer), case.rtol)
    finally:
        case.torch.compiler.reset()


def _ranks(case: LayerCase) -> Measurement:
    if not case.distributed:
        reason = "pass distributed=True"
        raise NotApplicable(reason)
    layer, given = case.layer("float64"), case.given("float64")
    trained = [value for value in layer.parameters() if value.requires_grad]
    if not trained:
        reason = "the layer has no parameters"
        raise NotApplicable(reason)
    out = case.run(layer, given)
    weight = like(np.random.default_rng(case.seed).standard_normal(tuple(out.shape)), out)
    (out * weight).sum().backward()
    expected = np.concatenate([to_array(value.grad).ravel() for value in trained])
    found = rank_gradients(case.layer("float64"), given, weight, split=case.batched)
    worst = [agree(flat[None], expected[None], float(np.finfo(np.float64).eps) ** 0.6) for flat in found]
    rank = int(np.argmax([measured.residual for measured in worst]))
    return Measurement(worst[rank].residual, worst[rank].tolerance, f"worst at rank {rank}")


LAWS: dict[str, Callable[[LayerCase], Measurement]] = {
    "finite output": _finite,
    "deterministic in eval mode": _deterministic,
    "inputs are not changed": _inputs_kept,
    "global state is not changed": _globals_kept,
    "state_dict round trip": _state_round_trip,
    "state_dict holds plain tensors": _state_plain,
    "parameters are plain": _parameters_plain,
    "every part is registered": _registered,
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
    "gradients on two ranks": _ranks,
}


def check_layer(
    layer: Any,
    *inputs: Any,
    batched: bool = True,
    smooth: bool = True,
    compiled: bool = False,
    distributed: bool = False,
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
    smooth : bool
        Whether the layer has derivatives everywhere; with kinks such as ReLU's, pass False: differences may step across one.
    compiled : bool
        Also compile the layer as one full graph with the ``aot_eager`` backend (seconds).
    distributed : bool
        Also train it by DistributedDataParallel on two gloo ranks, each a process (seconds); the gradients must be those of one process.
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

    def build() -> LayerCase:
        torch = require("torch", extra="test", purpose="check_layer")
        tolerance = rtol or eps_of(*(x for x in inputs if is_tensor(x))) ** 0.6
        seed = int(as_generator(rng).integers(2**31))
        given = tuple(x.detach().clone() if is_tensor(x) else x for x in inputs)
        return LayerCase(torch, layer, given, batched, smooth, compiled, distributed, tolerance, seed)

    return run_laws(type(layer).__name__, LAWS, build, only=only)


register(check_layer, LAWS)
