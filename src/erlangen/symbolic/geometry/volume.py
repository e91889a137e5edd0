"""The volume density ``√|g|`` of a metric as an exact element.

Definition: ``√|det g|`` with squares drawn out of the root, products of roots of the ring recognised, and what is left adjoined.
Convention: the root that is positive where coordinates are about one half and parameters small, such as ``1 - a²/l²``.
"""

from __future__ import annotations

from itertools import combinations

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement
from erlangen.symbolic.geometry.metric import Metric

__all__ = ["positive_root", "root_up_to_sign", "volume_density"]


def volume_density(metric: Metric, *, sign: int = -1) -> DifferentialElement:
    """Return ``√(sign · det g)``; the sign is ``-1`` for Lorentzian metrics.

    Raises
    ------
    DomainError
        If ``sign`` is neither 1 nor -1.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> volume_density(spacetime("schwarzschild"))
    r^2
    """
    if sign not in (1, -1):
        message = f"sign is 1 or -1, got {sign}"
        raise DomainError(message)
    return positive_root(sign * metric.determinant)


def positive_root(element: DifferentialElement, **values: float) -> DifferentialElement:
    """Return the square root that is positive at a sample point: coordinates about one half, parameters about a tenth, or as given.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("r", constants="a")
    >>> positive_root(ring.parse("(1 - a^2)^2*r^2"))
    -a^2*r + r
    >>> positive_root(ring.parse("(r^2 - a^2)^2"), a=2)
    a^2 - r^2
    """
    root = root_up_to_sign(element)
    ring = root.ring
    sample: dict[str, float] = {}
    for k, name in enumerate(ring.names):
        kind = getattr(ring.symbol(ring.position(name)), "kind", "root") if name else ""
        if kind in ("coordinate", "constant", "jet"):
            sample[name] = {"coordinate": 0.5, "constant": 0.1, "jet": 1.0}[kind] * (1 + 0.01 * k)
    sample |= values
    try:
        value = root.evaluate(sample)
    except (DomainError, ValueError, ArithmeticError):
        return root
    return -root if value < 0 else root


def root_up_to_sign(element: DifferentialElement) -> DifferentialElement:
    """Return one of the two square roots of an element, adjoining what has none.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("r theta")
    >>> root_up_to_sign(ring.parse("r^4*sin(theta)^2/4"))
    r^2*sin(theta)/2
    """
    ring = element.ring
    roots = [name for name in ring.roots if name.square is not None]
    for count in range(len(roots) + 1):
        for chosen in combinations(roots, count):
            product, factor = element, ring.constant(1)
            for root in chosen:
                if root.square is not None:
                    product = product * root.square
                    factor = factor * ring[root.name]
            outside, inside = _split(product)
            if inside == 1:
                value = outside / factor
                plain = value
                for root in chosen:
                    plain = plain / ring[root.name]
                return value if plain.pair[0].leading_coefficient() > 0 else -value
    outside, inside = _split(element)
    if inside == -1:
        message = f"{element} is minus a square: it has no real root"
        raise DomainError(
            message, hint="the signature has the other sign: sign=1 for Riemannian metrics, -1 for Lorentzian ones"
        )
    name = f"sqrt({inside})"
    return outside * (
        ring[name] if name in ring else ring.adjoin_root_named(name, inside, rf"\sqrt{{{inside.latex()}}}")
    )


def _split(element: DifferentialElement) -> tuple[DifferentialElement, DifferentialElement]:
    """Return ``(a, b)`` with ``element = a² b`` and b a square-free polynomial."""
    ring = element.ring
    top, bottom = element.numerator * element.denominator, element.denominator
    content, factors = top.pair[0].factor()
    outside, inside = ring.constant(1), ring.constant(1 if content > 0 else -1)
    for prime, power in abs(content).factor():
        outside = outside * int(prime) ** (int(power) // 2)
        inside = inside * int(prime) ** (int(power) % 2)
    for factor, power in factors:
        piece = DifferentialElement(ring, (factor, None))
        outside = outside * piece ** (int(power) // 2)
        inside = inside * piece ** (int(power) % 2)
    return outside / bottom, inside
