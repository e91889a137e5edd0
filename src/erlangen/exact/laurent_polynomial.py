"""Laurent polynomials with integer coefficients in any variables.

Definition: finite sums of c x^a y^b ... with c an integer and exponents integers or, where a square root of a variable is meant, fractions.
Convention: printed ascending in the exponents of the first variable, then the second ...; equality sees neither the order of variables nor unused ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact.polynomial_text import html_term, latex_term, parse_terms, plain_term, signed_sum

__all__ = ["LaurentPolynomial"]

Exponent: TypeAlias = "int | Fraction"
Exponents: TypeAlias = "tuple[Exponent, ...]"


def _exponent(value: Exponent) -> Exponent:
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else value
    return int(value)


@final
class LaurentPolynomial:
    """A Laurent polynomial with integer coefficients.

    Parameters
    ----------
    terms : mapping from exponents to coefficients, optional
        Exponents are tuples in the order of the variables; zeros may be given and are dropped.
    variables : tuple of str
        Names of the variables.

    Raises
    ------
    DomainError
        If a tuple of exponents has another length than the variables.

    Examples
    --------
    >>> q, t = LaurentPolynomial.variable("q"), LaurentPolynomial.variable("t")
    >>> p = q + q**3 + t**2 * q**5
    >>> p
    LaurentPolynomial.parse('q + q^3 + q^5*t^2')
    >>> p.substitute(t=-1) == q + q**3 + q**5, (q - q**-1) ** 2
    (True, LaurentPolynomial.parse('q^-2 - 2 + q^2'))
    """

    __slots__ = ("_terms", "variables")

    def __init__(self, terms: Mapping[Any, int] | None = None, variables: tuple[str, ...] = ()) -> None:
        self.variables = tuple(variables)
        self._terms: dict[Exponents, int] = {}
        for exponents, coefficient in (terms or {}).items():
            if len(exponents) != len(self.variables):
                message = f"exponents {exponents} do not fit the variables {self.variables}"
                raise DomainError(message, hint="give one exponent for each variable")
            if coefficient:
                self._terms[tuple(map(_exponent, exponents))] = int(coefficient)

    @classmethod
    def _made(cls, terms: dict[Exponents, int], variables: tuple[str, ...]) -> LaurentPolynomial:
        """Return the polynomial of terms already in normal form."""
        new = cls.__new__(cls)
        new.variables, new._terms = variables, terms
        return new

    @classmethod
    def constant(cls, value: int) -> LaurentPolynomial:
        """Return an integer as a polynomial."""
        return cls._made({(): int(value)} if value else {}, ())

    @classmethod
    def variable(cls, name: str) -> LaurentPolynomial:
        """Return a variable as a polynomial."""
        return cls._made({(1,): 1}, (name,))

    @classmethod
    def monomial(cls, coefficient: int = 1, **exponents: Exponent) -> LaurentPolynomial:
        """Return one term; variables keep the order in which they are named.

        Examples
        --------
        >>> str(LaurentPolynomial.monomial(3, t=2, q=-5))
        '3*t^2*q^-5'
        """
        return cls({tuple(exponents.values()): coefficient}, tuple(exponents))

    @classmethod
    def parse(cls, text: str) -> LaurentPolynomial:
        """Read what ``str`` prints, also with ``**``, juxtaposition after numbers, exponents in parentheses and division by monomials.

        Raises
        ------
        ParseError
            With the offset of the first character that does not fit.

        Examples
        --------
        >>> LaurentPolynomial.parse("t^(-2)-t^(-1)+ 1-t+ t^2") == LaurentPolynomial.parse("1/t^2 - 1/t + 1 - t + t**2")
        True
        """
        terms = parse_terms(text)
        variables = tuple(dict.fromkeys(name for _, powers in terms for name in powers))
        total: dict[Exponents, int] = {}
        for coefficient, powers in terms:
            key = tuple(_exponent(powers.get(name, 0)) for name in variables)
            total[key] = total.get(key, 0) + coefficient
        return cls(total, variables)

    # -- reading ------------------------------------------------------------------------------------------------------

    @property
    def terms(self) -> dict[Exponents, int]:
        """A copy of the terms: exponents (in the order of ``variables``) to coefficients, none zero."""
        return dict(self._terms)

    def __iter__(self) -> Iterator[tuple[Exponents, int]]:
        return iter(sorted(self._terms.items()))

    def __len__(self) -> int:
        return len(self._terms)

    def __bool__(self) -> bool:
        return bool(self._terms)

    def coefficient(self, **exponents: Exponent) -> int:
        """Return the coefficient of one monomial; variables not named have exponent 0.

        Examples
        --------
        >>> LaurentPolynomial.parse("2*q^3*t - t").coefficient(q=3, t=1)
        2
        """
        if any(power and name not in self.variables for name, power in exponents.items()):
            return 0
        return self._terms.get(tuple(_exponent(exponents.get(name, 0)) for name in self.variables), 0)

    def degrees(self, variable: str) -> tuple[Exponent, Exponent]:
        """Return the lowest and the highest exponent of a variable.

        Raises
        ------
        DomainError
            If the polynomial is zero.
        """
        if not self._terms:
            message = "the zero polynomial has no degree"
            raise DomainError(message, hint="test the polynomial first")
        if variable not in self.variables:
            return 0, 0
        place = self.variables.index(variable)
        powers = [key[place] for key in self._terms]
        return min(powers), max(powers)

    def _canonical(self) -> frozenset[tuple[frozenset[tuple[str, Exponent]], int]]:
        names = self.variables
        return frozenset(
            (frozenset((v, e) for v, e in zip(names, key, strict=True) if e), c) for key, c in self._terms.items()
        )

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int):
            other = LaurentPolynomial.constant(other)
        if not isinstance(other, LaurentPolynomial):
            return NotImplemented
        if self.variables == other.variables:
            return self._terms == other._terms
        return self._canonical() == other._canonical()

    def __hash__(self) -> int:
        return hash(self._canonical())

    # -- arithmetic ---------------------------------------------------------------------------------------------------

    def _in(self, variables: tuple[str, ...]) -> dict[Exponents, int]:
        """Return the terms in a longer list of variables."""
        if variables == self.variables:
            return self._terms
        places = [self.variables.index(name) if name in self.variables else -1 for name in variables]
        return {tuple(key[i] if i >= 0 else 0 for i in places): c for key, c in self._terms.items()}

    def _with(self, other: LaurentPolynomial) -> tuple[tuple[str, ...], dict[Exponents, int], dict[Exponents, int]]:
        variables = tuple(dict.fromkeys(self.variables + other.variables))
        return variables, self._in(variables), other._in(variables)

    def __add__(self, other: LaurentPolynomial | int) -> LaurentPolynomial:
        variables, mine, theirs = self._with(_polynomial(other))
        total = dict(mine)
        for key, c in theirs.items():
            _accumulate(total, key, c)
        return LaurentPolynomial._made(total, variables)

    def __neg__(self) -> LaurentPolynomial:
        return LaurentPolynomial._made({key: -c for key, c in self._terms.items()}, self.variables)

    def __sub__(self, other: LaurentPolynomial | int) -> LaurentPolynomial:
        return self + (-_polynomial(other))

    def __rsub__(self, other: int) -> LaurentPolynomial:
        return _polynomial(other) - self

    def __mul__(self, other: LaurentPolynomial | int) -> LaurentPolynomial:
        variables, mine, theirs = self._with(_polynomial(other))
        total: dict[Exponents, int] = {}
        for a, c in mine.items():
            for b, d in theirs.items():
                _accumulate(total, tuple(_exponent(x + y) for x, y in zip(a, b, strict=True)), c * d)
        return LaurentPolynomial._made(total, variables)

    __radd__ = __add__
    __rmul__ = __mul__

    def __pow__(self, n: int) -> LaurentPolynomial:
        if n < 0:
            return self.inverse() ** -n
        result, base = LaurentPolynomial.constant(1), self
        while n:
            if n & 1:
                result = result * base
            base, n = base * base if n > 1 else base, n >> 1
        return result

    def inverse(self) -> LaurentPolynomial:
        """Return the inverse of a monomial with coefficient 1 or -1, the only units.

        Raises
        ------
        DomainError
            If the polynomial is no unit.
        """
        if len(self._terms) == 1:
            key, c = next(iter(self._terms.items()))
            if c in (1, -1):
                return LaurentPolynomial._made({tuple(-e for e in key): c}, self.variables)
        message = f"{self} is no unit: only monomials with coefficient 1 or -1 have inverses"
        raise DomainError(message, hint="use exact_quotient to divide")

    def exact_quotient(self, divisor: LaurentPolynomial | int) -> LaurentPolynomial:
        """Return the quotient where the division leaves no remainder.

        Raises
        ------
        DomainError
            If the divisor is zero or does not divide.

        Examples
        --------
        >>> LaurentPolynomial.parse("q^-2 - q^2").exact_quotient(LaurentPolynomial.parse("q + q^-1"))
        LaurentPolynomial.parse('q^-1 - q')
        """
        variables, rest, by = self._with(_polynomial(divisor))
        if not by:
            message = "division by the zero polynomial"
            raise DomainError(message, hint="test the divisor first")
        lead, rest, result = max(by), dict(rest), {}
        low = tuple(min(column) for column in zip(*rest, strict=True)) if rest else ()
        least = tuple(min(column) for column in zip(*by, strict=True))
        while rest:
            top = max(rest)
            key = tuple(_exponent(a - b) for a, b in zip(top, lead, strict=True))
            c, left = divmod(rest[top], by[lead])
            if left or any(e + m < b for e, m, b in zip(key, least, low, strict=True)):
                message = f"{divisor} does not divide {self}"
                raise DomainError(message, hint="exact_quotient is for divisions without remainder")
            result[key] = c
            for b, d in by.items():
                _accumulate(rest, tuple(_exponent(x + y) for x, y in zip(key, b, strict=True)), -c * d)
        return LaurentPolynomial._made(result, variables)

    def substitute(self, **values: LaurentPolynomial | int) -> LaurentPolynomial:
        """Return the polynomial with some variables replaced, all at once; negative exponents need units.

        Raises
        ------
        DomainError
            If a negative power of a value that is no unit is needed, or a fractional power of anything but a monomial that has it.

        Examples
        --------
        >>> LaurentPolynomial.parse("t^2*q^5").substitute(t=-1, q=LaurentPolynomial.parse("t^-1"))
        LaurentPolynomial.parse('t^-5')
        """
        places = [(i, name) for i, name in enumerate(self.variables) if name in values]
        kept = tuple(name for name in self.variables if name not in values)
        total = LaurentPolynomial._made({}, kept)
        for key, c in self._terms.items():
            rest = tuple(e for e, name in zip(key, self.variables, strict=True) if name not in values)
            term = LaurentPolynomial._made({rest: c}, kept)
            for i, name in places:
                term = term * _power(_polynomial(values[name]), key[i])
            total = total + term
        return total

    # -- text ---------------------------------------------------------------------------------------------------------

    def _sorted(self, order: Iterable[str] | None) -> tuple[tuple[str, ...], list[tuple[Exponents, int]]]:
        variables = tuple(dict.fromkeys((*(order or ()), *self.variables)))
        return variables, sorted(self._in(variables).items())

    def format(self, order: Iterable[str] | None = None) -> str:
        """Return the text with the variables in a given order."""
        variables, terms = self._sorted(order)
        return signed_sum((c, plain_term(abs(c), variables, key)) for key, c in terms)

    def __str__(self) -> str:
        return self.format()

    def __repr__(self) -> str:
        return f"LaurentPolynomial.parse({str(self)!r})"

    def latex(self, order: Iterable[str] | None = None) -> str:
        """Return LaTeX, as in ``q + t^{2} q^{5}``."""
        variables, terms = self._sorted(order)
        return signed_sum((c, latex_term(abs(c), variables, key)) for key, c in terms)

    def html(self, order: Iterable[str] | None = None) -> str:
        """Return HTML with superscripts."""
        variables, terms = self._sorted(order)
        return signed_sum(((c, html_term(abs(c), variables, key)) for key, c in terms), minus="−")


def _polynomial(value: LaurentPolynomial | int) -> LaurentPolynomial:
    return value if isinstance(value, LaurentPolynomial) else LaurentPolynomial.constant(value)


def _accumulate(total: dict[Exponents, int], key: Exponents, value: int) -> None:
    new = total.get(key, 0) + value
    if new:
        total[key] = new
    else:
        total.pop(key, None)


def _power(base: LaurentPolynomial, exponent: Exponent) -> LaurentPolynomial:
    """Return a power; a fractional one of a monomial with coefficient 1 only."""
    if isinstance(exponent, int):
        return base**exponent
    terms = base.terms
    if list(terms.values()) == [1]:
        key = tuple(_exponent(Fraction(e) * exponent) for e in next(iter(terms)))
        return LaurentPolynomial({key: 1}, base.variables)
    message = f"({base})^({exponent}) is no Laurent polynomial"
    raise DomainError(message, hint="substitute a monomial with coefficient 1")
