"""Small figures and formulas of the page of knots.

Definition: :func:`sparkline` draws how many ends are open while a diagram is scanned; :func:`polynomial` sets exponents high.
Convention: colours are classes of the style sheet; what is drawn is said in the text alternative.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

__all__ = ["polynomial", "sparkline"]

_EXPONENT = re.compile(r"\^\(?(-?\d+(?:/\d+)?)\)?")
_STEP, _HEIGHT = 5.0, 20.0


def polynomial(text: str) -> Markup:
    """Return a polynomial with its exponents as superscripts and true minus signs.

    Examples
    --------
    >>> polynomial("t^-1 - 2*t^(1/2)")
    Markup('t<sup>−1</sup> − 2t<sup>1/2</sup>')
    """
    plain = str(escape(text)).replace("*", "")
    return Markup(_EXPONENT.sub(r"<sup>\1</sup>", plain).replace("-", "−"))  # noqa: S704 - escaped above


def sparkline(girths: Sequence[int]) -> Markup:
    """Return the girths of a scan as a line of steps.

    Examples
    --------
    >>> 'aria-label="4, 6, 4; at most 6"' in sparkline([4, 6, 4])
    True
    """
    top = max(girths, default=1)
    width = _STEP * max(len(girths), 1)
    heights = [round(_HEIGHT - 1 - (_HEIGHT - 3) * girth / top, 1) for girth in girths]
    steps = "".join(f"V{height}h{_STEP:g}" for height in heights)
    label = f"{', '.join(map(str, girths))}; at most {top}"
    head = Markup('<svg class="spark" viewBox="0 0 {:g} {:g}" width="{:g}" height="{:g}" role="img" aria-label="{}">')
    return head.format(width, _HEIGHT, width, _HEIGHT, label) + Markup(  # noqa: S704 - numbers only
        f'<path d="M0 {_HEIGHT - 1:g}{steps}V{_HEIGHT - 1:g}"/></svg> {top}'
    )
