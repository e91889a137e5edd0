"""Names of generators: coordinates, constants, functions and their jets.

Definition: a jet is ``u_xxt`` where coordinates are single letters, ``u_phi_phi`` else; the order of the letters does not matter.
Convention: a name starts with a letter; the longest function whose name begins the jet's is meant, so ``g_tt_r`` is a jet of ``g_tt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from erlangen.errors import DomainError

__all__ = ["check_name", "jet_name", "names_of", "read_jet"]

_NAME = re.compile(r"[^\W\d_]\w*")


def names_of(names: str | Iterable[str]) -> tuple[str, ...]:
    """Return names given as one string, separated by spaces or commas, or as an iterable.

    Examples
    --------
    >>> names_of("t x, y")
    ('t', 'x', 'y')
    """
    found = tuple(names.replace(",", " ").split()) if isinstance(names, str) else tuple(names)
    for name in found:
        check_name(name)
    for i, name in enumerate(found):
        if name in found[:i]:
            message = f"the name {name!r} is given twice"
            raise DomainError(message, hint="give each name once")
    return found


def check_name(name: str) -> None:
    """Refuse what is not a name.

    Raises
    ------
    DomainError
        If it does not start with a letter or has other signs than letters, digits and ``_``.

    Examples
    --------
    >>> check_name("2x")
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: '2x' is not a name (start with a letter, go on with letters, digits and _)
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        message = f"{name!r} is not a name"
        raise DomainError(message, hint="start with a letter, go on with letters, digits and _")


def jet_name(function: str, index: tuple[int, ...], of: tuple[str, ...]) -> str:
    """Return the name of ``u_I``.

    Examples
    --------
    >>> jet_name("u", (1, 2), ("t", "x")), jet_name("T", (2,), ("phi",))
    ('u_txx', 'T_phi_phi')
    """
    if not any(index):
        return function
    short = all(len(name) == 1 for name in of)
    letters = [name for name, count in zip(of, index, strict=True) for _ in range(count)]
    return f"{function}_{'' if short else '_'.join(letters)}" + ("".join(letters) if short else "")


def read_jet(
    name: str, functions: Mapping[str, tuple[str, ...]], coordinates: tuple[str, ...]
) -> tuple[str, tuple[int, ...]]:
    """Return the function and the index that a name means.

    Raises
    ------
    DomainError
        If no function has that name, or the rest of it does not name coordinates the function depends on.

    Examples
    --------
    >>> read_jet("u_xtx", {"u": ("t", "x")}, ("t", "x"))
    ('u', (1, 2))
    """
    for function in sorted(functions, key=len, reverse=True):
        of = functions[function]
        if name == function:
            return function, (0,) * len(of)
        if name.startswith(function + "_"):
            letters = _letters(name[len(function) + 1 :], coordinates)
            if letters is not None:
                outside = [letter for letter in letters if letter not in of]
                if outside:
                    message = f"{name} differentiates {function}({', '.join(of)}) along {outside[0]}, on which it does not depend"
                    raise DomainError(
                        message, hint="that derivative is zero; or declare the function with that coordinate"
                    )
                return function, tuple(letters.count(letter) for letter in of)
    message = f"the name {name!r} is unknown: no coordinate, constant, function or jet"
    raise DomainError(message, hint="declare it, or check its spelling")


def _letters(text: str, coordinates: tuple[str, ...]) -> list[str] | None:
    """Return the coordinates that a suffix names, or ``None``; a coordinate's name may hold ``_`` itself."""
    for name in sorted(coordinates, key=len, reverse=True):
        if text == name:
            return [name]
        if text.startswith(name + "_"):
            rest = _letters(text[len(name) + 1 :], coordinates)
            if rest is not None:
                return [name, *rest]
    part, separator, tail = text.partition("_")
    if not part or bool(separator) != bool(tail) or not all(letter in coordinates for letter in part):
        return None
    rest = _letters(tail, coordinates) if tail else []
    return None if rest is None else [*part, *rest]
