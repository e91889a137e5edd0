"""Total and formal derivatives in a differential ring: the product rule over the generators that occur.

Definition: ``D(n/d) = (D n d - n D d)/d²`` with ``D p = Σ_v ∂p/∂v D v``; ``D s = s D(s²)/(2 s²)`` for a root, ``D y = (dy/da) D a``.
Convention: derivatives of generators are computed once and kept; a jet's is the next jet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, final

from erlangen.errors import DomainError
from erlangen.exact.differential.differential_element import DifferentialElement
from erlangen.exact.differential.fractions import cancel
from erlangen.exact.differential.symbols import Root, Symbol

if TYPE_CHECKING:
    from erlangen.exact.differential.differential_ring import DifferentialRing

__all__ = ["Derivations"]


@final
class Derivations:
    """The derivations of one ring, with what they do to each generator.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="u")
    >>> Derivations(ring).total(ring["x"] * ring["u"], "x")
    x*u_x + u
    """

    def __init__(self, ring: DifferentialRing) -> None:
        self._ring = ring
        self._known: dict[tuple[str, str, bool], DifferentialElement] = {}

    def forget(self) -> None:
        """Drop what was kept, after the rule of a generator has changed.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> Derivations(DifferentialRing("x")).forget()
        """
        self._known.clear()

    def total(self, element: DifferentialElement, coordinate: str) -> DifferentialElement:
        """Return ``D_x`` of an element.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x")
        >>> Derivations(ring).total(1 / ring["x"], "x")
        -1/x^2
        """
        if coordinate not in self._ring.coordinates:
            message = f"{coordinate!r} is not among the coordinates {' '.join(self._ring.coordinates)}"
            raise DomainError(message, hint="differentiate along a coordinate, or use partial(generator)")
        return self._apply(element, lambda symbol: self._image(symbol, coordinate, total=True))

    def partial(self, element: DifferentialElement, generator: str) -> DifferentialElement:
        """Return ``∂/∂v`` of an element.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> ring = DifferentialRing("x", functions="u")
        >>> Derivations(ring).partial(ring["u_x"] ** 3, "u_x")
        3*u_x^2
        """
        target = self._ring.symbol(self._ring.position(generator))
        if isinstance(target, Root) or target.kind == "adjoined":
            message = f"{generator} depends on other generators: there is no derivative in it at fixed others"
            raise DomainError(message, hint="differentiate in a coordinate, a constant or a jet")
        return self._apply(element, lambda symbol: self._image(symbol, target.name, total=False))

    def _image(self, symbol: Symbol | Root, along: str, *, total: bool) -> DifferentialElement | None:
        """Return the derivative of a generator, ``None`` for zero."""
        if isinstance(symbol, Symbol) and symbol.kind in ("coordinate", "constant"):
            return self._ring.constant(1) if symbol.name == along else None
        if isinstance(symbol, Symbol) and symbol.kind == "jet" and not total:
            return self._ring.constant(1) if symbol.name == along else None
        key = (symbol.name, along, total)
        if key not in self._known:
            self._known[key] = self._derive(symbol, along, total=total)
        image = self._known[key]
        return image if image else None

    def _derive(self, symbol: Symbol | Root, along: str, *, total: bool) -> DifferentialElement:
        if isinstance(symbol, Root):
            if symbol.square is None:
                message = f"the root {symbol.name} has no square yet"
                raise DomainError(message)
            inner = self.total(symbol.square, along) if total else self.partial(symbol.square, along)
            if not inner:
                return inner
            if symbol.factor is None:
                symbol.factor = self._ring[symbol.name] / (2 * symbol.square)
            return symbol.factor * inner
        if symbol.kind == "jet":
            of = self._ring.functions[symbol.function]
            if along not in of:
                return self._ring.constant(0)
            place = of.index(along)
            index = (*symbol.index[:place], symbol.index[place] + 1, *symbol.index[place + 1 :])
            return self._ring.jet(symbol.function, index)
        if symbol.argument is None or symbol.slope is None:
            message = f"the derivative of {symbol.name} has not been stated"
            raise DomainError(message, hint=f"ring.set_slope({symbol.name!r}, ...)")
        inner = self.total(symbol.argument, along) if total else self.partial(symbol.argument, along)
        return symbol.slope * inner

    def _apply(
        self, element: DifferentialElement, image: Callable[[Symbol | Root], DifferentialElement | None]
    ) -> DifferentialElement:
        top, bottom = element.pair
        upper = self._polynomial(top, image)
        if bottom is None:
            return upper
        lower = self._polynomial(bottom, image)
        top, lifted = element.pair  # the context may have grown
        bottom = bottom if lifted is None else lifted
        if not lower:
            whole, rest = upper.pair
            if rest is None:
                return DifferentialElement(self._ring, cancel(whole, bottom))
            return upper / DifferentialElement(self._ring, (bottom, None))
        if upper.is_polynomial and lower.is_polynomial:
            slope = lower.pair[0]
            common = bottom.gcd(slope)  # what the square of the denominator is too large by
            left, right = bottom // common, slope // common
            pair = cancel(self._ring.reduce(upper.pair[0] * left - top * right), left * bottom)
            return DifferentialElement(self._ring, pair)
        over = DifferentialElement(self._ring, (bottom, None))
        return (upper - element * lower) / over

    def _polynomial(
        self, polynomial: Any, image: Callable[[Symbol | Root], DifferentialElement | None]
    ) -> DifferentialElement:
        ring = self._ring
        parts = []
        for place, degree in enumerate(polynomial.degrees()):
            if degree > 0:  # the zero polynomial has degree -1
                slope = image(ring.symbol(place))
                if slope is not None:
                    parts.append((polynomial.derivative(place), slope))
        if any(slope.pair[0].context() is not polynomial.context() for _, slope in parts):
            parts = [(ring.lift(part), slope) for part, slope in parts]
        total, other = None, None
        for part, slope in parts:
            if slope.is_polynomial:
                term = part * slope.pair[0]
                total = term if total is None else total + term
            else:
                piece = DifferentialElement(ring, (part, None)) * slope
                other = piece if other is None else other + piece
        if total is None:
            return ring.constant(0) if other is None else other
        result = DifferentialElement(ring, (ring.reduce(total), None))
        return result if other is None else result + other
