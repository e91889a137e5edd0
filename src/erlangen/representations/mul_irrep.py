"""A multiple of an irrep, the summand that a direct sum is made of.

Definition: ``mul`` copies of one irrep ``ir``, of dimension ``mul (2l + 1)``.
Convention: prints as ``16x0e``; unpacks as ``mul, ir``.
"""

from __future__ import annotations

from typing import NamedTuple

from erlangen.representations.irrep import Irrep

__all__ = ["MulIrrep"]


class MulIrrep(NamedTuple):
    """The summand ``mul x ir`` of an :class:`Irreps`.

    Parameters
    ----------
    mul : int
        Multiplicity.
    ir : Irrep
        The irrep that is repeated.

    Examples
    --------
    >>> part = MulIrrep(8, Irrep("1o"))
    >>> part, part.dim
    (8x1o, 24)
    """

    mul: int
    ir: Irrep

    @property
    def dim(self) -> int:
        """``mul (2l + 1)``."""
        return self.mul * self.ir.dim

    def __repr__(self) -> str:
        return f"{self.mul}x{self.ir}"
