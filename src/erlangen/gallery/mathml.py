"""Formulas as MathML, made when the page is made.

Definition: TeX in, a ``<math>`` element out, through latex2mathml; no script runs in the reader's browser.
Convention: what cannot be read as TeX is shown as code, never dropped; the converter does not escape texts, so its result is checked.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import cache
from html import escape

from latex2mathml.converter import convert
from markupsafe import Markup

__all__ = ["mathml"]

_LIMIT = 4000
_ALIASES = {r"\lVert": "‖", r"\rVert": "‖", r"\Vert": "‖", r"\lvert": "|", r"\rvert": "|"}
"""What the converter does not know after ``\\bigl`` and its like."""
_TAGS = frozenset(
    [
        "math",
        "mfrac",
        "mi",
        "mmultiscripts",
        "mn",
        "mo",
        "mover",
        "mpadded",
        "mphantom",
        "mprescripts",
        "mroot",
        "mrow",
        "mspace",
        "msqrt",
        "mstyle",
        "msub",
        "msubsup",
        "msup",
        "mtable",
        "mtd",
        "mtext",
        "mtr",
        "munder",
        "munderover",
        "none",
        "menclose",
    ]
)
_NAME = re.compile(r"<mi>([a-z]{2,12})</mi>")
"""Names of functions, which TeX sets with a little room around them."""


def _is_mathml(text: str) -> bool:
    """Return whether a text is well formed, of elements of mathematics only, and holds no unread command."""
    try:
        root = ET.fromstring(text)  # noqa: S314 - see the import
    except ET.ParseError:
        return False
    good = all(item.tag in _TAGS and not any(name.startswith("on") for name in item.attrib) for item in root.iter())
    return good and "\\" not in "".join(root.itertext())


@cache
def mathml(tex: str, *, block: bool = False) -> Markup:
    r"""Return a formula as safe markup.

    Examples
    --------
    >>> str(mathml("t")).startswith("<math")
    True
    >>> str(mathml("\\\\frac{"))
    '<code>\\\\frac{</code>'
    """
    code = Markup("<code>") + tex + Markup("</code>")
    if len(tex) > _LIMIT:
        return code
    readable = tex
    for name, known in _ALIASES.items():
        readable = readable.replace(name, known)
    try:
        text = convert(readable, display="block" if block else "inline")
    except Exception:  # noqa: BLE001, RUF100 - the converter raises whatever its parser stumbles on
        return code
    plain = _NAME.sub(r'<mo lspace="0.17em" rspace="0.17em">\1</mo>', text)
    plain = plain.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "", 1)
    if not _is_mathml(plain):
        return code
    return Markup(plain.replace("<math ", f'<math aria-label="{escape(tex, quote=True)}" ', 1))  # noqa: S704 - checked above
