r"""The whole tensor product of two features, decomposed into irreps, without weights.

Definition: :math:`z_{uv} = x_u \otimes y_v`, every path with an output of its own; an orthogonal map up to the normalisation of irreps.
Convention: inputs are simplified and outputs sorted by irrep, as in e3nn 0.6.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from erlangen.nn.equivariant.tensor_product import TensorProduct
from erlangen.representations.irrep import Irrep
from erlangen.representations.irreps import Irreps
from erlangen.representations.products.path import Path

__all__ = ["FullTensorProduct"]


class FullTensorProduct(TensorProduct):
    r"""Tensor product of all copies with all, without weights: :math:`z_{uv} = x_u \otimes y_v`.

    Parameters
    ----------
    irreps_in1, irreps_in2 : Irreps or str
        Types of the features; simplified.
    filter_ir_out : iterable of irreps, optional
        Which irreps are kept.
    **options
        As :class:`TensorProduct`.

    Examples
    --------
    >>> FullTensorProduct("1o", "1o")
    FullTensorProduct(1x1o x 1x1o -> 1x0e+1x1e+1x2e | 3 paths | 0 weights)
    """

    def __init__(
        self, irreps_in1: Any, irreps_in2: Any, filter_ir_out: Iterable[Any] | None = None, **options: Any
    ) -> None:
        in1, in2 = Irreps(irreps_in1).simplify(), Irreps(irreps_in2).simplify()
        kept = None if filter_ir_out is None else {Irrep(ir) for ir in filter_ir_out}
        summands, ends = [], []
        for a, (mul1, ir1) in enumerate(in1):
            for b, (mul2, ir2) in enumerate(in2):
                for ir in ir1 * ir2:
                    if kept is None or ir in kept:
                        summands.append((mul1 * mul2, ir))
                        ends.append((a, b))
        ordered = Irreps(summands).sort()
        paths = [Path(a, b, place, "uvuv", False) for (a, b), place in zip(ends, ordered.p, strict=True)]
        super().__init__(in1, in2, ordered.irreps, paths, **options)
