"""A number of bytes as a person writes it.

Definition: a number and a unit, of 1000 (kB, MB, GB, TB) or of 1024 (KiB, MiB, GiB, TiB); without a unit, bytes.
Convention: letters large or small, blanks allowed.
"""

from __future__ import annotations

import re

__all__ = ["byte_count"]

_TEXT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([kmgt]?)(i?)b?)", re.IGNORECASE)


def byte_count(text: str) -> int:
    """Return the bytes of a text.

    Raises
    ------
    ValueError
        If the text is no such number, or it is nothing.

    Examples
    --------
    >>> byte_count("1.5 GiB"), byte_count("64MB"), byte_count("100")
    (1610612736, 64000000, 100)
    """
    found = _TEXT.fullmatch(text.strip())
    if found is None or not float(found[1]):
        message = f"{text!r} is no number of bytes (such as 500MB or 8GiB)"
        raise ValueError(message)
    power = " kmgt".index(found[2].lower() or " ")
    return int(float(found[1]) * (1024 if found[3] else 1000) ** power)
