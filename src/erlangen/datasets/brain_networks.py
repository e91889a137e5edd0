"""Functional connectomes of patients with schizophrenia and of controls, from the installed geomstats package.

Definition: correlations of 28 brain networks at rest in 86 persons (Silva et al., IEEE MLSP 2014 challenge), as geomstats 2.8.0 ships them.
Convention: the 378 numbers of a row are the strict upper triangle, row by row: so all 86 matrices are positive definite, by columns none is.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from erlangen.datasets.data_files import checked_bytes, installed_file
from erlangen.datasets.matrix_sample import MatrixSample

__all__ = ["connectomes"]

_NETWORKS = 28
_FILES = {
    "train_FNC.csv": "98a002348c9be8bede424606f4dc4f3a53e5d4314b9b0cca70f0b0e34fce55ff",
    "train_labels.csv": "4bec4775433672df04444066e0625c3198db3274a93c40a8d98676cf380276fc",
}


def connectomes() -> MatrixSample:
    """Return the correlation matrices (86, 28, 28), with y = 1 for patients.

    Raises
    ------
    MissingDependencyError
        If geomstats is not installed (it is not imported, only its files are read).

    Examples
    --------
    >>> from importlib.util import find_spec
    >>> connectomes().X.shape if find_spec("geomstats") else (86, 28, 28)
    (86, 28, 28)
    """
    values, labels = (_table(name, checksum) for name, checksum in _FILES.items())
    X = np.empty((len(values), _NETWORKS, _NETWORKS))
    rows, columns = np.triu_indices(_NETWORKS, 1)
    X[:, rows, columns] = X[:, columns, rows] = values[:, 1:]
    X[:, range(_NETWORKS), range(_NETWORKS)] = 1.0
    return MatrixSample(
        X,
        labels[:, 1].astype(np.int64),
        "connectomes",
        label_names=("control", "patient"),
        groups=values[:, 0].astype(np.int64),
        source="MLSP 2014 schizophrenia classification challenge, in geomstats 2.8.0",
        licence="MIT (geomstats); competition data of 2014",
        checksum=" ".join(_FILES.values()),
    )


def _table(name: str, checksum: str) -> NDArray[np.float64]:
    """The numbers of one file."""
    path = f"datasets/data/connectomes/{name}"
    content = checked_bytes(installed_file({"geomstats": path}, extra="signals", purpose="the connectomes"), checksum)
    return np.loadtxt(io.StringIO(content.decode("ascii")), delimiter=",", skiprows=1)
