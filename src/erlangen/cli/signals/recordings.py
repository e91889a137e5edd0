"""Trials cut from recordings: EDF, BDF, GDF and FIF files, read by MNE.

Definition: the recording is filtered, then cut around its events (annotations, else the stimulus channel), tmin to tmax seconds from each.
Convention: volts as MNE gives them; no baseline is taken; the name of an event is the label of its trial; annotations called BAD drop trials.
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import numpy as np

from erlangen.cli.lazy_group import suggestion
from erlangen.cli.signals.signals import SignalOptions, Signals
from erlangen.errors import DomainError, ErlangenError, ParseError, ShapeError
from erlangen.validation import check_finite, require

__all__ = ["RECORDINGS", "read_recording"]

RECORDINGS = (".edf", ".bdf", ".gdf", ".fif")


def read_recording(path: Path, options: SignalOptions) -> Signals:
    """Read a recording and cut it into trials.

    Raises
    ------
    MissingDependencyError
        If MNE is not installed.
    ParseError
        If MNE cannot read the file.
    DomainError
        If there are no such events, channels, or times.
    """
    mne = require("mne", extra="neuro", purpose=f"reading {path.name}")
    with contextlib.redirect_stdout(io.StringIO()), mne.utils.use_log_level("ERROR"):
        try:
            source = _open(mne, path)
            if hasattr(source, "events"):
                return _signals(_narrowed(source, path, options), path)
            _prepare(source, path, options)
            if options.single and options.tmax is None and not options.events:
                return _whole(source, path, options)
            return _signals(_cut(mne, source, path, options), path)
        except (ErlangenError, OSError):
            raise
        except Exception as error:
            reason = " ".join(str(error).split())[:160] or type(error).__name__
            message = f"{path.name} cannot be read by MNE: {reason}"
            raise ParseError(message, hint="check the file, --picks, --band, --tmin and --tmax") from error


def _open(mne: Any, path: Path) -> Any:
    """Return a raw recording, or the epochs of a FIF file that holds epochs."""
    suffix = path.suffix.lower()
    if suffix != ".fif":
        return getattr(mne.io, f"read_raw_{suffix[1:]}")(path, preload=True)
    if path.stem.endswith(("-epo", "_epo")):
        return mne.read_epochs(path, preload=True)
    return mne.io.read_raw_fif(path, preload=True)


def _events(mne: Any, raw: Any, path: Path, options: SignalOptions) -> tuple[Any, dict[str, int]]:
    """Return the events of a recording and their codes by name."""
    events, codes = mne.events_from_annotations(raw)
    if not len(events) and len(mne.pick_types(raw.info, meg=False, stim=True)):
        events = mne.find_events(raw, shortest_event=1)
        codes = {str(code): int(code) for code in np.unique(events[:, 2])} if len(events) else {}
    if not codes:
        message = f"{path.name} has no events: neither annotations nor a stimulus channel"
        raise DomainError(message, hint="trials begin at events; write them as annotations first")
    _check_names("--events", options.events, list(codes), path)
    return events, {name: codes[name] for name in (options.events or codes)}


def _prepare(raw: Any, path: Path, options: SignalOptions) -> None:
    """Check the channels of a raw recording, and filter it."""
    _check_names("--picks", options.picks, [*raw.ch_names, *raw.get_channel_types()], path)
    if options.band is None:
        return
    low, high = options.band
    half = raw.info["sfreq"] / 2
    if not 0 <= low < high < half:
        message = f"--band {low:g} {high:g} is not inside 0 to {half:g} Hz, half the sampling rate"
        raise DomainError(message, hint="give the lower edge, then the upper one")
    raw.filter(low or None, high)


def _whole(raw: Any, path: Path, options: SignalOptions) -> Signals:
    """Return a whole recording as one trial."""
    raw.pick(list(options.picks) or "data")
    X = np.ascontiguousarray(raw.get_data()[None], dtype=np.float64)
    check_finite(X, path.name)
    note = "the whole recording is one trial; --tmax cuts it at its events"
    return Signals(X, path.name, sfreq=float(raw.info["sfreq"]), channels=tuple(raw.ch_names), notes=(note,))


def _cut(mne: Any, raw: Any, path: Path, options: SignalOptions) -> Any:
    """Return the epochs of a raw recording."""
    events, codes = _events(mne, raw, path, options)
    if options.tmax is None:
        names = ", ".join(f"{name} ({int((events[:, 2] == code).sum())})" for name, code in list(codes.items())[:8])
        message = f"--tmax is needed to cut {path.name} into trials; its events are {names}"
        raise DomainError(message, hint="seconds from the event to the end of its trial")
    return mne.Epochs(
        raw,
        events,
        codes,
        tmin=options.tmin or 0.0,
        tmax=options.tmax,
        baseline=None,
        picks=list(options.picks) or "data",
        preload=True,
        event_repeated="drop",
    )


def _narrowed(epochs: Any, path: Path, options: SignalOptions) -> Any:
    """Return the epochs of a file as the options ask for: events, channels, and the stretch of time."""
    if options.band is not None:
        message = f"--band: {path.name} holds trials already, and a filter needs the recording"
        raise DomainError(message, hint="filter before cutting")
    _check_names("--events", options.events, list(epochs.event_id), path)
    _check_names("--picks", options.picks, [*epochs.ch_names, *epochs.get_channel_types()], path)
    if options.events:
        epochs = epochs[list(options.events)]
    epochs = epochs.pick(list(options.picks) or "data")
    if options.tmin is not None or options.tmax is not None:
        epochs.crop(options.tmin, options.tmax)
    return epochs


def _check_names(option: str, wanted: tuple[str, ...], names: list[str], path: Path) -> None:
    """Refuse the first name that is not there."""
    for name in wanted:
        if name not in names:
            message = f"{option}: {path.name} has no {name!r}"
            listed = ", ".join(map(repr, dict.fromkeys(names[:8])))
            raise DomainError(message, hint=suggestion(name, names) or f"it has {listed}")


def _signals(epochs: Any, path: Path) -> Signals:
    """Return the trials of epochs, with the name of its event as the label of each."""
    dropped = sum(1 for log in epochs.drop_log if log and log != ("IGNORED",))
    if not len(epochs):
        message = f"{path.name}: no trial is left; {dropped} reach over an end of the recording, or are marked bad"
        raise ShapeError(message, hint="check --tmin, --tmax and --events")
    X = np.ascontiguousarray(epochs.get_data(), dtype=np.float64)
    check_finite(X, path.name)
    names = {code: name for name, code in epochs.event_id.items()}
    labels = np.array([names[code] for code in epochs.events[:, 2]])
    notes = (
        f"left out, being marked bad or reaching over an end of the recording: {dropped} of {dropped + len(X)} trials",
    )
    return Signals(
        X,
        path.name,
        {"event": labels},
        "event",
        float(epochs.info["sfreq"]),
        tuple(epochs.ch_names),
        notes if dropped else (),
    )
