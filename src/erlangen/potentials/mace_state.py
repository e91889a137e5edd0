"""Weights of a potential from and to mace-torch: the same function.

Definition: mace-torch 0.3's ``ScaleShiftMACE`` and ``MACE`` (one head, Bessel functions, RealAgnostic interactions) name by name.
Convention: mace-torch keeps linear maps as flat vectors, path by path; ``avg_num_neighbors`` is no part of its state and is given beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor

from erlangen.errors import DomainError
from erlangen.potentials.architecture import Architecture
from erlangen.potentials.elements import symbol
from erlangen.potentials.network import Network
from erlangen.representations.products import from_mace, to_mace

__all__ = ["MaceReading", "network_to_mace", "read_mace"]

_SILENT = ("output_mask", "_w3j", "U_matrix", "_zeroed", ".bias", "conv_tp.weight", "_dim_", "bessel_fn", "cutoff_fn")


class MaceReading(NamedTuple):
    """What a state of mace-torch holds: sizes, weights under our names, energies of single atoms."""

    architecture: Architecture
    weights: dict[str, Tensor]
    atomic_energies: dict[str, float]
    dtype: torch.dtype


def read_mace(state: Mapping[str, Tensor], neighbours: float, *, reduced: bool = False) -> MaceReading:
    """Return sizes and weights from a state dictionary of mace-torch.

    Raises
    ------
    DomainError
        If an entry is missing, or one has no place in our network.
    """
    rest = {key: value for key, value in state.items() if not any(part in key for part in _SILENT)}
    sizes = _architecture(state, rest, reduced)
    scale, shift = (rest.pop(f"scale_shift.{name}", torch.tensor(v)) for name, v in (("scale", 1.0), ("shift", 0.0)))
    energies = _take(rest, "atomic_energies_fn.atomic_energies").double().reshape(-1)
    for name in ("atomic_numbers", "r_max", "num_interactions"):
        rest.pop(name, None)
    if scale.numel() != 1 or energies.numel() != len(sizes.species):
        message = f"the state has {scale.numel()} heads; a potential has one"
        raise DomainError(message, hint="extract one head with mace's own tools first")
    weights = {
        "scale": scale.double().reshape(()),
        "shift": shift.double().reshape(()),
        "neighbours": torch.tensor(float(neighbours), dtype=torch.float64),
    }
    embedding = _take(rest, "node_embedding.linear.weight")
    weights["embedding"] = embedding.reshape(len(sizes.species), sizes.channels)
    for layer in range(sizes.layers):
        weights |= _layer(rest, sizes, layer)
    unread = sorted(key for key in rest if not key.startswith("products.") or "symmetric_contractions" not in key)
    if unread:
        message = f"the state holds {unread[0]!r}, which has no place in this network"
        raise DomainError(message, hint="ScaleShiftMACE with RealAgnostic interactions, one head and no extras is read")
    names = dict(zip(sizes.species, energies.tolist(), strict=True))
    return MaceReading(sizes, weights, names, embedding.dtype)


def network_to_mace(network: Network, atomic_energies: Mapping[str, float]) -> dict[str, Tensor]:
    """Return the weights under the names and in the shapes of mace-torch's ``ScaleShiftMACE``."""
    sizes = network.architecture
    dtype = network.embedding.dtype
    state = {
        "node_embedding.linear.weight": network.embedding.detach().reshape(-1),
        "atomic_energies_fn.atomic_energies": torch.tensor([atomic_energies[s] for s in sizes.species], dtype=dtype),
        "scale_shift.scale": network.scale.to(dtype),
        "scale_shift.shift": network.shift.to(dtype),
    }
    parts: Any = zip(network.interactions, network.products, network.readouts, strict=True)
    for k, (interaction, product, readout) in enumerate(parts):
        at = f"interactions.{k}."
        state |= {
            f"{at}{name}.weight": getattr(interaction, ours).detach().reshape(-1) for name, ours in _LINEAR.items()
        }
        for j, weight in enumerate(interaction.radial.weights):
            state[f"{at}conv_tp_weights.layer{j}.weight"] = weight.detach()
        contraction = product.contraction
        state |= to_mace(contraction.weight.detach(), contraction.maps, prefix=f"products.{k}.symmetric_contractions.")
        state[f"products.{k}.linear.weight"] = product.linear.detach().reshape(-1)
        for name, weight in zip(_readout_names(len(readout.weights)), readout.weights, strict=True):
            state[f"readouts.{k}.{name}.weight"] = weight.detach().reshape(-1)
    return {key: value.clone() for key, value in state.items()}


