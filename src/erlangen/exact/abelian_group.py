"""Finitely generated abelian groups, up to isomorphism.

Definition: Z^r + Z/p1^e1 + Z/p2^e2 + ..., the primary decomposition, which is unique (Lang, Algebra, theorem I.8.2).
Convention: torsion is a sorted tuple of prime powers, repeated as often as they occur; ``Z/6`` given is ``Z/2 + Z/3`` kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import final

from erlangen.errors import DomainError, ParseError
from erlangen.exact.flint_later import fmpz
from erlangen.exact.ring import Ring

__all__ = ["AbelianGroup", "prime_powers"]

_SMALL = 10_000
_TERM = re.compile(r"Z(?:\^(?P<rank>\d+))?|Z/(?P<order>\d+)|\(Z/(?P<many>\d+)\)\^(?P<times>\d+)")


def prime_powers(n: int) -> tuple[int, ...]:
    """Return the prime powers whose product is a positive integer, one a prime, ascending.

    Examples
    --------
    >>> prime_powers(720)
    (5, 9, 16)
    """
    if n <= _SMALL:
        return _small_powers(n)
    return tuple(sorted(int(p) ** int(e) for p, e in fmpz(n).factor()))


@lru_cache(maxsize=4096)
def _small_powers(n: int) -> tuple[int, ...]:
    """Return the prime powers of a small number by division, which costs less than to load FLINT."""
    found, prime = [], 2
    while prime * prime <= n:
        power = 1
        while n % prime == 0:
            n, power = n // prime, power * prime
        found += [power] if power > 1 else []
        prime += 1
    return tuple(sorted([*found, n] if n > 1 else found))


@final
@dataclass(frozen=True)
class AbelianGroup:
    """A finitely generated abelian group.

    Parameters
    ----------
    rank : int
        Number of summands Z.
    torsion : iterable of int
        Orders of cyclic summands, each at least 1; they are split into prime powers and sorted.

    Raises
    ------
    DomainError
        If the rank is negative or an order is not positive.

    Examples
    --------
    >>> AbelianGroup(1, (6, 4))
    AbelianGroup(rank=1, torsion=(2, 3, 4))
    >>> str(AbelianGroup(2, (2, 2, 4))), AbelianGroup.parse("Z^2 + (Z/2)^2 + Z/4").torsion
    ('Z^2 + (Z/2)^2 + Z/4', (2, 2, 4))
    """

    rank: int = 0
    torsion: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.rank < 0:
            message = f"rank must be >= 0, got rank={self.rank}"
            raise DomainError(message, hint="a rank counts summands")
        if self.torsion == ():
            object.__setattr__(self, "torsion", ())
            return
        bad = next((n for n in self.torsion if n < 1), None)
        if bad is not None:
            message = f"torsion holds {bad}; the order of a finite cyclic group is at least 1"
            raise DomainError(message, hint="count summands Z in the rank")
        powers = sorted(q for n in self.torsion for q in prime_powers(int(n)))
        object.__setattr__(self, "torsion", tuple(powers))

    def __add__(self, other: AbelianGroup) -> AbelianGroup:
        return AbelianGroup(self.rank + other.rank, self.torsion + other.torsion)

    def __mul__(self, times: int) -> AbelianGroup:
        return AbelianGroup(self.rank * times, self.torsion * times)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        """Return whether the group is not trivial."""
        return bool(self.rank or self.torsion)

    @property
    def torsion_order(self) -> int:
        """Number of elements of finite order."""
        return prod(self.torsion)

    @property
    def invariant_factors(self) -> tuple[int, ...]:
        """The orders ``d_1 | d_2 | ...``, all greater than 1, of the other normal form.

        Examples
        --------
        >>> AbelianGroup(0, (2, 2, 4, 3, 9)).invariant_factors
        (2, 6, 36)
        """
        chains: dict[int, list[int]] = {}
        for power in self.torsion:
            chains.setdefault(_base(power), []).append(power)
        length = max(map(len, chains.values()), default=0)
        padded = [[1] * (length - len(chain)) + chain for chain in chains.values()]
        return tuple(prod(column) for column in zip(*padded, strict=True))

    def tensor(self, other: AbelianGroup) -> AbelianGroup:
        """Return the tensor product over Z."""
        mixed = self.torsion * other.rank + other.torsion * self.rank
        return AbelianGroup(self.rank * other.rank, mixed + self.tor(other).torsion)

    def tor(self, other: AbelianGroup) -> AbelianGroup:
        """Return Tor_1 over Z: for cyclic groups Z/gcd."""
        pairs = ((a, b) for a in self.torsion for b in other.torsion if _base(a) == _base(b))
        return AbelianGroup(0, tuple(min(a, b) for a, b in pairs))

    def tensor_rank(self, ring: Ring) -> int:
        """Return the dimension of the tensor product with a field."""
        p = ring.characteristic
        return self.rank + (sum(1 for n in self.torsion if n % p == 0) if p else 0)

    @classmethod
    def parse(cls, text: str) -> AbelianGroup:
        """Read what :meth:`__str__` prints.

        Raises
        ------
        ParseError
            At the first summand that is none.
        """
        rank, torsion, position = 0, [], 0
        for part in text.split("+"):
            word = part.strip()
            found = _TERM.fullmatch(word)
            if found is None and word != "0":
                message = f"{word!r} at offset {position} is no summand of an abelian group"
                raise ParseError(
                    message, position=position, expected="Z, Z^r, Z/n or (Z/n)^k", hint="write 'Z^2 + Z/4'"
                )
            if found and found["order"]:
                torsion.append(int(found["order"]))
            elif found and found["many"]:
                torsion += [int(found["many"])] * int(found["times"])
            elif found:
                rank += int(found["rank"] or 1)
            position += len(part) + 1
        return cls(rank, tuple(torsion))

    def summands(self) -> list[tuple[int, int]]:
        """Return the pairs (order, multiplicity), order 0 for Z, without empty ones."""
        free = [(0, self.rank)] if self.rank else []
        return free + sorted(Counter(self.torsion).items())

    def __str__(self) -> str:
        return " + ".join(map(_plain, self.summands())) or "0"

    def latex(self) -> str:
        r"""Return the group in LaTeX, as in :math:`\mathbb{Z}^{2} \oplus \mathbb{Z}/4`."""
        return r" \oplus ".join(map(_latex, self.summands())) or "0"


def _base(power: int) -> int:
    """Return the prime under a prime power."""
    return int(fmpz(power).factor()[0][0])


def _plain(summand: tuple[int, int]) -> str:
    order, times = summand
    if order == 0:
        return "Z" if times == 1 else f"Z^{times}"
    return f"Z/{order}" if times == 1 else f"(Z/{order})^{times}"


def _latex(summand: tuple[int, int]) -> str:
    order, times = summand
    base = r"\mathbb{Z}" if order == 0 else rf"\mathbb{{Z}}/{order}"
    if times == 1:
        return base
    return f"{base}^{{{times}}}" if order == 0 else f"({base})^{{{times}}}"


def direct_sum(groups: Iterable[AbelianGroup]) -> AbelianGroup:
    """Return the direct sum of any number of groups."""
    total = list(groups)
    return AbelianGroup(sum(g.rank for g in total), tuple(n for g in total for n in g.torsion))
