"""What kind of numbers a feature is made of, refused by name where it does not fit.

Definition: features are real floating tensors, and those that meet in one operation have one dtype and one device.
Convention: a wrong kind is a :class:`erlangen.errors.DtypeError`, a ``TypeError``; nothing is promoted silently.
"""

from __future__ import annotations

from torch import Tensor

from erlangen.errors import DtypeError

__all__ = ["check_floating", "check_one_kind"]


def check_floating(x: object, name: str) -> None:
    """Refuse what is not a real floating tensor.

    Raises
    ------
    DtypeError
        With the kind it is.

    Examples
    --------
    >>> import torch
    >>> check_floating(torch.arange(3), "x")
    Traceback (most recent call last):
        ...
    erlangen.errors.DtypeError: x must be a floating tensor, got torch.int64 (convert it, e.g. .to(torch.float32))
    """
    if not isinstance(x, Tensor) or not x.is_floating_point():
        kind = x.dtype if isinstance(x, Tensor) else type(x).__name__
        message = f"{name} must be a floating tensor, got {kind}"
        raise DtypeError(message, hint="convert it, e.g. .to(torch.float32)")


def check_one_kind(x: Tensor, y: Tensor, names: tuple[str, str] = ("x", "y")) -> None:
    """Refuse two tensors of different dtype or device.

    Raises
    ------
    DtypeError
        With both kinds.

    Examples
    --------
    >>> import torch
    >>> check_one_kind(torch.zeros(1), torch.zeros(1))
    """
    if x.dtype != y.dtype or x.device != y.device:
        message = f"{names[0]} is {x.dtype} on {x.device}, {names[1]} is {y.dtype} on {y.device}"
        raise DtypeError(message, hint="convert one of them")
