"""Equivariant interatomic potentials: frames, neighbour lists, networks, training on energies and forces.

Definition: each name is documented where it is defined.
Convention: positions in angstrom, energies in electronvolt, forces ``-dE/dr``, an edge's vector is receiver minus sender.
"""

from __future__ import annotations

__all__: list[str] = []
