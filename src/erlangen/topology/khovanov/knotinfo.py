"""KnotInfo's and LinkInfo's ways to write bigraded groups.

Definition: vectors are rows [torsion, multiplicity, h, q]; polynomials are sums of t^(h)*q^(q)*T^(order).
Convention: in vectors free summands are marked 0 over Z, 1 over Q, p over F_p (columns khovanov_*_vector, 2026.11); nothing is evaluated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from erlangen.errors import ParseError
from erlangen.exact import F, Q, Ring, Z
from erlangen.exact.polynomial_text import parse_terms

__all__ = ["free_mark", "polynomial_of", "read", "summands_of_polynomial"]

Summand = tuple[int, int, int, int]
_VARIABLES = {"t", "q", "T"}


def free_mark(ring: Ring) -> int:
    """Return the number that marks free summands in vectors."""
    return ring.characteristic or int(ring.is_field)


def read(value: str | Iterable[Iterable[int]], ring: Ring | None) -> tuple[list[Summand], Ring]:
    """Return the summands and the ring of a vector or a polynomial; without a ring, what the marks say, or Z.

    Raises
    ------
    ParseError
        If it is neither, or no ring has these marks.
    """
    if isinstance(value, str) and not value.lstrip().startswith("["):
        return summands_of_polynomial(value), ring or Z
    rows = _json(value) if isinstance(value, str) else [list(row) for row in value]
    bad = next((row for row in rows if len(row) != 4 or not all(isinstance(x, int) for x in row)), None)
    if bad is not None:
        message = f"{bad} is no row [torsion, multiplicity, h, q]"
        raise ParseError(message, expected="four integers", hint="pass a column khovanov_*_vector of KnotInfo")
    base = ring or _ring_of({row[0] for row in rows})
    mark = free_mark(base)
    if mark != 1 and any(row[0] == 1 for row in rows):
        message = f"a summand is marked 1, as over Q, in a vector over {base}"
        raise ParseError(message, expected="0 for Z, or the prime p for F_p", hint="pass ring='Q'")
    return [(0 if order == mark else order, n, h, q) for order, n, h, q in rows], base


def _ring_of(marks: set[int]) -> Ring:
    """Return Z where a summand is marked 0 (a link's homology is never all torsion), else the field all marks name."""
    if 0 in marks or not marks:
        return Z
    if len(marks) > 1:
        message = f"summands are marked {sorted(marks)}: no field has several marks, and over Z one is 0"
        raise ParseError(message, expected="one mark, or 0 among them", hint="pass ring=")
    mark = marks.pop()
    return Q if mark == 1 else F(mark)


def _json(text: str) -> list[list[Any]]:
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"{text[:40]!r} is no vector of KnotInfo: {error.msg} at offset {error.pos}"
        raise ParseError(message, position=error.pos, expected="[[torsion, multiplicity, h, q], ...]") from error
    return [row if isinstance(row, list) else [row] for row in rows]


def summands_of_polynomial(text: str) -> list[Summand]:
    """Return the summands of a Poincaré polynomial in t, q and T.

    Raises
    ------
    ParseError
        If it is no polynomial, or one with other variables, fractional exponents or T to a negative power.
    """
    summands = []
    for n, powers in parse_terms(text):
        stranger = next((name for name in powers if name not in _VARIABLES), None)
        if stranger is not None:
            message = f"{stranger!r} is no variable of a Poincaré polynomial"
            raise ParseError(message, position=text.find(stranger), expected="t, q and T")
        h, q, order = (powers.get(name, 0) for name in ("t", "q", "T"))
        if order < 0 or any(int(e) != e for e in (h, q, order)):
            message = f"the exponents of {text!r} are not those of a bigraded group"
            raise ParseError(message, expected="integers, and T to a positive power")
        summands.append((int(order), n, int(h), int(q)))
    return summands


def _power(name: str, exponent: int) -> list[str]:
    return [] if exponent == 0 else [name] if exponent == 1 else [f"{name}^({exponent})"]


def polynomial_of(summands: Iterable[Summand]) -> str:
    """Return the polynomial of sorted summands as KnotInfo writes it."""
    terms = []
    for order, n, h, q in summands:
        factors = _power("t", h) + _power("q", q) + _power("T", order)
        terms.append("*".join(([str(n)] if n != 1 or not factors else []) + factors))
    return "+ ".join(terms) or "0"
