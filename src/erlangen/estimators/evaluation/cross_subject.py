"""Train on the other subjects, test on the one left out.

Definition: one fold a subject; the test subject's sessions are scored one by one.
Convention: as MOABB's ``CrossSubjectEvaluation``; an inner search must not mix subjects.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.estimators.evaluation.fold import Fold
from erlangen.estimators.evaluation.metadata import Metadata
from erlangen.estimators.evaluation.splitter import Splitter, check_classes

__all__ = ["CrossSubject"]


class CrossSubject(Splitter):
    """Leave one subject out.

    Examples
    --------
    >>> y = np.tile([0, 1], 6)
    >>> metadata = {"subject": np.repeat([1, 2, 3], 4), "session": ["a"] * 12}
    >>> [(len(train), len(test)) for train, test in CrossSubject().split(None, y, metadata)]
    [(8, 4), (8, 4), (8, 4)]
    """

    inner_groups = "subject"

    def __repr__(self) -> str:
        return "CrossSubject()"

    def folds(self, y: NDArray[Any], metadata: Metadata) -> list[Fold]:
        """Return one fold a subject."""
        subjects = metadata.subjects()
        if len(subjects) < 2:
            message = f"all trials are of subject {subjects[0]}; two are needed" if subjects else "there are no trials"
            raise DomainError(message, hint="use WithinSession or CrossSession")
        found = []
        for subject in subjects:
            train = np.flatnonzero(metadata.subject != subject)
            check_classes(y, train, f"without subject {subject}")
            own = metadata.subject == subject
            rows = tuple(
                (subject, session, np.flatnonzero(own & (metadata.session == session)))
                for session in metadata.sessions(subject)
            )
            found.append(Fold(train, rows, len(train)))
        return found
