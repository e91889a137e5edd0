"""Equivariant interatomic potentials: frames, neighbour lists, networks, training on energies and forces.

Definition: each name is documented where it is defined.
Convention: positions in angstrom, energies in electronvolt, forces ``-dE/dr``, an edge's vector is receiver minus sender.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from erlangen.potentials.extended_xyz import isolated_energies, read_frames, write_frames
from erlangen.potentials.frame import Frame
from erlangen.potentials.frames import Frames
from erlangen.potentials.neighbours import NeighbourList, neighbour_list
from erlangen.potentials.prediction_errors import PredictionErrors, prediction_errors

if TYPE_CHECKING:
    from erlangen.potentials.architecture import Architecture
    from erlangen.potentials.dynamics import Trajectory, molecular_dynamics
    from erlangen.potentials.equivariant_potential import EquivariantPotential, GraphOutputs
    from erlangen.potentials.fitting import TrainingHistory, fit
    from erlangen.potentials.graph import Graph
    from erlangen.potentials.training_plan import TrainingPlan

__all__ = [
    "Architecture",
    "EquivariantPotential",
    "Frame",
    "Frames",
    "Graph",
    "GraphOutputs",
    "NeighbourList",
    "PredictionErrors",
    "TrainingHistory",
    "TrainingPlan",
    "Trajectory",
    "fit",
    "isolated_energies",
    "molecular_dynamics",
    "neighbour_list",
    "prediction_errors",
    "read_frames",
    "write_frames",
]

# What needs torch is loaded when it is asked for: data sets hold frames, and reading them needs no network.
_LAZY = {
    "Architecture": "architecture",
    "EquivariantPotential": "equivariant_potential",
    "Graph": "graph",
    "GraphOutputs": "equivariant_potential",
    "TrainingHistory": "fitting",
    "TrainingPlan": "training_plan",
    "Trajectory": "dynamics",
    "fit": "fitting",
    "molecular_dynamics": "dynamics",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(f"erlangen.potentials.{_LAZY[name]}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
