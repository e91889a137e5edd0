"""One configuration of atoms, with what was calculated for it.

Definition: atomic numbers and positions, a cell whose rows are its edges, and, where known, energy, forces ``-dE/dr`` and stress ``(1/V) dE/dε``.
Convention: angstrom, electronvolt, eV/Å, eV/Å³; arrays are read-only float64; without a cell nothing repeats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from erlangen.errors import DomainError, ShapeError
from erlangen.potentials.elements import atomic_number, symbol
from erlangen.validation import check_finite

__all__ = ["Frame"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Frame:
    """Atoms in space, and their energy, forces and stress where they are known.

    Parameters
    ----------
    species : sequence of str or int (n,)
        Symbols or atomic numbers.
    positions : array_like (n, 3)
        In Å.
    cell : array_like (3, 3), optional
        Edges of the cell as rows, in Å.
    pbc : (bool, bool, bool) or bool
        Along which edges the cell repeats.
    energy : float, optional
        In eV.
    forces : array_like (n, 3), optional
        In eV/Å.
    stress : array_like (3, 3), optional
        In eV/Å³, positive under tension.
    info : dict
        Anything else, by name.

    Raises
    ------
    ShapeError, DomainError
        If a shape does not fit, a number is not finite, an element unknown, or a periodic cell has no volume.

    Examples
    --------
    >>> Frame(["O", "H", "H"], [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]], energy=-14.2)
    Frame(H2O, energy=-14.2)
    """

    species: Any
    positions: Any
    cell: Any = None
    pbc: Any = False
    energy: float | None = None
    forces: Any = None
    stress: Any = None
    info: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        numbers = np.array([atomic_number(item) for item in _items(self.species)], dtype=np.int64)
        numbers.setflags(write=False)
        self._set("species", numbers)
        self._set("positions", _array(self.positions, "positions", (len(numbers), 3)))
        pbc = tuple(bool(item) for item in np.broadcast_to(np.asarray(self.pbc, dtype=bool), 3))
        self._set("pbc", pbc)
        self._set("cell", None if self.cell is None else _array(self.cell, "cell", (3, 3)))
        self._set("forces", None if self.forces is None else _array(self.forces, "forces", (len(numbers), 3)))
        self._set("stress", None if self.stress is None else _array(self.stress, "stress", (3, 3)))
        if self.energy is not None:
            self._set("energy", float(_array(self.energy, "energy", ())))
        if any(pbc):
            self._check_cell()

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _check_cell(self) -> None:
        if self.cell is None:
            message = "pbc is set, but there is no cell"
            raise DomainError(message, hint="give the edges of the cell as rows, or pbc=False")
        edges = self.cell[list(self.pbc)]
        spread = np.linalg.svd(edges, compute_uv=False)
        if not spread[-1] > 1e-10 * spread[0]:
            message = f"the periodic edges of cell are linearly dependent: singular values {spread.tolist()}"
            raise DomainError(message, hint="give edges that span the directions that repeat")

    def __len__(self) -> int:
        return len(self.species)

    def __repr__(self) -> str:
        energy = "" if self.energy is None else f", energy={self.energy:.10g}"
        period = ", pbc=" + "".join("FT"[item] for item in self.pbc) if any(self.pbc) else ""
        return f"Frame({self.formula}{period}{energy})"

    @property
    def formula(self) -> str:
        """The elements with their numbers of atoms, alphabetically (carbon and hydrogen first)."""
        counts = Counter(symbol(int(number)) for number in self.species)
        order = sorted(counts, key=lambda name: ("CH".find(name) if name in "CH" else 2, name))
        return "".join(f"{name}{counts[name] if counts[name] > 1 else ''}" for name in order)

    @property
    def volume(self) -> float:
        """Volume of the cell in Å³ (NaN without a cell)."""
        return float("nan") if self.cell is None else float(abs(np.linalg.det(self.cell)))


def _items(species: object) -> Sequence[object]:
    """Elements as a sequence, refusing what is none."""
    if isinstance(species, str) or not hasattr(species, "__len__"):
        message = f"species must be a sequence of symbols or atomic numbers, got {species!r}"
        raise ShapeError(message, hint="for example ['O', 'H', 'H']")
    return list(species)  # type: ignore[call-overload]


def _array(value: ArrayLike, name: str, shape: tuple[int, ...]) -> Array:
    """Read-only float64 of one shape, finite."""
    array = np.array(value, dtype=np.float64, order="C")
    if array.shape != shape:
        message = f"{name} must have shape {shape}, got {array.shape}"
        raise ShapeError(message, hint="one row for each atom" if shape[:1] not in ((), (3,)) else "check the axes")
    check_finite(array, name)
    array.setflags(write=False)
    return array
