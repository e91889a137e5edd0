r"""Harmonics of plain numbers, with nothing between the call and the kernel.

Definition: all degrees up to one, of rows (N, 3) that nothing differentiates, transforms or traces.
Convention: ``None`` wherever anything is unusual; then the careful way of :mod:`erlangen.representations.spherical_harmonics` goes, which has the refusals.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd import forward_ad

from erlangen import native
from erlangen.representations.harmonic_kernels import MOST_DEGREE, Request
from erlangen.representations.harmonic_tables import NORMALIZATIONS
from erlangen.validation import check_choice

__all__ = ["plain_gradients", "plain_harmonics"]


def plain_harmonics(
    v: Any, wanted: tuple[int, ...], normalize: bool, normalization: str, threads: int | None, level: str
) -> Tensor | None:
    """Return the harmonics (N, K), or nothing.

    Examples
    --------
    >>> plain_harmonics(torch.tensor([[0.0, 2.0, 0.0]]), (0, 1), True, "norm", 1, "auto")
    tensor([[1., 0., 1., 0.]])
    >>> plain_harmonics([[0.0, 2.0, 0.0]], (0, 1), True, "norm", 1, "auto") is None
    True
    """
    found = _rows(v, wanted, normalize, normalization, threads, level)
    if found is None:
        return None
    module, request, rows = found
    values = v.new_empty((len(rows), request.size))
    wrong = module.harmonics(*request.arguments(v.dtype), rows, values.numpy(), request.threads, request.level)
    return values if wrong < 0 else None


def plain_gradients(
    v: Any, wanted: tuple[int, ...], normalize: bool, normalization: str, threads: int | None, level: str
) -> tuple[Tensor, Tensor] | None:
    """Return the harmonics (N, K) and their gradients (N, 3, K), or nothing.

    Examples
    --------
    >>> values, gradients = plain_gradients(torch.tensor([[0.0, 2.0, 0.0]]), (0, 1), False, "norm", 1, "auto")
    >>> gradients[0, 1]
    tensor([0., 0., 1., 0.])
    """
    found = _rows(v, wanted, normalize, normalization, threads, level)
    if found is None:
        return None
    module, request, rows = found
    values, slopes = v.new_empty((len(rows), request.size)), v.new_empty((len(rows), 3, request.size))
    arrays = rows, values.numpy(), slopes.numpy()
    wrong = module.harmonics_gradient(*request.arguments(v.dtype), *arrays, request.threads, request.level)
    return (values, slopes) if wrong < 0 else None


def _rows(
    v: Any, wanted: tuple[int, ...], normalize: bool, normalization: str, threads: int | None, level: str
) -> tuple[Any, Request, NDArray[Any]] | None:
    """Return the extension, what is asked of it and the numbers of v, where all three are there."""
    if torch.compiler.is_compiling() or type(v) is not Tensor or v.ndim != 2 or v.shape[1] != 3 or not v.is_cpu:
        return None
    if v.requires_grad or not v.is_contiguous() or v.dtype not in (torch.float32, torch.float64):
        return None
    if torch._C._are_functorch_transforms_active() or forward_ad._current_level >= 0:
        return None
    count = native.default_threads() if threads is None else threads
    request, module = _asked(wanted, normalize, normalization, count, level), native.kernels()
    if request is None or module is None:
        return None
    try:
        return module, request, np.asarray(v.numpy())
    except RuntimeError:  # a lazily negated tensor holds no numbers
        return None


@lru_cache(maxsize=256, typed=True)
def _asked(wanted: tuple[int, ...], normalize: bool, normalization: str, threads: int, level: str) -> Request | None:
    """Return the request, made and checked once, where the degrees are all up to one."""
    check_choice(normalization, "normalization", NORMALIZATIONS)
    count = native.default_threads(threads)
    plain = wanted == tuple(range(len(wanted))) and 0 < len(wanted) <= MOST_DEGREE + 1
    return Request(len(wanted) - 1, normalize, normalization, count, level) if plain else None
