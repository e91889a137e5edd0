"""Numbers in batteries: NumPy or torch objects are asked in their own kind and compared in NumPy.

Definition: ``to_array`` leaves the object's kind, ``like`` enters it; torch is never imported here, it is recognised by its type.
Convention: ``eps`` is the rounding unit of the sample's dtype; laws allow ``eps**0.6``, laws on finite differences ``eps**0.4``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["central_difference", "eps_of", "is_tensor", "like", "normal_like", "rows", "to_array", "value_of"]


def is_tensor(a: object) -> bool:
    """Return whether ``a`` is a torch tensor, without importing torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(a, torch.Tensor)


def to_array(a: Any) -> NDArray[Any]:
    """Return ``a`` as a NumPy array, detached from any graph."""
    return np.asarray(a.detach().cpu().resolve_conj().numpy()) if is_tensor(a) else np.asarray(a)


def like(values: Any, reference: Any) -> Any:
    """Return ``values`` in the kind, dtype and device of ``reference``."""
    if is_tensor(reference):
        return sys.modules["torch"].as_tensor(np.array(values), dtype=reference.dtype, device=reference.device)
    return np.asarray(values, dtype=np.asarray(reference).dtype)


def normal_like(reference: Any, rng: np.random.Generator) -> Any:
    """Return standard normal numbers in the shape and kind of ``reference``."""
    return like(rng.standard_normal(tuple(reference.shape)), reference)


def eps_of(*arrays: Any) -> float:
    """Return the largest rounding unit among the floating arrays given (float64 for integers)."""
    units = [np.finfo(a.dtype).eps for a in map(to_array, arrays) if a.dtype.kind in "fc"]
    return float(max(units, default=np.finfo(np.float64).eps))


def rows(factors: Any, samples: Any) -> Any:
    """Return sample ``i`` of ``(n, ...)`` multiplied by ``factors[i]``, in the kind of ``samples``."""
    return like(to_array(factors).reshape((-1,) + (1,) * (len(samples.shape) - 1)), samples) * samples


def value_of(owner: object, name: str) -> Any:
    """Return an attribute, or what it returns if it is a method without arguments."""
    attribute = getattr(owner, name)
    return attribute() if callable(attribute) else attribute


def central_difference(curve: Callable[[float], Any], step: float) -> NDArray[Any]:
    """Return ``(curve(step) - curve(-step)) / (2 step)``, subtracted and divided in double precision."""
    ahead, behind = (
        np.asarray(y, dtype=np.result_type(y, np.float64)) for y in map(to_array, (curve(step), curve(-step)))
    )
    return np.asarray((ahead - behind) / (2 * step))
