"""Data sets: simulated ones with their truth, and real ones that come with the packages already installed or lie in a folder of the user's.

Definition: each name is documented where it is defined, with its source and licence; nothing is fetched.
Convention: points come as a :class:`ManifoldSample`, matrices as a :class:`MatrixSample`, signals as :class:`SignalTrials`, atoms as
:class:`erlangen.potentials.Frames`; a generator draws from
``rng=`` alone, and the same seed gives the same data.
"""

from __future__ import annotations

from erlangen.datasets.acetylacetone import acac, acac_sample
from erlangen.datasets.brain_networks import connectomes
from erlangen.datasets.charged_particles import ChargedParticles, charged_particles, propagate_charges
from erlangen.datasets.conditioned_matrices import conditioned_spd
from erlangen.datasets.electromyograms import forearm_emg
from erlangen.datasets.evoked_potentials import mamem_ssvep
from erlangen.datasets.haematopoiesis import time_course
from erlangen.datasets.handwriting import digits
from erlangen.datasets.manifold_sample import ManifoldSample
from erlangen.datasets.matrix_sample import MatrixSample
from erlangen.datasets.motor_imagery import simulated_motor_imagery
from erlangen.datasets.signal_trials import SignalTrials
from erlangen.datasets.single_cells import single_cell_tree
from erlangen.datasets.spheres import sphere
from erlangen.datasets.swiss_rolls import clustered_swiss_roll, swiss_roll
from erlangen.datasets.tetrominoes import Tetrominoes, tetrominoes
from erlangen.datasets.time_series_archive import basic_motions, japanese_vowels
from erlangen.datasets.trees import tree
from erlangen.datasets.vector_autoregressions import reversed_var_pair

__all__ = [
    "ChargedParticles",
    "ManifoldSample",
    "MatrixSample",
    "SignalTrials",
    "Tetrominoes",
    "acac",
    "acac_sample",
    "basic_motions",
    "charged_particles",
    "clustered_swiss_roll",
    "conditioned_spd",
    "connectomes",
    "digits",
    "forearm_emg",
    "japanese_vowels",
    "mamem_ssvep",
    "propagate_charges",
    "reversed_var_pair",
    "simulated_motor_imagery",
    "single_cell_tree",
    "sphere",
    "swiss_roll",
    "tetrominoes",
    "time_course",
    "tree",
]
