"""Train on the other sessions of a subject, test on the one left out.

Definition: for every subject with two sessions or more, one fold a session.
Convention: as MOABB's ``CrossSessionEvaluation``; an inner search must not mix sessions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.estimators.evaluation.fold import Fold
from erlangen.estimators.evaluation.metadata import Metadata
from erlangen.estimators.evaluation.splitter import Splitter, check_classes
from erlangen.estimators.remarks import remark

__all__ = ["CrossSession"]


class CrossSession(Splitter):
    """Leave one session of a subject out.

    Examples
    --------
    >>> y = np.tile([0, 1], 6)
    >>> metadata = {"subject": np.ones(12), "session": np.repeat(["a", "b", "c"], 4)}
    >>> [(len(train), len(test)) for train, test in CrossSession().split(None, y, metadata)]
    [(8, 4), (8, 4), (8, 4)]
    """

    def __repr__(self) -> str:
        return "CrossSession()"

    def folds(self, y: NDArray[Any], metadata: Metadata) -> list[Fold]:
        """Return one fold a session of every subject that has two."""
        found, alone = [], []
        for subject in metadata.subjects():
            sessions = metadata.sessions(subject)
            if len(sessions) < 2:
                alone.append(subject)
                continue
            own = metadata.subject == subject
            for session in sessions:
                test = np.flatnonzero(own & (metadata.session == session))
                train = np.flatnonzero(own & (metadata.session != session))
                check_classes(y, train, f"subject {subject}, without session {session}")
                found.append(Fold(train, ((subject, session, test),), len(train)))
        if not found:
            message = "no subject has two sessions"
            raise DomainError(message, hint="use WithinSession or CrossSubject")
        if alone:
            remark(f"subjects with one session are left out: {', '.join(map(str, alone))}")
        return found
