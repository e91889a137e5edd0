"""Spans on the command line: samples, milliseconds, seconds, and lists of them."""

import click
import numpy as np
import pytest

from erlangen.cli.signals import Signals
from erlangen.cli.signals.durations import in_samples, span_or, spans
from erlangen.errors import DomainError

SIGNALS = Signals(np.zeros((1, 2, 50)), "a.npz", sfreq=250.0)


@pytest.mark.parametrize(
    ("text", "samples"), [("7", 7), ("20ms", 5), ("0.02s", 5), ("1s", 250), ("6ms", 2), ("auto", "auto")]
)
def test_spans(text, samples):
    assert in_samples(span_or("auto")(text), SIGNALS, "--lag") == samples


def test_lists_name_each_span_once():
    assert in_samples(spans("1-3,4ms,20ms"), SIGNALS, "--lags") == (1, 2, 3, 5)
    assert in_samples(None, SIGNALS, "--lags") is None


@pytest.mark.parametrize("text", ["0", "-3", "2.5", "20 m", "ms", "0ms", "word"])
def test_what_is_no_span(text):
    with pytest.raises(click.BadParameter):
        span_or("auto")(text)


def test_what_has_no_samples():
    with pytest.raises(DomainError, match=r"0\.25 of a sample at 250 Hz .*at least 4ms"):
        in_samples(span_or()("1ms"), SIGNALS, "--lag")
    with pytest.raises(DomainError, match="no sampling rate"):
        in_samples(span_or()("1ms"), Signals(np.zeros((1, 2, 50)), "a.npy"), "--lag")
