"""By how much predicted energies and forces miss those calculated.

Definition: root mean square and mean absolute errors over frames (energy, energy per atom) and over force components.
Convention: meV and meV/Å; NaN where nothing is known to compare with; relative error of forces against their root mean square.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from erlangen.errors import DomainError
from erlangen.potentials.frame import Frame

__all__ = ["PredictionErrors", "prediction_errors"]


class PredictionErrors(NamedTuple):
    """Errors of a potential on a set of frames.

    Attributes
    ----------
    energy_rmse, energy_mae : float
        Of total energies, in meV.
    energy_per_atom_rmse, energy_per_atom_mae : float
        In meV an atom.
    forces_rmse, forces_mae : float
        Of components, in meV/Å.
    forces_relative : float
        Root mean square error over root mean square force.
    stress_rmse : float
        Of components, in meV/Å³.
    frames : int
        How many frames.

    Examples
    --------
    >>> print(PredictionErrors(1.2, 1.0, 0.08, 0.07, 23.1, 17.0, 0.021, float("nan"), 650))
    650 frames      RMSE      MAE
    E  [meV]        1.20     1.00
    E/atom          0.08     0.07
    F  [meV/Å]     23.10    17.00
    """

    energy_rmse: float
    energy_mae: float
    energy_per_atom_rmse: float
    energy_per_atom_mae: float
    forces_rmse: float
    forces_mae: float
    forces_relative: float
    stress_rmse: float
    frames: int

    def __str__(self) -> str:
        rows = (
            ("E  [meV]", self.energy_rmse, self.energy_mae),
            ("E/atom", self.energy_per_atom_rmse, self.energy_per_atom_mae),
            ("F  [meV/Å]", self.forces_rmse, self.forces_mae),
        )
        head = f"{f'{self.frames} frames':<11}{'RMSE':>9}{'MAE':>9}"
        return "\n".join([head, *(f"{name:<11}{rmse:>9.2f}{mae:>9.2f}" for name, rmse, mae in rows)])


def prediction_errors(frames: Sequence[Frame], predicted: Sequence[Frame]) -> PredictionErrors:
    """Return the errors of predicted frames.

    Raises
    ------
    DomainError
        If there is nothing to compare, or the lists differ in length.

    Examples
    --------
    >>> one, two = Frame(["H"], [[0, 0, 0]], energy=1.0), Frame(["H"], [[0, 0, 0]], energy=1.002)
    >>> round(prediction_errors([one], [two]).energy_rmse, 6)
    2.0
    """
    pairs = list(zip(frames, predicted, strict=True))
    energy = np.array([p.energy - f.energy for f, p in pairs if f.energy is not None and p.energy is not None])
    size = np.array([len(f) for f, p in pairs if f.energy is not None and p.energy is not None])
    forces = [(p.forces - f.forces, f.forces) for f, p in pairs if f.forces is not None and p.forces is not None]
    stress = [p.stress - f.stress for f, p in pairs if f.stress is not None and p.stress is not None]
    if not (len(energy) or forces):
        message = "no frame has an energy or forces to compare with"
        raise DomainError(message, hint="read the frames with energy_key= and forces_key=")
    gap = np.concatenate([a.ravel() for a, _ in forces]) if forces else np.zeros(0)
    truth = np.concatenate([b.ravel() for _, b in forces]) if forces else np.zeros(0)
    rmse, per_atom = _rms(energy), energy / np.maximum(size, 1)
    return PredictionErrors(
        1e3 * rmse,
        1e3 * _mean(np.abs(energy)),
        1e3 * _rms(per_atom),
        1e3 * _mean(np.abs(per_atom)),
        1e3 * _rms(gap),
        1e3 * _mean(np.abs(gap)),
        _rms(gap) / _rms(truth) if _rms(truth) > 0 else float("nan"),
        1e3 * _rms(np.concatenate([s.ravel() for s in stress])) if stress else float("nan"),
        len(pairs),
    )


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else float("nan")


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2))) if values.size else float("nan")
