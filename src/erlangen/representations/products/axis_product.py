r"""Tensor products with the harmonics of a direction, in the frame where that direction is the polar axis.

Definition: a rotation turns the direction to the axis y, where :math:`y^{(l)} = f_l\,Y_l(\hat r)` has the one component :math:`m = 0`; only
terms :math:`m_1 = \pm m_3` are left, O(L³) of O(L⁵); the result is turned back (Passaro & Zitnick, ICML 2023).
Convention: the second feature holds ``1o``, which tells the direction, and is of natural parity; weights, modes and layouts are those of the paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from erlangen.errors import DomainError
from erlangen.representations.irreps import Irreps
from erlangen.representations.products.axis_terms import turn_to_axis
from erlangen.representations.products.bilinear_terms import BilinearTerms
from erlangen.representations.products.path import Path
from erlangen.representations.products.path_plan import PathGroup
from erlangen.representations.products.path_product import PathProduct
from erlangen.representations.spherical_harmonics import spherical_harmonics

__all__ = ["AxisProduct", "axis_product", "turned_features"]

_NEAR = {torch.float32: 1e-4, torch.float64: 1e-9}


@dataclass(frozen=True)
class AxisProduct:
    """A product in the frame of a direction, made by :func:`axis_product`.

    Attributes
    ----------
    inner : PathProduct
        The product in the frame, with one number for each copy of the second feature.
    in2 : Irreps
        Type of the second feature.
    top : int
        The highest degree that is turned.
    """

    inner: PathProduct
    in2: Irreps
    top: int

    def __call__(self, x: Tensor, y: Tensor, weight: Tensor | None, backend: str = "auto") -> Tensor:
        """Return the product of x (n, d1) and y (n, d2); weights as :class:`PathProduct` takes them.

        Raises
        ------
        DomainError
            If a row of y has no direction, or is not made of harmonics of one.
        """
        vectors = self._directions(y)
        sizes = self._sizes(y, vectors)
        D = Irreps.spherical_harmonics(self.top).matrix(turn_to_axis(vectors))
        turned = turned_features(x, self.inner.in1, D, self.inner.layout)
        return turned_features(self.inner(turned, sizes, weight, backend), self.inner.out, D.mT, self.inner.layout)

    def _directions(self, y: Tensor) -> Tensor:
        """Return the vectors (n, 3) whose harmonics y holds: its first copy of ``1o``."""
        place, mul = next(
            (s, mul) for s, (mul, ir) in zip(self.in2.slices(), self.in2, strict=True) if ir.l == 1 and mul
        )
        block = y[:, place]
        vectors = block[:, :3] if self.inner.layout == "mul_ir" else block[:, ::mul]
        if not torch.compiler.is_compiling() and vectors.numel():
            zero = (vectors == 0).all(1)
            if bool(zero.any()):
                message = f"y[{int(zero.nonzero()[0, 0])}] has no direction: its 1o is zero"
                raise DomainError(message, hint="leave out pairs of coincident points, or use method='sparse'")
        return vectors

    def _sizes(self, y: Tensor, vectors: Tensor) -> Tensor:
        """Return the component along the axis of each copy, (n, copies), in the order of y."""
        degrees = sorted({ir.l for _, ir in self.in2})
        Y = spherical_harmonics(degrees, vectors, normalize=True, normalization="norm")
        starts = dict(zip(degrees, np.cumsum([0, *(2 * l + 1 for l in degrees)]), strict=False))
        found = []
        for place, (mul, ir) in zip(self.in2.slices(), self.in2, strict=True):
            axis = Y[:, starts[ir.l] : starts[ir.l] + ir.dim].unsqueeze(-1)
            block = y[:, place]
            block = (
                block.reshape(-1, mul, ir.dim).mT if self.inner.layout == "mul_ir" else block.reshape(-1, ir.dim, mul)
            )
            size = (block * axis).sum(1)
            self._check(block, axis * size.unsqueeze(1), ir)
            found.append(size)
        return torch.cat(found, dim=1)

    @staticmethod
    def _check(block: Tensor, along: Tensor, ir: object) -> None:
        """Refuse what is no multiple of the harmonics of its row's direction."""
        if torch.compiler.is_compiling() or not block.numel():
            return
        apart, size = (block - along).detach().abs().amax((1, 2)), block.detach().abs().amax((1, 2))
        wrong = apart > _NEAR[block.dtype] * size
        if bool(wrong.any()):
            row = int(wrong.nonzero()[0, 0])
            message = f"y[{row}] is not made of harmonics of one direction: its {ir} differs by {float(apart[row]):.3g}"
            raise DomainError(
                message, hint="method='so2' takes spherical_harmonics(…), scaled by degree; 'sparse' takes any feature"
            )


