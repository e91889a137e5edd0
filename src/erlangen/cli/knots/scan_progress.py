"""How far a scan is, by what its crossings cost.

Definition: crossing i of the plan weighs 2^girth(i); the share done is that of the crossings scanned.
Convention: hundredths, so that the time left follows from the rate; the message has crossings and generators.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

__all__ = ["scan_progress"]

_WHOLE = 1000


def scan_progress(show: Callable[..., Any], girths: Sequence[int]) -> Callable[[int, int, int], None]:
    """Return ``progress(done, crossings, generators)`` of a scan that calls ``show(step, total, message, metrics)``.

    Examples
    --------
    >>> told = []
    >>> scan_progress(lambda *line: told.append(line), [4, 6, 4])(2, 3, 15)
    >>> told
    [(833, 1000, 'crossing 2 of 3, 15 generators', {'generators': 15})]
    """
    sums = [0, *accumulate(1 << girth for girth in girths)]

    def progress(done: int, crossings: int, generators: int) -> None:
        share = sums[done] / sums[-1] if crossings == len(girths) and sums[-1] else done / max(crossings, 1)
        message = f"crossing {done} of {crossings}, {generators:,} generators"
        show(int(_WHOLE * share), _WHOLE, message, {"generators": generators})

    return progress
