"""Checks of what a link is made from.

Definition: a check returns its argument in the form the caller needs, or raises naming argument, index, law and remedy.
Convention: labels, signs and numbers are plain integers.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError

__all__ = ["check_found", "check_framings", "check_index", "check_indices", "check_signs", "flat_labels", "natural"]


def natural(value: object, name: str) -> int:
    """Return a number of things."""
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < 0:
        message = f"{name} must be an integer >= 0, got {value!r}"
        raise DomainError(message, hint="pass a number of components")
    return int(value)


def flat_labels(pd: Iterable[Iterable[int]] | NDArray[np.integer[Any]]) -> list[int]:
    """Return the labels of all ends in order."""
    rows = pd.tolist() if isinstance(pd, np.ndarray) else pd
    if isinstance(rows, (list, tuple)) and set(map(type, rows)) <= {list, tuple} and set(map(len, rows)) <= {4}:
        quick = list(chain.from_iterable(rows))
        if set(map(type, quick)) <= {int}:
            return quick
    flat: list[int] = []
    try:
        for index, row in enumerate(rows):
            start = len(flat)
            flat.extend(map(operator.index, row))
            if len(flat) != start + 4:
                message = f"pd: crossing {index} has {len(flat) - start} labels, not 4"
                raise ShapeError(message, hint="a crossing is X[i, j, k, l]")
    except TypeError as error:
        message = f"pd must be a list of crossings, each four integers, got {pd!r}"
        raise DomainError(message, hint="for example [[1, 5, 2, 4], [3, 1, 4, 6], [5, 3, 6, 2]]") from error
    return flat


def check_signs(signs: Sequence[int], n: int) -> list[int]:
    """Return the signs of ``n`` crossings."""
    found = [int(sign) for sign in signs]
    if len(found) != n:
        message = f"signs has {len(found)} entries for {n} crossings"
        raise ShapeError(message, hint="give one sign for each crossing")
    for index, sign in enumerate(found):
        if sign not in (1, -1):
            message = f"signs[{index}] = {sign} is neither 1 nor -1"
            raise DomainError(message, hint="a crossing is positive, 1, or negative, -1")
    return found


def check_found(found: Sequence[int], given: Sequence[int | None] | None) -> None:
    """Refuse signs that the orientation of the diagram contradicts."""
    for index, (sign, wanted) in enumerate(zip(found, given or (), strict=False)):
        if wanted and sign != wanted:
            message = f"signs[{index}] = {wanted}, but the labels make crossing {index} have sign {sign}"
            raise DomainError(message, hint="leave signs out, or list the crossing from its incoming under edge")


def check_index(value: object, name: str, count: int, what: str) -> int:
    """Return an index below ``count``."""
    index = natural(value, name)
    if index >= count:
        message = f"{name} = {index}, but there are {count} {what}"
        raise DomainError(message, hint=f"{what} are numbered from 0")
    return index


def check_indices(values: int | Iterable[int], name: str, count: int, what: str) -> tuple[int, ...]:
    """Return one or several indices below ``count``."""
    several = values if isinstance(values, Iterable) else (values,)
    return tuple(check_index(value, f"{name}[{place}]", count, what) for place, value in enumerate(several))


def check_framings(framing: int | Sequence[int], count: int) -> list[int]:
    """Return one framing for each component."""
    if not isinstance(framing, Sequence):
        return [operator.index(framing)] * count
    if len(framing) != count:
        message = f"framing has {len(framing)} entries for {count} components"
        raise ShapeError(message, hint="give one framing for each component, or one integer for all")
    return [operator.index(f) for f in framing]
