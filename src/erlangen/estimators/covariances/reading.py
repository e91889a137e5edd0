"""What a user may pass as trials or as covariances, read into one form.

Definition: trials are arrays ``(n_trials, n_channels, n_times)``, lists of trials of unequal length, torch tensors, or MNE Epochs; covariances ``(n, k, k)``.
Convention: everything becomes float64; a refusal names trial and channel; ``n_features_in_`` counts axis 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from erlangen import linalg
from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.trials import numbers
from erlangen.estimators.trials import read_trials as read_signal_trials
from erlangen.linalg.barycentres import plain_spd

__all__ = ["read_labels", "read_matrices", "read_trials", "read_weights"]

Array = NDArray[np.float64]


def read_trials(estimator: Any, X: Any, *, reset: bool = True, min_times: int = 2) -> Array | list[Array]:
    """Return finite trials ``(N, n, T)``, or a list of ``(n, T_i)`` where their lengths differ.

    Raises
    ------
    ShapeError
        If there are no trials, no channels, other axes, or another number of channels than in the fit.
    DomainError
        If an entry is not finite, with its trial and channel, or not a real number.
    """
    trials = read_signal_trials(X)
    _check_counts(len(trials), trials[0].shape[0], min(trial.shape[-1] for trial in trials), min_times)
    _check_channels(estimator, trials[0].shape[0], reset)
    if isinstance(trials, list):
        return [np.ascontiguousarray(trial, dtype=np.float64) for trial in trials]
    return np.ascontiguousarray(trials, dtype=np.float64)


def read_matrices(estimator: Any, X: Any, *, reset: bool = True) -> Array:
    """Return symmetric positive definite matrices ``(N, n, n)``, checked in one pass.

    Raises
    ------
    ShapeError
        If they are not square, there are none, or their size is not that of the fit.
    DomainError
        If an entry is not finite, with its matrix and row, or a matrix is not symmetric.
    NotSPDError
        If a matrix is singular or indefinite, with its index, smallest eigenvalue and rank.
    """
    array = np.ascontiguousarray(numbers(X, "X"), dtype=np.float64)
    if array.ndim != 3 or array.shape[1] != array.shape[2]:
        message = f"X must hold square matrices (n_matrices, n, n), got shape {array.shape}"
        raise ShapeError(message, hint="Covariances() makes them of trials (n_trials, n_channels, n_times)")
    _check_counts(array.shape[0], array.shape[1], array.shape[2], 1)
    plain = plain_spd(array)
    if not plain:
        _check_finite(array)
    _check_channels(estimator, array.shape[1], reset)
    if plain:
        return array
    matrices: Any = array
    return np.asarray(linalg.check_spd(matrices, "X"))


def read_labels(y: Any, count: int) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Return the classes, sorted, and the class of every sample.

    Raises
    ------
    ShapeError
        If there is not one label a sample.
    DomainError
        If the labels are missing, or all of one class.
    """
    if y is None:
        message = "y is None: a classifier requires y, one label a sample"
        raise DomainError(message, hint="pass y")
    labels = column_or_1d(y, warn=True)
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        message = f"y[{int(np.argmin(np.isfinite(labels)))}] is not finite"
        raise DomainError(message, hint="labels are words or integers")
    check_classification_targets(labels)
    if len(labels) != count:
        message = f"y has {len(labels)} labels, X has {count} samples"
        raise ShapeError(message, hint="one label a sample")
    classes, members = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        message = f"y has one class only, {classes.tolist()[0]!r}; a classifier needs at least two"
        raise DomainError(message, hint="check the labels, or the split that left one class out")
    return classes, members


def read_weights(weights: Any, count: int) -> Array | None:
    """Return finite weights >= 0, one a sample, or ``None``.

    Raises
    ------
    ShapeError, DomainError
        If there is not one a sample, or one is negative or not finite, or all are zero.
    """
    if weights is None:
        return None
    array = np.asarray(weights, dtype=np.float64)
    if array.shape != (count,):
        message = f"sample_weight must have shape ({count},), got {array.shape}"
        raise ShapeError(message, hint="one weight a sample")
    bad = ~(np.isfinite(array) & (array >= 0))
    if bad.any():
        message = f"sample_weight[{int(np.argmax(bad))}] = {array[bad][0]:g} is negative or not finite"
        raise DomainError(message, hint="weights are >= 0")
    if not array.any():
        message = "sample_weight: all weights are zero"
        raise DomainError(message, hint="give at least one sample a weight")
    return array


def _check_counts(samples: int, channels: int, times: int, min_times: int) -> None:
    """Refuse sets without samples or channels, and trials too short for a covariance."""
    if samples < 1 or channels < 1:
        message = f"X has {samples} samples of {channels} channels; at least one of each is needed"
        raise ShapeError(message, hint="check the selection that made X")
    if times < min_times:
        message = f"a trial has {times} samples in time; at least {min_times} are needed"
        raise ShapeError(message, hint="use longer trials")


def _check_finite(X: Array) -> None:
    """Refuse what is not finite, naming matrix and entry."""
    finite = np.isfinite(X)
    if not finite.all():
        place = [int(i) for i in np.argwhere(~finite)[0]]
        count = int(X.size - np.count_nonzero(finite))
        message = f"X{place} = {X[tuple(place)]} is not finite; {count} of {X.size} entries are NaN or infinity"
        raise DomainError(message, hint="drop the matrix or the trial that it came from")


def _check_channels(estimator: Any, channels: int, reset: bool) -> None:
    """Set or compare the number of channels."""
    if reset:
        estimator.n_features_in_ = channels
    elif channels != estimator.n_features_in_:
        message = (
            f"X has {channels} features (channels), but {type(estimator).__name__} is expecting "
            f"{estimator.n_features_in_} features as input"
        )
        raise ShapeError(message, hint="pick the channels of the fit, in the same order")
