r"""An irreducible representation of O(3).

Definition: the degree l >= 0 and the parity p = +1 (even) or -1 (odd); dimension 2l + 1; the inversion acts by p.
Convention: printed ``1o``, read also as ``1y`` with p = (-1)^l; ordered by (l, p), odd before even, as e3nn 0.6 sorts.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError
from erlangen.representations.grammar import parse_irrep
from erlangen.representations.rotation_blocks import characters, matrices
from erlangen.validation import check_integer

__all__ = ["Irrep"]


@dataclass(frozen=True, order=True, init=False, repr=False, slots=True)
class Irrep:
    r"""The irreducible representation of O(3) of degree l and parity p.

    Parameters
    ----------
    l : int, str, tuple or Irrep
        The degree; or both together as ``"1o"``, ``"2e"``, ``"3y"`` or ``(1, -1)``.
    p : {1, -1}, optional
        The parity, where ``l`` is an integer.

    Raises
    ------
    ParseError
        If a text is no irrep; its position is named.
    DomainError
        If l is negative or p neither 1 nor -1.

    Examples
    --------
    >>> Irrep(1, -1), Irrep("2y"), Irrep("2o").dim
    (1o, 2e, 5)
    >>> list(Irrep("1o") * Irrep("1o"))
    [0e, 1e, 2e]
    """

    l: int
    p: int
    unitary: ClassVar[bool] = True

    def __init__(self, l: int | str | tuple[int, int] | Irrep, p: int | None = None) -> None:
        degree, parity = _read(l, p)
        object.__setattr__(self, "l", degree)
        object.__setattr__(self, "p", parity)

    def __reduce__(self) -> tuple[Any, ...]:
        return Irrep, (self.l, self.p)

    def __iter__(self) -> Iterator[int]:
        yield self.l
        yield self.p

    def __repr__(self) -> str:
        return f"{self.l}{'e' if self.p == 1 else 'o'}"

    @property
    def dim(self) -> int:
        """The dimension ``2l + 1``."""
        return 2 * self.l + 1

    def is_scalar(self) -> bool:
        """Whether it is the trivial representation ``0e``."""
        return self.l == 0 and self.p == 1

    def __mul__(self, other: object) -> Iterator[Irrep]:
        """Yield the irreps of the tensor product, in ascending degree."""
        if not isinstance(other, (Irrep, str)):
            return NotImplemented
        other = Irrep(other)
        low, high, p = abs(self.l - other.l), self.l + other.l, self.p * other.p
        return (Irrep(l, p) for l in range(low, high + 1))

    @array_edge("R")
    def matrix(self, R: Tensor) -> Tensor:
        """Return the matrices ``(..., 2l + 1, 2l + 1)`` of orthogonal ``R`` ``(..., 3, 3)``; see :func:`wigner_d`.

        Examples
        --------
        >>> import numpy as np
        >>> float(Irrep("0o").matrix(-np.eye(3))[0, 0])
        -1.0
        """
        return matrices(((self.l, self.p),), R)[0]

    @array_edge("R")
    def character(self, R: Tensor) -> Tensor:
        r"""Return the traces of the matrices, ``(...)``: :math:`p^k \sin((l + \frac12)\theta)/\sin(\theta/2)`, k = 1 for reflections.

        Examples
        --------
        >>> import numpy as np
        >>> float(Irrep("3e").character(np.eye(3)))
        7.0
        """
        return characters(((self.l, self.p),), R)[0]

    def decompose(self) -> list[tuple[Irrep, int]]:
        """Return itself, once."""
        return [(self, 1)]

    @staticmethod
    def iterator(lmax: int | None = None) -> Iterator[Irrep]:
        """Yield all irreps up to degree ``lmax``, for each degree first the parity of the harmonics.

        Examples
        --------
        >>> list(Irrep.iterator(1))
        [0e, 0o, 1o, 1e]
        """
        for l in itertools.count() if lmax is None else range(lmax + 1):
            yield Irrep(l, (-1) ** l)
            yield Irrep(l, -((-1) ** l))


def _read(l: Any, p: Any) -> tuple[int, int]:
    if p is None:
        if isinstance(l, Irrep):
            return l.l, l.p
        if isinstance(l, str):
            return parse_irrep(l)
        if not isinstance(l, tuple) or len(l) != 2:
            message = f"an irrep needs a degree and a parity, got {l!r}"
            raise DomainError(message, hint="write Irrep(1, -1) or Irrep('1o')")
        l, p = l
    degree = check_integer(l, "l", low=0)
    if check_integer(p, "p") not in (-1, 1):
        message = f"p must be 1 (even) or -1 (odd), got p={p}"
        raise DomainError(message, hint="the parity is the sign by which the inversion acts")
    return degree, int(p)
