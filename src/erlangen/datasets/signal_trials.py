"""Labelled trials of a multichannel signal, with who was recorded when, and where the recording comes from.

Definition: trials X_i (channels x times), a class each, and for each the subject, the session and the stretch of recording it was cut from.
Convention: columns are named as MOABB names them (subject, session, run); trials cut from one stretch share ``groups``; arrays are read-only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError

__all__ = ["SignalTrials"]


@dataclass(frozen=True, eq=False)
class SignalTrials:
    """Trials and what is known of them.

    Parameters
    ----------
    X : ndarray (N, n, T) or sequence of N ndarrays (n, T_i)
        The trials, in ``unit``.
    y : ndarray (N,)
        Class of each, 0 … c - 1.
    name : str
        Which data set.
    label_names : tuple of str
        Names of the classes.
    subject, session, run : ndarray (N,) of str, optional
        Who was recorded, and when (default: one of each, named "0").
    groups : ndarray (N,) of int, optional
        Number of the stretch of recording a trial was cut from (default: each its own). Trials of one group belong in one fold.
    sfreq : float, optional
        Samples in a second.
    unit : str
        Unit of X.
    channels : tuple of str
        Names of the channels.
    truth : dict
        What is known exactly of simulated data, by name.
    source, licence : str
        Where the data come from, and under which terms.
    checksum : str, optional
        SHA-256 of the file that was read (of several files, joined by spaces).

    Raises
    ------
    ShapeError
        If an array has not one entry for each trial.

    Examples
    --------
    >>> SignalTrials(np.zeros((4, 2, 50)), np.array([0, 1, 0, 1]), "flat")
    SignalTrials('flat', trials=4, channels=2, times=50, classes=2)
    """

    X: Any
    y: NDArray[np.int64]
    name: str
    label_names: tuple[str, ...] = ()
    subject: NDArray[np.str_] | None = None
    session: NDArray[np.str_] | None = None
    run: NDArray[np.str_] | None = None
    groups: NDArray[np.int64] | None = None
    sfreq: float | None = None
    unit: str = "1"
    channels: tuple[str, ...] = ()
    truth: dict[str, Any] = field(default_factory=dict)
    source: str = "simulated"
    licence: str = "none needed"
    checksum: str | None = None

    def __post_init__(self) -> None:
        whole = isinstance(self.X, np.ndarray)
        object.__setattr__(self, "X", _frozen(self.X) if whole else tuple(_frozen(trial) for trial in self.X))
        for column in ("subject", "session", "run"):
            if getattr(self, column) is None:
                object.__setattr__(self, column, np.full(len(self.X), "0"))
        if self.groups is None:
            object.__setattr__(self, "groups", np.arange(len(self.X)))
        for column in ("y", "subject", "session", "run", "groups"):
            array = np.asarray(getattr(self, column))
            if array.shape != (len(self.X),):
                message = f"{column} has shape {array.shape}, but there are {len(self.X)} trials"
                raise ShapeError(message, hint="one entry for each trial")
            object.__setattr__(self, column, _frozen(array))

    def __repr__(self) -> str:
        lengths = sorted({trial.shape[-1] for trial in self.X})
        times = f"{lengths[0]}" if len(lengths) == 1 else f"{lengths[0]}–{lengths[-1]}"
        size = f"trials={len(self.X)}, channels={self.n_channels}, times={times}, classes={len(np.unique(self.y))}"
        return f"SignalTrials({self.name!r}, {size})"

    def __len__(self) -> int:
        return len(self.X)

    @property
    def n_channels(self) -> int:
        """Number of channels n."""
        return int(self.X[0].shape[0])

    def metadata(self) -> dict[str, NDArray[Any]]:
        """Return the columns subject, session, run and group: ``pandas.DataFrame`` of them is what MOABB passes around.

        Examples
        --------
        >>> sorted(SignalTrials(np.zeros((1, 2, 9)), np.zeros(1), "flat").metadata())
        ['group', 'run', 'session', 'subject']
        """
        return {"subject": self.subject, "session": self.session, "run": self.run, "group": self.groups}  # type: ignore[dict-item]

    def select(self, mask: NDArray[Any]) -> SignalTrials:
        """Return the trials that a mask (N,) or an array of indices picks.

        Raises
        ------
        DomainError
            If none is picked.

        Examples
        --------
        >>> two = SignalTrials(np.zeros((2, 2, 9)), np.zeros(2), "flat", session=np.array(["a", "b"]))
        >>> len(two.select(two.session == "b"))
        1
        """
        index = np.arange(len(self.X))[mask]
        if not len(index):
            message = f"{self.name}: no trial is picked"
            raise DomainError(message, hint="the columns subject, session, run, groups and y say what there is")
        columns = {name: getattr(self, name)[index] for name in ("y", "subject", "session", "run", "groups")}
        X = self.X[index] if isinstance(self.X, np.ndarray) else [self.X[i] for i in index]
        rest = ("name", "label_names", "sfreq", "unit", "channels", "truth", "source", "licence", "checksum")
        return SignalTrials(X=X, **columns, **{name: getattr(self, name) for name in rest})


def _frozen(array: Any) -> NDArray[Any]:
    """A read-only view."""
    view: NDArray[Any] = np.asarray(array).view()
    view.flags.writeable = False
    return view
