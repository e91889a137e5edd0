"""Recordings read by MNE and cut around their events; without MNE, the line that installs it."""

import sys

import numpy as np
import pytest

from erlangen.cli.signals import SignalOptions, find_labels, read_signals
from erlangen.errors import DomainError, MissingDependencyError, ParseError, ShapeError

RATE = 100.0


@pytest.fixture(scope="module")
def mne():
    return pytest.importorskip("mne")


@pytest.fixture
def recording(mne, tmp_path):
    """A recording of 20 s, 8 events of two kinds, one of them in a bad stretch, and its own samples."""
    data = np.random.default_rng(0).normal(size=(3, 2000)) * 1e-5
    raw = mne.io.RawArray(data, mne.create_info(["C3", "C4", "Cz"], RATE, "eeg"), verbose="ERROR")
    onsets = 1.0 + 2.0 * np.arange(8)
    kinds = ["left", "right"] * 4
    raw.set_annotations(mne.Annotations([*onsets, 5.2], [0.0] * 8 + [0.1], [*kinds, "BAD_blink"]))
    raw.save(tmp_path / "a_raw.fif", verbose="ERROR", fmt="double")
    return tmp_path / "a_raw.fif", data


def test_trials_are_cut_at_events_and_named_by_them(recording):
    path, data = recording
    read = read_signals(path, SignalOptions(tmin=0.1, tmax=0.59))
    kept = [0, 1, 3, 4, 5, 6, 7]
    starts = [round((1.0 + 2.0 * k + 0.1) * RATE) for k in kept]
    assert np.allclose(read.X, np.stack([data[:, s : s + 50] for s in starts]), rtol=1e-12)
    assert find_labels(None, read)[0].tolist() == [("left", "right")[k % 2] for k in kept]
    assert (read.sfreq, read.channels) == (RATE, ("C3", "C4", "Cz"))
    assert "1 of 8 trials" in read.notes[0]


def test_some_events_and_channels(recording):
    path, data = recording
    read = read_signals(path, SignalOptions(tmax=0.5, events=("right",), picks=("C4",)))
    assert read.X.shape == (4, 1, 51)
    assert np.allclose(read.X[0, 0], data[1, 300:351])


def test_a_whole_recording_is_one_signal_where_one_will_do(recording):
    path, data = recording
    read = read_signals(path, SignalOptions(single=True, picks=("C3", "Cz")))
    assert np.allclose(read.X, data[None, [0, 2]], rtol=1e-12)
    assert read.channels == ("C3", "Cz")
    assert read_signals(path, SignalOptions(single=True, tmax=0.5)).X.shape == (7, 3, 51)


def test_a_band_takes_away_what_is_outside(recording):
    path, _ = recording
    broad = read_signals(path, SignalOptions(tmax=1.0)).X
    narrow = read_signals(path, SignalOptions(tmax=1.0, band=(8.0, 12.0))).X
    frequency = np.fft.rfftfreq(broad.shape[-1], 1 / RATE)
    power = [(np.abs(np.fft.rfft(X * np.hanning(X.shape[-1]))) ** 2).mean((0, 1)) for X in (broad, narrow)]
    outside = frequency > 20
    assert power[1][outside].sum() < 0.01 * power[0][outside].sum()
    assert power[1][np.argmin(abs(frequency - 10))] > 0.3 * power[0][np.argmin(abs(frequency - 10))]


def test_epochs_are_taken_as_they_are_or_narrowed(mne, recording, tmp_path):
    path, data = recording
    raw = mne.io.read_raw_fif(path, verbose="ERROR")
    events, codes = mne.events_from_annotations(raw, verbose="ERROR")
    epochs = mne.Epochs(raw, events, codes, 0, 1, baseline=None, preload=True, verbose="ERROR")
    epochs.save(tmp_path / "a-epo.fif", verbose="ERROR", fmt="double")
    assert read_signals(tmp_path / "a-epo.fif").X.shape == (7, 3, 101)
    part = read_signals(tmp_path / "a-epo.fif", SignalOptions(tmax=0.5, picks=("Cz",), events=("left",)))
    assert part.X.shape == (3, 1, 51)
    assert np.allclose(part.X[0, 0], data[2, 100:151])
    with pytest.raises(DomainError, match="holds trials already"):
        read_signals(tmp_path / "a-epo.fif", SignalOptions(band=(1.0, 2.0)))


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({}, DomainError, r"--tmax is needed .* left \(4\), right \(4\)"),
        ({"tmax": 1.0, "events": ("rigth",)}, DomainError, "no 'rigth'.*did you mean 'right'"),
        ({"tmax": 1.0, "picks": ("C5",)}, DomainError, "--picks.*no 'C5'"),
        ({"tmax": 1.0, "band": (8.0, 90.0)}, DomainError, "0 to 50 Hz"),
        ({"tmax": 1.0, "band": (12.0, 8.0)}, DomainError, "lower edge"),
        ({"tmax": 99.0}, ShapeError, "no trial is left"),
    ],
)
def test_refusals(recording, options, kind, words):
    with pytest.raises(kind, match=words):
        read_signals(recording[0], SignalOptions(**options))


def test_a_recording_without_events_and_no_recording(mne, tmp_path):
    raw = mne.io.RawArray(np.zeros((1, 300)), mne.create_info(["C3"], RATE, "eeg"), verbose="ERROR")
    raw.save(tmp_path / "a_raw.fif", verbose="ERROR")
    with pytest.raises(DomainError, match="has no events"):
        read_signals(tmp_path / "a_raw.fif", SignalOptions(tmax=1.0))
    (tmp_path / "a.edf").write_bytes(b"these are words")
    with pytest.raises(ParseError, match="cannot be read by MNE"):
        read_signals(tmp_path / "a.edf", SignalOptions(tmax=1.0))


def test_without_mne_the_line_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "mne", None)
    (tmp_path / "a.edf").write_bytes(b"0")
    with pytest.raises(MissingDependencyError, match=r"erlangen\[neuro\]"):
        read_signals(tmp_path / "a.edf", SignalOptions(tmax=1.0))
