"""Elementary functions of ring elements, adjoined so that no hidden relation is left between generators.

Definition: ``exp`` and ``sin, cos`` of rational combinations of known arguments are their products (addition theorems); ``log`` splits over
    irreducible factors; ``sqrt`` of a square-free element is a root (Risch's structure theorem for these towers).
Convention: ``sqrt`` of a number is not negative; ``sqrt(x^2)`` is refused, for only the caller knows the sign of x.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING, Any, final

import flint

from erlangen.errors import DomainError
from erlangen.exact.differential.differential_element import DifferentialElement

if TYPE_CHECKING:
    from erlangen.exact.differential.differential_ring import DifferentialRing

__all__ = ["Elementary"]


@final
class Elementary:
    """The elementary functions of one ring; each call returns an element and adjoins what is new.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x")
    >>> Elementary(ring)("exp")(ring["x"]).derivative("x")
    exp(x)
    """

    def __init__(self, ring: DifferentialRing) -> None:
        self._ring = ring
        self._exponents: list[DifferentialElement] = []
        self._angles: list[DifferentialElement] = []

    def __call__(self, name: str) -> Callable[[DifferentialElement], DifferentialElement]:
        """Return the function of a name.

        Raises
        ------
        DomainError
            If there is none of that name.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> Elementary(DifferentialRing("x"))("gamma")
        Traceback (most recent call last):
            ...
        erlangen.errors.DomainError: there is no elementary function 'gamma' (use sin cos tan exp sinh cosh tanh log sqrt, ...)
        """
        functions: dict[str, Callable[[DifferentialElement], DifferentialElement]] = {
            "sin": lambda a: self.circular(a)[0],
            "cos": lambda a: self.circular(a)[1],
            "tan": lambda a: self.circular(a)[0] / self.circular(a)[1],
            "cot": lambda a: self.circular(a)[1] / self.circular(a)[0],
            "exp": self.exponential,
            "sinh": lambda a: (self.exponential(a) - self.exponential(-a)) / 2,
            "cosh": lambda a: (self.exponential(a) + self.exponential(-a)) / 2,
            "tanh": lambda a: 1 - 2 / (self.exponential(2 * a) + 1),
            "log": self.logarithm,
            "sqrt": self.square_root,
        }
        if name not in functions:
            message = f"there is no elementary function {name!r}"
            raise DomainError(
                message, hint="use sin cos tan exp sinh cosh tanh log sqrt, or adjoin it with its derivative"
            )
        return functions[name]

    def exponential(self, argument: DifferentialElement) -> DifferentialElement:
        """Return ``exp(a)``, as a product of exponentials that are there already where ``a`` is a combination of their arguments.

        Raises
        ------
        DomainError
            If ``a`` is a fraction of a known argument (adjoin the finer one first), or a number.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x")
        >>> f = Elementary(ring)
        >>> f.exponential(ring["x"]) ** 2 == f.exponential(2 * ring["x"])
        True
        """
        if not argument:
            return self._ring.constant(1)
        self._refuse_numbers(argument, "exp")
        powers = self._powers(argument, self._exponents, "exp")
        if powers is None:
            self._exponents.append(argument)
            name = f"exp({argument})"
            generator = self._ring.adjoin_named(name, argument, rf"\mathrm{{e}}^{{{argument.latex()}}}")
            self._ring.set_slope(name, generator)
            return generator
        result = self._ring.constant(1)
        for known, power in zip(self._exponents, powers, strict=False):
            result = result * self._ring[f"exp({known})"] ** power
        return result

    def circular(self, argument: DifferentialElement) -> tuple[DifferentialElement, DifferentialElement]:
        """Return ``(sin a, cos a)`` with ``sin² + cos² = 1`` in the ring, by the addition theorems where ``a`` is a combination.

        Raises
        ------
        DomainError
            As for the exponential.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x")
        >>> s, c = Elementary(ring).circular(ring["x"])
        >>> s**2 + c**2, s.derivative("x") == c, c.derivative("x") == -s
        (1, True, True)
        """
        if not argument:
            return self._ring.constant(0), self._ring.constant(1)
        self._refuse_numbers(argument, "sin")
        powers = self._powers(argument, self._angles, "sin")
        if powers is None:
            self._angles.append(argument)
            names = f"sin({argument})", f"cos({argument})"
            cosine = self._ring.adjoin_named(names[1], argument, rf"\cos({argument.latex()})")
            sine = self._ring.adjoin_root_named(names[0], 1 - cosine**2, rf"\sin({argument.latex()})")
            self._ring.set_slope(names[1], -sine)
            return sine, self._ring[names[1]]
        sine, cosine = self._ring.constant(0), self._ring.constant(1)
        for known, power in zip(self._angles, powers, strict=False):
            s, c = self._ring[f"sin({known})"], self._ring[f"cos({known})"]
            s = s if power > 0 else -s
            for _ in range(abs(power)):
                sine, cosine = sine * c + cosine * s, cosine * c - sine * s
        return sine, cosine

    def logarithm(self, argument: DifferentialElement) -> DifferentialElement:
        """Return ``log(a)`` as the sum over the irreducible factors of ``a``.

        Raises
        ------
        DomainError
            If ``a`` is zero, holds a root, or has a negative leading coefficient.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x")
        >>> Elementary(ring).logarithm(ring["x"] ** 2 / 2)
        2*log(x) - log(2)
        """
        top, bottom = argument.pair
        result = self._ring.constant(0)
        for polynomial, sign in ((top, 1), (bottom, -1)):
            if polynomial is None:
                continue
            content, factors = polynomial.factor()
            if content <= 0:
                message = f"log({argument}): the argument has the factor {content}"
                raise DomainError(message, hint="write the logarithm of the positive quantity")
            pieces = [(DifferentialElement(self._ring, (factor, None)), power) for factor, power in factors]
            pieces += [(self._ring.constant(int(prime)), power) for prime, power in flint.fmpz(content).factor()]
            for piece, power in pieces:
                result = result + sign * int(power) * self._log_of_factor(piece)
        return result

    def _log_of_factor(self, factor: DifferentialElement) -> DifferentialElement:
        name = f"log({factor})"
        if name not in self._ring:
            self._ring.adjoin_named(name, factor, rf"\log({factor.latex()})")
            self._ring.set_slope(name, 1 / factor)
        return self._ring[name]

    def square_root(self, argument: DifferentialElement) -> DifferentialElement:
        """Return ``sqrt(a)``; odd powers come out (``sqrt(x³) = x sqrt(x)``), even ones are refused.

        Raises
        ------
        DomainError
            If ``a`` has the square of a non-constant factor, whose sign only the caller knows, or depends on other roots multiplicatively.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x")
        >>> Elementary(ring).square_root(8 * ring["x"] ** 3)
        2*x*sqrt(2*x)
        """
        if not argument:
            return argument
        top, bottom = argument.pair
        content, factors = (top if bottom is None else self._ring.reduce(top * bottom)).factor()
        outside, inside = _square_part(abs(int(content)))
        inside = inside if content > 0 else -inside
        rational, radicand = self._ring.constant(outside), self._ring.constant(inside)
        for factor, power in factors:
            piece = DifferentialElement(self._ring, (factor, None))
            if power % 2 == 0:
                message = (
                    f"sqrt({argument}) has the square of {piece} under the root: its sign is not known to the ring"
                )
                raise DomainError(message, hint=f"write {piece} or -({piece}) outside the root")
            rational = rational * piece ** (int(power) // 2)
            radicand = radicand * piece
        if bottom is not None:
            rational = rational / DifferentialElement(self._ring, (self._ring.lift(bottom), None))
        if radicand == 1:
            return rational
        name = f"sqrt({radicand})"
        if name not in self._ring:
            self._ring.adjoin_root_named(name, radicand, rf"\sqrt{{{radicand.latex()}}}")
        return rational * self._ring[name]

    def _refuse_numbers(self, argument: DifferentialElement, what: str) -> None:
        if argument.rational() is not None:
            message = f"{what}({argument}) is a transcendental number"
            raise DomainError(message, hint="declare a constant and carry it as a letter")

    def _powers(self, argument: DifferentialElement, known: list[DifferentialElement], what: str) -> list[int] | None:
        """Return the integers ``n_k`` with ``a = Σ n_k a_k``, ``None`` where ``a`` is independent of the known arguments."""
        weights = _combination(argument, known)
        if weights is None:
            return None
        for weight in weights:
            if weight.denominator != 1:
                message = f"{what}({argument}) is a root of {what} of {known[weights.index(weight)]}, which came first"
                raise DomainError(message, hint=f"name {what}({argument}) before the others")
        return [int(weight) for weight in weights]


def _square_part(number: int) -> tuple[int, int]:
    """Return ``(a, b)`` with ``number = a² b`` and ``b`` square-free."""
    outside, inside = 1, 1
    for prime, power in flint.fmpz(number).factor():
        outside *= int(prime) ** (int(power) // 2)
        inside *= int(prime) ** (int(power) % 2)
    return (isqrt(number), 1) if isqrt(number) ** 2 == number else (outside, inside)


def _combination(target: DifferentialElement, known: list[DifferentialElement]) -> list[Fraction] | None:
    """Return rational weights with ``target = Σ w_k known_k``, or ``None``."""
    if not known:
        return None
    common: Any = target.ring.constant(1)
    for element in (*known, target):
        common = common * (element * common).denominator
    columns = [
        {exponents: int(number) for exponents, number in (element * common).pair[0].terms()}
        for element in (*known, target)
    ]
    rows = sorted({exponents for column in columns for exponents in column})
    matrix = flint.fmpq_mat(len(rows), len(columns), [column.get(row, 0) for row in rows for column in columns])
    reduced, rank = matrix.rref()
    if rank and all(reduced[rank - 1, j] == 0 for j in range(len(known))):
        return None
    weights = [Fraction(0)] * len(known)
    for i in range(rank):
        pivot = next(j for j in range(len(known)) if reduced[i, j] != 0)
        value = reduced[i, len(known)]
        weights[pivot] = Fraction(int(value.p), int(value.q))
    return weights
