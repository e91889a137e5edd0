"""Exact expressions as a page prints them.

Definition: :func:`pretty` sets ``^2`` high and ``_x`` low, writes thin spaces for products and true minus signs.
Convention: the text is escaped first; what comes out has only ``sup``, ``sub`` and words.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

__all__ = ["pretty"]

_HIGH = re.compile(r"\^(?:(\d+)|\(([-−]?\d+(?:/\d+)?)\))")
_GREEK = {"phi": "φ", "theta": "θ"}
_LOW = re.compile(r"_([a-z]+)|\bX(\d+)")


def pretty(text: str) -> Markup:
    r"""Return an expression with exponents and indices set.

    Examples
    --------
    >>> pretty("2*t ∂_x - u^2")
    Markup('2\u2009t ∂<sub>x</sub> − u<sup>2</sup>')
    """
    plain = str(escape(text)).replace("*", "\u2009").replace("-", "−")
    high = _HIGH.sub(r"<sup>\1\2</sup>", plain)
    return Markup(_LOW.sub(_low, high))  # noqa: S704 - escaped above


def _low(found: re.Match[str]) -> str:
    return f"<sub>{_GREEK.get(found[1], found[1])}</sub>" if found[1] else f"X<sub>{found[2]}</sub>"
