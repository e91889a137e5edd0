"""The table that says to which subject, session and run each trial belongs.

Definition: a dictionary of columns or a data frame with columns ``subject`` and ``session`` (``run`` and others are kept out of the way).
Convention: MOABB's column names; two subjects' sessions of the same name are different sessions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError

__all__ = ["Metadata", "read_metadata"]

Array = NDArray[Any]


@dataclass(frozen=True)
class Metadata:
    """Subject and session of every trial, and a number for each pair of them."""

    subject: Array
    session: Array
    pair: NDArray[np.intp]
    source: Any = None

    def __len__(self) -> int:
        return len(self.subject)

    def subjects(self) -> list[Any]:
        """Return the subjects, sorted as MOABB sorts them."""
        return list(np.unique(self.subject))

    def sessions(self, subject: Any) -> list[Any]:
        """Return the sessions of one subject, sorted."""
        return list(np.unique(self.session[self.subject == subject]))

    def column(self, name: str) -> Array:
        """Return another column of the table that was read.

        Raises
        ------
        DomainError, ShapeError
            If it is missing, or has not one entry a trial.
        """
        return _column(self.source, name, len(self))

    def groups(self, name: str) -> NDArray[np.intp]:
        """Return a number a trial: one for each ``"subject"``, or for each ``"session"`` of each subject."""
        return np.unique(self.subject, return_inverse=True)[1] if name == "subject" else self.pair


def read_metadata(metadata: Any, count: int) -> Metadata:
    """Return the columns that a split needs.

    Raises
    ------
    DomainError
        If a column is missing or holds missing values.
    ShapeError
        If a column has not one entry a trial.

    Examples
    --------
    >>> read_metadata({"subject": [1, 1, 2], "session": ["0", "1", "0"]}, 3).pair
    array([0, 1, 2])
    """
    columns = {}
    for name in ("subject", "session"):
        column = _column(metadata, name, count)
        missing = [
            i
            for i, value in enumerate(column.tolist())
            if value is None or (isinstance(value, float) and np.isnan(value))
        ]
        if missing:
            message = f"metadata[{name!r}][{missing[0]}] is missing"
            raise DomainError(message, hint="drop the trial or fill it in")
        columns[name] = column
    _, first = np.unique(columns["subject"], return_inverse=True)
    kinds, second = np.unique(columns["session"], return_inverse=True)
    _, pair = np.unique(first * len(kinds) + second, return_inverse=True)
    return Metadata(columns["subject"], columns["session"], pair, metadata)


def _column(metadata: Any, name: str, count: int) -> Array:
    """Return one column, refused where it is missing or of another length."""
    try:
        column = np.asarray(metadata[name])
    except (KeyError, TypeError, IndexError) as error:
        message = f"metadata has no column {name!r}"
        raise DomainError(message, hint="pass a data frame or a dictionary with 'subject' and 'session'") from error
    if column.shape != (count,):
        message = f"metadata[{name!r}] must have shape ({count},), one entry a trial, got {column.shape}"
        raise ShapeError(message, hint="use the metadata that came with X")
    return column
