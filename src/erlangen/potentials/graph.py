"""A batch of frames as one graph of tensors.

Definition: atoms of all frames in a row, edges within the cutoff, and what the network needs of them, made once before it runs.
Convention: ``elements`` are places in the potential's list of species; edges are sorted by receiver; each undirected pair has two edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from erlangen.errors import DomainError
from erlangen.potentials.elements import atomic_number, symbol
from erlangen.potentials.frame import Frame
from erlangen.potentials.neighbours import NeighbourList, neighbour_list

__all__ = ["Graph", "PreparedFrame", "collate", "prepare"]


@dataclass(frozen=True, eq=False)
class PreparedFrame:
    """A frame with its neighbours and the places of its elements."""

    frame: Frame
    elements: NDArray[np.int64]
    neighbours: NeighbourList


@dataclass(frozen=True, eq=False)
class Graph:
    """Tensors of a batch; G frames, n atoms, E edges, E/2 pairs.

    Attributes
    ----------
    positions : Tensor (n, 3)
        In Å.
    elements, frame : Tensor (n,)
        Place of the element, and number of the frame, of each atom.
    counts : Tensor (G,)
        Atoms of each frame.
    senders, receivers : Tensor (E,)
        Ends of the edges.
    offsets : Tensor (E, 3) or None
        Whole edges of the cell added to each edge's vector, in Å.
    first, second, pair : Tensor
        See :class:`erlangen.potentials.NeighbourList`.
    volumes : Tensor (G,)
        In Å³, NaN without a cell.

    Examples
    --------
    >>> pair = Frame(["H", "H"], [[0, 0, 0], [0.7, 0, 0]])
    >>> collate(prepare([pair], ["H"], 2.0), dtype=torch.float32).receivers  # a Graph
    tensor([0, 1])
    """

    positions: Tensor
    elements: Tensor
    frame: Tensor
    counts: Tensor
    senders: Tensor
    receivers: Tensor
    offsets: Tensor | None
    first: Tensor
    second: Tensor
    pair: Tensor
    volumes: Tensor

    def __len__(self) -> int:
        return len(self.counts)


def prepare(frames: Sequence[Frame], species: Sequence[str], cutoff: float) -> list[PreparedFrame]:
    """Return frames with their neighbours.

    Raises
    ------
    DomainError
        If a frame has an element that is not in ``species``, or atoms that coincide; the frame is named.

    Examples
    --------
    >>> prepare([Frame(["H", "H"], [[0, 0, 0], [0.7, 0, 0]])], ["H"], 2.0)[0].neighbours.senders
    array([1, 0])
    """
    place = np.full(120, -1, dtype=np.int64)
    place[[atomic_number(name) for name in species]] = np.arange(len(species))
    prepared = []
    for k, frame in enumerate(frames):
        if not isinstance(frame, Frame):
            message = f"frames[{k}] is a {type(frame).__name__}, not a Frame"
            raise DomainError(message, hint="read_frames reads a file; Frame(species, positions) makes one")
        elements = place[frame.species]
        if (elements < 0).any():
            atom = int(np.argmin(elements))
            name = symbol(int(frame.species[atom]))
            message = f"frames[{k}]: atom {atom} is {name}, which is none of the species {', '.join(species)}"
            raise DomainError(message, hint=f"make the potential with {name!r} among its species")
        try:
            found = neighbour_list(frame.positions, cutoff, cell=frame.cell, pbc=frame.pbc)
        except DomainError as error:
            message = f"frames[{k}]: {error.message}"
            raise DomainError(message, hint=error.hint) from error
        prepared.append(PreparedFrame(frame, elements, found))
    return prepared


def collate(prepared: Sequence[PreparedFrame], *, dtype: torch.dtype, device: torch.device | str = "cpu") -> Graph:
    """Return the graph of a batch.

    Examples
    --------
    >>> water = Frame(["O", "H", "H"], [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
    >>> len(collate(prepare([water, water], ["H", "O"], 2.0), dtype=torch.float64).senders)
    12
    """
    counts = np.array([len(item.elements) for item in prepared], dtype=np.int64)
    atoms = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64) if len(counts) else counts
    lists = [item.neighbours for item in prepared]
    edges, pairs = (_starts([len(getattr(one, name)) for one in lists]) for name in ("senders", "first"))

    def joined(name: str, starts: NDArray[np.int64]) -> Tensor:
        parts = [getattr(one, name) + start for one, start in zip(lists, starts, strict=True)]
        return torch.from_numpy(np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)).to(device)

    def floats(array: Any) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(device, dtype)

    return Graph(
        positions=floats(_stacked([item.frame.positions for item in prepared])),
        elements=torch.from_numpy(np.concatenate([np.zeros(0, np.int64), *(i.elements for i in prepared)])).to(device),
        frame=torch.from_numpy(np.repeat(np.arange(len(counts)), counts)).to(device),
        counts=torch.from_numpy(counts).to(device),
        senders=joined("senders", atoms),
        receivers=joined("receivers", atoms),
        offsets=_offsets(prepared, floats),
        first=joined("first", edges),
        second=joined("second", edges),
        pair=joined("pair", pairs),
        volumes=floats(np.array([item.frame.volume for item in prepared])),
    )


def _starts(lengths: list[int]) -> NDArray[np.int64]:
    return np.cumsum([0, *lengths])[:-1].astype(np.int64)


def _stacked(arrays: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.concatenate([np.zeros((0, 3)), *arrays])


def _offsets(prepared: Sequence[PreparedFrame], floats: Any) -> Tensor | None:
    """Vectors of whole cells (E, 3), or ``None`` where nothing repeats."""
    if not any(any(item.frame.pbc) for item in prepared):
        return None
    parts = [
        item.neighbours.shifts @ item.frame.cell if any(item.frame.pbc) else np.zeros((len(item.neighbours.senders), 3))
        for item in prepared
    ]
    return floats(_stacked(parts))
