"""Elements as text that parses back, and as LaTeX.

Definition: constants, coordinates, adjoined functions, roots, then jets by function, order and index; terms in lexicographic order of these.
Convention: jets print as they are named; in LaTeX ``u_{xx}``, ``T'`` for functions of one coordinate with a longer name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from erlangen.exact.differential.symbols import Root, Symbol

if TYPE_CHECKING:
    from erlangen.exact.differential.differential_element import DifferentialElement

__all__ = ["element_latex", "element_text", "name_latex"]

_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega|"
    "Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)
_PRIMES = 3


def element_text(element: DifferentialElement) -> str:
    """Return the text of an element.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x y")
    >>> element_text((ring["x"] - 1) / (2 * ring["y"]))
    '(x - 1)/(2*y)'
    """
    ring, names = element.ring, element.ring.names
    top, bottom = element.pair

    def factor(position: int, power: int) -> str:
        return names[position] if power == 1 else f"{names[position]}^{power}"

    def text(polynomial: Any) -> str:
        return _sum(polynomial, ring, lambda exponents, number: _term(exponents, number, factor, "*"))

    if bottom is None:
        return text(top)
    upper, lower = text(top), text(bottom)
    upper = f"({upper})" if len(top) > 1 else upper
    single = len(bottom) == 1 and "*" not in lower
    return f"{upper}/{lower}" if single else f"{upper}/({lower})"


def element_latex(element: DifferentialElement) -> str:
    r"""Return the LaTeX of an element.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x y")
    >>> element_latex((ring["x"] - 1) / (2 * ring["y"]))
    '\\frac{x - 1}{2 y}'
    """
    ring = element.ring
    top, bottom = element.pair

    def factor(position: int, power: int) -> str:
        name = symbol_latex(ring.symbol(position), ring)
        if power == 1:
            return name
        return f"{name}^{{{power}}}" if "^" not in name and "'" not in name else f"\\left({name}\\right)^{{{power}}}"

    def text(polynomial: Any) -> str:
        return _sum(polynomial, ring, lambda exponents, number: _term(exponents, number, factor, " "))

    if bottom is None:
        return text(top)
    upper, lower = text(top), text(bottom)
    if len(top) == 1 and upper.startswith("-"):
        return f"-\\frac{{{upper[1:]}}}{{{lower}}}"
    return f"\\frac{{{upper}}}{{{lower}}}"


def _rank(symbol: Symbol | Root, place: int, functions: list[str]) -> tuple[int, int, int, tuple[int, ...]]:
    """Return where a generator stands among all, whenever it was created."""
    if isinstance(symbol, Root):
        return 3, -place, 0, ()
    if symbol.kind == "jet":
        return 4, functions.index(symbol.function), symbol.order, tuple(-count for count in symbol.index)
    return ("constant", "coordinate", "adjoined").index(symbol.kind), place, 0, ()


def _terms(polynomial: Any, ring: Any) -> list[tuple[list[tuple[int, int]], int]]:
    """Return the terms as lists of (position, power) with their numbers, in the order of printing."""
    functions = list(ring.functions)
    used = [place for place, degree in enumerate(polynomial.degrees()) if degree > 0]
    used.sort(key=lambda place: _rank(ring.symbol(place), place, functions))
    found = [([int(exponents[place]) for place in used], int(number)) for exponents, number in polynomial.terms()]
    found.sort(key=lambda term: term[0], reverse=True)
    return [
        ([(place, power) for place, power in zip(used, powers, strict=True) if power], number)
        for powers, number in found
    ]


def _sum(polynomial: Any, ring: Any, write: Any) -> str:
    parts: list[str] = []
    for exponents, number in _terms(polynomial, ring):
        value = int(number)
        part = write(exponents, abs(value))
        if not parts:
            parts.append(part if value > 0 else f"-{part}")
        else:
            parts.append(f" + {part}" if value > 0 else f" - {part}")
    return "".join(parts) or "0"


def _term(exponents: Any, number: int, factor: Any, times: str) -> str:
    parts = [factor(position, power) for position, power in exponents]
    if number != 1 or not parts:
        parts.insert(0, str(number))
    return times.join(parts)


def symbol_latex(symbol: Symbol | Root, ring: Any) -> str:
    r"""Return the LaTeX of a generator.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("phi", functions="T")
    >>> symbol_latex(ring.symbol(ring.position("T_phi_phi")), ring)
    "T''"
    """
    if symbol.latex:
        return symbol.latex
    if isinstance(symbol, Symbol) and symbol.kind == "jet" and symbol.order:
        of = ring.functions[symbol.function]
        name = name_latex(symbol.function)
        if len(of) == 1 and len(of[0]) > 1:
            return name + ("'" * symbol.order if symbol.order <= _PRIMES else f"^{{({symbol.order})}}")
        letters = "".join(
            name_latex(one) + " " * (len(one) > 1)
            for one, count in zip(of, symbol.index, strict=True)
            for _ in range(count)
        ).strip()
        return f"{{{name}}}_{{{letters}}}" if "_" in name else f"{name}_{{{letters}}}"
    return name_latex(symbol.name)


def name_latex(name: str) -> str:
    r"""Return a name in LaTeX: Greek letters by name, digits and what follows an underscore as indices.

    Examples
    --------
    >>> name_latex("theta"), name_latex("g_tt"), name_latex("x1")
    ('\\theta', 'g_{tt}', 'x_{1}')
    """
    head, _, tail = name.partition("_")
    split = re.fullmatch(r"(\D+)(\d+)", head)
    if split and not tail:
        head, tail = split.groups()
    head = f"\\{head}" if _GREEK.fullmatch(head) else head if len(head) == 1 else f"\\mathrm{{{head}}}"
    return (
        f"{head}_{{{' '.join(name_latex(part) for part in tail.split('_')) if _GREEK.fullmatch(tail) else tail}}}"
        if tail
        else head
    )
