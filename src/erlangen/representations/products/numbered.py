"""Numbers that stand for nodes or elements: integers within a range.

Definition: an index tensor holds integers from 0 to ``size - 1``.
Convention: in a compiled graph nothing is checked, because nothing is known there.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.errors import DomainError

__all__ = ["check_integers", "check_numbers"]

_INTEGERS = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8)


def check_integers(index: Tensor, name: str) -> None:
    """Refuse a tensor of another type than integers.

    Raises
    ------
    DomainError
        With its type.

    Examples
    --------
    >>> check_integers(torch.tensor([0, 2]), "elements")
    """
    if index.dtype not in _INTEGERS:
        message = f"{name} must be integers, got {index.dtype}"
        raise DomainError(message, hint="one-hot rows become numbers by argmax(-1)")


def check_numbers(index: Tensor, size: int, name: str, of: str) -> None:
    """Refuse numbers that are not integers, or that are negative or not below ``size``.

    Raises
    ------
    DomainError
        With the first offender.

    Examples
    --------
    >>> check_numbers(torch.tensor([0, 2]), 2, "elements", "elements with weights")
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: elements[1] = 2, but there are 2 elements with weights (number them from 0)
    """
    check_integers(index, name)
    if torch.compiler.is_compiling():
        return
    outside = (index < 0) | (index >= size)
    if bool(outside.any()):
        first = int(outside.nonzero()[0, 0])
        message = f"{name}[{first}] = {int(index[first])}, but there are {size} {of}"
        raise DomainError(message, hint="number them from 0")
