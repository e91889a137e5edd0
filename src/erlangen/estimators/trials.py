"""Signals as they come: arrays, torch tensors, MNE Epochs, or lists of trials of unequal length.

Definition: a set of trials is an array (N, n, T), or a list of arrays (n, T_i) with one number of channels.
Convention: finite real numbers; float32 is kept, all else becomes float64; a NaN is reported by trial, channel and sample; of Epochs the data channels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError

__all__ = ["Trials", "numbers", "read_signals", "read_trials"]

Array = NDArray[np.floating[Any]]
Trials = Array | list[Array]


def numbers(a: Any, name: str) -> Array:
    """Return ``a`` as a real float array; a tensor is detached and brought to the processor.

    Raises
    ------
    ShapeError, DomainError, TypeError
        If ``a`` is ragged, holds what is no real number, or is sparse.

    Examples
    --------
    >>> numbers([[1, 2]], "X")
    array([[1., 2.]])
    """
    if hasattr(a, "detach"):
        a = a.detach().cpu().numpy()
    if hasattr(a, "tocsr"):
        message = f"{name} is sparse; a dense array is needed"
        raise TypeError(message)
    try:
        array = np.asarray(a)
    except ValueError as error:
        message = f"{name} is not a rectangular array: {error}"
        raise ShapeError(message, hint="trials of unequal length are a list of arrays (n_channels, n_times)") from error
    if array.dtype.kind == "O":
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError) as error:
            message = f"{name} holds objects that are not numbers: {error}"
            raise DomainError(message, hint="convert to floats first") from error
    if array.dtype.kind not in "fiub":
        message = f"{name} has dtype {array.dtype}; real numbers are needed"
        remedy = "take real and imaginary parts as channels" if array.dtype.kind == "c" else "convert to floats first"
        raise DomainError(message, hint=remedy)
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def _refuse_gaps(array: Array, name: str, trial: int | None = None) -> None:
    """Refuse NaN and infinity, naming trial, channel and sample."""
    good = np.isfinite(array)
    if not good.all():
        index = [int(i) for i in np.argwhere(~good)[0]]
        place = index if trial is None else [trial, *index]
        value, count = array[tuple(index)], int(array.size - np.count_nonzero(good))
        where = ", ".join(f"{axis} {i}" for axis, i in zip(("trial", "channel", "sample"), place, strict=True))
        message = f"{name}{place} = {value} is not finite ({where}); {count} such entries"
        raise DomainError(message, hint="interpolate or drop that trial first")


def read_signals(X: Any, name: str = "X") -> Array:
    """Return trials of one length as a finite real array (N, n, T).

    Raises
    ------
    ShapeError
        If there are not three axes, or one is empty.
    DomainError
        If an entry is not finite, or not a real number.

    Examples
    --------
    >>> read_signals([[[1, 2, 3]]]).shape
    (1, 1, 3)
    >>> read_signals([[1, 2, 3]])
    Traceback (most recent call last):
        ...
    erlangen.errors.ShapeError: X must have three axes (trials, channels, samples), got shape (1, 3) (for one trial pass X[None])
    """
    if hasattr(X, "get_data") and not isinstance(X, np.ndarray):
        X = X.get_data(picks="data") if hasattr(X, "info") else X.get_data()
    array = numbers(X, name)
    if array.ndim != 3:
        hint = f"for one trial pass {name}[None]" if array.ndim == 2 else "reshape to (N, n, T)"
        message = f"{name} must have three axes (trials, channels, samples), got shape {array.shape}"
        raise ShapeError(message, hint=hint)
    if 0 in array.shape:
        message = f"{name} has shape {array.shape}: no trials, channels or samples"
        raise ShapeError(message, hint="pass at least one trial")
    _refuse_gaps(array, name)
    return array


def read_trials(X: Any, name: str = "X") -> Trials:
    """Return an array (N, n, T), or, where the trials differ in length, the list of their arrays (n, T_i).

    Raises
    ------
    ShapeError
        If a trial has not two axes, or the trials differ in their channels.
    DomainError
        If an entry is not finite, or not a real number.

    Examples
    --------
    >>> [trial.shape for trial in read_trials([np.ones((2, 5)), np.ones((2, 7))])]
    [(2, 5), (2, 7)]
    """
    if not isinstance(X, (list, tuple)) or not X or not all(hasattr(trial, "shape") for trial in X):
        return read_signals(X, name)
    if len({tuple(trial.shape) for trial in X}) == 1:
        return read_signals(np.stack([numbers(trial, f"{name}[{i}]") for i, trial in enumerate(X)]), name)
    trials = [numbers(trial, f"{name}[{i}]") for i, trial in enumerate(X)]
    for i, trial in enumerate(trials):
        if trial.ndim != 2 or 0 in trial.shape or trial.shape[0] != trials[0].shape[0]:
            message = (
                f"{name}[{i}] has shape {trial.shape}, but trials are (n, T) with n = {trials[0].shape[0]} channels"
            )
            raise ShapeError(message, hint="give every trial the same channels")
        _refuse_gaps(trial, name, i)
    return trials
