r"""A path of a tensor product: which summands meet, where the result goes, and how the copies are joined.

Definition: ``in1[i_in1]`` times ``in2[i_in2]`` into ``out[i_out]``; the mode names the copies, ``uvw``: :math:`z_w = \sum_{uv} w_{uvw}\, x_u \otimes y_v`.
Convention: the modes and shapes of e3nn's instructions; the path weight multiplies the variance, its root the values.
"""

from __future__ import annotations

from dataclasses import dataclass

from erlangen.errors import DomainError
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["MODES", "Path"]

MODES = ("uvw", "uvu", "uvv", "uuw", "uuu", "uvuv", "uvu<v", "u<vw")


@dataclass(frozen=True)
class Path:
    """One path of a tensor product, e3nn's instruction.

    Parameters
    ----------
    i_in1, i_in2, i_out : int
        Positions of the summands in the three irreps.
    mode : str
        ``uvw`` (fully connected), ``uvu``, ``uvv``, ``uuw``, ``uuu``, ``uvuv``, ``uvu<v`` or ``u<vw``.
    has_weight : bool
        Whether the copies are weighted by learnable numbers.
    path_weight : float
        Factor of the variance, at least 0.

    Raises
    ------
    DomainError
        If a position or the weight is negative, the mode unknown, or a mode that mixes copies has no weights.

    Examples
    --------
    >>> Path(0, 1, 0, "uvu")
    Path(i_in1=0, i_in2=1, i_out=0, mode='uvu', has_weight=True, path_weight=1.0)
    >>> Path(0, 1, 0, "uvw").shape(16, 4, 8)
    (16, 4, 8)
    """

    i_in1: int
    i_in2: int
    i_out: int
    mode: str = "uvw"
    has_weight: bool = True
    path_weight: float = 1.0

    def __post_init__(self) -> None:
        for name in ("i_in1", "i_in2", "i_out"):
            check_integer(getattr(self, name), name, low=0)
        check_choice(self.mode, "mode", MODES)
        object.__setattr__(self, "path_weight", check_real(self.path_weight, "path_weight", low=0))
        if self.mode in {"uvw", "u<vw"} and not self.has_weight:
            message = f"mode {self.mode!r} mixes copies by weights, has_weight=False was given"
            raise DomainError(message, hint="use 'uvuv', 'uvu' or 'uuu' for products without weights")

    def shape(self, mul1: int, mul2: int, mul_out: int) -> tuple[int, ...]:
        """Return the shape of the weights for these multiplicities."""
        pairs = mul1 * (mul2 - 1) // 2
        return {
            "uvw": (mul1, mul2, mul_out),
            "uvu": (mul1, mul2),
            "uvv": (mul1, mul2),
            "uuw": (mul1, mul_out),
            "uuu": (mul1,),
            "uvuv": (mul1, mul2),
            "uvu<v": (pairs,),
            "u<vw": (pairs, mul_out),
        }[self.mode]

    def elements(self, mul1: int, mul2: int) -> int:
        """Return how many products are summed into one entry of the output.

        Examples
        --------
        >>> Path(0, 0, 0, "uvu").elements(16, 4)
        4
        """
        return {
            "uvw": mul1 * mul2,
            "uvu": mul2,
            "uvv": mul1,
            "uuw": mul1,
            "u<vw": mul1 * (mul2 - 1) // 2,
        }.get(self.mode, 1)

    def misfit(self, mul1: int, mul2: int, mul_out: int) -> str | None:
        """Return what is wrong with these multiplicities, or None.

        Examples
        --------
        >>> Path(0, 0, 0, "uuu", False).misfit(3, 4, 3)
        'mul1 = mul2 = mul_out'
        """
        pairs = mul1 * (mul1 - 1) // 2
        holds, law = {
            "uvw": (True, ""),
            "uvu": (mul1 == mul_out, "mul1 = mul_out"),
            "uvv": (mul2 == mul_out, "mul2 = mul_out"),
            "uuw": (mul1 == mul2, "mul1 = mul2"),
            "uuu": (mul1 == mul2 == mul_out, "mul1 = mul2 = mul_out"),
            "uvuv": (mul1 * mul2 == mul_out, "mul1 mul2 = mul_out"),
            "uvu<v": (mul1 == mul2 and pairs == mul_out, "mul1 = mul2, mul1 (mul1 - 1) / 2 = mul_out"),
            "u<vw": (mul1 == mul2, "mul1 = mul2"),
        }[self.mode]
        if holds and self.mode == "uuw" and not self.has_weight:
            holds, law = mul_out == 1, "mul_out = 1 without weights"
        return None if holds else law
