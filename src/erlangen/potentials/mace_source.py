"""Where the weights of mace-torch come from: a model, its state, or a file of its state.

Definition: a state dictionary and ``avg_num_neighbors``, which mace-torch keeps beside it.
Convention: files are read by ``torch.load(weights_only=True)`` alone; nothing in them is executed.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from erlangen.errors import DomainError
from erlangen.validation import check_real

__all__ = ["mace_source"]


def mace_source(source: Any, average_neighbours: float | None) -> tuple[Mapping[str, Tensor], float]:
    """Return state and mean number of neighbours of a model, a state dictionary or a file of one.

    Raises
    ------
    DomainError
        If the file holds more than tensors, or the number of neighbours is not known.

    Examples
    --------
    >>> mace_source({"x": torch.zeros(1)}, 12.0)[1]
    12.0
    """
    state = _state(source)
    if average_neighbours is None and isinstance(source, nn.Module):
        layers: Any = getattr(source, "interactions", ())
        found = {float(layer.avg_num_neighbors) for layer in layers}
        if len(found) != 1:
            message = f"the layers of the model have avg_num_neighbors {sorted(found)}; one number is needed"
            raise DomainError(message, hint="pass a ScaleShiftMACE, or average_neighbours=")
        average_neighbours = found.pop()
    if average_neighbours is None:
        message = "the state of a model does not hold avg_num_neighbors"
        raise DomainError(message, hint="pass average_neighbours=, or the model itself")
    return state, check_real(average_neighbours, "average_neighbours", low=0, open_low=True)


def _state(source: Any) -> Mapping[str, Tensor]:
    if isinstance(source, nn.Module):
        return source.state_dict()
    if isinstance(source, Mapping):
        return source
    try:
        state = torch.load(os.fspath(source), map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, OSError, RuntimeError) as error:
        message = f"{source!s} cannot be read as a dictionary of tensors"
        raise DomainError(
            message,
            hint="a pickled .model holds code: load it with mace-torch installed, and pass the model or its state",
        ) from error
    if not isinstance(state, Mapping):
        message = f"{source!s} holds a {type(state).__name__}, not a state dictionary"
        raise DomainError(message, hint="save model.state_dict() with torch.save")
    return state
