"""Which routes each kind of product has.

Definition: ``sparse`` and ``dense`` serve every kind; ``grid``, ``grid-separable`` and ``fourier`` products of functions on the sphere, ``matrix`` that
of matrices; ``so2`` every kind, where the second feature holds harmonics of a direction.
Convention: every route of a kind gives the same numbers to rounding; ``auto`` chooses by measured crossovers.
"""

from __future__ import annotations

from erlangen.errors import DomainError
from erlangen.validation import check_choice

__all__ = ["PRODUCT_METHODS", "check_method"]

_SPHERICAL = ("auto", "sparse", "dense", "grid", "grid-separable", "fourier", "so2")
PRODUCT_METHODS: dict[str, tuple[str, ...]] = {
    "clebsch-gordan": ("auto", "sparse", "dense", "so2"),
    "gaunt": _SPHERICAL,
    "bracket": _SPHERICAL,
    "complete-gaunt": _SPHERICAL,
    "matrix": ("auto", "sparse", "dense", "matrix", "so2"),
}


def check_method(method: object, kind: str) -> str:
    """Return the name of a route that a kind has.

    Raises
    ------
    DomainError
        If it is none, or the kind has none of it; its routes are named.

    Examples
    --------
    >>> check_method("fourier", "matrix")
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: kind='matrix' has no route 'fourier'...
    """
    every = tuple(dict.fromkeys(name for names in PRODUCT_METHODS.values() for name in names))
    name = check_choice(method, "method", every)
    if name not in PRODUCT_METHODS[kind]:
        message = f"kind={kind!r} has no route {name!r}"
        hint = f"its routes are {', '.join(PRODUCT_METHODS[kind])}"
        if kind == "clebsch-gordan" and name != "matrix":
            hint += "; free weights of paths are no product of functions, kind='complete-gaunt' is"
        raise DomainError(message, hint=hint)
    return name
