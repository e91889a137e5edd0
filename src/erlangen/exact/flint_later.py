"""FLINT's numbers and matrices, loaded when the first of them is made.

Definition: each function is the constructor of that name in python-flint.
Convention: what 64-bit integers settle never loads FLINT, whose import costs more than many a knot.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

__all__ = ["fmpz", "fmpz_mat", "nmod_mat"]


def _flint() -> Any:
    return sys.modules.get("flint") or import_module("flint")


def fmpz(value: int) -> Any:
    """Return an integer.

    Examples
    --------
    >>> fmpz(12).factor()
    [(2, 2), (3, 1)]
    """
    return _flint().fmpz(value)


def fmpz_mat(rows: Any) -> Any:
    """Return a matrix of integers.

    Examples
    --------
    >>> int(fmpz_mat([[2, 0], [0, 3]]).det())
    6
    """
    return _flint().fmpz_mat(rows)


def nmod_mat(matrix: Any, prime: int) -> Any:
    """Return a matrix modulo a prime.

    Examples
    --------
    >>> int(nmod_mat(fmpz_mat([[2, 0], [0, 3]]), 2).rank())
    1
    """
    return _flint().nmod_mat(matrix, prime)
