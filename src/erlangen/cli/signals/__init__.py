"""Trials of signals and covariance matrices in files, read with refusals that name the place.

Definition: :func:`read_signals` returns :class:`Signals` from npy, npz, mat, and from recordings through MNE; :func:`find_column` one value a trial.
Convention: axes are trials, channels, times, or trials and two of channels for matrices; nothing is unpickled.
"""

from __future__ import annotations

from erlangen.cli.signals.columns import find_column, find_labels
from erlangen.cli.signals.reader import READABLE, read_signals
from erlangen.cli.signals.signals import SignalOptions, Signals

__all__ = ["READABLE", "SignalOptions", "Signals", "find_column", "find_labels", "read_signals"]
