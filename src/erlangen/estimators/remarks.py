"""Warnings that point at the line of the user, not at one of this library.

Definition: the stack level of a warning is that of the first frame outside of the package.
Convention: one warning for one cause, with its numbers.
"""

from __future__ import annotations

import sys
import warnings

from erlangen.errors import DomainWarning, ErlangenWarning

__all__ = ["remark"]

_PACKAGE = __name__.partition(".")[0]


def remark(message: str, category: type[ErlangenWarning] = DomainWarning) -> None:
    """Warn where the package was called.

    Examples
    --------
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     remark("one matrix only")
    >>> caught[0].category.__name__, str(caught[0].message)
    ('DomainWarning', 'one matrix only')
    """
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == _PACKAGE:
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)
