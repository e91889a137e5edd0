"""Argument checks at the public entry: refuse, never guess.

Definition: a check returns its argument in the form the caller needs, or raises naming argument, first offending index, law, number and remedy.
Convention: tolerances are relative to scale and dtype (``rtol * max|a|``); finiteness is tested as ``not all(isfinite)`` so that NaN cannot pass.
"""

from __future__ import annotations

import math
import numbers
import os
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, MissingDependencyError, ResourceLimitError, ShapeError

__all__ = [
    "available_memory",
    "check_choice",
    "check_finite",
    "check_integer",
    "check_matrix",
    "check_memory",
    "check_real",
    "check_shape",
    "check_square",
    "check_symmetric",
    "format_bytes",
    "require",
]


def _first(mask: NDArray[np.bool_]) -> tuple[int, ...]:
    """Index of the first true entry of a mask, as plain integers."""
    return tuple(int(i) for i in np.argwhere(mask)[0])


def check_real(
    value: object,
    name: str,
    *,
    low: float = -np.inf,
    high: float = np.inf,
    open_low: bool = False,
    open_high: bool = False,
) -> float:
    """Return ``value`` as a finite float inside the interval from ``low`` to ``high``.

    Raises
    ------
    DomainError
        If it is not a real number, not finite, or outside the interval.

    Examples
    --------
    >>> check_real(2, "t", low=0, open_low=True)
    2.0
    """
    interval = f"{'(' if open_low else '['}{low:g}, {high:g}{')' if open_high else ']'}"
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (numbers.Real, np.integer, np.floating)):
        message = f"{name} must be a real number in {interval}, got {value!r} of type {type(value).__name__}"
        raise DomainError(message, hint="pass a plain number")
    try:
        number = float(value)
    except OverflowError:
        number = np.inf
    above = number > low if open_low else number >= low
    below = number < high if open_high else number <= high
    if not (math.isfinite(number) and above and below):
        message = f"{name} must be a finite number in {interval}, got {name}={number:g}"
        raise DomainError(message, hint="choose a value inside the interval")
    return number


def check_integer(value: object, name: str, *, low: int | None = None, high: int | None = None) -> int:
    """Return ``value`` as an int between ``low`` and ``high`` (both included, ``None`` = unbounded).

    Raises
    ------
    DomainError
        If it is not an integer or outside the range.

    Examples
    --------
    >>> check_integer(np.int64(3), "k", low=1)
    3
    """
    span = f"[{'-inf' if low is None else low}, {'inf' if high is None else high}]"
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral):
        message = f"{name} must be an integer in {span}, got {value!r} of type {type(value).__name__}"
        raise DomainError(message, hint="pass an int")
    number = int(value)
    if (low is not None and number < low) or (high is not None and number > high):
        message = f"{name} must be an integer in {span}, got {name}={number}"
        raise DomainError(message, hint="choose a value inside the range")
    return number


def check_choice(value: object, name: str, choices: Iterable[str]) -> str:
    """Return ``value`` if it is one of ``choices``; otherwise say which they are.

    Examples
    --------
    >>> check_choice("euler", "method", ["auto", "euler"])
    'euler'
    """
    options = list(choices)
    if isinstance(value, str) and value in options:
        return value
    message = f"{name} must be one of {', '.join(map(repr, options))}; got {value!r}"
    raise DomainError(message, hint="choose one of the listed names")


def check_shape(a: Any, name: str, shape: Sequence[int | None]) -> None:
    """Refuse an array whose shape is not ``shape`` (``None`` stands for any length).

    Raises
    ------
    ShapeError
        With both shapes.
    """
    actual = tuple(a.shape)
    fits = len(actual) == len(shape) and all(w is None or w == g for w, g in zip(shape, actual, strict=True))
    if not fits:
        wanted = "(" + ", ".join("*" if w is None else str(w) for w in shape) + ")"
        message = f"{name} must have shape {wanted}, got {actual}"
        raise ShapeError(message, hint="check the order of the axes")


def check_finite(a: NDArray[Any], name: str) -> None:
    """Refuse an array that holds NaN or infinity, naming the first index.

    Examples
    --------
    >>> check_finite(np.array([1.0, np.nan]), "x")
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: x[1] = nan is not finite; 1 of 2 entries are NaN or infinity (remove or impute them first)
    """
    good = np.isfinite(a)
    if not good.all():
        index = _first(~good)
        count = int(a.size - np.count_nonzero(good))
        where = f"[{', '.join(map(str, index))}]" if index else ""
        message = f"{name}{where} = {a[index]} is not finite; {count} of {a.size} entries are NaN or infinity"
        raise DomainError(message, hint="remove or impute them first")


