"""The jet space that equations are written in, read off the equations themselves.

Definition: fields are what stands before an underscore, coordinates are the letters behind it.
Convention: ``t`` comes first among coordinates, then the others in alphabetical order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from erlangen.errors import ParseError
from erlangen.symbolic.jets.jet_space import JetSpace

__all__ = ["jet_space_of"]

_NAME = re.compile(r"[^\W\d_]\w*")
_FUNCTIONS = frozenset({"sin", "cos", "tan", "cot", "exp", "sinh", "cosh", "tanh", "log", "sqrt"})


def jet_space_of(
    equations: Iterable[str],
    *,
    base: str | Sequence[str] | None = None,
    fields: str | Sequence[str] | None = None,
    constants: str | Sequence[str] | None = None,
) -> JetSpace:
    """Return the jet space of equations; what is given is not read off.

    Raises
    ------
    ParseError
        If no derivative stands in the equations, so that no field is known.

    Examples
    --------
    >>> space = jet_space_of(["u_t + 6*u*u_x + u_xxx"])
    >>> space.base, space.fields
    (('t', 'x'), ('u',))
    """
    names = {name for text in equations for name in _NAME.findall(text)} - _FUNCTIONS
    jets = [name.split("_", 1) for name in names if "_" in name]
    if isinstance(fields, str):
        fields = fields.split()
    found = tuple(fields or sorted({head for head, _ in jets}))
    if not found:
        message = "no derivative stands in the equations, so that no field is known"
        raise ParseError(message, hint="write derivatives as u_t, u_xx, or name the fields")
    letters = sorted({letter for _, tail in jets for letter in tail.replace("_", "")}, key=lambda x: (x != "t", x))
    return JetSpace(base or " ".join(letters), found, constants=constants or ())
