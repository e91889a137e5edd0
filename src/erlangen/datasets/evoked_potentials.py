"""Steady-state visual evoked potentials: MAMEM experiment II, as prepared for the GBWBN release.

Definition: 11 subjects, 5 sessions of 100 trials, 8 channels, 125 samples (one second), 5 flicker frequencies
(Nikolopoulos, MAMEM EEG SSVEP Dataset II, 2016; Oikonomou et al., arXiv 1602.00904).
Convention: trials 1–100, 101–200, … are sessions "1" … "5", the usual split trains on 1–3 and tests on 4 and 5 apart; four trials in a row are
four seconds of one stimulation (the signal runs on from one to the next), hence one of ``groups``: folds that part them leak.
"""

from __future__ import annotations

import io
import os

import numpy as np
from scipy.io import loadmat

from erlangen.datasets.data_files import checked_bytes, data_folder
from erlangen.datasets.signal_trials import SignalTrials
from erlangen.errors import ShapeError
from erlangen.validation import check_integer

__all__ = ["mamem_ssvep"]

_CHECKSUMS = (
    "f0038f1f59698c5fbfd11496b7a2e10e534eabd08e2f086acbd88dec73381bb9",
    "6aa75a5a48d19881687bae17ad296be5c9c8ebe9f44d1cace12999441d0ea6ad",
    "51c3cf3b78a3dd320b3ce1778cf9cda264332fe8f0257c8769594e1748710f8f",
    "31fd1af3ad1ee9deac2a25ab46c4f51528a131b6eb3786517aa3afb2dd052e27",
    "71eda11e276ccdc04289b9bc7cdc8b81d2c6b2067b923d283f74f3c931c39394",
    "26d8d2217ca5a721155b840dc1dd25812577ba3b2f89acdc4f155096ba992f44",
    "4c5ff7152cf8d2109c7fc14cf3db0efd82d8105431a0ca31e95ac9e8556e9d3e",
    "253d61feef3ca70393e05962e6ba40ed68351eb46ab9f73e99ef2535765e76dd",
    "3032972728ab118953577b7124068b01514a58c36845ac772a4f9f83f058d64c",
    "f12b61d9c226e7d9a79e975916840958b99a80fa5f26613316a6946e218797b7",
    "dc9aef4918a7f4c249982df3ff6abec158a80d0c6fd8b35e57da17784d51e33d",
)
_TRIALS, _CHANNELS, _TIMES, _SESSIONS, _SECONDS = 500, 8, 125, 5, 4


def mamem_ssvep(subject: int, folder: str | os.PathLike[str] | None = None) -> SignalTrials:
    """Return the trials of one subject, from a folder with U001.mat … U011.mat.

    Parameters
    ----------
    subject : int
        1 … 11.
    folder : path, optional
        Where the files lie (default: ``mamem`` below $ERLANGEN_DATA).

    Returns
    -------
    SignalTrials
        X (500, 8, 125), band-passed and scaled as the release has them; y in 0 … 4; sessions "1" … "5" of 100 trials.

    Raises
    ------
    DomainError
        If the folder or the file is not there, or the file is not the one described.

    Examples
    --------
    >>> mamem_ssvep(12)
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: subject must be an integer in [1, 11], got subject=12 (choose a value inside the range)
    """
    subject = check_integer(subject, "subject", low=1, high=len(_CHECKSUMS))
    source = "U001.mat … U011.mat of the GBWBN release (SSVEP data)"
    place = data_folder(folder, "mamem", purpose="MAMEM SSVEP II", source=source)
    content = checked_bytes(place / f"U{subject:03d}.mat", _CHECKSUMS[subject - 1])
    arrays = loadmat(io.BytesIO(content), variable_names=["x_test", "y_test"])
    X, y = np.ascontiguousarray(arrays["x_test"], dtype=np.float64), arrays["y_test"].ravel().astype(np.int64)
    if X.shape != (_TRIALS, _CHANNELS, _TIMES) or y.shape != (_TRIALS,):
        message = (
            f"x_test has shape {X.shape} and y_test {y.shape}; expected {(_TRIALS, _CHANNELS, _TIMES)} and {(_TRIALS,)}"
        )
        raise ShapeError(message, hint="the file is not the one described")
    return SignalTrials(
        X,
        y,
        "mamem_ssvep",
        label_names=tuple(f"flicker {k}" for k in range(5)),
        subject=np.full(_TRIALS, str(subject)),
        session=np.repeat([str(s + 1) for s in range(_SESSIONS)], _TRIALS // _SESSIONS),
        groups=np.arange(_TRIALS) // _SECONDS,
        sfreq=125.0,
        source="MAMEM EEG SSVEP Dataset II (Nikolopoulos 2016), as prepared for the GBWBN release",
        licence="recordings ODC-By 1.0; of the prepared files none is stated: for measurement, not for redistribution",
        checksum=_CHECKSUMS[subject - 1],
    )
