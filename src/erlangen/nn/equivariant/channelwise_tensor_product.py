r"""The tensor product that keeps the copies of the first feature apart, the message of an equivariant graph network.

Definition: :math:`z_{u} = \sum_v w_{uv}\, x_u \otimes y_v` (mode ``uvu``), every path with an output of its own.
Convention: outputs are sorted by irrep; weights of the first path first, in the order of (in1, in2, degree).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from erlangen.nn.equivariant.tensor_product import TensorProduct
from erlangen.representations.irrep import Irrep
from erlangen.representations.irreps import Irreps
from erlangen.representations.products.path import Path

__all__ = ["ChannelwiseTensorProduct"]


class ChannelwiseTensorProduct(TensorProduct):
    r"""Tensor product with weights by copy of the first feature: :math:`z_u = \sum_v w_{uv}\, x_u \otimes y_v`.

    Parameters
    ----------
    irreps_in1, irreps_in2 : Irreps or str
        Types of the features.
    filter_ir_out : iterable of irreps, optional
        Which irreps are kept.
    has_weight : bool
        Whether there are weights.
    **options
        As :class:`TensorProduct`; ``shared_weights=False`` takes them from a radial network, edge by edge.

    Examples
    --------
    >>> ChannelwiseTensorProduct("8x0e+8x1o", "0e+1o", ["0e", "1o"], shared_weights=False)
    ChannelwiseTensorProduct(8x0e+8x1o x 1x0e+1x1o -> 8x0e+8x0e+8x1o+8x1o | 4 paths | 32 weights)
    """

    def __init__(
        self,
        irreps_in1: Any,
        irreps_in2: Any,
        filter_ir_out: Iterable[Any] | None = None,
        *,
        has_weight: bool = True,
        **options: Any,
    ) -> None:
        in1, in2 = Irreps(irreps_in1), Irreps(irreps_in2)
        kept = None if filter_ir_out is None else {Irrep(ir) for ir in filter_ir_out}
        summands, ends = [], []
        for a, (mul1, ir1) in enumerate(in1):
            for b, (_, ir2) in enumerate(in2):
                for ir in ir1 * ir2:
                    if kept is None or ir in kept:
                        summands.append((mul1, ir))
                        ends.append((a, b))
        ordered = Irreps(summands).sort()
        paths = sorted(
            (Path(a, b, place, "uvu", has_weight) for (a, b), place in zip(ends, ordered.p, strict=True)),
            key=lambda path: path.i_out,
        )
        super().__init__(in1, in2, ordered.irreps, paths, **options)
