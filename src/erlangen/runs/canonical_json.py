"""Canonical JSON: one text for one value, so that texts can be compared, hashed and read back bit for bit.

Definition: keys sorted, no blanks, ASCII, floats by their shortest exact ``repr``; NaN and infinities are ``{"$float": "nan" | "inf" | "-inf"}``.
Convention: tuples become lists, NumPy values the Python numbers of the same value; a key that begins with ``$`` is written with one more.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

from erlangen.errors import DomainError, ParseError

__all__ = ["JSON", "canonical", "decode", "digest", "normalise"]

JSON = Any
"""A value made of ``None``, ``bool``, ``int``, ``float``, ``str``, lists and dictionaries with string keys."""

_DEPTH = 64
_DIGITS = 4000
_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def _refuse(where: str, law: str, hint: str) -> DomainError:
    return DomainError(f"{where or 'value'} {law}", hint=hint)


def _scalar(value: bool | int | float | str | None, where: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"$float": repr(float(value))}
    return _text(value, where) if isinstance(value, str) else _number(value, where)


def _number(value: int, where: str) -> int:
    if value.bit_length() > _DIGITS * 3:
        raise _refuse(
            where, f"is an integer of {value.bit_length()} bits; at most {_DIGITS * 3} can be kept", "keep its text"
        )
    return int(value)


def _text(value: str, where: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        law = f"holds the lone surrogate {value[error.start]!r} at position {error.start}"
        raise _refuse(where, law, "keep valid Unicode text only") from error
    return str(value)


def _plain(value: Any, where: str, depth: int) -> Any:
    """Return ``value`` in the form that ``json.dumps`` writes canonically."""
    if depth > _DEPTH:
        raise _refuse(where, f"is nested deeper than {_DEPTH} levels", "flatten it")
    if value is None or isinstance(value, (bool, int, float, str)):
        return _scalar(value, where)
    if isinstance(value, Mapping):
        return _object(value, where, depth)
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{where}[{i}]", depth + 1) for i, item in enumerate(value)]
    if type(value).__module__ == "numpy" and hasattr(value, "tolist") and type(value.tolist()) is not type(value):
        return _plain(value.tolist(), where, depth + 1)
    law = f"is a {type(value).__name__}, which JSON cannot keep"
    raise _refuse(where, law, "return numbers, texts, lists and dictionaries; arrays go to context.array")


def _object(value: Mapping[Any, Any], where: str, depth: int) -> dict[str, Any]:
    """Return a mapping with checked and escaped keys."""
    plain = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise _refuse(where, f"has the key {key!r} of type {type(key).__name__}", "keys must be texts")
        name = _text(key, f"{where}.{key}" if where else key)
        escaped = f"${name}" if name.startswith("$") else name
        plain[escaped] = _plain(item, f"{where}.{key}" if where else name, depth + 1)
    return plain


def canonical(value: JSON) -> str:
    """Return the canonical JSON text of ``value``.

    Raises
    ------
    DomainError
        If something in it cannot be kept exactly; the message names its place.

    Examples
    --------
    >>> canonical({"b": [1, 0.1], "a": float("nan")})
    '{"a":{"$float":"nan"},"b":[1,0.1]}'
    """
    return json.dumps(_plain(value, "", 0), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _restore(pairs: list[tuple[str, Any]]) -> Any:
    if len(pairs) == 1 and pairs[0][0] == "$float":
        try:
            return _SPECIAL[pairs[0][1]]
        except (KeyError, TypeError) as error:
            message = f'{{"$float": {pairs[0][1]!r}}} stands for no number'
            raise ParseError(message, expected="'nan', 'inf' or '-inf'") from error
    return {key[1:] if key.startswith("$") else key: value for key, value in pairs}


def _constant(text: str) -> float:
    message = f"{text} is not canonical JSON"
    raise ParseError(message, expected='{"$float": "nan"} and the like')


def decode(text: str) -> JSON:
    """Return the value of a canonical JSON text: ``canonical(decode(text)) == text``.

    Raises
    ------
    ParseError
        If the text is not JSON as :func:`canonical` writes it.

    Examples
    --------
    >>> decode('{"a":{"$float":"-inf"}}')
    {'a': -inf}
    """
    try:
        return json.loads(text, object_pairs_hook=_restore, parse_constant=_constant)
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg} at position {error.pos}"
        raise ParseError(message, position=error.pos, hint="the record was damaged") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, ParseError):
            raise
        message = f"not JSON that can be kept: {error}"
        raise ParseError(message, hint="the record was damaged") from error


def normalise(value: JSON) -> JSON:
    """Return ``value`` as it will be read back from the store.

    Examples
    --------
    >>> normalise((1, 2.0))
    [1, 2.0]
    """
    return decode(canonical(value))


def digest(*parts: str | bytes) -> str:
    """Return 64 hex of the SHA-256 of the parts, each preceded by its length so that no two lists of parts agree.

    Examples
    --------
    >>> digest("a", "b") == digest("ab")
    False
    """
    state = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8") if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.hexdigest()