def check_matrix(a: object, name: str, *, min_rows: int = 1, min_columns: int = 1) -> NDArray[Any]:
    """Return ``a`` as a finite real float array ``(n, p)``: float32 and float64 are kept, integers become float64.

    Raises
    ------
    ShapeError
        If it has not two axes, or fewer rows or columns than asked.
    DomainError
        If it is complex, not numeric, or not finite.

    Examples
    --------
    >>> check_matrix([[1, 2], [3, 4]], "X").dtype
    dtype('float64')
    """
    try:
        array = np.asarray(a)
    except ValueError as error:
        message = f"{name} is not a rectangular array: {error}"
        raise ShapeError(message, hint="give every row the same length") from error
    if array.dtype.kind == "c":
        message = f"{name} is complex ({array.dtype}); a real array is needed"
        raise DomainError(message, hint="pass real and imaginary parts as columns")
    if array.dtype.kind == "O":
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError) as error:
            message = f"{name} holds objects that are not numbers: {error}"
            raise DomainError(message, hint="convert to floats first") from error
    if array.dtype.kind not in "fiub":
        message = f"{name} has dtype {array.dtype}; numbers are needed"
        raise DomainError(message, hint="convert to floats first")
    if array.dtype not in (np.float32, np.float64):
        array = array.astype(np.float64)
    if array.ndim != 2:
        message = f"{name} must have two axes (n, p), got shape {array.shape}"
        raise ShapeError(message, hint="reshape to (n_points, n_features)")
    if array.shape[0] < min_rows or array.shape[1] < min_columns:
        message = f"{name} must be at least {min_rows} x {min_columns}, got {array.shape[0]} x {array.shape[1]}"
        raise ShapeError(message, hint="more points or features are needed")
    check_finite(array, name)
    return array


def check_square(a: Any, name: str) -> int:
    """Refuse anything whose last two axes differ; return their common length.

    Examples
    --------
    >>> check_square(np.eye(3), "A")
    3
    """
    if len(a.shape) < 2 or a.shape[-1] != a.shape[-2]:
        message = f"{name} must be square in its last two axes, got shape {tuple(a.shape)}"
        raise ShapeError(message, hint="pass an array (..., n, n)")
    return int(a.shape[-1])


def check_symmetric(a: NDArray[Any], name: str, *, rtol: float | None = None) -> None:
    """Refuse a dense matrix ``(..., n, n)`` with ``|a_ij - a_ji| > rtol * max|a|``, naming the worst pair.

    The default ``rtol`` is ``100`` times the rounding unit of the dtype.

    Examples
    --------
    >>> check_symmetric(np.array([[0.0, 1.0], [2.0, 0.0]]), "W")
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: W is not symmetric: |W[0, 1] - W[1, 0]| = 1 > 4.4e-14 (symmetrise it, e.g. (W + W.T) / 2)
    """
    check_square(a, name)
    if a.size == 0:
        return
    limit = (100 * np.finfo(a.dtype).eps if rtol is None else rtol) * float(np.max(np.abs(a)))
    gap = np.abs(a - np.swapaxes(a, -1, -2))
    worst = float(gap.max())
    if not worst <= limit:
        index = tuple(int(i) for i in np.unravel_index(int(np.argmax(gap)), gap.shape))
        mirror = (*index[:-2], index[-1], index[-2])
        message = f"{name} is not symmetric: |{name}{list(index)} - {name}{list(mirror)}| = {worst:.3g} > {limit:.2g}"
        raise DomainError(message, hint=f"symmetrise it, e.g. ({name} + {name}.T) / 2")


def format_bytes(count: float) -> str:
    """Return a number of bytes as a person reads it.

    Examples
    --------
    >>> format_bytes(3.2e9)
    '2.98 GiB'
    """
    for unit in ("B", "KiB", "MiB", "GiB"):
        if abs(count) < 1024:
            return f"{count:.0f} B" if unit == "B" else f"{count:.2f} {unit}"
        count /= 1024
    return f"{count:.2f} TiB"


def available_memory() -> int:
    """Return the bytes of memory this process may still take: the system's free estimate, lowered by a control group's limit."""
    free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            free = next(int(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        pass
    try:
        with (
            open("/sys/fs/cgroup/memory.max", encoding="ascii") as cap,
            open("/sys/fs/cgroup/memory.current", encoding="ascii") as used,
        ):
            free = min(free, int(cap.read()) - int(used.read()))
    except (OSError, ValueError):
        pass
    return max(int(free), 0)


def check_memory(estimate: float, what: str, *, limit: float | None = None, hint: str | None = None) -> None:
    """Refuse work whose memory ``estimate`` (bytes) exceeds ``limit`` (default 60 % of the available memory), before allocating.

    Raises
    ------
    ResourceLimitError
        With both numbers.

    Examples
    --------
    >>> check_memory(8 * 10**6, "a heat kernel of 1000 x 1000", limit=10**6)
    Traceback (most recent call last):
        ...
    erlangen.errors.ResourceLimitError: a heat kernel of 1000 x 1000 needs about 7.63 MiB, the limit is 976.56 KiB (raise the limit or make the problem smaller)
    """
    ceiling = 0.6 * available_memory() if limit is None else float(limit)
    if not estimate <= ceiling:
        message = f"{what} needs about {format_bytes(estimate)}, the limit is {format_bytes(ceiling)}"
        remedy = hint or "raise the limit or make the problem smaller"
        raise ResourceLimitError(message, estimate=estimate, limit=ceiling, hint=remedy)


def require(module: str, *, extra: str, purpose: str) -> Any:
    """Import an optional third party, or say in one line how to install it.

    Raises
    ------
    MissingDependencyError
        If it is not installed.

    Examples
    --------
    >>> require("json", extra="none", purpose="this example").dumps(1)
    '1'
    """
    try:
        return import_module(module)
    except ImportError as error:
        message = f"{purpose} needs {module}, which is not installed"
        raise MissingDependencyError(message, hint=f"pip install 'erlangen[{extra}]'") from error
