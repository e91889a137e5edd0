"""Reading and writing sums of monomials.

Definition: sum = [sign] term (sign term)*; term = factor ([*] factor | / factor)*; factor = integer | name [^ exponent]; exponent = [-]n or (n) or (n/m).
Convention: numbers may stand before names without ``*``; division is by monomials only; nothing is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import NoReturn

from erlangen.errors import ParseError

__all__ = ["html_term", "latex_term", "parse_terms", "plain_term", "signed_sum"]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+)|(?P<name>[A-Za-z][A-Za-z_0-9]*)|(?P<power>\^|\*\*)|(?P<sign>[-+])|(?P<other>[*/()]))"
)


class _Reader:
    """The tokens of a text and the place in them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str, int]] = []
        position = 0
        while text[position:].strip():
            found = _TOKEN.match(text, position)
            if found is None:
                self.fail(position + len(text[position:]) - len(text[position:].lstrip()), "a term")
            kind = str(found.lastgroup)
            self.tokens.append((kind, found[kind], found.start(kind)))
            position = found.end()
        self.place = 0

    def fail(self, position: int, expected: str) -> NoReturn:
        here = repr(self.text[position : position + 1]) if position < len(self.text) else "the end"
        message = f"{self.text!r} is no Laurent polynomial: {here} at offset {position}, expected {expected}"
        raise ParseError(message, position=position, expected=expected, hint="write it as in 'q^-1 + 2*t^2*q^5'")

    def refuse(self, expected: str) -> NoReturn:
        self.fail(self.tokens[self.place][2] if self.place < len(self.tokens) else len(self.text), expected)

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.place][:2] if self.place < len(self.tokens) else ("end", "")

    def take(self, *values: str) -> bool:
        if self.peek()[1] in values and self.peek()[0] != "end":
            self.place += 1
            return True
        return False

    def sign(self) -> int:
        value = 1
        while self.peek()[0] == "sign":
            value = -value if self.peek()[1] == "-" else value
            self.place += 1
        return value

    def integer(self) -> int:
        kind, value = self.peek()
        if kind != "number":
            self.refuse("a number")
        self.place += 1
        return int(value)

    def exponent(self) -> Fraction:
        if self.take("("):
            value = Fraction(self.sign() * self.integer())
            if self.take("/"):
                below = self.integer()
                if below == 0:
                    self.refuse("a denominator that is not 0")
                value /= below
            if not self.take(")"):
                self.refuse("a closing parenthesis")
            return value
        return Fraction(self.sign() * self.integer())


def _factor(reader: _Reader, side: int, powers: dict[str, Fraction]) -> int:
    """Read a factor into the powers, or return the number it is; ``side`` is -1 below a fraction bar."""
    kind, value = reader.peek()
    if reader.take("("):
        number = _product(reader, side, powers)
        if not reader.take(")"):
            reader.refuse("a closing parenthesis")
        return number
    if kind == "number":
        if side < 0 and value != "1":
            reader.refuse("a monomial with coefficient 1 below the fraction bar")
        return reader.integer()
    if kind != "name":
        reader.refuse("a number or a variable")
    reader.place += 1
    power = reader.exponent() if reader.take("^", "**") else Fraction(1)
    powers[value] = powers.get(value, Fraction(0)) + side * power
    return 1


def _product(reader: _Reader, side: int, powers: dict[str, Fraction]) -> int:
    number = _factor(reader, side, powers)
    while True:
        if reader.take("/"):
            _factor(reader, -side, powers)
        elif reader.take("*") or reader.peek()[0] in ("name", "number"):
            number *= _factor(reader, side, powers)
        else:
            return number


def parse_terms(text: str) -> list[tuple[int, dict[str, Fraction]]]:
    """Return the terms of a text as coefficients and powers of the variables.

    Raises
    ------
    ParseError
        With the offset of the first character that does not fit.
    """
    reader, terms = _Reader(text), []
    sign = reader.sign()
    while True:
        powers: dict[str, Fraction] = {}
        terms.append((sign * _product(reader, 1, powers), powers))
        if reader.peek()[0] == "end":
            return terms
        if reader.peek()[0] != "sign":
            reader.refuse("a sign")
        sign = reader.sign()


def _power(exponent: Fraction | int) -> str:
    return str(exponent) if exponent == int(exponent) else f"({exponent})"


def plain_term(number: int, variables: Iterable[str], exponents: Iterable[Fraction | int]) -> str:
    """Return one term without its sign, as in ``2*t^2*q``."""
    pairs = [(v, e) for v, e in zip(variables, exponents, strict=True) if e]
    factors = [v if e == 1 else f"{v}^{_power(e)}" for v, e in pairs]
    return "*".join(([str(number)] if number != 1 or not factors else []) + factors)


def latex_term(number: int, variables: Iterable[str], exponents: Iterable[Fraction | int]) -> str:
    """Return one term without its sign in LaTeX."""
    pairs = [(v, e) for v, e in zip(variables, exponents, strict=True) if e]
    factors = [v if e == 1 else f"{v}^{{{e}}}" for v, e in pairs]
    return " ".join(([str(number)] if number != 1 or not factors else []) + factors)


def html_term(number: int, variables: Iterable[str], exponents: Iterable[Fraction | int]) -> str:
    """Return one term without its sign in HTML."""
    pairs = [(v, e) for v, e in zip(variables, exponents, strict=True) if e]
    factors = [f"<i>{v}</i>" if e == 1 else f"<i>{v}</i><sup>{str(e).replace('-', '−')}</sup>" for v, e in pairs]
    return "".join(([str(number)] if number != 1 or not factors else []) + factors)


def signed_sum(terms: Iterable[tuple[int, str]], *, minus: str = "-") -> str:
    """Join terms with their signs; an empty sum is 0."""
    text = ""
    for coefficient, term in terms:
        if not text:
            text = (minus if coefficient < 0 else "") + term
        else:
            text += f" {minus if coefficient < 0 else '+'} {term}"
    return text or "0"
