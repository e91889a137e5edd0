"""Numbers, dates and durations as the page prints them.

Definition: four significant digits, narrow spaces that do not break between groups of thousands, powers of ten outside ``[1e-4, 1e6)``.
Convention: ``–`` where there is nothing to print; a true minus sign.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime

__all__ = ["clock", "day", "duration", "moment", "number", "slugify", "value"]

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(x: float | int | None, digits: int = 4) -> str:
    """Return a number for a reader.

    Examples
    --------
    >>> number(0.99312), number(1234567), number(-2.5e-9), number(None)
    ('0.9931', '1\u202f234\u202f567', '−2.5·10⁻⁹', '–')
    """
    if x is None or isinstance(x, bool):
        return "–" if x is None else ("yes" if x else "no")
    if not math.isfinite(x):
        return "not a number" if math.isnan(x) else ("∞" if x > 0 else "−∞")
    if isinstance(x, int):
        return f"{x:,}".replace(",", "\u202f").replace("-", "−")
    if x != 0 and not 1e-4 <= abs(x) < 1e6:
        mantissa, _, exponent = f"{x:.{digits - 2}e}".partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return f"{mantissa}·10{str(int(exponent)).translate(_SUPERSCRIPT)}".replace("-", "−")
    text = f"{x:.{digits}g}"
    if "e" in text:
        text = f"{x:.0f}"
    whole, dot, rest = text.partition(".")
    grouped = f"{int(whole):,}".replace(",", "\u202f") if len(whole.lstrip("-")) > 4 else whole
    return f"{grouped}{dot}{rest}".replace("-", "−")


def value(x: object, digits: int = 4) -> str:
    """Return a metric or parameter for a reader: numbers by :func:`number`, lists joined, texts as they are.

    Examples
    --------
    >>> value([0.1, 0.5]), value(True), value("auto")
    ('0.1, 0.5', 'yes', 'auto')
    """
    if x is None or isinstance(x, (bool, int, float)):
        return number(x, digits)
    if isinstance(x, (list, tuple)):
        return ", ".join(value(item, digits) for item in x)
    return str(x)


def duration(seconds: float | None) -> str:
    """Return a duration for a reader.

    Examples
    --------
    >>> duration(0.0421), duration(7.25), duration(192.0), duration(7300.0)
    ('42 ms', '7.2 s', '3 min 12 s', '2 h 1 min')
    """
    if seconds is None or not math.isfinite(seconds):
        return "–"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def day(when: date) -> str:
    """Return a date as the listing prints it.

    Examples
    --------
    >>> day(date(2023, 5, 30))
    '30 May 2023'
    """
    return f"{when.day} {when:%B} {when.year}"


def clock(text: str | None) -> datetime | None:
    """Return the moment of an ISO text, None for anything else.

    Examples
    --------
    >>> clock("2026-01-02T03:04:05+00:00").hour, clock("yesterday")
    (3, None)
    """
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def moment(text: str | None) -> str:
    """Return an ISO moment as day and time in UTC.

    Examples
    --------
    >>> moment("2026-01-02T03:04:05+00:00"), moment(None)
    ('2 January 2026, 03:04 UTC', '–')
    """
    found = clock(text)
    return "–" if found is None else f"{day(found)}, {found.astimezone(UTC):%H:%M} UTC"


def slugify(text: str) -> str:
    """Return a text as a part of a file name: lower-case letters, digits and hyphens, never empty.

    Examples
    --------
    >>> slugify("../Swiss roll, t = 0.5"), slugify("…")
    ('swiss-roll-t-0-5', 'x')
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "x"
