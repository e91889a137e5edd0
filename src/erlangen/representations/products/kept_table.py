"""Tables that are made once for their arguments and stand in compiled graphs as constants.

Definition: a decorator of functions of hashable arguments: results are kept, and tracing takes them as they are.
Convention: what is kept is shared by all callers and must not be changed; a graph may ask a function of one tensor for several.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from torch import Tensor

from erlangen.representations.kept_tensors import ordinary_tensors

__all__ = ["kept_table"]

P = ParamSpec("P")
T = TypeVar("T")


def kept_table(function: Callable[P, T]) -> Callable[P, T]:
    """Keep the results of a function, 128 of them, also from within compiled graphs.

    Examples
    --------
    >>> import torch
    >>> @kept_table
    ... def table(n: int) -> torch.Tensor:
    ...     return torch.eye(n)
    >>> table(2) is table(2)
    True
    """
    kept = functools.lru_cache(maxsize=128)(ordinary_tensors(function))
    alone = function.__annotations__.get("return") in ("Tensor", Tensor)

    def boxed(*arguments: Any) -> Any:
        return (kept(*arguments),) if alone else kept(*arguments)

    code: Any = boxed
    code.__code__ = code.__code__.replace(co_name=function.__name__)  # by which a graph names the constant
    code._dynamo_marked_constant = True  # what torch.compiler.assume_constant_result sets, without loading the compiler
    if not alone:
        functools.update_wrapper(code, function)
        return cast(Callable[P, T], code)

    @functools.wraps(function)
    def call(*arguments: Any) -> Any:
        return boxed(*arguments)[0]  # two constants of one name are refused as tensors, not as parts of tuples

    return cast(Callable[P, T], call)
