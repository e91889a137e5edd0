"""Data sets: simulated ones with their true geodesics, and real ones that come with the packages already installed.

Definition: each name is documented where it is defined, with its source and licence; nothing is fetched.
Convention: a generator returns a :class:`ManifoldSample` and draws from ``rng=`` alone; the same seed gives the same points.
"""

from __future__ import annotations

from erlangen.datasets.haematopoiesis import time_course
from erlangen.datasets.handwriting import digits
from erlangen.datasets.manifold_sample import ManifoldSample
from erlangen.datasets.single_cells import single_cell_tree
from erlangen.datasets.spheres import sphere
from erlangen.datasets.swiss_rolls import clustered_swiss_roll, swiss_roll
from erlangen.datasets.trees import tree

__all__ = [
    "ManifoldSample",
    "clustered_swiss_roll",
    "digits",
    "single_cell_tree",
    "sphere",
    "swiss_roll",
    "time_course",
    "tree",
]
