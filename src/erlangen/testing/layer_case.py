"""One layer under test, with the helpers that its laws share.

Definition: a case holds the layer, its example inputs, and what may be asked of it (batches, smoothness, compilation, ranks).
Convention: laws work on deep copies in evaluation mode and on fresh copies of the inputs.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from erlangen.testing.arrays import is_tensor
from erlangen.testing.laws import magnitude

__all__ = ["LayerCase", "first", "floating", "largest"]


@dataclass(frozen=True)
class LayerCase:
    """Layer, inputs and what is asked; every law takes fresh copies."""

    torch: Any
    original: Any
    inputs: tuple[Any, ...]
    batched: bool
    smooth: bool
    compiled: bool
    distributed: bool
    rtol: float
    seed: int

    def layer(self, dtype: str | None = None) -> Any:
        """Return a fresh copy in evaluation mode."""
        twin = copy.deepcopy(self.original).eval()
        return twin if dtype is None else twin.to(getattr(self.torch, dtype))

    def given(self, dtype: str | None = None) -> tuple[Any, ...]:
        """Return fresh copies of the inputs, the floating ones in ``dtype``."""
        fresh = tuple(x.detach().clone() if is_tensor(x) else x for x in self.inputs)
        if dtype is None:
            return fresh
        return tuple(x.to(getattr(self.torch, dtype)) if floating(x) else x for x in fresh)

    def run(self, layer: Any, inputs: tuple[Any, ...] | None = None) -> Any:
        """Return the layer's (first) output."""
        return first(layer(*(self.given() if inputs is None else inputs)))


def floating(x: Any) -> bool:
    """Return whether ``x`` is a tensor of real floating numbers."""
    return is_tensor(x) and bool(x.is_floating_point())


def first(output: Any) -> Any:
    """Return the first of several outputs."""
    return output[0] if isinstance(output, (tuple, list)) else output


def largest(out: Any) -> float | None:
    """Return the largest norm of a sample, the scale of what may cancel (``None`` where all vanish)."""
    return float(magnitude(out).max(initial=0.0)) or None
