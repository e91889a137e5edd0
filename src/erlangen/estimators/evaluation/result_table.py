"""The table of an evaluation: one row a pipeline, subject and session.

Definition: columns score, time, samples, subject, session, channels, n_sessions, dataset, pipeline.
Convention: MOABB's names and order, so that ``moabb.analysis`` reads it; time is in seconds, subjects are text as MOABB stores them.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.validation import require

__all__ = ["COLUMNS", "ResultTable"]

COLUMNS = ("score", "time", "samples", "subject", "session", "channels", "n_sessions", "dataset", "pipeline")


@dataclass(frozen=True)
class ResultTable:
    """Rows of scores.

    Parameters
    ----------
    rows : list of dict
        One a pipeline, subject and session, with the keys ``COLUMNS``.

    Examples
    --------
    >>> row = dict(zip(COLUMNS, (0.9, 0.1, 40, "1", "0", 8, 2, "toy", "MDM"), strict=True))
    >>> table = ResultTable([row])
    >>> table["score"], table.mean()
    (array([0.9]), {'MDM': 0.9})
    """

    rows: list[dict[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def __getitem__(self, column: str) -> NDArray[Any]:
        """Return a column.

        Raises
        ------
        DomainError
            If there is none of that name.
        """
        if column not in COLUMNS:
            message = f"there is no column {column!r}"
            raise DomainError(message, hint=f"the columns are {', '.join(COLUMNS)}")
        return np.array([row[column] for row in self.rows])

    def __add__(self, other: ResultTable) -> ResultTable:
        """Return the rows of both, as of several data sets."""
        return ResultTable([*self.rows, *other.rows])

    def mean(self) -> dict[str, float]:
        """Return the mean score of every pipeline over all its rows."""
        names = list(dict.fromkeys(row["pipeline"] for row in self.rows))
        return {n: float(np.mean([row["score"] for row in self.rows if row["pipeline"] == n])) for n in names}

    def to_csv(self, path: Any = None) -> str:
        """Write the table (temporary file, flush, rename) and return its text; without a path only return it."""
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        text = buffer.getvalue()
        if path is not None:
            temporary = f"{os.fspath(path)}.{os.getpid()}.tmp"
            with open(temporary, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        return text

    def to_pandas(self) -> Any:
        """Return a data frame, as ``moabb.analysis`` takes it.

        Raises
        ------
        MissingDependencyError
            If pandas is not installed.
        """
        pandas = require("pandas", extra="cells", purpose="ResultTable.to_pandas")
        return pandas.DataFrame(self.rows, columns=list(COLUMNS))
