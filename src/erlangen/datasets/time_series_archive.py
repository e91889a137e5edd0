"""Two multivariate series of the UEA archive, from an installed sktime or aeon.

Definition: BasicMotions (wrist accelerometer and gyroscope, 4 activities) and JapaneseVowels (12 LPC cepstra, 9 speakers; Kudo, Toyama, Shimbo 1999).
Convention: the archive's own split is the column ``run``: "train", then "test"; series of unequal length stay unequal.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.datasets.data_files import checked_bytes, installed_file
from erlangen.datasets.signal_trials import SignalTrials
from erlangen.validation import check_choice

__all__ = ["basic_motions", "japanese_vowels", "read_ts"]

_CHECKSUMS = {
    "BasicMotions_TRAIN": "8dc43cc6306cb679c888c01e26f91772ac4441a916da43bac8b79734a538b9d6",
    "BasicMotions_TEST": "79213102bc6fca1a398ad98ce1185dff0208fa3d1465e687f48288946b0ff8dc",
    "JapaneseVowels_TRAIN": "68a430eabd919cc77f40b1f5f3bc0dcafacc1486bca9260785aeb7d262cc78cd",
    "JapaneseVowels_TEST": "b3d41d6a0ca3bcad3afb9ca7d4365382aa51341e2e58bae2a574babdda5b9462",
}
_FOLDS = {"train": ("train",), "test": ("test",), "all": ("train", "test")}


def basic_motions(fold: str = "all") -> SignalTrials:
    """Return BasicMotions: 40 + 40 trials of 6 channels and 100 samples (10 s), 4 activities.

    Parameters
    ----------
    fold : {"all", "train", "test"}
        Which part.

    Raises
    ------
    MissingDependencyError
        If neither sktime nor aeon is installed (neither is imported, only the file is read).

    Examples
    --------
    >>> from importlib.util import find_spec
    >>> basic_motions("train").X.shape if find_spec("sktime") or find_spec("aeon") else (40, 6, 100)
    (40, 6, 100)
    """
    trials, columns = _read("BasicMotions", fold)
    channels = ("ax", "ay", "az", "gx", "gy", "gz")
    source = "UEA archive, BasicMotions (J. Clements, 2016), in sktime and aeon"
    return SignalTrials(np.stack(trials), name="basic_motions", channels=channels, sfreq=10.0, source=source, **columns)


def japanese_vowels(fold: str = "all") -> SignalTrials:
    """Return JapaneseVowels: 270 + 370 trials of 12 channels and 7 to 29 samples, 9 speakers.

    Parameters
    ----------
    fold : {"all", "train", "test"}
        Which part.

    Raises
    ------
    MissingDependencyError
        If neither sktime nor aeon is installed.

    Examples
    --------
    >>> from importlib.util import find_spec
    >>> len(japanese_vowels("test")) if find_spec("sktime") or find_spec("aeon") else 370
    370
    """
    trials, columns = _read("JapaneseVowels", fold)
    source = "UCI repository, Japanese Vowels (CC BY 4.0), in sktime and aeon"
    return SignalTrials(trials, name="japanese_vowels", source=source, **columns)


def read_ts(text: str) -> tuple[list[NDArray[np.float64]], list[str], tuple[str, ...]]:
    r"""Return the series (n, T_i) of a file in the ``.ts`` format, the label of each, and the names of the labels.

    Examples
    --------
    >>> read_ts("@classLabel true a b\n@data\n1,2:3,4:b")
    ([array([[1., 2.],
           [3., 4.]])], ['b'], ('a', 'b'))
    """
    head, _, body = text.partition("@data")
    names: tuple[str, ...] = ()
    for line in head.splitlines():
        if line.lower().startswith("@classlabel"):
            names = tuple(line.split()[2:])
    series, labels = [], []
    for line in body.split():
        *channels, label = line.split(":")
        series.append(np.array([np.array(channel.split(","), dtype=np.float64) for channel in channels]))
        labels.append(label)
    return series, labels, names


def _read(name: str, fold: str) -> tuple[list[NDArray[np.float64]], dict[str, Any]]:
    """The trials of a data set, and the columns that describe them."""
    parts = _FOLDS[check_choice(fold, "fold", _FOLDS)]
    trials: list[NDArray[np.float64]] = []
    labels: list[str] = []
    runs: list[str] = []
    names: tuple[str, ...] = ()
    for part in parts:
        stem = f"{name}_{part.upper()}"
        choices = dict.fromkeys(("sktime", "aeon"), f"datasets/data/{name}/{stem}.ts")
        content = checked_bytes(installed_file(choices, extra="signals", purpose=name), _CHECKSUMS[stem])
        series, own, names = read_ts(content.decode("utf-8"))
        trials += series
        labels += own
        runs += [part] * len(series)
    columns = {
        "y": np.array([names.index(label) for label in labels], dtype=np.int64),
        "label_names": names,
        "run": np.array(runs),
        "licence": "BSD-3-Clause (the packages); archive data for research",
        "checksum": " ".join(_CHECKSUMS[f"{name}_{part.upper()}"] for part in parts),
    }
    return trials, columns
