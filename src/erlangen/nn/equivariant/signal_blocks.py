r"""Features read as functions on the sphere: one copy of each degree a channel, natural and anti-natural apart.

Definition: a feature of ``Cx0e+Cx1o+Cx2e`` is C functions of degree 2; irreps of parity :math:`-(-1)^l` are pseudoscalar functions.
Convention: signals are (..., C, (L+1)^2) in layout ``mul_ir`` and (..., (L+1)^2, C) in ``ir_mul``; degrees that are missing are zeros.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.nn.equivariant.feature_blocks import join_blocks, split_blocks
from erlangen.representations import Irreps

__all__ = ["SignalBlocks"]


class SignalBlocks:
    """How a feature is read as signals, and signals as a feature.

    Parameters
    ----------
    irreps : Irreps or str
        Each irrep at most once, all of one multiplicity.
    name : str
        Of the argument, for refusals.

    Raises
    ------
    ShapeError
        If multiplicities differ.
    DomainError
        If an irrep stands twice, or there is none.

    Examples
    --------
    >>> blocks = SignalBlocks("4x0e+4x2e+4x1e", "irreps")
    >>> blocks.channels, blocks.lmax
    (4, {1: 2, -1: 1})
    """

    def __init__(self, irreps: Irreps | str, name: str) -> None:
        self.irreps = Irreps(irreps)
        self.channels = self._channels(name)
        self.values = tuple(ir.p * (-1) ** ir.l for _, ir in self.irreps)
        self.lmax = {
            p: max(ir.l for (_, ir), q in zip(self.irreps, self.values, strict=True) if q == p)
            for p in (1, -1)
            if p in self.values
        }

    def _channels(self, name: str) -> int:
        counts = {mul for mul, _ in self.irreps}
        if not counts or len({ir for _, ir in self.irreps}) < len(self.irreps):
            message = f"{name} = {self.irreps} is no stack of functions: each irrep stands once, with its copies"
            raise DomainError(message, hint="regroup() joins equal irreps")
        if len(counts) > 1 or 0 in counts:
            message = f"{name} = {self.irreps} has multiplicities {sorted(counts)}; a function needs one of each degree"
            raise ShapeError(message, hint="mix copies by an EquivariantLinear first")
        return counts.pop()

    def read(self, x: Tensor, layout: str) -> dict[int, Tensor]:
        """Return the signals by the parity of their values."""
        blocks = split_blocks(x, self.irreps, layout)
        return {p: self._signal(blocks, p, lmax, layout) for p, lmax in self.lmax.items()}

    def _signal(self, blocks: list[Tensor], p: int, lmax: int, layout: str) -> Tensor:
        there = {ir.l: block for block, (_, ir), q in zip(blocks, self.irreps, self.values, strict=True) if q == p}
        some = next(iter(there.values()))
        parts = [there[l] if l in there else some.new_zeros(*some.shape[:-1], 2 * l + 1) for l in range(lmax + 1)]
        if layout == "mul_ir":
            return torch.cat(parts, -1)
        return torch.cat([part.mT for part in parts], -2)

    def write(self, signals: dict[int, Tensor | None], layout: str, like: Tensor) -> Tensor:
        """Return the feature of signals (..., d, C) or (..., C, d); what none gives is zero."""
        blocks = []
        for (mul, ir), p in zip(self.irreps, self.values, strict=True):
            signal = signals.get(p)
            size = 0 if signal is None else signal.shape[-1 if layout == "mul_ir" else -2]
            if signal is None or size < (ir.l + 1) ** 2:
                blocks.append(like.new_zeros(*like.shape[:-1], mul, ir.dim))
                continue
            place = slice(ir.l**2, (ir.l + 1) ** 2)
            blocks.append(signal[..., place] if layout == "mul_ir" else signal[..., place, :].mT)
        return join_blocks(blocks, layout, like=like)
