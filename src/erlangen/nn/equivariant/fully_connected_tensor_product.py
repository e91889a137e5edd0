r"""The tensor product in which every pair of copies contributes to every copy of the result.

Definition: :math:`z_w = \sum_{uv} w_{uvw}\, x_u \otimes y_v`, summed over all paths that the output contains.
Convention: e3nn 0.6's paths, weights and normalisation.
"""

from __future__ import annotations

from typing import Any

from erlangen.nn.equivariant.tensor_product import TensorProduct

__all__ = ["FullyConnectedTensorProduct"]


class FullyConnectedTensorProduct(TensorProduct):
    r"""Weighted tensor product, fully connected: :math:`z_w = \sum_{uv} w_{uvw}\, x_u \otimes y_v`.

    Parameters
    ----------
    irreps_in1, irreps_in2, irreps_out : Irreps or str
        Types of the features and of the result.
    **options
        As :class:`TensorProduct`.

    Raises
    ------
    DomainError
        If an output is not reached; those that are reached are listed.

    Examples
    --------
    >>> FullyConnectedTensorProduct("16x0e+8x1o", "3x0e", "16x0e+8x1o", rng=0)
    FullyConnectedTensorProduct(16x0e+8x1o x 3x0e -> 16x0e+8x1o | 2 paths | 960 weights)
    """

    def __init__(self, irreps_in1: Any, irreps_in2: Any, irreps_out: Any, **options: Any) -> None:
        super().__init__(irreps_in1, irreps_in2, irreps_out, mode="uvw", **options)
