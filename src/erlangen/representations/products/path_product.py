r"""The weighted tensor product of two features along given paths.

Definition: each group's unweighted products, scaled by the weights of their copies or mixed by them, summed into the outputs.
Convention: features (n, dim) in the layout given; weights flat, in the order of the paths that have some, one set for all rows or one for each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from erlangen.representations.irreps import Irreps
from erlangen.representations.products.contract import contract
from erlangen.representations.products.path import Path
from erlangen.representations.products.path_plan import PathGroup

__all__ = ["PathProduct"]

_SCALED = frozenset({"uvu", "uvv", "uuu", "uvuv", "uvu<v"})


@dataclass(frozen=True)
class PathProduct:
    """What is multiplied: irreps, paths, groups, layout."""

    in1: Irreps
    in2: Irreps
    out: Irreps
    paths: tuple[Path, ...]
    groups: tuple[PathGroup, ...]
    layout: str

    def shape(self, p: int) -> tuple[int, ...]:
        """Return the shape of the weights of path ``p``."""
        path = self.paths[p]
        return path.shape(self.in1[path.i_in1].mul, self.in2[path.i_in2].mul, self.out[path.i_out].mul)

    def weight_slices(self) -> dict[int, slice]:
        """Return where the weights of each path stand."""
        found, start = {}, 0
        for p, path in enumerate(self.paths):
            if path.has_weight:
                size = math.prod(self.shape(p))
                found[p] = slice(start, start + size)
                start += size
        return found

    def __call__(self, x: Tensor, y: Tensor, weight: Tensor | None, backend: str = "auto") -> Tensor:
        """Return the product of x (n, d1) and y (n, d2); weights (w,) or (n, w)."""
        parts: list[list[Tensor]] = [[] for _ in self.out]
        slices = self.weight_slices()
        for group in self.groups:
            values = self._unweighted(group, x, y, backend)
            for p, value in zip(group.paths, self._weighted(group, values, weight, slices), strict=True):
                parts[self.paths[p].i_out].append(value)
        return self._joined(parts, x)

    def _unweighted(self, group: PathGroup, x: Tensor, y: Tensor, backend: str) -> Tensor:
        """Return (n, components of the paths, lanes)."""
        left = _blocks(x, self.in1, group.in1, self.layout)
        right = _blocks(y, self.in2, group.in2, self.layout)
        if group.meeting == "pairs":
            u, v = torch.triu_indices(group.mul1, group.mul1, 1, device=x.device)
            left, right = left[..., u], right[..., v]
        elif group.meeting == "outer" and group.mul1 > 1 and group.mul2 > 1:
            left = left.unsqueeze(-1).expand(-1, -1, -1, group.mul2).flatten(2)
            right = right.unsqueeze(-2).expand(-1, -1, group.mul1, -1).flatten(2)
        return contract(group.terms, left, right, layout="ir_mul", backend=backend)

    def _weighted(
        self, group: PathGroup, values: Tensor, weight: Tensor | None, slices: dict[int, slice]
    ) -> Sequence[Tensor]:
        """Return (n, components, copies of the output) of each path."""
        modes = [self.paths[p].mode for p in group.paths]
        if weight is not None and all(
            p in slices and mode in _SCALED for p, mode in zip(group.paths, modes, strict=True)
        ):
            flat = [
                weight[..., slices[p]].unsqueeze(-2).expand(*weight.shape[:-1], d, group.lanes)
                for p, d in _pairs(group)
            ]
            split: Sequence[Tensor] = torch.split(values * torch.cat(flat, dim=-2), list(group.dims), dim=1)
            return [self._summed(group, p, value) for p, value in zip(group.paths, split, strict=True)]
        found = []
        for p, value in zip(group.paths, torch.split(values, list(group.dims), dim=1), strict=True):
            own = weight[..., slices[p]] if weight is not None and p in slices else None
            found.append(self._single(group, p, value, own))
        return found

    def _single(self, group: PathGroup, p: int, value: Tensor, weight: Tensor | None) -> Tensor:
        """Return one path, scaled or mixed."""
        path = self.paths[p]
        if weight is None or path.mode in _SCALED:
            return self._summed(group, p, value if weight is None else value * weight.unsqueeze(-2))
        return value @ weight.reshape(*weight.shape[:-1], group.lanes, self.out[path.i_out].mul)

    def _summed(self, group: PathGroup, p: int, value: Tensor) -> Tensor:
        """Return one path with the copies summed that its mode sums."""
        mode = self.paths[p].mode
        if mode == "uvu" and group.mul2 > 1:
            return value.reshape(*value.shape[:-1], group.mul1, group.mul2).sum(-1)
        if mode == "uvv" and group.mul1 > 1:
            return value.reshape(*value.shape[:-1], group.mul1, group.mul2).sum(-2)
        return value.sum(-1, keepdim=True) if mode == "uuw" else value

    def _joined(self, parts: list[list[Tensor]], x: Tensor) -> Tensor:
        """Return the outputs side by side, in the layout."""
        columns = []
        for (mul, ir), found in zip(self.out, parts, strict=True):
            if not mul:
                continue
            total = found[0] if found else x.new_zeros(x.shape[0], ir.dim, mul)
            for value in found[1:]:
                total = total + value
            columns.append((total.mT if self.layout == "mul_ir" and ir.l and mul > 1 else total).flatten(1))
        return torch.cat(columns, dim=1) if columns else x.new_zeros(x.shape[0], 0)


def _pairs(group: PathGroup) -> list[tuple[int, int]]:
    return list(zip(group.paths, group.dims, strict=True))


def _blocks(x: Tensor, irreps: Irreps, which: tuple[int, ...], layout: str) -> Tensor:
    """Return the summands as (n, components, copies)."""
    rows, mul = x.shape[0], irreps[which[0]].mul
    if (layout == "ir_mul" or mul == 1) and which == tuple(range(len(irreps))):
        return x.reshape(rows, x.shape[1] // mul, mul)
    places = irreps.slices()
    found = []
    for i in which:
        (mul, ir), part = irreps[i], x[:, places[i]]
        found.append(part.reshape(rows, mul, ir.dim).mT if layout == "mul_ir" else part.reshape(rows, ir.dim, mul))
    return found[0] if len(found) == 1 else torch.cat(found, dim=1)
