"""The edge between NumPy and torch: array kind in = array kind out, dtype and device follow the input.

Definition: :func:`array_edge` wraps a function written once on torch tensors so that it takes and returns NumPy arrays as well.
Convention: one torch argument makes the result torch (with autograd), else it is NumPy; integers become float64, float32 is kept.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from erlangen.errors import CastWarning, DomainError, ShapeError
from erlangen.random import RngLike, as_generator

__all__ = ["array_edge", "notice_cast", "to_numpy", "to_tensor", "torch_generator"]


def to_tensor(value: object, name: str, *, device: torch.device | None = None) -> Tensor:
    """Return ``value`` as a floating (or complex) torch tensor: zero-copy from NumPy and DLPack, lists are accepted.

    Raises
    ------
    ShapeError
        If the rows of a list differ in length.
    DomainError
        If it holds something other than numbers.

    Examples
    --------
    >>> to_tensor([1, 2], "x").dtype
    torch.float64
    """
    if isinstance(value, Tensor):
        tensor = value
    elif isinstance(value, np.ndarray) and value.dtype == np.float64 and value.flags.carray:  # the common case, at once
        tensor = torch.from_numpy(value)
    elif not isinstance(value, (np.ndarray, list, tuple, int, float, complex, np.generic)) and hasattr(
        value, "__dlpack__"
    ):
        tensor = torch.utils.dlpack.from_dlpack(value)
    else:
        tensor = torch.from_numpy(_readable(value, name))
    if not (tensor.is_floating_point() or tensor.is_complex()):
        tensor = tensor.to(torch.float64)
    return tensor if device is None else tensor.to(device)


def _readable(value: object, name: str) -> NDArray[Any]:
    """Return numbers as an array that torch can read: of a type, byte order and strides it knows, and writeable."""
    try:
        array = np.asarray(value)
    except ValueError as error:
        message = f"{name} is not a rectangular array of numbers: {error}"
        raise ShapeError(message, hint="give every row the same length") from error
    if array.dtype.kind not in "fiubc":
        message = f"{name} has dtype {array.dtype}; numbers are needed"
        raise DomainError(message, hint="convert to floats first")
    kind = array.dtype.newbyteorder("=")
    if kind.char in "gG":  # long doubles
        kind = np.dtype(np.complex128 if kind.kind == "c" else np.float64)
    array = array.astype(kind, copy=any(stride < 0 for stride in array.strides) or not array.flags.writeable)
    return np.ascontiguousarray(array) if array.ndim else array


def to_numpy(result: object) -> object:
    """Return ``result`` with every torch tensor in it (also inside tuples, lists, dictionaries) as a NumPy array.

    bfloat16, which NumPy has not, becomes float32.

    Examples
    --------
    >>> to_numpy((torch.ones(2), "x"))
    (array([1., 1.], dtype=float32), 'x')
    """
    if isinstance(result, Tensor):
        tensor = result.detach().cpu().resolve_conj().resolve_neg()
        return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()
    if isinstance(result, tuple) and hasattr(result, "_fields"):
        kind: Any = type(result)
        return kind(*(to_numpy(item) for item in result))
    if isinstance(result, (tuple, list)):
        return type(result)(to_numpy(item) for item in result)
    if isinstance(result, dict):
        return {key: to_numpy(item) for key, item in result.items()}
    return result


def notice_cast(value: object, name: str) -> None:
    """Give a :class:`CastWarning` where an array or tensor of two axes or more holds integers, which are computed with in float64.

    Weights and numbers in lists are taken as they are.

    Examples
    --------
    >>> with warnings.catch_warnings(record=True) as seen:
    ...     notice_cast(np.eye(2, dtype=np.int64), "A")
    >>> print(seen[0].message)
    A holds int64, it is computed with in float64
    """
    held: Any = value
    exact = isinstance(value, np.ndarray) and value.dtype.kind in "iub"
    exact = exact or (isinstance(value, Tensor) and not (value.is_floating_point() or value.is_complex()))
    if exact and held.ndim >= 2:
        message = f"{name} holds {str(held.dtype).removeprefix('torch.')}, it is computed with in float64"
        warnings.warn(message, CastWarning, stacklevel=4)


def array_edge(*names: str, notice: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a torch function so that its arguments ``names`` may be NumPy arrays, lists or DLPack objects as well.

    With ``notice`` arrays of integers give a :class:`erlangen.errors.CastWarning`.

    Examples
    --------
    >>> @array_edge("a")
    ... def trace(a):
    ...     return a.diagonal(dim1=-2, dim2=-1).sum(-1)
    >>> trace(np.eye(3, dtype=np.float32))
    array(3., dtype=float32)
    >>> trace(torch.eye(3))
    tensor(3.)
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        parameters = list(inspect.signature(function).parameters)
        unknown = [name for name in names if name not in parameters]
        if unknown:
            message = f"array_edge: {function.__name__} has no argument {unknown[0]!r}"
            raise DomainError(message, hint="name arguments of the wrapped function")
        places = [(name, parameters.index(name)) for name in names]
        only = places[0][1] if len(places) == 1 else len(parameters)

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if torch.compiler.is_compiling():  # a compiled graph holds tensors only
                return function(*args, **kwargs)
            if (
                only < len(args) and isinstance(args[only], Tensor) and args[only].is_floating_point()
            ):  # the common case
                return function(*args, **kwargs)
            given = [(name, place, args[place] if place < len(args) else kwargs.get(name)) for name, place in places]
            device = next((value.device for _, _, value in given if isinstance(value, Tensor)), None)
            positional = list(args)
            for name, place, value in given:
                if value is None:
                    continue
                if notice:
                    notice_cast(value, name)
                if place < len(args):
                    positional[place] = to_tensor(value, name, device=device)
                else:
                    kwargs[name] = to_tensor(value, name, device=device)
            result = function(*positional, **kwargs)
            return to_numpy(result) if device is None else result

        return wrapped

    return decorate


def torch_generator(rng: RngLike | torch.Generator = None, *, device: torch.device | str = "cpu") -> torch.Generator:
    """Return a torch ``Generator`` seeded from ``rng`` (a torch generator is returned as it is).

    Examples
    --------
    >>> torch.rand(1, generator=torch_generator(0)).equal(torch.rand(1, generator=torch_generator(0)))
    True
    """
    if isinstance(rng, torch.Generator):
        return rng
    seed: Any = as_generator(rng).integers(0, 2**63 - 1)
    return torch.Generator(device=device).manual_seed(int(seed))