def axis_product(
    in1: Irreps, in2: Irreps, out: Irreps, paths: Sequence[Path], groups: Sequence[PathGroup], layout: str
) -> AxisProduct:
    """Return the product in the frame of the direction of the second feature.

    Raises
    ------
    DomainError
        If the second feature cannot hold the harmonics of a direction, or does not tell it.

    Examples
    --------
    >>> from erlangen.representations.products.path_plan import path_groups
    >>> ends, paths = (Irreps("8x2e"), Irreps("0e+1o+2e"), Irreps("8x2e")), [Path(0, 2, 0, "uvu")]
    >>> whole = path_groups(*ends, paths, [1.0])
    >>> len(whole[0].terms), len(axis_product(*ends, paths, whole, "mul_ir").inner.groups[0].terms)
    (25, 5)
    """
    for _, ir in in2:
        if ir.p != (-1) ** ir.l:
            message = (
                f"method='so2' multiplies by the harmonics of a direction; irreps_in2 has {ir}, of unnatural parity"
            )
            raise DomainError(message, hint="use method='sparse'")
    if not any(ir.l == 1 and mul for mul, ir in in2):
        message = f"method='so2' reads the direction off the 1o of the second feature; {in2} has none"
        raise DomainError(message, hint="add 1o to irreps_in2, or use method='sparse'")
    numbers = Irreps([(mul, (0, 1)) for mul, _ in in2])
    reduced = tuple(replace(group, terms=_on_axis(group, in2)) for group in groups)
    top = max((ir.l for irreps in (in1, out) for _, ir in irreps), default=0)
    return AxisProduct(PathProduct(in1, numbers, out, tuple(paths), reduced, layout), in2, top)


def _on_axis(group: PathGroup, in2: Irreps) -> BilinearTerms:
    """Return the terms of a group with m = 0 on the right, its places those of the summands."""
    dims = [in2[b].ir.dim for b in group.in2]
    summand = np.repeat(np.arange(len(dims)), dims)
    middle = np.concatenate([np.arange(d) == d // 2 for d in dims])
    terms, on = group.terms, middle[group.terms.j]
    return BilinearTerms(terms.i[on], summand[terms.j[on]], terms.k[on], terms.c[on], terms.d1, len(dims), terms.d3)


def turned_features(x: Tensor, irreps: Irreps, D: Tensor, layout: str) -> Tensor:
    """Return a feature (n, dim) with each degree multiplied by its block of D (n, (L+1)^2, (L+1)^2).

    Examples
    --------
    >>> turned_features(torch.tensor([[5.0, 1.0, 2.0, 3.0]]), Irreps("0e+1o"), -torch.eye(4).unsqueeze(0), "mul_ir")
    tensor([[ 5., -1., -2., -3.]])
    """
    columns = []
    for place, (mul, ir) in zip(irreps.slices(), irreps, strict=True):
        block = x[:, place]
        if ir.l and mul:
            own = D[:, ir.l**2 : (ir.l + 1) ** 2, ir.l**2 : (ir.l + 1) ** 2]
            shape = (x.shape[0], mul, ir.dim) if layout == "mul_ir" else (x.shape[0], ir.dim, mul)
            block = block.reshape(shape)
            block = (block @ own.mT if layout == "mul_ir" else own @ block).flatten(1)
        columns.append(block)
    return torch.cat(columns, dim=1) if columns else x
