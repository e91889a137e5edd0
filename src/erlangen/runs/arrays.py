"""Arrays as safetensors bytes.

Definition: one array a blob, under the name ``array``; the format holds dtype, shape and raw little-endian entries, never code.
Convention: any numeric or Boolean dtype safetensors knows; others are refused before they are stored.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from erlangen.errors import DomainError, StoreError

__all__ = ["decode_array", "encode_array"]

_KEY = "array"


def encode_array(array: object, name: str) -> bytes:
    """Return the bytes of an array.

    Raises
    ------
    DomainError
        If it holds objects, texts or a dtype the format lacks.

    Examples
    --------
    >>> decode_array(encode_array([[1.0, 2.0]], "x"), "x")
    array([[1., 2.]])
    """
    try:
        values = np.asarray(array)
        if values.dtype.kind not in "fiub":
            raise TypeError(values.dtype)
        native = values.astype(values.dtype.newbyteorder("="), copy=False)
        return save({_KEY: np.ascontiguousarray(native).reshape(values.shape)})
    except (TypeError, ValueError, KeyError, SafetensorError) as error:
        message = f"array {name!r} cannot be kept: {error}"
        raise DomainError(message, hint="pass an array of real numbers (split complex ones)") from error


def decode_array(data: bytes, name: str) -> NDArray[Any]:
    """Return the array of :func:`encode_array`'s bytes.

    Raises
    ------
    StoreError
        If the bytes are damaged.
    """
    try:
        return load(data)[_KEY]
    except (SafetensorError, KeyError, ValueError) as error:
        message = f"array {name!r} is damaged: {error}"
        raise StoreError(message, hint="`erlangen doctor` checks the store; run it again") from error
