"""A point cloud as it stood in a file.

Definition: ``X`` is ``(n, p)``; ``columns`` names its p columns; ``index`` names its n rows where the file did.
Convention: ``extras`` are columns that are no coordinates (text, ``--drop``, the colour column), as text, in the order of the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Labels", "PointCloud", "ReadOptions"]


@dataclass(frozen=True)
class ReadOptions:
    """How to read a file, where it does not say so itself.

    Parameters
    ----------
    delimiter : str, optional
        One character between fields; detected by default (see :mod:`erlangen.cli.points.delimited`).
    header : str
        ``"auto"``, ``"yes"`` or ``"no"``.
    drop : sequence of str
        Columns that are no coordinates, by name or by number from 1.
    color : str, optional
        Column wanted for colouring; it is no coordinate either.
    key : str, optional
        Which array of an npz file, which ``obsm`` entry of an h5ad file.
    """

    delimiter: str | None = None
    header: str = "auto"
    drop: Sequence[str] = ()
    color: str | None = None
    key: str | None = None


@dataclass(frozen=True)
class PointCloud:
    """Points read from a file."""

    X: NDArray[np.floating]
    columns: tuple[str, ...]
    index: tuple[str, ...] | None = None
    index_name: str = "index"
    extras: Mapping[str, Sequence[object]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Number of points."""
        return int(self.X.shape[0])


@dataclass(frozen=True)
class Labels:
    """One value a point, to colour by: categories, or real numbers."""

    name: str
    values: NDArray[np.generic]
    categorical: bool
