"""Elimination of sparse integer matrices given as arrays, by the compiled kernel where 64 bits suffice.

Definition: diagonal entries over Z with their places, pivots over F_p, graded pivots over F_p and Q; see ``elimination`` and ``graded_smith``.
Convention: the kernel checks every operation; where one overflows, or a number is larger, the Python twins serve, with the same result.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen import native
from erlangen.errors import DomainError
from erlangen.exact.elimination import located_divisors, located_pivots
from erlangen.exact.graded_smith import graded_pivots
from erlangen.exact.ring import Ring

__all__ = ["array_divisors", "array_graded_pivots", "array_pivots"]

Indices = NDArray[np.int32]
_LARGEST_PRIME = 2**31


def _kernels(backend: str) -> ModuleType | None:
    """Return the extension, or None where it is missing or, unless it is asked for by name, older than these kernels."""
    module = native.kernels(backend)
    return module if backend == "native" or hasattr(module, "integer_divisors") else None


def _rows(row: Indices, column: Indices, value: NDArray[Any]) -> dict[int, dict[int, int]]:
    rows: dict[int, dict[int, int]] = {}
    for i, j, a in zip(row.tolist(), column.tolist(), value.tolist(), strict=True):
        rows.setdefault(i, {})[j] = a
    return rows


def array_divisors(
    row: Indices, column: Indices, value: NDArray[Any], shape: tuple[int, int], *, backend: str = "auto"
) -> tuple[list[int], list[int]]:
    """Return diagonal entries of an integer matrix, and for each a row of its connected block.

    Parameters
    ----------
    row, column : ndarray of int32 (m,)
        Places, each at most once.
    value : ndarray of int64 or of Python integers (m,)
    shape : (int, int)
    backend : {"auto", "native", "python"}

    Returns
    -------
    rows, divisors : list of int
    """
    module = _kernels(backend)
    if module is not None and value.dtype == np.int64:
        found = module.integer_divisors(row, column, value, *shape)
        if found is not None:
            return found[0].tolist(), found[1].tolist()
    located = located_divisors(_rows(row, column, value).items())
    return [i for i, _ in located], [d for _, d in located]


def array_pivots(
    row: Indices, column: Indices, value: NDArray[Any], shape: tuple[int, int], prime: int, *, backend: str = "auto"
) -> list[int]:
    """Return a row of the connected block of each pivot over the field of ``prime`` elements: as many as the rank.

    Parameters
    ----------
    row, column, value, shape, backend
        As :func:`array_divisors`.
    prime : int
    """
    module = _kernels(backend)
    if module is not None and prime < _LARGEST_PRIME and value.dtype == np.int64:
        zeros = np.zeros(max(shape), dtype=np.int64)
        _, rows = module.graded_pivots(row, column, value % prime, zeros[: shape[1]], zeros[: shape[0]], prime)
        return rows.tolist()
    return [i for i, _ in located_pivots(_rows(row, column, value).items(), prime)]


def array_graded_pivots(
    row: Indices,
    column: Indices,
    value: NDArray[Any],
    sources: NDArray[np.int64],
    targets: NDArray[np.int64],
    ring: Ring,
    *,
    backend: str = "auto",
) -> tuple[list[int], list[int]]:
    """Return columns and rows of the graded pivots of a filtered matrix over a field.

    Parameters
    ----------
    row, column, value, backend
        As :func:`array_divisors`.
    sources, targets : ndarray of int64
        Labels of columns and rows.
    ring : Ring
        Q or F_p.

    Raises
    ------
    DomainError
        If the ring is no field, or an entry lowers the label.
    """
    if not ring.is_field:
        message = f"{ring}[H] is no principal ideal domain: {ring} is no field"
        raise DomainError(message, hint="work over Q or a prime field")
    bad = np.flatnonzero(targets[row] < sources[column])
    if len(bad):
        i, j = int(row[bad[0]]), int(column[bad[0]])
        message = f"the entry ({i}, {j}) lowers the label from {sources[j]} to {targets[i]}"
        raise DomainError(message, hint="a filtered differential keeps or raises labels")
    module, prime = _kernels(backend), ring.characteristic
    if module is not None and prime < _LARGEST_PRIME and value.dtype == np.int64:
        reduced = value % prime if prime else value
        found = module.graded_pivots(row, column, reduced, sources, targets, prime)
        if found is not None:
            return found[0].tolist(), found[1].tolist()
    columns = {j: {i: a for i, x in c.items() if (a := ring.element(x))} for j, c in _rows(column, row, value).items()}
    pivots = graded_pivots(columns, sources.tolist(), targets.tolist(), ring)
    return [p.source for p in pivots], [p.target for p in pivots]
