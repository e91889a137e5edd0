"""Elements of a differential ring as SymPy expressions, and back.

Definition: coordinates and constants are symbols, functions ``u(t, x)`` undefined functions, jets their derivatives; a root is the square root
    of its square, an elementary function that of its argument.
Convention: SymPy is imported only when a bridge is crossed; a root of the ring stands for SymPy's principal square root.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING, Any

from erlangen.errors import DomainError
from erlangen.exact.differential.symbols import Root
from erlangen.validation import require

if TYPE_CHECKING:
    from erlangen.exact.differential.differential_element import DifferentialElement
    from erlangen.exact.differential.differential_ring import DifferentialRing

__all__ = ["from_sympy", "to_sympy"]

_FUNCTIONS = frozenset({"sin", "cos", "tan", "cot", "exp", "sinh", "cosh", "tanh", "log"})


def to_sympy(element: DifferentialElement) -> Any:
    """Return an element as a SymPy expression; see :meth:`DifferentialElement.to_sympy`.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> to_sympy(DifferentialRing("x").parse("x^2/2"))  # doctest: +SKIP
    x**2/2
    """
    sympy = _sympy()
    known: dict[int, Any] = {}

    def value(place: int) -> Any:
        if place not in known:
            known[place] = _generator(element.ring, place, sympy)
        return known[place]

    def polynomial(part: Any) -> Any:
        terms = []
        for exponents, number in part.terms():
            factors = [value(place) ** int(power) for place, power in enumerate(exponents) if power]
            terms.append(sympy.Mul(sympy.Integer(int(number)), *factors))
        return sympy.Add(*terms)

    top, bottom = element.pair
    return polynomial(top) if bottom is None else polynomial(top) / polynomial(bottom)


def _generator(ring: DifferentialRing, place: int, sympy: Any) -> Any:
    symbol = ring.symbol(place)
    head = symbol.name.partition("(")[0]
    if isinstance(symbol, Root):
        if head == "sin":
            cosine: Any = ring.symbol(ring.position("cos" + symbol.name[3:]))
            return sympy.sin(to_sympy(cosine.argument))
        if symbol.square is None:
            message = f"the root {symbol.name} has no square yet"
            raise DomainError(message, hint="adjoin it with adjoin_root")
        return sympy.sqrt(to_sympy(symbol.square))
    if symbol.kind == "adjoined" and symbol.argument is not None:
        argument = to_sympy(symbol.argument)
        return getattr(sympy, head)(argument) if head in _FUNCTIONS else sympy.Function(head)(argument)
    if symbol.kind != "jet":
        return sympy.Symbol(symbol.name)
    of = ring.functions[symbol.function]
    function = sympy.Function(symbol.function)(*map(sympy.Symbol, of)) if of else sympy.Symbol(symbol.function)
    along = [(sympy.Symbol(name), count) for name, count in zip(of, symbol.index, strict=True) if count]
    return sympy.Derivative(function, *along) if along else function


def from_sympy(ring: DifferentialRing, expression: Any) -> DifferentialElement:
    """Return the element that a SymPy expression means; see :meth:`DifferentialRing.from_sympy`.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> from_sympy(DifferentialRing("x"), 3)  # doctest: +SKIP
    3
    """
    sympy = _sympy()
    return _Reader(ring, sympy).read(
        sympy.sympify(expression) if isinstance(expression, int | Fraction) else expression
    )


def _sympy() -> Any:
    return require("sympy", extra="sympy", purpose="the bridge to SymPy")


class _Reader:
    """What SymPy's nodes mean in a ring."""

    def __init__(self, ring: DifferentialRing, sympy: Any) -> None:
        self._ring = ring
        self._sympy = sympy

    def read(self, node: Any) -> DifferentialElement:
        sympy, ring = self._sympy, self._ring
        if not isinstance(node, sympy.Basic):
            raise self._refused(node)
        if isinstance(node, sympy.Rational):
            return ring.constant(Fraction(int(node.p), int(node.q)))
        if isinstance(node, sympy.Symbol):
            return ring[node.name]
        if isinstance(node, sympy.Add):
            return sum(map(self.read, node.args), ring.constant(0))
        if isinstance(node, sympy.Mul | sympy.Pow):
            return self._product(node)
        if isinstance(node, sympy.Derivative):
            return self._jet(node.expr, {symbol.name: int(count) for symbol, count in node.variable_count})
        return self._call(node)

    def _product(self, node: Any) -> DifferentialElement:
        """Return a product; square roots that are unknown one by one may be known together, as SymPy splits ``sqrt(2 x)``."""
        sympy, ring = self._sympy, self._ring
        result, unknown = ring.constant(1), ring.constant(1)
        for factor in sympy.Mul.make_args(node):
            if not isinstance(factor, sympy.Pow):
                result = result * self.read(factor)
                continue
            base, exponent = factor.args
            if isinstance(exponent, sympy.Integer):
                result = result * self.read(base) ** int(exponent)
            elif isinstance(exponent, sympy.Rational) and exponent.q == 2:
                square = self.read(base)
                power, odd = divmod(int(exponent.p), 2)
                result = result * square**power
                if odd:
                    root = self._root(square)
                    result, unknown = (result, unknown * square) if root is None else (result * root, unknown)
            else:
                raise self._refused(factor)
        if unknown == 1:
            return result
        root = self._root(unknown)
        return result * (ring.function("sqrt")(unknown) if root is None else root)

    def _root(self, square: DifferentialElement) -> DifferentialElement | None:
        """Return the known root of an element, up to a rational factor, or ``None``."""
        number = square.rational()
        if number is not None and (found := _rational_root(number)) is not None:
            return self._ring.constant(found)
        for root in self._ring.roots:
            if root.square is not None and not root.name.startswith("sin("):
                ratio = (square / root.square).rational()
                if ratio is not None and (factor := _rational_root(ratio)) is not None:
                    return self._ring[root.name] * factor
        return None

    def _jet(self, node: Any, along: dict[str, int]) -> DifferentialElement:
        name = getattr(getattr(node, "func", None), "__name__", "")
        arguments = tuple(str(argument) for argument in node.args)
        if sorted(arguments) != sorted(self._ring.functions.get(name, ("",))):
            raise self._refused(node)
        return self._ring.jet(name, along)

    def _call(self, node: Any) -> DifferentialElement:
        name = getattr(node.func, "__name__", "")
        if name in self._ring.functions:
            return self._jet(node, {})
        if len(node.args) == 1:
            argument = self.read(node.args[0])
            if name in _FUNCTIONS:
                return self._ring.function(name)(argument)
            symbol = self._ring.symbol(self._ring.position(name)) if name in self._ring else None
            if getattr(symbol, "argument", None) == argument:
                return self._ring[name]
        raise self._refused(node)

    def _refused(self, node: Any) -> DomainError:
        message = f"{node!r} has no exact meaning in {self._ring!r}"
        return DomainError(
            message,
            hint="use rational numbers, names of the ring, its functions and their derivatives, and sin cos exp log sqrt",
        )


def _rational_root(number: Fraction) -> Fraction | None:
    """Return the root of the square of a fraction, or ``None``."""
    if number < 0:
        return None
    top, bottom = isqrt(number.numerator), isqrt(number.denominator)
    return Fraction(top, bottom) if Fraction(top, bottom) ** 2 == number else None
