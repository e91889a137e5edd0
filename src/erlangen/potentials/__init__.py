"""Equivariant interatomic potentials: frames, neighbour lists, networks, training on energies and forces.

Definition: each name is documented where it is defined.
Convention: positions in angstrom, energies in electronvolt, forces ``-dE/dr``, an edge's vector is receiver minus sender.
"""

from __future__ import annotations

from erlangen.potentials.extended_xyz import isolated_energies, read_frames, write_frames
from erlangen.potentials.frame import Frame
from erlangen.potentials.frames import Frames
from erlangen.potentials.neighbours import NeighbourList, neighbour_list

__all__ = [
    "Frame",
    "Frames",
    "NeighbourList",
    "isolated_energies",
    "neighbour_list",
    "read_frames",
    "write_frames",
]
