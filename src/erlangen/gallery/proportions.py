"""The proportions of a figure, so that wide ones get the whole width of the page.

Definition: width over height, from the ``viewBox`` of an SVG; other formats do not tell here.
Convention: wide is at least 1.8.
"""

from __future__ import annotations

import re

from erlangen.runs import Figure

__all__ = ["is_wide"]

_VIEW_BOX = re.compile(rb"viewBox\s*=\s*[\"']\s*[-+.\deE]+[\s,]+[-+.\deE]+[\s,]+([.\deE+]+)[\s,]+([.\deE+]+)")
_WIDE = 1.8


def is_wide(figure: Figure) -> bool:
    """Return whether a figure is known to be wide.

    Examples
    --------
    >>> is_wide(Figure("a", "", "image/svg+xml", b'<svg viewBox="0 0 400 100">')), is_wide(Figure("b", "", "image/png", b""))
    (True, False)
    """
    found = _VIEW_BOX.search(figure.data[:4000]) if figure.media_type == "image/svg+xml" else None
    if found is None:
        return False
    try:
        width, height = float(found[1]), float(found[2])
    except ValueError:
        return False
    return height > 0 and width >= _WIDE * height
