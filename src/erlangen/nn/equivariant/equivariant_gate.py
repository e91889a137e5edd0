r"""The gate: scalars pass an activation, other irreps are multiplied by activated scalars.

Definition: :math:`\bigoplus_i \phi_i(s_i) \;\oplus\; \bigoplus_j \phi_j(g_j)\, y_j` (Weiler et al., NeurIPS 2018).
Convention: as in e3nn, the input is the sorted, simplified sum of scalars, gates and gated irreps; one gate a gated irrep, in order.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from erlangen.errors import DomainError, ShapeError
from erlangen.nn.equivariant.feature_blocks import check_features, check_layout, join_blocks, split_blocks
from erlangen.nn.equivariant.scalar_activation import Activation, ScaledActivation
from erlangen.nn.precision import full_precision
from erlangen.representations import Irreps

__all__ = ["EquivariantGate"]


class EquivariantGate(nn.Module):
    """Gated activation, (..., irreps_in.dim) to (..., irreps_out.dim).

    Parameters
    ----------
    irreps_scalars, irreps_gates, irreps_gated : Irreps or str
        Scalars that pass an activation, scalars that gate, and what they gate.
    act_scalars, act_gates : sequence of callable or None
        One for each term of scalars and of gates; ``None`` leaves the term alone.
    layout : {"mul_ir", "ir_mul"}
        Layout of both features.
    moment : {"exact", "sampled"}
        How the second moment of each activation is taken, see :func:`activation_scale`; ``"sampled"`` gives e3nn's numbers.

    Raises
    ------
    DomainError
        If scalars or gates are no scalars, or an odd scalar meets an activation of no parity.
    ShapeError
        If the numbers of gates and of gated irreps differ, or an activation is missing.

    References
    ----------
    Weiler et al., "3D steerable CNNs", NeurIPS 2018; numbers of ``e3nn.nn.Gate``, version 0.6.0.

    Examples
    --------
    >>> gate = EquivariantGate("16x0o", [torch.tanh], "32x0o", [torch.tanh], "16x1e+16x1o")
    >>> gate.irreps_in, gate.irreps_out
    (48x0o+16x1o+16x1e, 16x0o+16x1o+16x1e)
    """

    def __init__(
        self,
        irreps_scalars: Irreps | str,
        act_scalars: Sequence[Activation | None],
        irreps_gates: Irreps | str,
        act_gates: Sequence[Activation | None],
        irreps_gated: Irreps | str,
        *,
        layout: str = "mul_ir",
        moment: str = "exact",
    ) -> None:
        super().__init__()
        self.layout = check_layout(layout)
        scalars, gates = Irreps(irreps_scalars), Irreps(irreps_gates)
        gated = Irreps(irreps_gated).simplify()
        _check_scalars(scalars, "irreps_scalars")
        _check_scalars(gates, "irreps_gates")
        if gates.num_irreps != gated.num_irreps:
            message = f"{gated.num_irreps} gated irreps ({gated}) have {gates.num_irreps} gates ({gates})"
            raise ShapeError(message, hint="one gate for each copy of each gated irrep")
        self.act_scalars = _activations(scalars, act_scalars, "act_scalars", moment)
        self.act_gates = _activations(gates, act_gates, "act_gates", moment)
        self.irreps_in = (scalars + gates + gated).sort().irreps.simplify()
        self.places = _places(scalars + gates + gated)
        opened = Irreps(_after(gates, self.act_gates)).simplify()
        self.cuts, products = _cuts(gated, opened)
        self.irreps_out = Irreps(_after(scalars, self.act_scalars)) + products

    @full_precision
    def forward(self, x: Tensor) -> Tensor:
        """Return the activated scalars and the gated irreps."""
        check_features(x, self.irreps_in, "x", owner="EquivariantGate")
        blocks = split_blocks(x, self.irreps_in, self.layout)
        parts = [blocks[block][..., start : start + mul, :] for block, start, mul in self.places]
        n, g = len(self.act_scalars), len(self.act_gates)
        done = [act(part) for act, part in zip(self.act_scalars, parts, strict=False)]
        opened = [act(part) for act, part in zip(self.act_gates, parts[n:], strict=False)]
        if opened:
            gates, gated = torch.cat(opened, dim=-2), parts[n + g :]
            done += [
                gated[term][..., start : start + step, :] * gates[..., at : at + step, :]
                for term, start, at, step in self.cuts
            ]
        return join_blocks(done, self.layout, like=x)

    def extra_repr(self) -> str:
        """Return the types."""
        return f"{self.irreps_in} -> {self.irreps_out}, layout={self.layout!r}"


def _check_scalars(irreps: Irreps, name: str) -> None:
    for i, (_, ir) in enumerate(irreps):
        if ir.l != 0:
            message = f"{name}[{i}] is {ir}, not a scalar"
            raise DomainError(message, hint="an activation of components commutes with rotations on l = 0 only")


def _activations(irreps: Irreps, functions: Sequence[Activation | None], name: str, moment: str) -> nn.ModuleList:
    functions = list(functions)
    if len(functions) != len(irreps):
        message = f"{name} has {len(functions)} functions for {len(irreps)} terms ({irreps})"
        raise ShapeError(message, hint="one function, or None, for each term")
    return nn.ModuleList(
        ScaledActivation(function, ir, moment) for function, (_, ir) in zip(functions, irreps, strict=True)
    )


def _after(irreps: Irreps, activations: nn.ModuleList) -> list[tuple[int, object]]:
    """Return the terms after their activations, whose parity may differ."""
    return [(mul, act.irrep_out) for (mul, _), act in zip(irreps, activations, strict=True)]


def _cuts(gated: Irreps, gates: Irreps) -> tuple[tuple[tuple[int, int, int, int], ...], Irreps]:
    """Return (gated term, start in it, first gate, copies) of each product, cut where either sum has a border, and the result's type."""
    signs = [ir.p for mul, ir in gates for _ in range(mul)]
    borders = {sum(mul for mul, _ in gates[:n]) for n in range(len(gates) + 1)}
    cuts, terms, at = [], [], 0
    for n, (mul, ir) in enumerate(gated):
        inner = [0, *(b - at for b in sorted(borders) if at < b < at + mul), mul]
        for start, stop in itertools.pairwise(inner):
            if stop > start:
                cuts.append((n, start, at + start, stop - start))
                terms.append((stop - start, (ir.l, ir.p * signs[at + start])))
        at += mul
    return tuple(cuts), Irreps(terms)


def _places(irreps: Irreps) -> tuple[tuple[int, int, int], ...]:
    """Return for each term its block of the sorted, simplified sum, where it starts there, and its copies."""
    order = sorted(range(len(irreps)), key=lambda i: (irreps[i].ir.l, irreps[i].ir.p, i))
    places: dict[int, tuple[int, int, int]] = {}
    block, start, last = -1, 0, None
    for i in order:
        mul, ir = irreps[i]
        if mul and ir != last:
            block, start, last = block + 1, 0, ir
        places[i] = (max(block, 0), start, mul)
        start += mul
    return tuple(places[i] for i in range(len(irreps)))
