"""Formulas as MathML, made when the page is made.

Definition: TeX in, a ``<math>`` element out, through latex2mathml; no script runs in the reader's browser.
Convention: what cannot be read as TeX is shown as code, never dropped; the TeX stays with the formula for those who copy it.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape

from latex2mathml.converter import convert
from markupsafe import Markup

__all__ = ["mathml"]

_LIMIT = 4000
_NAME = re.compile(r"<mi>([a-z]{2,12})</mi>")
"""Names of functions, which TeX sets with a little room around them."""


@cache
def mathml(tex: str, *, block: bool = False) -> Markup:
    """Return a formula as safe markup.

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
    try:
        text = convert(tex, display="block" if block else "inline")
    except Exception:  # noqa: BLE001, RUF100 - the converter raises whatever its parser stumbles on
        return code
    spaced = _NAME.sub(r'<mo lspace="0.17em" rspace="0.17em">\1</mo>', text)
    named = spaced.replace("<math ", f'<math aria-label="{escape(tex, quote=True)}" ', 1)
    return Markup(named.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "", 1))  # noqa: S704 - made by the converter
