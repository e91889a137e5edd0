"""Truncated polyhomogeneous series in one coordinate of a differential ring, at zero or at infinity.

Definition: ``Σ c_{k,p} ε^k (log x)^p + O(ε^order)`` with ``ε = x`` at zero and ``ε = 1/x`` at infinity; ``c_{k,p}`` free of x.
Convention: exponents count powers of ε, so r² at infinity is ``k = -2``; ``order=None`` is an exact, finite sum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Literal, TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact.differential.differential_element import DifferentialElement
from erlangen.exact.differential.differential_ring import DifferentialRing

__all__ = ["TruncatedSeries"]

Key: TypeAlias = tuple[int, int]
Place: TypeAlias = Literal["0", "oo"]


@final
class TruncatedSeries:
    """A series ``Σ c_{k,p} ε^k (log x)^p + O(ε^order)`` whose coefficients are elements of a differential ring.

    Parameters
    ----------
    ring : DifferentialRing
        The ring of the coefficients; ``variable`` is one of its coordinates, which they must not contain.
    variable : str
        The coordinate x.
    terms : mapping of (k, p) to element
        The coefficients.
    order : int or None
        The first power of ε about which nothing is known.
    at : "oo" or "0"
        Whether ``ε = 1/x`` or ``ε = x``.

    Raises
    ------
    DomainError
        If a coefficient contains the variable.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("r", constants="M")
    >>> f = TruncatedSeries.of(ring.parse("1/(1 - 2*M/r)"), "r", order=3)
    >>> f
    1 + 2*M*r^-1 + 4*M^2*r^-2 + O(r^-3)
    >>> f.derivative("r")
    -2*M*r^-2 - 8*M^2*r^-3 + O(r^-4)
    """

    __slots__ = ("at", "order", "ring", "terms", "variable")

    def __init__(
        self,
        ring: DifferentialRing,
        variable: str,
        terms: Mapping[Key, DifferentialElement],
        *,
        order: int | None = None,
        at: Place = "oo",
    ) -> None:
        if variable not in ring.coordinates:
            message = f"{variable!r} is not among the coordinates {' '.join(ring.coordinates)}"
            raise DomainError(message, hint="expand in a coordinate of the ring")
        kept = {key: value for key, value in sorted(terms.items()) if value and (order is None or key[0] < order)}
        for key, value in kept.items():
            if variable in value.generators:
                message = f"the coefficient {value} of power {key[0]} contains {variable}"
                raise DomainError(message, hint="expand it first: TruncatedSeries.of(element, variable, order=...)")
        self.ring = ring
        self.variable = variable
        self.terms = kept
        self.order = order
        self.at = at

    @classmethod
    def of(cls, element: DifferentialElement, variable: str, *, order: int, at: Place = "oo") -> TruncatedSeries:
        """Return the expansion of a ring element, known up to ``O(ε^order)``.

        Raises
        ------
        DomainError
            If a function or root of the element depends on the variable, other than through the variable itself.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x")
        >>> TruncatedSeries.of(ring.parse("1/(x - x^2)"), "x", order=2, at="0")
        x^-1 + 1 + x + O(x^2)
        """
        ring = element.ring
        for name in element.generators:
            if name != variable and ring[name].derivative(variable):
                message = f"{name} depends on {variable}: it has no expansion of its own in the ring"
                raise DomainError(message, hint="put its series in by hand")
        sign = -1 if at == "oo" else 1
        top, bottom = (
            {(sign * k, 0): c for (k,), c in part.coefficients(variable).items()}
            for part in (element.numerator, element.denominator)
        )
        if not top:
            return cls(ring, variable, {}, order=order, at=at)
        upper = cls(ring, variable, top, at=at)
        lower = cls(ring, variable, bottom, at=at)
        if len(lower.terms) == 1:
            return (upper * lower.inverse()).truncated(order)
        needed = order - min(upper.valuation - lower.valuation, order)
        return (upper * lower.inverse(needed - lower.valuation)).truncated(order)

    def _like(self, terms: Mapping[Key, DifferentialElement], order: int | None) -> TruncatedSeries:
        made = TruncatedSeries.__new__(TruncatedSeries)
        made.ring, made.variable, made.at, made.order = self.ring, self.variable, self.at, order
        made.terms = {key: value for key, value in sorted(terms.items()) if value and (order is None or key[0] < order)}
        return made

    # -- data ----------------------------------------------------------------------------------------------------------------------
    @property
    def valuation(self) -> int:
        """The lowest power of ε that occurs; the order, where nothing is known to be there.

        Raises
        ------
        DomainError
            At the exact zero, which has none.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> TruncatedSeries.of(DifferentialRing("r")["r"] ** 2, "r", order=1).valuation
        -2
        """
        if self.terms:
            return min(key[0] for key in self.terms)
        if self.order is None:
            message = "the series is exactly zero and has no lowest power"
            raise DomainError(message)
        return self.order

    def coefficient(self, power: int, logs: int = 0) -> DifferentialElement:
        """Return the coefficient of ``ε^power (log x)^logs``.

        Raises
        ------
        DomainError
            If the power is at or beyond the order, where nothing is known.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> TruncatedSeries.of(DifferentialRing("r").parse("1/(r + 1)"), "r", order=3).coefficient(2)
        -1
        """
        if self.order is not None and power >= self.order:
            message = f"the coefficient of power {power} is not known: the series is given to order {self.order}"
            raise DomainError(message, hint="expand further")
        return self.terms.get((power, logs), self.ring.constant(0))

    def truncated(self, order: int | None) -> TruncatedSeries:
        """Return the series with its order lowered.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> TruncatedSeries.of(DifferentialRing("r").parse("1/(r + 1)"), "r", order=3).truncated(2)
        r^-1 + O(r^-2)
        """
        return self._like(self.terms, _least(self.order, order))

    def map(self, function: Callable[[DifferentialElement], DifferentialElement]) -> TruncatedSeries:
        """Return the series with a linear function applied to each coefficient.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> TruncatedSeries.of(DifferentialRing("r")["r"], "r", order=1).map(lambda c: 2 * c)
        2*r + O(r^-1)
        """
        terms = {key: function(value) for key, value in self.terms.items()}
        return TruncatedSeries(self.ring, self.variable, terms, order=self.order, at=self.at)

    def element(self) -> DifferentialElement:
        """Return the known terms as an element of the ring, with ``log(x)`` adjoined where it occurs.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> TruncatedSeries.of(DifferentialRing("r").parse("1/(r + 1)"), "r", order=3).element()
        (r - 1)/r^2
        """
        x = self.ring[self.variable]
        total = self.ring.constant(0)
        for (power, logs), value in self.terms.items():
            term = value * x ** (-power if self.at == "oo" else power)
            total = total + (term * self.ring.function("log")(x) ** logs if logs else term)
        return total

    # -- arithmetic ----------------------------------------------------------------------------------------------------------------
    def _coerce(self, other: object) -> TruncatedSeries | None:
        if isinstance(other, TruncatedSeries):
            if (other.ring, other.variable, other.at) != (self.ring, self.variable, self.at):
                message = f"a series in {self.variable} at {self.at} met one in {other.variable} at {other.at}, or of another ring"
                raise DomainError(message, hint="expand both in the same variable at the same place")
            return other
        if isinstance(other, int | Fraction):
            other = self.ring.constant(other)
        return self._like({(0, 0): other}, None) if isinstance(other, DifferentialElement) else None

    def __add__(self, other: object) -> TruncatedSeries:
        right = self._coerce(other)
        if right is None:
            return NotImplemented
        terms = dict(self.terms)
        for key, value in right.terms.items():
            terms[key] = terms[key] + value if key in terms else value
        return self._like(terms, _least(self.order, right.order))

    def __neg__(self) -> TruncatedSeries:
        return self._like({key: -value for key, value in self.terms.items()}, self.order)

    def __sub__(self, other: object) -> TruncatedSeries:
        right = self._coerce(other)
        return NotImplemented if right is None else self + -right

    def __rsub__(self, other: object) -> TruncatedSeries:
        return -self + other

    def __mul__(self, other: object) -> TruncatedSeries:
        right = self._coerce(other)
        if right is None:
            return NotImplemented
        if (not self.terms and self.order is None) or (not right.terms and right.order is None):
            return self._like({}, None)
        bounds = [a.order + b.valuation for a, b in ((self, right), (right, self)) if a.order is not None]
        order = min(bounds) if bounds else None
        terms: dict[Key, DifferentialElement] = {}
        for (k, p), a in self.terms.items():
            for (m, s), b in right.terms.items():
                if order is None or k + m < order:
                    key = k + m, p + s
                    terms[key] = terms[key] + a * b if key in terms else a * b
        return self._like(terms, order)

    __radd__ = __add__
    __rmul__ = __mul__

    def inverse(self, order: int | None = None) -> TruncatedSeries:
        """Return ``1/f``, by Newton's doubling; an exact f of several terms needs the ``order`` of the result.

        Raises
        ------
        DomainError
            If the leading power is unknown, or carries a logarithm.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> f = TruncatedSeries.of(DifferentialRing("r").parse("r - 1"), "r", order=3)
        >>> f.inverse()
        r^-1 + r^-2 + r^-3 + r^-4 + O(r^-5)
        """
        low, first = self._leading("inverse")
        if len(self.terms) == 1 and self.order is None and order is None:
            return self._like({(-low, 0): 1 / first}, None)
        wanted = _least(order, None if self.order is None else self.order - 2 * low)
        if wanted is None:
            message = "the inverse of a finite sum has infinitely many terms"
            raise DomainError(message, hint="say to which order: inverse(order)")
        result = self._like({(-low, 0): 1 / first}, 1 - low)
        count, known = wanted + low, 1  # relative precision
        while known < count:
            known = min(2 * known, count)
            guess = self._like(result.terms, None)
            result = (guess * (2 - self.truncated(low + known) * guess)).truncated(known - low)
        return result.truncated(wanted)

    def __truediv__(self, other: object) -> TruncatedSeries:
        if isinstance(other, int | Fraction | DifferentialElement):
            return self.map(lambda value: value / other)
        right = self._coerce(other)
        if right is None:
            return NotImplemented
        order = None
        if right.order is None and len(right.terms) > 1:
            if self.order is None:
                message = "the quotient of two finite sums has infinitely many terms"
                raise DomainError(message, hint="truncate the dividend first")
            order = self.order - right.valuation - self.valuation
        return self * right.inverse(order)

    def __rtruediv__(self, other: object) -> TruncatedSeries:
        return self.inverse() * other

    def __pow__(self, exponent: int) -> TruncatedSeries:
        if not isinstance(exponent, int):
            return NotImplemented
        base = self if exponent >= 0 else self.inverse()
        result = self._like({(0, 0): self.ring.constant(1)}, None)
        for bit in bin(abs(exponent))[2:]:
            result = result * result
            result = result * base if bit == "1" else result
        return result

    def sqrt(self, leading: DifferentialElement, order: int | None = None) -> TruncatedSeries:
        """Return the square root whose leading coefficient is ``leading``.

        Raises
        ------
        DomainError
            If the leading power is odd, or ``leading²`` is not the leading coefficient.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("r")
        >>> TruncatedSeries.of(ring.parse("r^2 + 2"), "r", order=3).sqrt(ring.constant(1))
        r + r^-1 - 1/2*r^-3 + O(r^-4)
        """
        low, first = self._leading("square root")
        if low % 2 or leading**2 != first:
            message = f"the leading term {first} of power {low} is not the square of {leading} times an even power"
            raise DomainError(message, hint="give the root of the leading coefficient")
        half = low // 2
        wanted = _least(order, None if self.order is None else self.order - half)
        if wanted is None:
            message = "the square root of a finite sum has infinitely many terms"
            raise DomainError(message, hint="say to which order: sqrt(leading, order)")
        result = self._like({(half, 0): leading}, half + 1)
        known, count = 1, wanted - half
        while known < count:
            known = min(2 * known, count)
            guess = self._like(result.terms, None)
            result = ((guess + self.truncated(low + known) * guess.inverse(known - half)) / 2).truncated(half + known)
        return result.truncated(wanted)

    def _leading(self, what: str) -> tuple[int, DifferentialElement]:
        if not self.terms:
            message = f"the leading term is not known, so there is no {what}: {self}"
            raise DomainError(message, hint="expand further")
        low = self.valuation
        if any(power == low and logs for power, logs in self.terms):
            message = f"the leading power {low} carries a logarithm, so there is no {what} in this class: {self}"
            raise DomainError(message, hint="divide by the logarithm's power first")
        return low, self.terms[low, 0]

    # -- calculus ------------------------------------------------------------------------------------------------------------------
    def derivative(self, coordinate: str) -> TruncatedSeries:
        """Return the derivative along a coordinate, the series' variable or one of its coefficients'.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("u r", functions={"m": "u"})
        >>> TruncatedSeries.of(ring.parse("m/r"), "r", order=4).derivative("u")
        m_u*r^-1 + O(r^-4)
        """
        if coordinate != self.variable:
            return self._like({key: value.derivative(coordinate) for key, value in self.terms.items()}, self.order)
        sign, step = (-1, 1) if self.at == "oo" else (1, -1)
        terms: dict[Key, DifferentialElement] = {}
        for (power, logs), value in self.terms.items():
            for key, factor in (((power + step, logs), sign * power), ((power + step, logs - 1), logs)):
                if factor:
                    terms[key] = terms[key] + value * factor if key in terms else value * factor
        return self._like(terms, None if self.order is None else self.order + step)

    # -- comparison and printing ---------------------------------------------------------------------------------------------------
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TruncatedSeries):
            return NotImplemented
        mine = (self.ring, self.variable, self.at, self.order)
        return mine == (other.ring, other.variable, other.at, other.order) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash((id(self.ring), self.variable, self.at, self.order, tuple(self.terms.items())))

    def __bool__(self) -> bool:
        return bool(self.terms) or self.order is not None

    def __repr__(self) -> str:
        return self._spelled(latex=False)

    def latex(self) -> str:
        r"""Return the series in LaTeX.

        Examples
        --------
        >>> ring = DifferentialRing("x", functions={"a": ""})
        >>> (TruncatedSeries.of(ring.parse("1/(1-x)"), "x", order=2, at="0")).latex()
        '1 + x + O(x^{2})'
        """
        return self._spelled(latex=True)

    def _spelled(self, *, latex: bool) -> str:
        times, name = (" ", self.ring[self.variable].latex()) if latex else ("*", self.variable)
        left, right = (r"\left(", r"\right)") if latex else ("(", ")")

        def raised(base: str, power: int) -> str:
            return base if power == 1 else f"{base}^{{{power}}}" if latex else f"{base}^{power}"

        def monomial(power: int, logs: int) -> list[str]:
            found = [raised(name, -power if self.at == "oo" else power)] if power else []
            if not logs:
                return found
            return [*found, raised(r"\log", logs) + f"\\left({name}\\right)" if latex else raised(f"log({name})", logs)]

        text = ""
        for (power, logs), value in self.terms.items():
            factors = monomial(power, logs)
            body = value.latex() if latex else str(value)
            negative = body.startswith("-") and len(value.numerator) == 1
            body = body[1:] if negative else body
            if len(value.numerator) > 1 and factors and value.is_polynomial:
                body = f"{left}{body}{right}"
            if body == "1" and factors:
                body = ""
            part = times.join([body, *factors] if body else factors)
            text += (f" - {part}" if negative else f" + {part}") if text else (f"-{part}" if negative else part)
        if self.order is None:
            return text or "0"
        rest = f"O({monomial(self.order, 0)[0] if self.order else '1'})"
        return f"{text} + {rest}" if text else rest


def _least(a: int | None, b: int | None) -> int | None:
    """Return the lower of two orders, ``None`` being no bound."""
    return b if a is None else a if b is None else min(a, b)
