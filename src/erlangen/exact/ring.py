"""Coefficient rings: the integers, the rationals and the prime fields.

Definition: Z, Q and F_p = Z/p with p prime; elements are Python integers, in Q also fractions, in F_p the representatives 0..p-1.
Convention: a ring prints as Z, Q or F2; ``parse_ring`` reads that and the other customary spellings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from erlangen.errors import DomainError, ParseError

__all__ = ["Element", "F", "Q", "Ring", "RingLike", "Z", "is_prime", "parse_ring"]

Element: TypeAlias = "int | Fraction"

_WITNESSES = (
    2,
    3,
    5,
    7,
    11,
    13,
    17,
    19,
    23,
    29,
    31,
    37,
)  # decide every number below 3.3e24 (Sorenson and Webster 2017)
_LARGEST = 2**63


def is_prime(n: int) -> bool:
    """Return whether an integer below ``2^64`` is prime, by the Miller–Rabin test with witnesses that decide all of them.

    References
    ----------
    J. Sorenson and J. Webster, Strong pseudoprimes to twelve prime bases, Math. Comp. 86 (2017), theorem 1.

    Examples
    --------
    >>> [n for n in range(20) if is_prime(n)]
    [2, 3, 5, 7, 11, 13, 17, 19]
    """
    if n < 2:
        return False
    for prime in _WITNESSES:
        if n % prime == 0:
            return n == prime
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(pow(a, odd, n), twos, n) for a in _WITNESSES)


def _passes(power: int, twos: int, n: int) -> bool:
    if power in (1, n - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % n
        if power == n - 1:
            return True
    return False


@final
@dataclass(frozen=True, repr=False)
class Ring:
    """One of the rings Z, Q and F_p.

    Parameters
    ----------
    characteristic : int
        0, or a prime p below ``2^63``.
    is_field : bool
        False for Z alone.

    Raises
    ------
    DomainError
        If the characteristic is neither 0 nor a prime.

    Examples
    --------
    >>> F(7).inverse(3), Q.inverse(2), Z.is_unit(-1)
    (5, Fraction(1, 2), True)
    >>> F(6)
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: p = 6 is not a prime number, so Z/6 is not a field (choose a prime; prime powers have fields of their own, not offered here)
    """

    characteristic: int
    is_field: bool

    def __post_init__(self) -> None:
        p = self.characteristic
        if p == 0:
            return
        if not 2 <= p < _LARGEST:
            message = f"p = {p} is outside the range of prime fields, 2 <= p < 2^63"
            raise DomainError(message, hint="choose a smaller prime")
        if not is_prime(p):
            message = f"p = {p} is not a prime number, so Z/{p} is not a field"
            raise DomainError(message, hint="choose a prime; prime powers have fields of their own, not offered here")

    def element(self, value: Element) -> Element:
        """Return a number in the ring's normal form: an integer, a reduced fraction that is no integer, a residue 0..p-1.

        Raises
        ------
        DomainError
            If a fraction has no place in the ring.
        """
        p = self.characteristic
        if isinstance(value, Fraction) and value.denominator == 1:
            value = value.numerator
        if p == 0:
            if isinstance(value, Fraction) and not self.is_field:
                message = f"{value} is not an integer"
                raise DomainError(message, hint="work over Q")
            return value
        if isinstance(value, Fraction):
            if value.denominator % p == 0:
                message = f"{value} has no meaning over {self}: its denominator is 0 there"
                raise DomainError(message, hint="choose another prime")
            return value.numerator * pow(value.denominator, -1, p) % p
        return value % p

    def is_unit(self, value: Element) -> bool:
        """Return whether an element in normal form has an inverse."""
        return value != 0 if self.is_field else value in (1, -1)

    def inverse(self, value: Element) -> Element:
        """Return the inverse of a unit in normal form.

        Raises
        ------
        DomainError
            If there is none.
        """
        if not self.is_unit(value):
            message = f"{value} has no inverse in {self}"
            raise DomainError(message, hint="divide by units only")
        if self.characteristic:
            return pow(int(value), -1, self.characteristic)
        return value if value in (1, -1) else self.element(1 / Fraction(value))

    def __str__(self) -> str:
        return f"F{self.characteristic}" if self.characteristic else "Q" if self.is_field else "Z"

    def __repr__(self) -> str:
        return f"F({self.characteristic})" if self.characteristic else str(self)


RingLike: TypeAlias = "Ring | str"

Z = Ring(0, False)
Q = Ring(0, True)


def F(p: int) -> Ring:  # noqa: N802 (the field's own name)
    """Return the field of p elements; p must be prime.

    Examples
    --------
    >>> F(2), str(F(3))
    (F(2), 'F3')
    """
    return Ring(p, True)


_FIELD = re.compile(r"(?:FF?_?\{?|GF|Z/|ZZ/)\(?(\d+)\)?\}?Z?")


def parse_ring(text: RingLike) -> Ring:
    """Return the ring a text names: ``Z``, ``ZZ``, ``Q``, ``QQ``, ``F2``, ``F_2``, ``F(2)``, ``GF(2)``, ``Z/2``; a ring is returned as it is.

    Raises
    ------
    ParseError
        If the text names no ring.
    DomainError
        If it names Z/n with n not prime.

    Examples
    --------
    >>> parse_ring("GF(2)") == parse_ring("F_2") == F(2), parse_ring("ZZ")
    (True, Z)
    """
    if isinstance(text, Ring):
        return text
    word = str(text).strip().replace(" ", "")
    if word in ("Z", "ZZ"):
        return Z
    if word in ("Q", "QQ"):
        return Q
    found = _FIELD.fullmatch(word)
    if found is None:
        message = f"{text!r} names no ring"
        raise ParseError(
            message, position=0, expected="Z, Q or Fp", hint="write 'Z', 'Q', or 'F' and a prime, as in 'F2'"
        )
    return F(int(found[1]))
