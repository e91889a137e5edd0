r"""The terms of a tensor product without weights, over all its copies and components at once.

Definition: for each path and each triple of copies (u, v, w) of its mode, the block of 3j symbols times the path's coefficient.
Convention: places follow the layout: ``mul_ir`` has the copies outside, ``ir_mul`` the components.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from erlangen.representations.couplings import wigner_3j_array
from erlangen.representations.irreps import Irreps
from erlangen.representations.products.bilinear_terms import BilinearTerms
from erlangen.representations.products.path import Path

__all__ = ["coupling_entries", "path_terms"]

Places = NDArray[np.int64]


def coupling_entries(l1: int, l2: int, l3: int) -> tuple[Places, Places, Places, NDArray[np.float64]]:
    """Return the places and values of the 3j symbols that do not vanish.

    Examples
    --------
    >>> len(coupling_entries(1, 1, 1)[3])
    6
    """
    block = wigner_3j_array(l1, l2, l3)
    a, b, c = np.nonzero(np.abs(block) > 1e-13)
    return a, b, c, block[a, b, c]


def path_terms(
    in1: Irreps, in2: Irreps, out: Irreps, paths: Sequence[Path], coefficients: Sequence[float], layout: str = "mul_ir"
) -> BilinearTerms:
    """Return the bilinear map of paths without weights.

    Examples
    --------
    >>> x = Irreps("1o")
    >>> len(path_terms(x, x, Irreps("1e"), [Path(0, 0, 0, "uuu", False)], [1.0]))
    6
    """
    parts: list[tuple[NDArray[np.int64], ...]] = []
    values = []
    starts = [[s.start for s in irreps.slices()] for irreps in (in1, in2, out)]
    for path, coefficient in zip(paths, coefficients, strict=True):
        ends = (path.i_in1, path.i_in2, path.i_out)
        terms = [irreps[end] for irreps, end in zip((in1, in2, out), ends, strict=True)]
        if not all(mul for mul, _ in terms):
            continue
        *places, value = coupling_entries(*(ir.l for _, ir in terms))
        copies = _copies(path.mode, terms[0].mul, terms[1].mul)
        parts.append(
            tuple(
                (start[end] + (copy[:, None] * ir.dim + m if layout == "mul_ir" else m * mul + copy[:, None])).ravel()
                for start, end, (mul, ir), copy, m in zip(starts, ends, terms, copies, places, strict=True)
            )
        )
        values.append(np.broadcast_to(coefficient * value, (len(copies[0]), len(value))).ravel())
    empty = np.zeros(0, dtype=np.int64)
    i, j, k = (np.concatenate([empty, *column]) for column in (zip(*parts, strict=True) if parts else ((), (), ())))
    return BilinearTerms(i, j, k, np.concatenate([np.zeros(0), *values]), in1.dim, in2.dim, out.dim)


def _copies(mode: str, mul1: int, mul2: int) -> tuple[NDArray[np.int64], ...]:
    """Return the copies (u, v, w) that meet."""
    u, v = (x.ravel() for x in np.meshgrid(np.arange(mul1), np.arange(mul2), indexing="ij"))
    if mode in {"uuu", "uuw"}:
        u = np.arange(mul1)
        return u, u, u if mode == "uuu" else np.zeros_like(u)
    if mode == "uvu<v":
        u, v = np.triu_indices(mul1, 1)
        return u, v, np.arange(len(u))
    return u, v, {"uvu": u, "uvv": v, "uvuv": np.arange(len(u))}[mode]
