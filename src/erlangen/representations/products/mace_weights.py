r"""Weights of symmetric contractions from and to MACE: the same function in either numbering.

Definition: mace-torch keeps, for output i, ``contractions.i.weights_max`` of the highest degree :math:`\nu` and ``contractions.i.weights.j`` of degree
:math:`\nu - 1 - j`, each ``(elements, paths, channels)`` on all chains of couplings.
Convention: a degree without paths is stored there as one path of weight zero; to a basis by :math:`A`, back by :math:`A^+` (symmetric_conversion).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.representations.products.symmetric_basis import SymmetricBasis
from erlangen.representations.products.symmetric_conversion import conversion

__all__ = ["from_mace", "to_mace"]


def from_mace(state: Mapping[str, Tensor], maps: SymmetricBasis, *, prefix: str = "") -> Tensor:
    """Return the weights of a mace-torch contraction on the paths of ``maps``: the same function.

    Parameters
    ----------
    state : Mapping[str, Tensor]
        ``state_dict()`` of ``mace.modules.SymmetricContraction``, or of a model with ``prefix`` its place.
    maps : SymmetricBasis
        The paths wanted, all chains or a basis.
    prefix : str
        For example ``"products.0.symmetric_contractions."``.

    Returns
    -------
    Tensor (elements, paths, C)

    Raises
    ------
    DomainError
        If an entry is missing.
    ShapeError
        If its number of paths is not that of all chains (as with ``use_reduced_cg=True``, whose basis is another).

    Examples
    --------
    >>> maps = SymmetricBasis("0e+1o", "0e", 2)
    >>> state = to_mace(torch.ones(1, 3, 1), maps)
    >>> from_mace(state, maps).flatten()
    tensor([1., 1., 1.])
    """
    parts = [_entry(state, prefix + name, count) for name, count in _names(maps.twin(reduced=False)) if count]
    weights = torch.cat(parts, 1)
    return _mapped(weights, conversion(maps)) if maps.reduced else weights


def to_mace(weights: Tensor, maps: SymmetricBasis, *, prefix: str = "") -> dict[str, Tensor]:
    """Return weights on the paths of ``maps`` under the names and in the numbering of mace-torch.

    Parameters
    ----------
    weights : Tensor (elements, paths, C)
        On the paths of ``maps``.
    maps : SymmetricBasis
        All chains or a basis; from a basis the smallest weights on the chains are taken.
    prefix : str
        Put before each name.

    Returns
    -------
    dict[str, Tensor]
        Entries of a ``state_dict``.

    Raises
    ------
    ShapeError
        If there are not as many weights as paths.

    Examples
    --------
    >>> sorted(to_mace(torch.ones(1, 3, 1), SymmetricBasis("0e+1o", "0e", 2)))
    ['contractions.0.weights.0', 'contractions.0.weights_max']
    """
    if weights.ndim != 3 or weights.shape[1] != len(maps.paths):
        message = f"weights must have shape (elements, {len(maps.paths)}, channels), got {tuple(weights.shape)}"
        raise ShapeError(message, hint="one weight a path, in the order of maps.paths")
    full = _mapped(weights, np.linalg.pinv(conversion(maps))) if maps.reduced else weights
    state, start = {}, 0
    for name, count in _names(maps.twin(reduced=False)):
        part = full[:, start : start + count]
        state[prefix + name] = part.clone() if count else full.new_zeros(full.shape[0], 1, full.shape[2])
        start += count
    return state


def _names(full: SymmetricBasis) -> list[tuple[str, int]]:
    """Return the name and the number of paths of each part, output by output, degree by degree."""
    found = []
    for i, counts in enumerate(full.counts):
        for degree, count in enumerate(counts, start=1):
            top = degree == len(counts)
            found.append(
                (f"contractions.{i}." + ("weights_max" if top else f"weights.{len(counts) - 1 - degree}"), count)
            )
    return found


def _entry(state: Mapping[str, Tensor], name: str, count: int) -> Tensor:
    if name not in state:
        near = [key for key in state if key.endswith(name.rpartition(".")[2])][:3]
        message = f"state has no entry {name!r}"
        raise DomainError(
            message, hint=f"check the prefix; there are for example {near}" if near else "is this a state_dict of MACE?"
        )
    if state[name].ndim != 3 or state[name].shape[1] != count:
        message = f"{name} has shape {tuple(state[name].shape)}, expected (elements, {count}, channels)"
        raise ShapeError(message, hint="weights of use_reduced_cg=True stand on another basis and are not read")
    return state[name]


def _mapped(weights: Tensor, A: np.ndarray) -> Tensor:
    return torch.einsum("rp,zpc->zrc", torch.from_numpy(A).to(weights), weights)
