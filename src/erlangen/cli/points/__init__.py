"""Point clouds in files: reading with refusals that name the place, writing that never leaves half a file.

Definition: :func:`read_points` returns a :class:`PointCloud`; :func:`write_points` writes an embedding in the format of the file's name.
Convention: csv, tsv, txt, npy, npz and h5ad; the suffix decides; columns of text are reported and left out, never guessed into numbers.
"""

from __future__ import annotations

from erlangen.cli.points.cloud import Labels, PointCloud, ReadOptions
from erlangen.cli.points.labels import find_labels
from erlangen.cli.points.reader import READABLE, read_points
from erlangen.cli.points.writer import WRITABLE, check_target, write_points

__all__ = [
    "READABLE",
    "WRITABLE",
    "Labels",
    "PointCloud",
    "ReadOptions",
    "check_target",
    "find_labels",
    "read_points",
    "write_points",
]
