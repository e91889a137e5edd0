"""A list of configurations, with where it comes from and the energies of single atoms.

Definition: frames in order; ``atomic_energies`` holds E0 of an atom alone, by which interaction energies are counted.
Convention: a slice, a mask or a list of indices gives Frames again, with the same source, licence and E0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.potentials.elements import symbol
from erlangen.potentials.frame import Frame

__all__ = ["Frames"]


class Frames(Sequence[Frame]):
    """Configurations of one data set.

    Parameters
    ----------
    frames : iterable of Frame
        The configurations.
    name, source, licence : str
        Which data, where from, under which terms.
    atomic_energies : mapping, optional
        Energy in eV of an atom alone, by symbol.

    Raises
    ------
    DomainError
        If something is no Frame.

    Examples
    --------
    >>> frames = Frames([Frame(["H", "H"], [[0, 0, 0], [0.74, 0, 0]], energy=-31.7)], name="hydrogen")
    >>> frames, frames.elements, frames[0]
    (Frames('hydrogen', 1 frame, elements=('H',)), ('H',), Frame(H2, energy=-31.7))
    """

    def __init__(
        self,
        frames: Iterable[Frame],
        *,
        name: str = "frames",
        source: str = "",
        licence: str = "",
        atomic_energies: Mapping[str, float] | None = None,
    ) -> None:
        self._frames = tuple(frames)
        for k, item in enumerate(self._frames):
            if not isinstance(item, Frame):
                message = f"frames[{k}] is a {type(item).__name__}, not a Frame"
                raise DomainError(message, hint="read_frames reads a file; Frame(species, positions) makes one")
        self.name, self.source, self.licence = name, source, licence
        self.atomic_energies = dict(atomic_energies or {})

    def __len__(self) -> int:
        return len(self._frames)

    def __iter__(self) -> Iterator[Frame]:
        return iter(self._frames)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> Frames: ...
    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, (int, np.integer)):
            return self._frames[index]
        if isinstance(index, slice):
            return self._like(self._frames[index])
        where = np.asarray(index)
        return self._like([self._frames[k] for k in (np.flatnonzero(where) if where.dtype == bool else where)])

    def _like(self, frames: Iterable[Frame]) -> Frames:
        about = {"name": self.name, "source": self.source, "licence": self.licence}
        return Frames(frames, atomic_energies=self.atomic_energies, **about)

    def __repr__(self) -> str:
        count = f"{len(self)} frame{'' if len(self) == 1 else 's'}"
        return f"Frames({self.name!r}, {count}, elements={self.elements})"

    @property
    def elements(self) -> tuple[str, ...]:
        """Symbols of the elements that occur, by atomic number."""
        numbers = sorted({int(z) for item in self._frames for z in item.species})
        return tuple(symbol(z) for z in numbers)

    @property
    def energies(self) -> NDArray[np.float64]:
        """Energies (N,) in eV, NaN where there is none."""
        return np.array([np.nan if item.energy is None else item.energy for item in self._frames])

    def fitted_atomic_energies(self) -> dict[str, float]:
        """Return the energy of each element by least squares of the total energies on the composition.

        Raises
        ------
        DomainError
            If a frame has no energy.

        Examples
        --------
        >>> pair, single = Frame(["H", "H"], np.eye(3)[:2], energy=-2.0), Frame(["H"], np.zeros((1, 3)), energy=-1.0)
        >>> round(Frames([pair, single]).fitted_atomic_energies()["H"], 9)
        -1.0
        """
        energies = self.energies
        if not np.isfinite(energies).all():
            message = f"frames[{int(np.argmin(np.isfinite(energies)))}] has no energy to fit atomic energies to"
            raise DomainError(message, hint="give atomic_energies=, or frames with energies")
        names = self.elements
        counts = np.array([[int(np.sum(np.asarray([symbol(z) for z in f.species]) == n)) for n in names] for f in self])
        fit = np.linalg.lstsq(counts.astype(np.float64), energies, rcond=None)[0]
        return {name: float(value) for name, value in zip(names, fit, strict=True)}
