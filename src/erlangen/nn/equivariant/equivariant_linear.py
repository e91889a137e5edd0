r"""The equivariant linear layer: copies of equal irreps are mixed, components are left alone.

Definition: :math:`y^{(o)}_w = \sum_i \alpha_i \sum_u W^{(i,o)}_{uw} x^{(i)}_u` over terms of equal irrep, plus a bias on true scalars (Schur's lemma).
Convention: e3nn's numbers: one flat weight, paths in order of input then output, :math:`\alpha` one over the root of the fan-in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.errors import DomainError, ShapeError
from erlangen.nn.equivariant.feature_blocks import check_features, check_layout, half_returns, join_blocks, split_blocks
from erlangen.random import RngLike
from erlangen.representations import Irreps
from erlangen.validation import check_choice

__all__ = ["EquivariantLinear", "LinearPath"]


class LinearPath(NamedTuple):
    """One path of a linear layer: from which term to which, the shape of its weights and its scale.

    Examples
    --------
    >>> EquivariantLinear("4x0e+4x1o", "3x1o", rng=0).paths
    (LinearPath(i_in=1, i_out=0, path_shape=(4, 3), path_weight=0.5),)
    """

    i_in: int
    i_out: int
    path_shape: tuple[int, int]
    path_weight: float


class EquivariantLinear(nn.Module):
    r"""Linear map that commutes with rotations and inversion, (..., irreps_in.dim) to (..., irreps_out.dim).

    Parameters
    ----------
    irreps_in, irreps_out : Irreps or str
        Types of input and output.
    paths : sequence of (int, int), optional
        Which term goes to which; all pairs of equal irreps by default.
    biases : bool or sequence of bool
        Whether terms of the output have a bias; only ``0e`` can.
    shared_weights, internal_weights : bool, optional
        As in e3nn: with ``shared_weights=False`` each row brings weights (..., weight_numel) of its own.
    path_normalization : {"element", "path"}
        Whether the variance is shared by elements or by paths.
    layout : {"mul_ir", "ir_mul"}
        Layout of both features; the numbers of the weight are the same in both.
    rng : int, Generator or torch.Generator
        Seed of the weight, standard normal.
    dtype : torch.dtype, optional
        Of the parameters.

    Raises
    ------
    DomainError
        If a path joins unlike irreps, or a bias is asked for what is no true scalar.

    References
    ----------
    Geiger & Smidt, "e3nn: Euclidean neural networks", arXiv 2207.09453; numbers of ``o3.Linear``, version 0.6.0.

    Examples
    --------
    >>> layer = EquivariantLinear("4x0e+16x1o", "8x0e+8x1o", rng=0)
    >>> layer.weight_numel, tuple(layer(torch.zeros(2, 52)).shape)
    (160, (2, 32))
    """

    def __init__(
        self,
        irreps_in: Irreps | str,
        irreps_out: Irreps | str,
        *,
        paths: Iterable[tuple[int, int]] | None = None,
        biases: bool | Sequence[bool] = False,
        shared_weights: bool | None = None,
        internal_weights: bool | None = None,
        path_normalization: str = "element",
        layout: str = "mul_ir",
        rng: RngLike | torch.Generator = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.irreps_in, self.irreps_out = Irreps(irreps_in), Irreps(irreps_out)
        self.layout = check_layout(layout)
        check_choice(path_normalization, "path_normalization", ("element", "path"))
        self.paths = _linear_paths(self.irreps_in, self.irreps_out, paths, path_normalization)
        self.biased = _biased(self.irreps_out, biases)
        self.weight_numel = sum(u * w for u, w in (path.path_shape for path in self.paths))
        self.bias_numel = sum(self.irreps_out[i].dim for i in self.biased)
        self.shared_weights = True if shared_weights is None else bool(shared_weights)
        self.internal_weights = self.shared_weights if internal_weights is None else bool(internal_weights)
        if self.internal_weights and not self.shared_weights:
            message = "internal_weights=True with shared_weights=False: weights kept inside are shared by all rows"
            raise DomainError(message, hint="set one of them only")
        held = self.internal_weights
        self.weight = nn.Parameter(torch.empty(self.weight_numel, dtype=dtype)) if held else None
        self.bias = nn.Parameter(torch.zeros(self.bias_numel, dtype=dtype)) if held and self.biased else None
        self.reset_parameters(rng)

    def reset_parameters(self, rng: RngLike | torch.Generator = None) -> None:
        """Draw the weight from the standard normal law; biases are zero."""
        with torch.no_grad():
            if self.weight is not None:
                normal = torch.randn(self.weight_numel, generator=torch_generator(rng), dtype=torch.float64)
                self.weight.copy_(normal)
            if self.bias is not None:
                self.bias.zero_()

    def weight_views(self, weight: Tensor | None = None) -> Iterator[Tensor]:
        """Yield the weights of each path, (..., mul_in, mul_out), as views.

        Examples
        --------
        >>> [tuple(view.shape) for view in EquivariantLinear("4x0e+2x1o", "3x0e+5x1o").weight_views()]
        [(4, 3), (2, 5)]
        """
        flat = self._given(weight, self.weight, self.weight_numel, "weight")
        start = 0
        for path in self.paths:
            u, w = path.path_shape
            yield flat[..., start : start + u * w].reshape(*flat.shape[:-1], u, w)
            start += u * w

    @half_returns
    def forward(self, x: Tensor, weight: Tensor | None = None, bias: Tensor | None = None) -> Tensor:
        """Return the mixed copies; ``weight`` and ``bias`` replace those inside, or give what a row brings."""
        check_features(x, self.irreps_in, "x", owner="EquivariantLinear")
        blocks = split_blocks(x, self.irreps_in, self.layout)
        sums: list[Tensor | None] = [None] * len(self.irreps_out)
        for path, W in zip(self.paths, self.weight_views(weight), strict=True):
            term = self._mixed(blocks[path.i_in], W.to(x.dtype) * path.path_weight)
            before = sums[path.i_out]
            sums[path.i_out] = term if before is None else before + term
        if self.biased:
            self._add_biases(sums, x, self._given(bias, self.bias, self.bias_numel, "bias").to(x.dtype))
        done = [
            x.new_zeros(*x.shape[:-1], mul, ir.dim) if part is None else part.expand(*x.shape[:-1], mul, ir.dim)
            for part, (mul, ir) in zip(sums, self.irreps_out, strict=True)
        ]
        return join_blocks(done, self.layout, like=x)

    def _mixed(self, block: Tensor, W: Tensor) -> Tensor:
        """Return (..., mul_out, d) of (..., mul_in, d), by a product that runs over memory as it lies."""
        if self.layout == "ir_mul":
            return (block.mT @ W).mT
        return W.mT @ block if block.shape[-1] > 1 or W.ndim > 2 else (block.squeeze(-1) @ W).unsqueeze(-1)

    def _add_biases(self, sums: list[Tensor | None], x: Tensor, bias: Tensor) -> None:
        start = 0
        for i in self.biased:
            mul = self.irreps_out[i].mul
            part = bias[..., start : start + mul].unsqueeze(-1)
            start += mul
            before = sums[i]
            sums[i] = part if before is None else before + part

    def _given(self, value: Tensor | None, held: Tensor | None, size: int, name: str) -> Tensor:
        found = held if value is None else value
        if found is None:
            message = f"EquivariantLinear({self.irreps_in} -> {self.irreps_out}) holds no {name}"
            raise ShapeError(message, hint=f"pass {name}= (..., {size})")
        if found.shape[-1:] != (size,):
            message = f"{name} must have shape (..., {size}), got {tuple(found.shape)}"
            raise ShapeError(message, hint="one number for each element of each path")
        return found

    def extra_repr(self) -> str:
        """Return the types and the number of weights."""
        return f"{self.irreps_in} -> {self.irreps_out} | {self.weight_numel} weights"


def _linear_paths(
    irreps_in: Irreps, irreps_out: Irreps, pairs: Iterable[tuple[int, int]] | None, normalization: str
) -> tuple[LinearPath, ...]:
    """Return the paths with their scales."""
    if pairs is None:
        pairs = [(i, o) for i, a in enumerate(irreps_in) for o, b in enumerate(irreps_out) if a.ir == b.ir]
    pairs = list(pairs)
    for n, (i, o) in enumerate(pairs):
        if not (0 <= i < len(irreps_in) and 0 <= o < len(irreps_out)):
            message = f"paths[{n}] = ({i}, {o}) names no term of {irreps_in} and {irreps_out}"
            raise DomainError(message, hint="count terms from 0")
        if irreps_in[i].ir != irreps_out[o].ir:
            message = f"paths[{n}] = ({i}, {o}) joins {irreps_in[i].ir} to {irreps_out[o].ir}; unlike irreps do not mix"
            raise DomainError(message, hint="a linear equivariant map joins equal irreps only (Schur's lemma)")
    found = []
    for i, o in pairs:
        into = [irreps_in[a].mul for a, b in pairs if b == o]
        fan = sum(into) if normalization == "element" else len(into) * irreps_in[i].mul
        found.append(LinearPath(i, o, (irreps_in[i].mul, irreps_out[o].mul), float(max(fan, 1)) ** -0.5))
    return tuple(found)


def _biased(irreps_out: Irreps, biases: bool | Sequence[bool]) -> tuple[int, ...]:
    """Return the terms of the output that have a bias."""
    if isinstance(biases, bool):
        return tuple(i for i, (_, ir) in enumerate(irreps_out) if biases and ir.l == 0 and ir.p == 1)
    flags = list(biases)
    if len(flags) != len(irreps_out):
        message = f"biases has {len(flags)} entries, the output has {len(irreps_out)} terms"
        raise ShapeError(message, hint="one flag for each term, or a single bool")
    for i, ((_, ir), flag) in enumerate(zip(irreps_out, flags, strict=True)):
        if flag and (ir.l, ir.p) != (0, 1):
            message = f"biases[{i}] asks for a bias on {ir}, which moves under O(3)"
            raise DomainError(message, hint="only 0e is left alone by every rotation and by inversion")
    return tuple(i for i, flag in enumerate(flags) if flag)
