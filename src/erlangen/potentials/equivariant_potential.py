r"""An interatomic potential whose energy is invariant and whose forces turn with the atoms.

Definition: :math:`E = \sum_i (E0_{z_i} + \epsilon_i)`, :math:`F_i = -\partial E/\partial r_i`, stress :math:`\frac1V \partial E/\partial\varepsilon`;
:math:`\epsilon_i` by equivariant messages and products of many bodies (MACE: Batatia et al., NeurIPS 2022).
Convention: Å, eV, eV/Å, eV/Å³; energies are returned in float64, so that the large E0 cost no digits.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.errors import DomainError
from erlangen.potentials.architecture import Architecture
from erlangen.potentials.calculator import ase_calculator
from erlangen.potentials.fitting import Progress, TrainingHistory, fit
from erlangen.potentials.frame import Frame
from erlangen.potentials.frames import Frames
from erlangen.potentials.graph import Graph, collate, prepare
from erlangen.potentials.mace_source import mace_source
from erlangen.potentials.mace_state import network_to_mace, read_mace
from erlangen.potentials.network import Network
from erlangen.potentials.prediction_errors import PredictionErrors, prediction_errors
from erlangen.potentials.storage import load_tensors, save_tensors
from erlangen.potentials.targets import atomic_sum
from erlangen.potentials.training_plan import TrainingPlan
from erlangen.random import RngLike
from erlangen.validation import check_integer

__all__ = ["EquivariantPotential", "GraphOutputs"]

_FORMAT = "erlangen.potentials/1"


class GraphOutputs(NamedTuple):
    """What the network says of a batch.

    Attributes
    ----------
    energy : Tensor (G,)
        Energy beside that of the atoms alone, in eV.
    forces : Tensor (n, 3) or None
        In eV/Å.
    stress : Tensor (G, 3, 3) or None
        In eV/Å³; NaN without a cell.

    Examples
    --------
    >>> GraphOutputs(torch.zeros(1), None, None).energy
    tensor([0.])
    """

    energy: Tensor
    forces: Tensor | None
    stress: Tensor | None


class EquivariantPotential(nn.Module):
    r"""A potential for given elements.

    .. math:: E = \sum_i \Big(E0_{z_i} + s \sum_t \mathrm{readout}_t(h_i^{(t)}) + b\Big)

    With ``product="clebsch-gordan"`` this is mace-torch's ScaleShiftMACE, number for number (:meth:`load_mace`, :meth:`to_mace_state`).

    Parameters
    ----------
    species : sequence of str
        The elements.
    cutoff : float
        Of neighbours, in Å.
    lmax, correlation : int
        Highest degree of the directions, and highest power of the atomic basis.
    channels, hidden : int, str
        Copies of each hidden irrep, and the irreps (natural parity, ``"0e+1o"``).
    layers : int
        Rounds of messages.
    product : {"clebsch-gordan", "gaunt", "complete-gaunt"}
        By which many-body features are made: every coupling with a weight, or powers of functions on the sphere.
    route : {"auto", "grid", "fourier", "sparse"}
        How a Gaunt product is computed; the numbers are the same.
    reduced : bool
        Weights of the symmetric contraction on a basis, or on all chains of couplings as mace-torch has them (the same functions).
    interaction : tuple of {"residual", "plain"}
        Kind of each layer's messages (default: residual).
    radial_functions, cutoff_power, radial_widths, readout_width
        Bessel functions, power p of the cutoff, hidden widths of the radial networks, hidden units of the last readout.
    factors : {"auto", "tied", "linear"}
        What a Gaunt product multiplies: powers of one function, or different linear images of it, which are more and cost a linear map a power;
        ``auto`` ties them for ``gaunt``; ``complete-gaunt`` needs linear ones.
    rank : int
        Number of terms of a Gaunt product, each of linear images with weights of its own (the first of tied factors has the features themselves).
    atomic_energies : mapping, optional
        Energy of an atom alone by symbol, in eV (default: fitted, or zero).
    rng : int, Generator or torch.Generator
        Seed of the weights.
    dtype : torch.dtype
        Of the weights and of the computation.

    Raises
    ------
    DomainError
        If a size or a name is outside its range.

    References
    ----------
    Batatia et al., "MACE", NeurIPS 2022; Luo, Chen & Krishnapriyan, ICLR 2024, for the Gaunt products.

    Examples
    --------
    >>> potential = EquivariantPotential(["H", "O"], 3.0, channels=4, rng=0)
    >>> water = Frame(["O", "H", "H"], [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
    >>> potential.predict([water])[0].forces.shape
    (3, 3)
    """

    def __init__(
        self,
        species: Sequence[str],
        cutoff: float = 5.0,
        *,
        lmax: int = 3,
        correlation: int = 3,
        channels: int = 32,
        hidden: str = "0e+1o",
        layers: int = 2,
        product: str = "clebsch-gordan",
        route: str = "auto",
        reduced: bool = True,
        interaction: tuple[str, ...] = (),
        radial_functions: int = 8,
        cutoff_power: int = 5,
        radial_widths: tuple[int, ...] = (64, 64, 64),
        readout_width: int = 16,
        factors: str = "auto",
        rank: int = 1,
        atomic_energies: Mapping[str, float] | None = None,
        rng: RngLike | torch.Generator = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.architecture = Architecture(
            tuple(species), cutoff, lmax, correlation, channels, hidden, layers, product, route, reduced, interaction,
            radial_functions, cutoff_power, radial_widths, readout_width, factors, rank,
        )  # fmt: skip
        self.network = Network(self.architecture, generator=torch_generator(rng), dtype=dtype)
        self.atomic_energies: dict[str, float] = {}
        self.calibrated = False
        self.set_atomic_energies(atomic_energies)

    @property
    def dtype(self) -> torch.dtype:
        """Type of the weights."""
        return self.network.embedding.dtype

    @property
    def parameter_count(self) -> int:
        """Number of weights."""
        return sum(p.numel() for p in self.parameters())

    def set_atomic_energies(self, atomic_energies: Mapping[str, float] | None) -> None:
        """Set the energies of single atoms, in eV; ``None`` sets zeros, which :meth:`fit` replaces.

        Raises
        ------
        DomainError
            If an element has none.
        """
        self.has_atomic_energies = atomic_energies is not None
        given = dict.fromkeys(self.architecture.species, 0.0) if atomic_energies is None else dict(atomic_energies)
        missing = [name for name in self.architecture.species if name not in given]
        if missing:
            message = f"atomic_energies has no {missing[0]!r}; it has {', '.join(sorted(given)) or 'none'}"
            raise DomainError(message, hint="give an energy for each element, or none to have them fitted")
        self.atomic_energies = {name: float(given[name]) for name in self.architecture.species}

    def graph(self, frames: Sequence[Frame]) -> Graph:
        """Return frames as the graph that :meth:`forward` takes."""
        device = self.network.embedding.device
        return collate(
            prepare(frames, self.architecture.species, self.architecture.cutoff), dtype=self.dtype, device=device
        )

    def forward(
        self,
        graph: Graph,
        *,
        forces: bool = True,
        stress: bool = False,
        training: bool = False,
        threads: int | None = None,
    ) -> GraphOutputs:
        """Return energies, forces and stresses of a batch.

        Parameters
        ----------
        graph : Graph
            See :meth:`graph`.
        forces, stress : bool
            Whether they are wanted.
        training : bool
            True: the result stays differentiable by the weights (not by the positions).
        threads : int, optional
            Threads of the kernels.
        """
        positions = graph.positions.detach()
        wanted, strain = [], None
        if forces:
            positions = positions.requires_grad_()
            wanted.append(positions)
        if stress:
            displacement = positions.new_zeros(len(graph), 3, 3).requires_grad_()
            strain = 0.5 * (displacement + displacement.mT)
            wanted.append(displacement)
        with torch.set_grad_enabled(bool(wanted) or training):
            atoms = self.network(graph, positions, strain, slopes=bool(wanted), threads=threads)
            energy = atoms.new_zeros(len(graph)).index_add(0, graph.frame, atoms)
            found = _gradients(energy, wanted, training)
        first = -found[0] if forces else None
        second = found[-1] / graph.volumes.reshape(-1, 1, 1) if stress else None
        return GraphOutputs(energy if training else energy.detach(), first, second)

    def predict(
        self,
        frames: Iterable[Frame],
        *,
        forces: bool = True,
        stress: bool = False,
        batch: int = 16,
        threads: int | None = None,
    ) -> Frames:
        """Return the frames with predicted energies, forces and stresses.

        Parameters
        ----------
        frames : iterable of Frame
            Their own energies and forces are not read.
        forces, stress : bool
            Whether they are wanted; stress only of frames with a cell.
        batch : int
            Frames at a time.
        threads : int, optional
            Threads of the kernels.

        Raises
        ------
        DomainError
            If a frame has an element this potential does not know, or atoms that coincide.
        """
        items = list(frames)
        size = check_integer(batch, "batch", low=1)
        done: list[Frame] = []
        for start in range(0, len(items), size):
            done += self._predicted(items[start : start + size], forces, stress, threads)
        return Frames(done, name="predicted", atomic_energies=self.atomic_energies)

    def _predicted(self, items: list[Frame], forces: bool, stress: bool, threads: int | None) -> list[Frame]:
        graph = self.graph(items)
        out = self(graph, forces=forces, stress=stress, threads=threads)
        energies = out.energy.double().tolist()
        starts = np.cumsum([0, *(len(item) for item in items)])
        F = None if out.forces is None else out.forces.double().cpu().numpy()
        T = None if out.stress is None else out.stress.double().cpu().numpy()
        return [
            Frame(
                item.species,
                item.positions,
                item.cell,
                item.pbc,
                energy=energies[k] + atomic_sum(item, self.atomic_energies),
                forces=None if F is None else F[starts[k] : starts[k + 1]],
                stress=None if T is None or item.cell is None else T[k],
                info=item.info,
            )
            for k, item in enumerate(items)
        ]

    def hessian(self, frame: Frame, *, threads: int | None = None) -> np.ndarray:
        r"""Return the second derivatives of the energy of one frame by its positions, in eV/Å².

        .. math:: H_{ia,jb} = \partial^2 E / \partial r_{ia} \partial r_{jb}

        Returns
        -------
        ndarray (n, 3, n, 3)
        """
        graph = self.graph([frame])

        def energy(positions: Tensor) -> Tensor:
            return self.network(graph, positions, threads=threads).sum()

        found: Any = torch.autograd.functional.hessian(energy, graph.positions)
        return np.asarray(found.detach().cpu().double().numpy())

    def evaluate(self, frames: Sequence[Frame], *, batch: int = 16, threads: int | None = None) -> PredictionErrors:
        """Return root mean square and mean absolute errors of energies and forces.

        Raises
        ------
        DomainError
            If no frame has an energy or forces to compare with.
        """
        stress = any(frame.stress is not None for frame in frames)
        return prediction_errors(frames, self.predict(frames, stress=stress, batch=batch, threads=threads))

    def fit(
        self,
        frames: Sequence[Frame],
        valid: Sequence[Frame] | None = None,
        *,
        checkpoint: str | os.PathLike[str] | None = None,
        resume: bool = False,
        on_progress: Progress | None = None,
        threads: int | None = None,
        **plan: Any,
    ) -> TrainingHistory:
        """Fit the weights to energies and forces; see :func:`erlangen.potentials.fit` for everything it takes.

        Examples
        --------
        >>> from erlangen.datasets import acac_sample
        >>> potential = EquivariantPotential(["H", "C", "O"], 3.0, channels=4, lmax=1, correlation=2, rng=0)
        >>> history = potential.fit(acac_sample()[:4], epochs=2, batch=2, rng=0)
        >>> len(history.epochs)
        2
        """
        options = TrainingPlan(**plan)
        return fit(
            self, frames, valid, options, checkpoint=checkpoint, resume=resume, on_progress=on_progress, threads=threads
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the potential as one file of safetensors; its sizes stand in the header as JSON."""
        about = {
            "format": _FORMAT,
            "architecture": self.architecture.to_dict(),
            "atomic_energies": self.atomic_energies if self.has_atomic_energies else None,
            "calibrated": self.calibrated,
        }
        save_tensors(path, {key: value.detach().cpu() for key, value in self.network.state_dict().items()}, about)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> EquivariantPotential:
        """Return the potential that :meth:`save` wrote.

        Raises
        ------
        DomainError
            If the file is none of a potential.
        """
        tensors, about = load_tensors(path, _FORMAT)
        potential = cls._made(Architecture.from_dict(about["architecture"]), tensors["embedding"].dtype)
        potential.network.load_state_dict(tensors)
        potential.set_atomic_energies(about["atomic_energies"])
        potential.calibrated = bool(about["calibrated"])
        return potential

    @classmethod
    def load_mace(
        cls, source: Any, *, average_neighbours: float | None = None, reduced: bool = False
    ) -> EquivariantPotential:
        """Return the potential with the weights of a ScaleShiftMACE of mace-torch 0.3: the same function.

        Parameters
        ----------
        source : Module, mapping or path
            The model itself, its ``state_dict()``, or a file that ``torch.load(weights_only=True)`` reads as such a dictionary. A pickled
            ``.model`` file holds code of mace-torch: load it there, with mace installed, and pass the model.
        average_neighbours : float, optional
            ``avg_num_neighbors`` of the model, which is no part of its state (default: read from the model).
        reduced : bool
            Weights of the symmetric contraction on a basis, instead of on all chains as the model has them.

        Raises
        ------
        DomainError
            If the model has parts that this network has not, or the number of neighbours is not known.
        """
        state, neighbours = mace_source(source, average_neighbours)
        reading = read_mace(state, neighbours, reduced=reduced)
        potential = cls._made(reading.architecture, reading.dtype)
        potential.network.load_state_dict(reading.weights)
        potential.set_atomic_energies(reading.atomic_energies)
        potential.calibrated = True
        return potential

    def to_mace_state(self) -> dict[str, Tensor]:
        """Return the weights under the names of mace-torch, for ``load_state_dict(…, strict=False)`` of a ScaleShiftMACE of the same sizes.

        Raises
        ------
        DomainError
            If the product is not ``"clebsch-gordan"``.
        """
        if self.architecture.product != "clebsch-gordan":
            message = f"product={self.architecture.product!r} has no counterpart in mace-torch"
            raise DomainError(message, hint="only product='clebsch-gordan' carries over")
        return network_to_mace(self.network, self.atomic_energies)

    def to_ase(self, *, threads: int | None = None) -> Any:
        """Return a calculator of ASE with energy, forces and, for periodic atoms, stress.

        Raises
        ------
        MissingDependencyError
            Without ASE (extra ``chem``).
        """
        return ase_calculator(self, threads=threads)

    @classmethod
    def _made(cls, architecture: Architecture, dtype: torch.dtype) -> EquivariantPotential:
        sizes = architecture.to_dict()
        return cls(sizes.pop("species"), sizes.pop("cutoff"), rng=0, dtype=dtype, **sizes)

    def extra_repr(self) -> str:
        """Return the architecture."""
        return repr(self.architecture)


def _gradients(energy: Tensor, wanted: list[Tensor], training: bool) -> tuple[Tensor, ...]:
    """Derivatives of the sum of energies; zeros where the energy does not depend on the input, as for atoms alone."""
    if not wanted:
        return ()
    if not energy.requires_grad:
        return tuple(torch.zeros_like(item) for item in wanted)
    found = torch.autograd.grad(energy.sum(), wanted, create_graph=training, allow_unused=True)
    return tuple(torch.zeros_like(item) if g is None else g for g, item in zip(found, wanted, strict=True))
