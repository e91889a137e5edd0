"""A potential as a calculator of ASE.

Definition: energy, forces and, for atoms with a periodic cell, stress in ASE's order of six (xx, yy, zz, yz, xz, xy).
Convention: ASE's class is made when it is asked for, because ASE is optional; results are computed anew whenever atoms changed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from erlangen.potentials.frame import Frame
from erlangen.validation import require

__all__ = ["ase_calculator"]


def ase_calculator(potential: Any, *, threads: int | None = None) -> Any:
    """Return a calculator for ASE's Atoms.

    Raises
    ------
    MissingDependencyError
        Without ASE (extra ``chem``).
    """
    module = require("ase.calculators.calculator", extra="chem", purpose="a calculator of ASE")

    class PotentialCalculator(module.Calculator):  # type: ignore[name-defined]
        """Energy, forces and stress of an :class:`erlangen.potentials.EquivariantPotential`."""

        implemented_properties = ("energy", "free_energy", "forces", "stress")

        def calculate(self, atoms: Any = None, properties: Any = ("energy",), system_changes: Any = ()) -> None:
            """Compute everything at once."""
            super().calculate(atoms, properties, system_changes)
            atoms = self.atoms
            periodic = bool(np.all(atoms.pbc))
            cell = np.asarray(atoms.cell) if np.any(atoms.cell) else None
            frame = Frame(atoms.numbers, atoms.positions, cell, atoms.pbc)
            found = potential.predict([frame], stress=periodic, threads=threads)[0]
            self.results = {"energy": found.energy, "free_energy": found.energy, "forces": found.forces.copy()}
            if found.stress is not None:
                self.results["stress"] = found.stress[[0, 1, 2, 1, 0, 0], [0, 1, 2, 2, 2, 1]]

    return PotentialCalculator()
