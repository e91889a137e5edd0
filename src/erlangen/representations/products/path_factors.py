r"""Weights of paths that are products of weights of degrees: what is left of the freedom in products of functions on the sphere.

Definition: :math:`w_{uv} = \sum_r a^r_{1u}\, b^r_{2v}\, c^r_{3u}`, one factor for each summand of the arguments and of the result, summed over the rank.
Convention: modes ``uvu`` and ``uuu``; factors are (rank, summands, copies); the strength of a path stands in its coefficient, with its sign.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.representations.irreps import Irreps
from erlangen.representations.products.path import Path
from erlangen.representations.products.product_spec import ProductSpec

__all__ = ["factored_paths", "factored_weights"]


def factored_paths(
    in1: Irreps, in2: Irreps, out: Irreps | None, kind: str, rank: int
) -> tuple[Irreps, tuple[Path, ...], tuple[float, ...]]:
    """Return the type of the result, the paths that the kind couples, and the sign of each.

    Raises
    ------
    ShapeError
        If the features have not one number of copies each.

    Examples
    --------
    >>> x = Irreps("4x0e+4x1o")
    >>> factored_paths(x, Irreps("0e+1o"), None, "gaunt", 1)[0]
    4x0e+4x1o+4x2e
    """
    copies = [{mul for mul, _ in irreps} for irreps in (in1, in2)]
    if any(len(found) > 1 for found in copies) or not copies[1] <= copies[0] | {1}:
        message = f"kind={kind!r} multiplies functions channel by channel; {in1} and {in2} differ in copies"
        raise ShapeError(message, hint="give every summand the same number of copies, or one in irreps_in2")
    channels = next(iter(copies[0]), 0)
    one, two = (Irreps([(1, ir) for _, ir in irreps]) for irreps in (in1, in2))
    if out is None:
        every = Irreps([(1, ir) for ir in sorted({ir for _, a in in1 for _, b in in2 for ir in a * b})])
        reached = {k for _, _, k in ProductSpec(one, two, every, kind).paths}
        out = Irreps([(channels, ir) for k, (_, ir) in enumerate(every) if k in reached])
    spec = ProductSpec(one, two, Irreps([(1, ir) for _, ir in out]), kind, rank)
    mode = "uvu" if copies[1] <= {1} else "uuu"
    strengths = [spec.strength(*spec.irreps_of(path)) for path in spec.paths]
    for k, (_, ir) in enumerate(out):
        if all(path[2] != k for path in spec.paths):
            message = f"kind={kind!r} has no path to {ir}, summand {k} of the output"
            raise DomainError(message, hint="kind='complete-gaunt' or 'clebsch-gordan' reaches more")
    total = [sum(s * s for s, other in zip(strengths, spec.paths, strict=True) if other[2] == p[2]) for p in spec.paths]
    count = [sum(other[2] == p[2] for other in spec.paths) for p in spec.paths]
    paths = tuple(
        Path(i, j, k, mode, True, s * s * n / whole)
        for (i, j, k), s, n, whole in zip(spec.paths, strengths, count, total, strict=True)
    )
    return out, paths, tuple(math.copysign(1.0, s) for s in strengths)


def factored_weights(factors: Tensor, paths: Sequence[Path], sizes: Sequence[tuple[int, int]]) -> Tensor:
    """Return the weights of all paths, flat, from factors (rank, n), ``n`` the sum of summands times copies.

    Examples
    --------
    >>> factored_weights(torch.tensor([[2.0, 3.0, 5.0]]), [Path(0, 0, 0, "uuu")], [(1, 1)] * 3)
    tensor([30.])
    """
    a, b, c = (
        part.reshape(factors.shape[0], *size)
        for part, size in zip(torch.split(factors, [n * m for n, m in sizes], dim=1), sizes, strict=True)
    )
    i, j, k = ([getattr(path, end) for path in paths] for end in ("i_in1", "i_in2", "i_out"))
    product = (a[:, i] * b[:, j] * c[:, k]).sum(0)
    return product.flatten() / math.sqrt(factors.shape[0])
