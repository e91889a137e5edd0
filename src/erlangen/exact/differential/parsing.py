"""A reader of exact expressions, by a white list over Python's own grammar.

Definition: names, integers, brackets, ``+ - * / ** ^`` and calls of the functions a ring has; nothing is evaluated but ring arithmetic.
Convention: ``^`` is the power, as in ``**``; decimal fractions are refused, ``1/2`` is exact.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from erlangen.errors import ParseError

__all__ = ["parse_expression"]

_LONGEST = 100_000
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}


def parse_expression(text: str, ring: Any) -> Any:
    """Return the element of a ring that a text means; names are looked up as ``ring[name]``, functions as ``ring.function(name)``.

    Raises
    ------
    ParseError
        If the text is not an expression of the grammar.
    DomainError
        If a name is unknown to the ring.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> parse_expression("(x + 1)^2 - x^2", DifferentialRing("x"))
    2*x + 1
    """
    if not isinstance(text, str) or not text.strip():
        message = f"there is no expression in {text!r}"
        raise ParseError(message)
    if len(text) > _LONGEST:
        message = f"the expression has {len(text)} characters, more than {_LONGEST}"
        raise ParseError(message, hint="build it from its parts")
    try:
        tree = ast.parse(text.strip().replace("^", "**"), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        message = f"{text!r} is not an expression: {getattr(error, 'msg', error)}"
        raise ParseError(message, hint="write products with *, powers with ^") from error
    return _Reader(ring, text).read(tree.body)


class _Reader:
    def __init__(self, ring: Any, text: str) -> None:
        self._ring = ring
        self._text = text

    def _refuse(self, node: ast.AST, what: str) -> ParseError:
        place = getattr(node, "col_offset", 0)
        message = f"{what} in {self._text!r} at character {place + 1}"
        return ParseError(
            message, hint="an exact expression has names, integers, + - * / ^, brackets and sin cos exp log sqrt"
        )

    def read(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return self._ring.constant(node.value)
        if isinstance(node, ast.Name):
            return self._ring[node.id]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            value = self.read(node.operand)
            return -value if isinstance(node.op, ast.USub) else value
        if isinstance(node, ast.BinOp):
            return self._binary(node)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and len(node.args) == 1
            and not node.keywords
            and "_" not in node.func.id
        ):
            return self._ring.function(node.func.id)(self.read(node.args[0]))
        raise self._refuse(node, "what is not part of an exact expression stands")

    def _binary(self, node: ast.BinOp) -> Any:
        left = self.read(node.left)
        if isinstance(node.op, ast.Pow):
            exponent = self.read(node.right).rational()
            if exponent is None or exponent.denominator != 1 or abs(exponent.numerator) > 10_000:
                raise self._refuse(node.right, "an exponent that is not a moderate integer stands")
            return left**exponent.numerator
        if type(node.op) not in _BINARY:
            raise self._refuse(node, "an operator that is not + - * / ^ stands")
        return _BINARY[type(node.op)](left, self.read(node.right))
