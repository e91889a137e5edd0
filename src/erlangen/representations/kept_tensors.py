"""Tensors that are kept for later calls must be ordinary ones, whatever mode the first call was made in.

Definition: a decorator of functions that make constants: they run outside of inference mode, of ``no_grad`` and of transforms.
Convention: it stands under the decorator that keeps the results, ``@lru_cache`` or ``@kept_table``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import torch
from torch._functorch.pyfunctorch import temporarily_clear_interpreter_stack

__all__ = ["ordinary_tensors"]

P = ParamSpec("P")
T = TypeVar("T")


def ordinary_tensors(function: Callable[P, T]) -> Callable[P, T]:
    """Make the constants of a function ordinary tensors, which training may save although inference asked for them first.

    Examples
    --------
    >>> @functools.lru_cache
    ... @ordinary_tensors
    ... def table(n: int) -> torch.Tensor:
    ...     return torch.eye(n)
    >>> with torch.inference_mode():
    ...     first = table(2)
    >>> first.is_inference(), table(2) is first
    (False, True)
    """

    @functools.wraps(function)
    def made(*arguments: P.args, **named: P.kwargs) -> T:
        if torch.compiler.is_compiling():
            return function(*arguments, **named)
        transforms: Any = temporarily_clear_interpreter_stack()  # else a table of theirs would outlive them
        with transforms, torch.inference_mode(False), torch.enable_grad():  # some tables are derivatives
            return function(*arguments, **named)

    return made