_LINEAR = {"linear_up": "up", "linear": "mixing", "skip_tp": "skip"}


def _layer(rest: dict[str, Tensor], sizes: Architecture, k: int) -> dict[str, Tensor]:
    """Weights of one layer under our names; what is read is taken out of ``rest``."""
    C, S, at = sizes.channels, len(sizes.species), f"interactions.{k}."
    found = {f"interactions.{k}.{ours}": _take(rest, f"{at}{name}.weight") for name, ours in _LINEAR.items()}
    for ours in ("up", "mixing"):
        found[f"interactions.{k}.{ours}"] = found[f"interactions.{k}.{ours}"].reshape(-1, C, C)
    found[f"interactions.{k}.skip"] = found[f"interactions.{k}.skip"].reshape(-1, C, S, C)
    for j in range(len(sizes.radial_widths) + 1):
        found[f"interactions.{k}.radial.weights.{j}"] = _take(rest, f"{at}conv_tp_weights.layer{j}.weight")
    maps = Network.contraction_maps(sizes, k)
    found[f"products.{k}.contraction.weight"] = from_mace(rest, maps, prefix=f"products.{k}.symmetric_contractions.")
    found[f"products.{k}.linear"] = _take(rest, f"products.{k}.linear.weight").reshape(-1, C, C)
    last = sizes.layers > 1 and k == sizes.layers - 1
    for j, name in enumerate(_readout_names(2 if last else 1)):
        weight = _take(rest, f"readouts.{k}.{name}.weight")
        found[f"readouts.{k}.weights.{j}"] = weight.reshape(C if j == 0 else sizes.readout_width, -1)
    return found


def _architecture(state: Mapping[str, Tensor], rest: Mapping[str, Tensor], reduced: bool) -> Architecture:
    """Sizes from the shapes of the weights."""
    species = tuple(symbol(int(z)) for z in _take(dict(rest), "atomic_numbers"))
    layers = sum(key.endswith("linear_up.weight") for key in rest)
    C = _take(dict(rest), "node_embedding.linear.weight").numel() // len(species)
    lmax = _take(dict(rest), "interactions.0.linear.weight").numel() // C**2 - 1
    hidden = rest[f"interactions.{layers - 1}.linear_up.weight"].numel() // C**2
    widths = [value for key, value in sorted(rest.items()) if key.startswith("interactions.0.conv_tp_weights.layer")]
    first = "products.0.symmetric_contractions.contractions.0."
    basis = state.get("radial_embedding.bessel_fn.bessel_weights")
    cutoff, power = _take(dict(rest), "r_max"), state.get("radial_embedding.cutoff_fn.p")
    if basis is None or power is None or not torch.allclose(basis, _bessel(basis, float(cutoff))):
        message = "the radial functions are not Bessel's with a polynomial cutoff"
        raise DomainError(message, hint="radial_type='bessel' without distance transform is read")
    readout = rest.get(f"readouts.{layers - 1}.linear_2.weight")
    return Architecture(
        species=species,
        cutoff=float(cutoff),
        lmax=lmax,
        correlation=1 + sum(key.startswith(first + "weights.") for key in rest),
        channels=C,
        hidden="+".join(f"{l}{'oe'[l % 2 == 0]}" for l in range(hidden)),
        layers=layers,
        reduced=reduced,
        interaction=tuple(_kind(rest, k, C, len(species), lmax) for k in range(layers)),
        radial_functions=len(basis),
        cutoff_power=int(power),
        radial_widths=tuple(int(w.shape[1]) for w in widths[:-1]),
        readout_width=16 if readout is None else readout.numel(),
    )


def _kind(rest: Mapping[str, Tensor], k: int, C: int, S: int, lmax: int) -> str:
    """Residual or plain, by the number of maps an element of the layer."""
    return "plain" if rest[f"interactions.{k}.skip_tp.weight"].numel() == (lmax + 1) * C * S * C else "residual"


def _bessel(like: Tensor, cutoff: float) -> Tensor:
    return torch.arange(1, len(like) + 1, dtype=like.dtype) * math.pi / cutoff


def _readout_names(count: int) -> tuple[str, ...]:
    return ("linear_1", "linear_2") if count == 2 else ("linear",)


def _take(rest: dict[str, Any], name: str) -> Tensor:
    """Take an entry out, or say that it is missing."""
    if name not in rest:
        message = f"the state has no {name!r}"
        raise DomainError(message, hint="it must be the state_dict() of a ScaleShiftMACE of mace-torch 0.3")
    return rest.pop(name).detach().cpu()
