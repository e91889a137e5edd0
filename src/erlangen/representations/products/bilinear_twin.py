r"""The bilinear product in plain torch: what the kernel computes, on any device, with autograd's own derivatives.

Definition: :math:`z = C^T (x_{i} y_{j})_{ij}`, the products of the places that are used, times the matrix of coefficients.
Convention: x (n, d1, c), y (n, d2, c) or (n, d2, 1); the matrix is made in float64 and cast.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from erlangen.representations.kept_tensors import ordinary_tensors
from erlangen.representations.products.bilinear_terms import BilinearTerms

__all__ = ["bilinear_twin"]


@lru_cache(maxsize=64)
@ordinary_tensors
def _matrix(terms: BilinearTerms, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """Return the places i, j of the products and the matrix (d3, products)."""
    flat, product = np.unique(terms.i * max(terms.d2, 1) + terms.j, return_inverse=True)
    matrix = np.zeros((terms.d3, len(flat)))
    matrix[terms.k, product] = terms.c
    places = torch.from_numpy(flat).to(device)
    divisor = max(terms.d2, 1)
    return places // divisor, places % divisor, torch.from_numpy(matrix).to(device, dtype)


def bilinear_twin(terms: BilinearTerms, x: Tensor, y: Tensor) -> Tensor:
    """Return z (n, d3, c) of x (n, d1, c) and y (n, d2, c or 1), or all without the last axis.

    Examples
    --------
    >>> dot = BilinearTerms([0, 1], [0, 1], [0, 0], [1.0, 1.0], 2, 2, 1)
    >>> bilinear_twin(dot, torch.ones(1, 2, 1), torch.full((1, 2, 1), 3.0))
    tensor([[[6.]]])
    """
    i, j, matrix = _matrix(terms, x.dtype, x.device)
    products = x[:, i] * y[:, j]
    return products @ matrix.mT if x.ndim == 2 else matrix @ products
