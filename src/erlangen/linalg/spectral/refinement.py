r"""An eigendecomposition made good to twice the digits, so that functions of stiff matrices keep theirs.

Definition: with V the computed vectors, :math:`R = I - V^T V` and :math:`S = V^T A V` summed in twice the precision, :math:`Q = V(I + R/2)` is
orthogonal and :math:`T = S + (RS + SR)/2 = Q^T A Q` diagonal, each but for squares of rounding; so
:math:`f(A) = Q\,[f(\Lambda) + F_1 \circ N]\,Q^T` with :math:`\Lambda` the diagonal of T, N the rest, :math:`F_1` the divided differences.
Convention: products are split into slices whose partial sums are exact in float64 (Ozaki et al., Numer. Algorithms 59 (2012)) and added with their errors.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.linalg.spectral.spectral_function import SpectralFunction

__all__ = ["Refined", "refine", "refined_value"]

_SLICES = 3
_DIGITS = 53


class Refined(NamedTuple):
    """Ascending eigenvalues (..., n), orthonormal vectors (..., n, n), and what is left off the diagonal (..., n, n), all in float64.

    Examples
    --------
    >>> A = torch.diag(torch.tensor([1.0, 4.0], dtype=torch.float64))
    >>> refine(A, *torch.linalg.eigh(A)).values
    tensor([1., 4.], dtype=torch.float64)
    """

    values: Tensor
    vectors: Tensor
    rest: Tensor


def refine(A: Tensor, values: Tensor, vectors: Tensor) -> Refined:
    """Return the decomposition of symmetric matrices, computed in float64, with errors that are squares of rounding.

    Only the lower triangle of A is read.

    Examples
    --------
    >>> A = torch.tensor([[2.0, 1.0], [1.0, 2.0]], dtype=torch.float64)
    >>> bool(refine(A, *torch.linalg.eigh(A)).rest.abs().max() < 1e-15)
    True
    """
    size = _power_of_two(values.abs().amax(dim=-1))[..., None, None]
    V = vectors.to(torch.float64)
    scaled = A.to(torch.float64).tril() / size
    scaled = scaled + scaled.tril(-1).mT
    image, small = _product(scaled, V)
    S, tail = _product(V.mT, image)
    tail = tail + V.mT @ small
    gram, error = _product(V.mT, V)
    one = torch.eye(V.shape[-1], dtype=V.dtype, device=V.device)
    R = (one - gram) - error
    whole = S + tail
    turned = R @ whole
    T = S + (tail + symmetric_part(turned))
    T = symmetric_part(T) * size
    diagonal = T.diagonal(dim1=-2, dim2=-1)
    order = diagonal.argsort(dim=-1)
    rows, columns = order.unsqueeze(-1).expand_as(T), order.unsqueeze(-2).expand_as(T)
    rest = (T - torch.diag_embed(diagonal)).gather(-2, rows).gather(-1, columns)
    return Refined(diagonal.gather(-1, order), (V + V @ R / 2).gather(-1, columns), rest)


def _power_of_two(x: Tensor) -> Tensor:
    """Return a power of two near numbers >= 0, above them where float64 has one, so that dividing by it rounds nothing."""
    exponent = torch.floor(torch.log2(x.clamp_min(torch.finfo(x.dtype).tiny))) + 1
    return torch.exp2(exponent.clamp_max(1023))


def _slices(X: Tensor, axis: int) -> list[Tensor]:
    """Return parts of X, largest first, whose sum is X and whose products summed along the axis are exact."""
    bits = (_DIGITS - math.ceil(math.log2(max(X.shape[axis], 1)))) // 2
    unit = _power_of_two(X.abs().amax(dim=axis, keepdim=True))
    parts = []
    for k in range(_SLICES):
        unit = unit * 0.5**bits
        part = torch.round(X / unit) * unit if k < _SLICES - 1 else X
        parts.append(part)
        X = X - part
    return parts


def _product(X: Tensor, Y: Tensor) -> tuple[Tensor, Tensor]:
    """Return X Y and what rounding took from it."""
    left, right = _slices(X, -1), _slices(Y, -2)
    total = error = torch.zeros_like(X @ Y)
    pairs = [(a, b) for a in range(_SLICES) for b in range(_SLICES)]
    for a, b in sorted(pairs, key=sum):
        term = left[a] @ right[b]
        found = total + term
        part = found - total
        error = error + ((total - (found - part)) + (term - part))
        total = found
    return total, error


def refined_value(refined: Refined, f: SpectralFunction) -> Tensor:
    """Return f(A) in float64, with what is left off the diagonal to first order.

    Examples
    --------
    >>> from erlangen.linalg.spectral import SquareRoot
    >>> A = 4 * torch.eye(1, dtype=torch.float64)
    >>> refined_value(refine(A, *torch.linalg.eigh(A)), SquareRoot())
    tensor([[2.]], dtype=torch.float64)
    """
    values, Q, rest = refined
    first = f.first(values.unsqueeze(-1), values.unsqueeze(-2))
    slope = torch.where(torch.isfinite(first), first, 0.0)  # a root at zero has none
    middle = torch.diag_embed(f.value(values)) + slope * rest
    return symmetric_part(Q @ middle @ Q.mT)
