"""An element of a differential ring: a reduced fraction of sparse integer polynomials in the ring's generators.

Definition: ``n/d`` in lowest terms, free of roots in ``d`` and of degree at most one in every root in ``n``; that form is unique.
Convention: equality is equality of these data, never a simplification; ``^`` is not an operator of Python, write ``**``.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, final

from erlangen.errors import DomainError
from erlangen.exact.differential.evaluation import evaluate
from erlangen.exact.differential.fractions import Pair, cancel, invert, multiply, sum_pairs
from erlangen.exact.differential.printing import element_latex, element_text
from erlangen.exact.differential.sympy_bridge import to_sympy

if TYPE_CHECKING:
    from erlangen.exact.differential.differential_ring import DifferentialRing

__all__ = ["DifferentialElement"]


@final
class DifferentialElement:
    """An exact element of a :class:`DifferentialRing`, made by the ring and by arithmetic.

    ``+ - * / **`` with elements of the same ring, integers and fractions; ``derivative(x)`` is the total derivative, ``partial(v)``
    the formal one.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions={"u": "x"})
    >>> u = ring["u"]
    >>> (u**2 / 2).derivative("x")
    u*u_x
    >>> (u**2 - 1) / (u - 1) == u + 1
    True
    """

    __slots__ = ("_denominator", "_level", "_numerator", "ring")

    ring: DifferentialRing
    _numerator: Any
    _denominator: Any
    _level: int

    def __init__(self, ring: DifferentialRing, pair: Pair) -> None:
        self.ring = ring
        self._numerator, self._denominator = pair
        self._level = ring.level

    # -- the data ------------------------------------------------------------------------------------------------------------------
    @property
    def pair(self) -> Pair:
        """The numerator and the denominator (``None`` for one) as FLINT polynomials of the ring's present context.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> (1 / DifferentialRing("x")["x"]).pair
        (1, v0)
        """
        if self._level != self.ring.level:
            self._numerator = self.ring.lift(self._numerator)
            if self._denominator is not None:
                self._denominator = self.ring.lift(self._denominator)
            self._level = self.ring.level
        return self._numerator, self._denominator

    @property
    def numerator(self) -> DifferentialElement:
        """The numerator, a polynomial.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> x = DifferentialRing("x")["x"]
        >>> ((x + 1) / (2 * x)).numerator
        x + 1
        """
        return DifferentialElement(self.ring, (self.pair[0], None))

    @property
    def denominator(self) -> DifferentialElement:
        """The denominator, a polynomial without roots and with positive leading coefficient.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> x = DifferentialRing("x")["x"]
        >>> ((x + 1) / (2 * x)).denominator
        2*x
        """
        bottom = self.pair[1]
        return DifferentialElement(self.ring, (self.ring.one if bottom is None else bottom, None))

    @property
    def generators(self) -> tuple[str, ...]:
        """The names of the generators that occur, roots first.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x y", constants="a")
        >>> (ring["a"] / ring["y"]).generators
        ('y', 'a')
        """
        top, bottom = self.pair
        found = [i for i, degree in enumerate(top.degrees()) if degree > 0]
        if bottom is not None:
            found += [i for i, degree in enumerate(bottom.degrees()) if degree > 0]
        names = self.ring.names
        return tuple(names[i] for i in sorted(set(found)))

    @property
    def is_polynomial(self) -> bool:
        """Whether the denominator is one.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> DifferentialRing("x")["x"].is_polynomial
        True
        """
        return self._denominator is None

    def rational(self) -> Fraction | None:
        """Return the value as a fraction where no generator occurs, else ``None``.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x")
        >>> ring.constant(Fraction(2, 6)).rational(), ring["x"].rational()
        (Fraction(1, 3), None)
        """
        top, bottom = self.pair
        if not top:
            return Fraction(0)
        if not top.is_constant() or (bottom is not None and not bottom.is_constant()):
            return None
        return Fraction(int(top.leading_coefficient()), 1 if bottom is None else int(bottom.leading_coefficient()))

    # -- arithmetic ----------------------------------------------------------------------------------------------------------------
    def _with(self, other: object) -> Pair | None:
        """Return the pair of another operand in this ring, or ``None`` where it is not a number of ours."""
        if isinstance(other, DifferentialElement):
            if other.ring is not self.ring:
                message = "the operands belong to two differential rings"
                raise DomainError(message, hint="carry one over: ring.parse(str(element))")
            return other.pair
        if isinstance(other, int | Fraction):
            return self.ring.constant(other).pair
        return None

    def __add__(self, other: object) -> DifferentialElement:
        pair = self._with(other)
        return NotImplemented if pair is None else DifferentialElement(self.ring, sum_pairs(self.pair, pair))

    def __neg__(self) -> DifferentialElement:
        top, bottom = self.pair
        return DifferentialElement(self.ring, (-top, bottom))

    def __pos__(self) -> DifferentialElement:
        return self

    def __sub__(self, other: object) -> DifferentialElement:
        pair = self._with(other)
        return (
            NotImplemented
            if pair is None
            else DifferentialElement(self.ring, sum_pairs(self.pair, (-pair[0], pair[1])))
        )

    def __mul__(self, other: object) -> DifferentialElement:
        pair = self._with(other)
        if pair is None:
            return NotImplemented
        return DifferentialElement(self.ring, self.ring.normal(multiply(self.pair, pair)))

    def inverse(self) -> DifferentialElement:
        """Return ``1/self``, its denominator free of roots.

        Raises
        ------
        ZeroDivisionError
            At zero.
        DomainError
            If the element divides zero, because a root was adjoined of an element that is a square already.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x")
        >>> s = ring.adjoin_root("s", ring["x"])
        >>> (1 + s).inverse()
        (s - 1)/(x - 1)
        """
        top, bottom = self.pair
        if not top:
            message = "division by zero in a differential ring"
            raise ZeroDivisionError(message)
        if not self.ring.has_roots:
            return DifferentialElement(self.ring, invert((top, bottom)))
        factor, norm = self.ring.rationalise(top)
        if bottom is not None:
            factor = self.ring.reduce(factor * bottom)
        bottom_first, sign = (norm, 1) if norm.leading_coefficient() > 0 else (-norm, -1)
        return DifferentialElement(self.ring, cancel(sign * factor, bottom_first))

    def __truediv__(self, other: object) -> DifferentialElement:
        if isinstance(other, int | Fraction):
            other = self.ring.constant(other)
        return self * other.inverse() if isinstance(other, DifferentialElement) else NotImplemented

    def __rtruediv__(self, other: object) -> DifferentialElement:
        return self.inverse() * other

    def __rsub__(self, other: object) -> DifferentialElement:
        return -self + other

    __radd__ = __add__
    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> DifferentialElement:
        if not isinstance(exponent, int):
            return NotImplemented
        base = self if exponent >= 0 else self.inverse()
        if not self.ring.has_roots:
            top, bottom = base.pair
            power = abs(exponent)
            return DifferentialElement(self.ring, (top**power, None if bottom is None else bottom**power))
        result = self.ring.constant(1)
        for bit in bin(abs(exponent))[2:]:
            result = result * result
            result = result * base if bit == "1" else result
        return result

    # -- comparison ----------------------------------------------------------------------------------------------------------------
    def __eq__(self, other: object) -> bool:
        if isinstance(other, DifferentialElement) and other.ring is not self.ring:
            return False
        pair = self._with(other)
        return NotImplemented if pair is None else self.pair == pair

    def __hash__(self) -> int:
        value = self.rational()
        return hash(value) if value is not None else hash((id(self.ring), str(self)))

    def __bool__(self) -> bool:
        return bool(self._numerator)

    # -- calculus ------------------------------------------------------------------------------------------------------------------
    def derivative(self, *coordinates: str) -> DifferentialElement:
        """Return the total derivative along the coordinates, one after the other: ``D_x = ∂_x + Σ u_{I+x} ∂/∂u_I``.

        Raises
        ------
        DomainError
            If a name is not a coordinate of the ring.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("t x", functions={"u": "t x"})
        >>> (ring["x"] * ring["u"]).derivative("x", "t")
        x*u_tx + u_t
        """
        result = self
        for coordinate in coordinates:
            result = self.ring.total_derivative(result, coordinate)
        return result

    def partial(self, generator: str) -> DifferentialElement:
        """Return the derivative in one generator at fixed others; what was adjoined follows by the chain rule.

        Raises
        ------
        DomainError
            If the name is unknown, or if it is a generator that depends on others.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x", functions={"u": "x"})
        >>> s = ring.adjoin_root("s", 1 + ring["u_x"] ** 2)
        >>> s.partial("u_x")
        s*u_x/(u_x^2 + 1)
        """
        return self.ring.partial_derivative(self, generator)

    def substitute(self, values: Mapping[str, DifferentialElement | int | Fraction]) -> DifferentialElement:
        """Return the element with generators replaced, all at once; jets that follow from them are NOT replaced.

        Raises
        ------
        DomainError
            If a name is unknown, or if a root or function of the element depends on one that is replaced and is not given itself.
        ZeroDivisionError
            If the denominator becomes zero.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x y")
        >>> (ring["x"] / ring["y"]).substitute({"x": ring["y"], "y": 2})
        y/2
        """
        return self.ring.substitute(self, values)

    def coefficients(self, *generators: str) -> dict[tuple[int, ...], DifferentialElement]:
        """Return the coefficients of the powers of some generators, which must not occur in the denominator.

        Raises
        ------
        DomainError
            If the denominator contains one of them.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x y")
        >>> (ring["x"] ** 2 * ring["y"] + 3).coefficients("x")
        {(2,): y, (0,): 3}
        """
        return self.ring.coefficients(self, generators)

    def degree(self, generator: str) -> int:
        """Return the degree of the numerator in a generator; ``-1`` at zero.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x y")
        >>> (ring["x"] ** 2 / ring["y"]).degree("x")
        2
        """
        top = self.pair[0]
        return int(top.degrees()[self.ring.position(generator)]) if top else -1

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Return the value at numbers, arrays or tensors given by name, with their own arithmetic; see :func:`to_callable`.

        Raises
        ------
        DomainError
            If a generator that occurs has no value.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x y")
        >>> (ring["x"] / ring["y"]).evaluate({"x": 1.0, "y": 4.0})
        0.25
        """
        return evaluate(self, values)

    def to_sympy(self) -> Any:
        """Return the element as a SymPy expression: symbols, functions ``u(t, x)`` and their derivatives.

        Raises
        ------
        MissingDependencyError
            If SymPy is not installed.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> DifferentialRing("t x", functions="u").parse("u_xx/2 + x*exp(u)").to_sympy()  # doctest: +SKIP
        x*exp(u(t, x)) + Derivative(u(t, x), (x, 2))/2
        """
        return to_sympy(self)

    # -- printing ------------------------------------------------------------------------------------------------------------------
    def __len__(self) -> int:
        top, bottom = self.pair
        return len(top) + (0 if bottom is None else len(bottom))

    def __repr__(self) -> str:
        return element_text(self)

    def latex(self) -> str:
        r"""Return the element in LaTeX.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x", functions={"u": "x"})
        >>> (ring["u_xx"] / 2).latex()
        '\\frac{u_{xx}}{2}'
        """
        return element_latex(self)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"
