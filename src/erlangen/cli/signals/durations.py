"""Spans of time on the command line: a number of samples, or milliseconds and seconds where the file says its sampling rate.

Definition: ``12`` is twelve samples; ``48ms`` and ``0.048s`` are the same at 250 Hz.
Convention: a duration stays as it was written until the file is read; then it is the nearest number of samples, at least one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import click

from erlangen.cli.signals.options import integers, words
from erlangen.cli.signals.signals import Signals
from erlangen.errors import DomainError

__all__ = ["Duration", "in_samples", "span_or", "spans"]

_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(ms|s)")


@dataclass(frozen=True)
class Duration:
    """Seconds, and how they were written."""

    seconds: float
    text: str

    def __str__(self) -> str:
        return self.text


def _duration(text: str) -> Duration | None:
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return None
    seconds = float(found[1]) * (0.001 if found[2] == "ms" else 1.0)
    if seconds <= 0:
        message = f"{text!r} is no time at all"
        raise click.BadParameter(message)
    return Duration(seconds, text.strip())


def span_or(*names: str, low: int = 1) -> Any:
    """Return a reader of one of some words, of samples, or of a duration.

    Examples
    --------
    >>> read = span_or("auto")
    >>> read("auto"), read("3"), str(read("20ms"))
    ('auto', 3, '20ms')
    """

    def read(text: Any) -> int | str | Duration:
        written = str(text)
        if written in names:
            return written
        if (found := _duration(written)) is not None:
            return found
        if not written.isdecimal() or int(written) < low:
            others = "".join(f", nor {name!r}" for name in names)
            message = f"{written!r} is neither a number of samples >= {low} nor a time such as 20ms{others}"
            raise click.BadParameter(message)
        return int(written)

    return read


def spans(text: str) -> tuple[int | Duration, ...]:
    """Return the spans of a list: samples, ranges of samples, durations.

    Examples
    --------
    >>> [str(span) for span in spans("1-3,20ms")]
    ['1', '2', '3', '20ms']
    """
    found: list[int | Duration] = []
    for word in words(text):
        duration = _duration(word)
        found += [duration] if duration is not None else integers(word)
    return tuple(dict.fromkeys(found))


def in_samples(span: Any, signals: Signals, option: str) -> Any:
    """Return a span, or several, in samples of the file; what is no duration stays as it is.

    Raises
    ------
    DomainError
        If the file says no sampling rate, or the duration is below half a sample.
    """
    if isinstance(span, tuple):
        return tuple(dict.fromkeys(in_samples(one, signals, option) for one in span))
    if not isinstance(span, Duration):
        return span
    if signals.sfreq is None:
        message = f"{option} {span}: {signals.name} says no sampling rate"
        raise DomainError(message, hint="keep it beside the trials as sfreq (Hz), or count samples")
    samples = round(span.seconds * signals.sfreq)
    if samples < 1:
        message = f"{option} {span} is {span.seconds * signals.sfreq:.2g} of a sample at {signals.sfreq:g} Hz"
        raise DomainError(message, hint=f"at least {1000 / signals.sfreq:.3g}ms")
    return samples
