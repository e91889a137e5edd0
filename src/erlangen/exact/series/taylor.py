"""Truncated Taylor series in several variables over a prime field, for ranks at a generic point.

Definition: ``Σ c_k δ^k``, ``|k| <= order``, with coefficients modulo ``p = 2^61 - 1``; products drop what lies beyond the order.
Convention: a derivative lowers the order by one; series of two orders combine at the lower one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, final

from erlangen.errors import DomainError

__all__ = ["PRIME", "Taylor"]

PRIME = 2**61 - 1
Index: TypeAlias = tuple[int, ...]


@final
class Taylor:
    """A truncated Taylor series modulo :data:`PRIME`.

    Parameters
    ----------
    terms : mapping of multi-index to int
        The coefficients.
    order : int
        The highest total degree that is kept.

    Examples
    --------
    >>> x = Taylor({(0,): 2, (1,): 1}, 2)
    >>> (1 / x * x).terms
    {(0,): 1}
    """

    __slots__ = ("order", "terms")

    def __init__(self, terms: Mapping[Index, int], order: int) -> None:
        self.terms = {index: value % PRIME for index, value in terms.items() if value % PRIME and sum(index) <= order}
        self.order = order

    @classmethod
    def _of(cls, terms: dict[Index, int], order: int) -> Taylor:
        made = cls.__new__(cls)
        made.terms, made.order = terms, order
        return made

    def _number(self, value: int) -> Taylor:
        size = len(next(iter(self.terms), ()))
        return Taylor({(0,) * size: value}, self.order)

    def __add__(self, other: Taylor | int) -> Taylor:
        right = other if isinstance(other, Taylor) else self._number(other)
        order = min(self.order, right.order)
        total = (
            {index: value for index, value in self.terms.items() if sum(index) <= order}
            if order < self.order
            else dict(self.terms)
        )
        for index, value in right.terms.items():
            if order < right.order and sum(index) > order:
                continue
            summed = (total.get(index, 0) + value) % PRIME
            if summed:
                total[index] = summed
            else:
                total.pop(index, None)
        return Taylor._of(total, order)

    def __neg__(self) -> Taylor:
        return Taylor._of({index: PRIME - value for index, value in self.terms.items()}, self.order)

    def __sub__(self, other: Taylor | int) -> Taylor:
        return self + -other

    def __rsub__(self, other: int) -> Taylor:
        return -self + other

    def __mul__(self, other: Taylor | int) -> Taylor:
        if isinstance(other, int):
            return Taylor({index: value * other for index, value in self.terms.items()}, self.order)
        order = min(self.order, other.order)
        total: dict[Index, int] = {}
        right = [(index, sum(index), value) for index, value in other.terms.items()]
        for index, value in self.terms.items():
            left = order - sum(index)
            for more, degree, factor in right:
                if degree <= left:
                    key = tuple(map(int.__add__, index, more))
                    total[key] = total.get(key, 0) + value * factor
        return Taylor._of({key: reduced for key, value in total.items() if (reduced := value % PRIME)}, order)

    __radd__ = __add__
    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def value(self) -> int:
        """The constant term.

        Examples
        --------
        >>> Taylor({(0, 0): 7}, 1).value
        7
        """
        return next((value for index, value in self.terms.items() if not any(index)), 0)

    def inverse(self) -> Taylor:
        """Return ``1/f``, by Newton's doubling.

        Raises
        ------
        DomainError
            If the constant term vanishes.

        Examples
        --------
        >>> (Taylor({(0,): 1, (1,): 1}, 3).inverse()).terms[(2,)]
        1
        """
        if not self.value:
            message = "the series has no inverse: its constant term vanishes modulo the prime"
            raise DomainError(message, hint="choose another point")
        result = self._number(pow(self.value, -1, PRIME))
        known = 0
        while known < self.order:
            known = 2 * known + 1
            result = result * (2 - self * result)
        return result

    def __truediv__(self, other: Taylor | int) -> Taylor:
        return self * (other.inverse() if isinstance(other, Taylor) else pow(other, -1, PRIME))

    def __rtruediv__(self, other: int) -> Taylor:
        return self.inverse() * other

    def __pow__(self, exponent: int) -> Taylor:
        base = self if exponent >= 0 else self.inverse()
        result = self._number(1)
        for bit in bin(abs(exponent))[2:]:
            result = result * result
            result = result * base if bit == "1" else result
        return result

    def derivative(self, place: int) -> Taylor:
        """Return the derivative in one variable.

        Examples
        --------
        >>> Taylor({(2,): 3}, 2).derivative(0).terms
        {(1,): 6}
        """
        terms = {
            (*index[:place], index[place] - 1, *index[place + 1 :]): value * index[place]
            for index, value in self.terms.items()
            if index[place]
        }
        return Taylor(terms, self.order - 1)

    def __repr__(self) -> str:
        return f"Taylor({self.terms!r}, {self.order})"
