"""Electromyograms of the forearm during five hand gestures, from the installed geomstats package.

Definition: 8 electrodes of a Myo armband, 2 subjects x 2 sessions of 30 segments of 25 s, one gesture each (M. Guerard, in geomstats 2.8.0).
Convention: windows lie inside one segment and do not overlap; ``groups`` is the segment, counted over the whole recording: windows of one segment
resemble each other, and folds that part them leak.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from erlangen.datasets.data_files import checked_bytes, installed_file
from erlangen.datasets.signal_trials import SignalTrials
from erlangen.errors import DomainError
from erlangen.validation import check_choice, check_integer

__all__ = ["forearm_emg"]

_CHECKSUM = "7f80636be3dc37770da73ca8456ddaad9a0b752ec34b51903f33cf05bdc5ca9a"
_FILE = {"geomstats": "datasets/data/emg/emg.csv"}
_GESTURES = ("ok", "paper", "rest", "rock", "scissors")
_SUBJECTS, _SESSIONS = ("mg", "rr"), ("s1", "s2")
_CHANNELS = tuple(f"c{k}" for k in range(8))
_RATE = 243.7  # 182,798 samples in 30 x 25 s; the time stamps are too uneven to be used
_CENTRE = 128.0


def forearm_emg(
    subject: str | None = None,
    session: str | None = None,
    *,
    window: int = 100,
    margin: int = 0,
    per_session: int | None = None,
) -> SignalTrials:
    """Return windows of the recording.

    Parameters
    ----------
    subject : {"mg", "rr"}, optional
        Whose (default: both).
    session : {"s1", "s2"}, optional
        Which session (default: both).
    window : int
        Samples of a window; about 244 are a second.
    margin : int
        Samples left out at both ends of a segment, where the hand still moves.
    per_session : int, optional
        Keep so many windows of each session, evenly spread (default: all, about 1,810).

    Returns
    -------
    SignalTrials
        X (N, 8, window) in units of the analogue-digital converter about its middle; y = gesture; groups = segment.

    Raises
    ------
    MissingDependencyError
        If geomstats is not installed (it is not imported, only its file is read).
    DomainError
        If no window fits into some segment, or a session has fewer windows than ``per_session``.

    Examples
    --------
    >>> from importlib.util import find_spec
    >>> forearm_emg("mg").X.shape if find_spec("geomstats") else (3633, 8, 100)
    (3633, 8, 100)
    """
    subjects = _SUBJECTS if subject is None else (check_choice(subject, "subject", _SUBJECTS),)
    sessions = _SESSIONS if session is None else (check_choice(session, "session", _SESSIONS),)
    window = check_integer(window, "window", low=2)
    margin = check_integer(margin, "margin", low=0)
    table = _recording()
    keys = np.char.add(table["gesture"], table["recording"])
    edges = np.concatenate([[0], np.flatnonzero(keys[1:] != keys[:-1]) + 1, [len(table)]])
    starts, segments = _windows(edges, window, margin)
    who = table["recording"][starts]
    wanted = [f"{a}_{b}" for a in subjects for b in sessions]
    keep = np.concatenate([_spread(np.flatnonzero(who == name), per_session, name) for name in wanted])
    starts, segments, who = starts[keep], segments[keep], who[keep]
    signal = np.stack([table[name] for name in _CHANNELS]) - _CENTRE
    return SignalTrials(
        np.ascontiguousarray(signal[:, starts[:, None] + np.arange(window)].transpose(1, 0, 2)),
        np.searchsorted(_GESTURES, table["gesture"][starts]).astype(np.int64),
        "forearm_emg",
        label_names=_GESTURES,
        subject=np.array([name[:2] for name in who]),
        session=np.array([name[3:] for name in who]),
        groups=segments,
        sfreq=_RATE,
        unit="counts",
        channels=_CHANNELS,
        source="geomstats 2.8.0, datasets/data/emg (M. Guerard)",
        licence="MIT",
        checksum=_CHECKSUM,
    )


def _recording() -> NDArray[np.void]:
    """The whole table: eight channels, gesture, and subject_session."""
    file = installed_file(_FILE, extra="signals", purpose="the electromyogram")
    columns = [("time", "i8"), *((name, "f8") for name in _CHANNELS), ("gesture", "U8"), ("recording", "U5")]
    text = io.StringIO(checked_bytes(file, _CHECKSUM).decode("ascii"))
    return np.loadtxt(text, delimiter=",", skiprows=1, dtype=np.dtype(columns))


def _windows(edges: NDArray[np.int64], window: int, margin: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts of the windows, and the segment of each."""
    counts = (np.diff(edges) - 2 * margin) // window
    if (counts < 1).any():
        k = int(np.argmax(counts < 1))
        length = int(edges[k + 1] - edges[k])
        message = f"segment {k} has {length} samples: no window of {window} fits between margins of {margin}"
        raise DomainError(message, hint=f"choose window + 2 margin <= {int(np.diff(edges).min())}")
    starts = [edge + margin + window * np.arange(count) for edge, count in zip(edges, counts, strict=False)]
    return np.concatenate(starts), np.repeat(np.arange(len(counts)), counts)


def _spread(index: NDArray[np.int64], count: int | None, name: str) -> NDArray[np.int64]:
    """``count`` of the indices, evenly spread."""
    if count is None:
        return index
    count = check_integer(count, "per_session", low=1)
    if count > len(index):
        message = f"per_session = {count}, but session {name} has {len(index)} windows"
        raise DomainError(message, hint="ask for fewer, or take a shorter window")
    return index[np.arange(count) * len(index) // count]
