"""Trials or matrices as they stood in a file.

Definition: ``X`` is ``(N, n, T)`` trials or ``(N, n, n)`` matrices, float64 and finite; ``columns`` are the file's own arrays of one value a trial.
Convention: ``labels`` is the column that the file itself calls labels (the events of a recording); units are the file's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["SignalOptions", "Signals"]


@dataclass(frozen=True)
class SignalOptions:
    """How to read a file, where it does not say so itself.

    Parameters
    ----------
    key : str, optional
        Which array of an npz or mat file.
    axes : str
        Order of the axes in the file: N trials, C channels, T times.
    matrices : bool
        Whether the file holds matrices instead of trials.
    single : bool
        Whether an array of two axes (channels, times) is one trial.
    events, picks : tuple of str
        Events that begin a trial, and channels, of a recording; empty for all.
    tmin, tmax : float, optional
        From where to where a trial of a recording goes, in seconds from its event.
    band : (float, float), optional
        Edges in Hz of the filter of a recording.
    """

    key: str | None = None
    axes: str = "NCT"
    matrices: bool = False
    single: bool = False
    events: tuple[str, ...] = ()
    picks: tuple[str, ...] = ()
    tmin: float | None = None
    tmax: float | None = None
    band: tuple[float, float] | None = None


@dataclass(frozen=True)
class Signals:
    """Trials or matrices with what the file says of them."""

    X: NDArray[np.float64]
    name: str
    columns: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    labels: str | None = None
    sfreq: float | None = None
    channels: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Number of trials."""
        return int(self.X.shape[0])

    def __str__(self) -> str:
        N, n, T = self.X.shape
        rate = "" if self.sfreq is None else f" at {self.sfreq:g} Hz"
        return f"{N} trial{'s' * (N > 1)} of {n} channel{'s' * (n > 1)} and {T} samples{rate}"
