"""Bigraded abelian groups: the values of link homologies.

Definition: a finitely generated abelian group in each bidegree (h, q), of which finitely many are not trivial; over a field, vector spaces.
Convention: cohomological: the mirror image moves torsion from h to 1 - h; texts are KnotInfo's, T^n for a summand Z/n.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, final

from erlangen.errors import DomainError
from erlangen.exact import AbelianGroup, LaurentPolynomial, Ring, Z, parse_ring
from erlangen.exact.abelian_group import prime_powers
from erlangen.topology.khovanov import bigraded_table, knotinfo

__all__ = ["BigradedGroup", "Summand"]

Summand = tuple[int, int, int, int]
_ORDER = ("t", "q", "T")


def _collect(summands: Iterable[Iterable[int]]) -> tuple[Summand, ...]:
    """Return summands with orders split into prime powers, places merged, zeros dropped, sorted."""
    count: Counter[tuple[int, int, int]] = Counter()
    for order, times, h, q in summands:
        if order < 0:
            message = f"a summand of order {order} at (h, q) = ({h}, {q}); orders are 0 (free) or positive"
            raise DomainError(message, hint="write 0 for Z or the field")
        for power in prime_powers(order) if order else (0,):
            count[power, h, q] += times
    bad = next((place for place, times in count.items() if times < 0), None)
    if bad is not None:
        message = f"multiplicity {count[bad]} at (h, q) = {bad[1:]}: groups have no negative summands"
        raise DomainError(message, hint="check the polynomial's signs")
    return tuple((order, times, h, q) for (order, h, q), times in sorted(count.items()) if times)


@final
@dataclass(frozen=True, repr=False)
class BigradedGroup:
    r"""A bigraded abelian group, or vector space over Q or F_p.

    Parameters
    ----------
    summands : iterable of (order, multiplicity, h, q)
        Order 0 for Z (or the field), n for Z/n; any order of entries, which are merged and sorted.
    ring : Ring or str
        Z, or the field.

    Raises
    ------
    DomainError
        If an order or a total multiplicity is negative, or there is torsion over a field.

    Examples
    --------
    >>> trefoil = BigradedGroup.parse("q + q^3 + t^2*q^5 + t^3*q^9 + t^3*q^7*T^2")
    >>> trefoil.rank(0, 1), trefoil.torsion(3, 7), str(trefoil[3, 7])
    (1, (2,), 'Z/2')
    >>> trefoil.euler(), trefoil.width, trefoil.mirror().torsion(-2, -7)
    (LaurentPolynomial.parse('q + q^3 + q^5 - q^9'), 2, (2,))
    >>> print(trefoil.table())
     q\h | 0  1  2   3
    -----+------------
      9  | .  .  .   1
      7  | .  .  .  1₂
      5  | .  .  1   .
      3  | 1  .  .   .
      1  | 1  .  .   .
    """

    summands: tuple[Summand, ...] = ()
    ring: Ring = Z

    def __init__(self, summands: Iterable[Iterable[int]] = (), ring: Ring | str = Z) -> None:
        object.__setattr__(self, "ring", parse_ring(ring))
        object.__setattr__(self, "summands", _collect(summands))
        if self.ring.is_field:
            bad = next((s for s in self.summands if s[0]), None)
            if bad is not None:
                message = f"a summand of order {bad[0]} at (h, q) = {bad[2:]} over the field {self.ring}"
                raise DomainError(message, hint="vector spaces have no torsion; use ring='Z'")

    @classmethod
    def _made(cls, summands: tuple[Summand, ...], ring: Ring) -> BigradedGroup:
        """Return the group of summands already in normal form."""
        new = object.__new__(cls)
        object.__setattr__(new, "summands", summands)
        object.__setattr__(new, "ring", ring)
        return new

    @classmethod
    def from_groups(cls, groups: Mapping[tuple[int, int], AbelianGroup], ring: Ring | str = Z) -> BigradedGroup:
        """Return the bigraded group of a mapping from (h, q) to groups."""
        return cls(((n, times, h, q) for (h, q), group in groups.items() for n, times in group.summands()), ring)

    @classmethod
    def parse(cls, text: str, ring: Ring | str = Z) -> BigradedGroup:
        """Read a Poincaré polynomial in t, q and T; ``T^n`` marks a summand Z/n.

        Raises
        ------
        ParseError
            If the text is no polynomial in these variables with natural coefficients.
        """
        return cls(knotinfo.summands_of_polynomial(text), ring)

    @classmethod
    def from_knotinfo(cls, value: str | Iterable[Iterable[int]], ring: Ring | str | None = None) -> BigradedGroup:
        """Read a column of KnotInfo or LinkInfo: a vector of ``[torsion, multiplicity, h, q]`` or a polynomial, as text or lists.

        In vectors free summands are marked 0 over Z, 1 over Q, p over F_p.

        Parameters
        ----------
        value : str or nested sequence
        ring : Ring or str, optional
            Default: what the marks of a vector say, and Z for a polynomial, which says nothing.

        Examples
        --------
        >>> BigradedGroup.from_knotinfo("[[1, 1, 0, 2], [1, 1, 2, 6], [1, 1, 3, 8]]")
        BigradedGroup.parse('q^2 + t^2*q^6 + t^3*q^8', 'Q')
        """
        return cls(*knotinfo.read(value, None if ring is None else parse_ring(ring)))

    # -- reading ------------------------------------------------------------------------------------------------------

    def rank(self, h: int | None = None, q: int | None = None) -> int:
        """Return the rank (dimension) at (h, q); an index left out is summed over."""
        return sum(n for order, n, a, b in self.summands if not order and h in (None, a) and q in (None, b))

    def torsion(self, h: int, q: int) -> tuple[int, ...]:
        """Return the prime powers n of the summands Z/n at (h, q), ascending."""
        return tuple(order for order, n, a, b in self.summands for _ in range(n) if order and (a, b) == (h, q))

    def __getitem__(self, place: tuple[int, int]) -> AbelianGroup:
        return AbelianGroup(self.rank(*place), self.torsion(*place))

    @property
    def groups(self) -> dict[tuple[int, int], AbelianGroup]:
        """The groups that are not trivial, by (h, q)."""
        parts: dict[tuple[int, int], AbelianGroup] = {}
        for order, n, h, q in self.summands:
            part = AbelianGroup(0, (order,) * n) if order else AbelianGroup(n)
            parts[h, q] = parts.get((h, q), AbelianGroup()) + part
        return dict(sorted(parts.items()))

    @property
    def total_rank(self) -> int:
        """The sum of all ranks."""
        return self.rank()

    @property
    def torsion_orders(self) -> tuple[int, ...]:
        """The prime powers that occur, each once."""
        return tuple(sorted({order for order, *_ in self.summands if order}))

    def _span(self, values: list[int]) -> tuple[int, int]:
        if not values:
            message = "the trivial group has no range"
            raise DomainError(message, hint="test the group first")
        return min(values), max(values)

    @property
    def h_range(self) -> tuple[int, int]:
        """The lowest and highest homological degree, torsion included."""
        return self._span([h for *_, h, _ in self.summands])

    @property
    def q_range(self) -> tuple[int, int]:
        """The lowest and highest quantum degree, torsion included."""
        return self._span([q for *_, q in self.summands])

    @property
    def diagonals(self) -> tuple[int, ...]:
        """The values of q - 2 h that occur, torsion included."""
        return tuple(sorted({q - 2 * h for *_, h, q in self.summands}))

    @property
    def width(self) -> int:
        """Number of diagonals from the lowest to the highest: thin links have 2, in reduced homology 1."""
        low, high = self._span(list(self.diagonals))
        return (high - low) // 2 + 1

    def poincare(self, *, torsion: bool = True) -> LaurentPolynomial:
        """Return the Poincaré polynomial in t (homological), q (quantum) and T, T^n for each summand Z/n."""
        terms = {(h, q, order): n for order, n, h, q in self.summands if torsion or not order}
        return LaurentPolynomial(terms, _ORDER)

    def euler(self) -> LaurentPolynomial:
        """Return the graded Euler characteristic, the sum of (-1)^h rank q^q: an unnormalised Jones polynomial."""
        total: Counter[tuple[int]] = Counter()
        for order, n, h, q in self.summands:
            if not order:
                total[q,] += -n if h % 2 else n
        return LaurentPolynomial(total, ("q",))

    def __bool__(self) -> bool:
        """Return whether the group is not trivial."""
        return bool(self.summands)

    # -- algebra ------------------------------------------------------------------------------------------------------

    def _same_ring(self, other: BigradedGroup) -> None:
        if self.ring != other.ring:
            message = f"groups over {self.ring} and {other.ring} do not mix"
            raise DomainError(message, hint="compute both over one ring")

    def __add__(self, other: BigradedGroup) -> BigradedGroup:
        self._same_ring(other)
        return BigradedGroup(self.summands + other.summands, self.ring)

    def shift(self, h: int = 0, q: int = 0) -> BigradedGroup:
        """Return the group with degrees raised."""
        return BigradedGroup(((order, n, a + h, b + q) for order, n, a, b in self.summands), self.ring)

    def mirror(self) -> BigradedGroup:
        """Return the homology of the dual complex, which is that of the mirror image: degrees change sign, torsion goes to 1 - h."""
        return BigradedGroup(((s, n, int(s > 0) - h, -q) for s, n, h, q in self.summands), self.ring)

    def tensor(self, other: BigradedGroup) -> BigradedGroup:
        """Return the homology of the tensor product of complexes, by Künneth's theorem: Tor of degrees h, h' stands at h + h' - 1.

        For unreduced homology this is a split union, for reduced homology a connected sum.
        """
        self._same_ring(other)
        total: list[Summand] = []
        for s, n, h, q in self.summands:
            for r, m, i, j in other.summands:
                order = _common(s, r)
                total.append((order, n * m, h + i, q + j))
                if s and r:
                    total.append((order, n * m, h + i - 1, q + j))
        return BigradedGroup(total, self.ring)

    def over(self, ring: Ring | str) -> BigradedGroup:
        """Return the homology over another ring, by universal coefficients: each Z/p^e counts over F_p at h and at h - 1.

        Raises
        ------
        DomainError
            If the ring of this group is a field other than the one asked for.

        Examples
        --------
        >>> BigradedGroup.parse("t^3*q^9 + t^3*q^7*T^2").over("F2")
        BigradedGroup.parse('t^2*q^7 + t^3*q^7 + t^3*q^9', 'F2')
        """
        target = parse_ring(ring)
        if target == self.ring:
            return self
        if self.ring.is_field:
            message = f"homology over {self.ring} does not determine homology over {target}"
            raise DomainError(message, hint="start from homology over Z")
        p, total = target.characteristic, [s for s in self.summands if not s[0]]
        for order, n, h, q in self.summands:
            if p and order and order % p == 0:
                total += [(0, n, h, q), (0, n, h - 1, q)]
        return BigradedGroup(total, target)

    # -- texts --------------------------------------------------------------------------------------------------------

    def __str__(self) -> str:
        return self.poincare().format(_ORDER)

    def __repr__(self) -> str:
        ring = f", {str(self.ring)!r}" if self.ring != Z else ""
        return f"BigradedGroup.parse({str(self)!r}{ring})"

    def latex(self) -> str:
        """Return the Poincaré polynomial in LaTeX."""
        return self.poincare().latex(_ORDER)

    def to_knotinfo(self) -> list[list[int]]:
        """Return KnotInfo's vector: rows ``[torsion, multiplicity, h, q]``, where 0, 1 or p stands for Z, Q or F_p."""
        free = knotinfo.free_mark(self.ring)
        return [[order or free, n, h, q] for order, n, h, q in self.summands]

    def knotinfo_polynomial(self) -> str:
        """Return the polynomial as KnotInfo writes it.

        Examples
        --------
        >>> BigradedGroup([(0, 1, 0, 1), (0, 1, -2, 5), (2, 1, 3, 7)]).knotinfo_polynomial()
        't^(-2)*q^(5)+ q+ t^(3)*q^(7)*T^(2)'
        """
        return knotinfo.polynomial_of(self.summands)

    def table(self, format: str = "text", *, title: str | None = None) -> str:
        """Return the groups as a table: rows q falling, columns h rising; n stands for rank n, a subscript for the order of torsion.

        Parameters
        ----------
        format : {"text", "latex", "html", "svg"}
        title : str, optional
            A caption.

        Raises
        ------
        DomainError
            If the format is none of these.
        """
        return bigraded_table.table(self.summands, self.ring, format, title)

    def _repr_html_(self) -> str:
        return self.table("html")

    def to_json(self) -> dict[str, Any]:
        """Return the group as JSON-ready data, which ``from_json`` reads."""
        return {"ring": str(self.ring), "summands": [list(s) for s in self.summands]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> BigradedGroup:
        """Return the group of :meth:`to_json`."""
        return cls(data["summands"], data["ring"])


def _common(a: int, b: int) -> int:
    """Return the order of Z/a tensor Z/b for prime powers or 0: the greatest common divisor."""
    while b:
        a, b = b, a % b
    return a
