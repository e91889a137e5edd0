r"""Networks that tell tetrominoes apart, one product or another inside, and the time that two routes of one product take.

Definition: three layers of messages :math:`\sum_j x_j \otimes Y(\hat r_{ij})`, a linear map, a gate; the mean over the cubes; seven scalars and a
pseudoscalar q; logits :math:`(q s_1, -q s_1, s_2, \dots, s_7)` as in Xie et al. (2025), whose distances are all one, so that there is no radial network.
Convention: features are of both parities where the product can reach them, natural where not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from erlangen.datasets import tetrominoes
from erlangen.groups import SO3
from erlangen.nn import EquivariantGate, EquivariantLinear, GauntTensorProduct, TensorProduct
from erlangen.representations import Irreps, spherical_harmonics
from erlangen.representations.products import expressivity, gaunt_product, setting

__all__ = ["TetrominoNetwork", "product_times", "route_times", "tetris"]


_COPIES, _FILTER, _LAYERS = 16, "0e+1o+2e", 3


class _Message(nn.Module):
    """One layer: the product with the harmonics of each edge, its mean at the receiver, a linear map, a gate."""

    def __init__(self, irreps_in: Irreps, irreps_out: Irreps, product: str, seed: int) -> None:
        super().__init__()
        gated = irreps_out.filter(lambda term: term.ir.l > 0)
        scalars = irreps_out.filter(lambda term: term.ir.l == 0)
        gates = Irreps([(gated.num_irreps, "0e")]) if gated.num_irreps else Irreps()
        acts = [torch.nn.functional.silu if term.ir.p == 1 else torch.tanh for term in scalars]
        self.gate = EquivariantGate(scalars, acts, gates, [torch.sigmoid] * len(gates), gated)
        target = self.gate.irreps_in
        self.product: nn.Module
        if product == "clebsch-gordan":
            self.product = TensorProduct(irreps_in, _FILTER, mode="uvuv")
        else:
            self.product = GauntTensorProduct(irreps_in, _FILTER, complete=product == "complete-gaunt", rng=seed)
        self.linear = EquivariantLinear(self.product.irreps_out, target, rng=seed)
        self.skip = EquivariantLinear(irreps_in, target, rng=seed + 1)
        self.irreps_out = self.gate.irreps_out

    def forward(self, x: Tensor, Y: Tensor, edges: Tensor) -> Tensor:
        senders, receivers = edges
        messages = self.product(x[senders], Y)
        summed = torch.zeros(len(x), messages.shape[1], dtype=x.dtype).index_add(0, receivers, messages)
        count = torch.bincount(receivers, minlength=len(x))[:, None].to(x.dtype)
        return self.gate(self.linear(summed / count) + self.skip(x))


class TetrominoNetwork(nn.Module):
    """A network on graphs of cubes."""

    def __init__(self, product: str, lmax: int, seed: int) -> None:
        super().__init__()
        both = product != "gaunt"
        hidden = Irreps([(_COPIES, (n, p)) for n in range(lmax + 1) for p in ((1, -1) if both else ((-1) ** n,))])
        layers, irreps = [], Irreps([(_COPIES, "0e")])
        for k in range(_LAYERS):
            layers.append(_Message(irreps, hidden, product, seed + 10 * k))
            irreps = layers[-1].irreps_out
        self.layers = nn.ModuleList(layers)
        self.odd = EquivariantLinear(irreps, "0o", rng=seed) if both else None
        self.even = EquivariantLinear(irreps, "7x0e", rng=seed + 1)

    def forward(self, positions: Tensor, edges: Tensor, graph: Tensor) -> Tensor:
        """Return the logits (graphs, 8)."""
        Y = spherical_harmonics(Irreps(_FILTER), positions[edges[0]] - positions[edges[1]], normalize=True)
        x = torch.ones(len(positions), _COPIES, dtype=positions.dtype)
        for layer in self.layers:
            x = layer(x, Y, edges)
        graphs = int(graph.max()) + 1
        mean = torch.zeros(graphs, x.shape[1], dtype=x.dtype).index_add(0, graph, x) / (len(x) / graphs)
        even = self.even(mean)
        odd = self.odd(mean) if self.odd is not None else torch.zeros_like(even[:, :1])
        return torch.cat([odd * even[:, :1], -odd * even[:, :1], even[:, 1:]], dim=1)


def tetris(product: str, lmax: int, seed: int, steps: int) -> dict[str, Any]:
    """Train one network on the eight shapes, turned at random in each step; return its accuracy on shapes turned otherwise, and its course."""
    shapes = torch.tensor(tetrominoes().positions, dtype=torch.float32)
    apart = torch.cdist(shapes, shapes)
    shape, sender, receiver = torch.nonzero((apart > 0) & (apart < 1.1), as_tuple=True)
    edges, graph = torch.stack([4 * shape + sender, 4 * shape + receiver]), torch.arange(8).repeat_interleave(4)
    network, rng = TetrominoNetwork(product, lmax, seed), np.random.default_rng(seed)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-2)
    labels, course = torch.arange(8), []

    def turned() -> Tensor:
        R = torch.as_tensor(SO3().sample(8, rng=rng), dtype=torch.float32)
        return torch.einsum("gij,gaj->gai", R, shapes).reshape(-1, 3)

    for _ in range(steps):
        logits = network(turned(), edges, graph)
        course.append(float((logits.argmax(1) == labels).float().mean()))
        optimiser.zero_grad()
        nn.functional.cross_entropy(logits, labels).backward()
        optimiser.step()
    with torch.no_grad():
        hits = [(network(turned(), edges, graph).argmax(1) == labels).float().mean() for _ in range(20)]
    return {"accuracy": float(np.mean(hits)), "course": course}


def product_times(L: int, rows: int, rounds: int) -> dict[str, dict[str, float]]:
    """Return the least processor time in milliseconds, forward and backward, float32, and the expressivity a channel, of each product of degrees 0..L.

    Products go channel by channel, sixteen channels contiguous, each with weights of its own.
    """
    signal = Irreps([(_COPIES, (n, (-1) ** n)) for n in range(L + 1)])
    both = [(n, p) for n in range(2 * L + 1) for p in (1, -1) if p == (-1) ** n or 0 < n < 2 * L]
    wanted: list[tuple[str, int]] = [
        ("clebsch-gordan", 1),
        *((kind, r) for kind in ("gaunt", "complete-gaunt") for r in (1, 2, 3)),
        ("matrix", 1),
    ]
    made = {}
    for kind, rank in wanted:
        out = Irreps([(_COPIES, ir) for ir in both]) if kind == "clebsch-gordan" else None
        made[kind, rank] = TensorProduct(signal, signal, out, kind=kind, rank=rank, mode="uuu", layout="ir_mul", rng=0)
    generator = torch.Generator().manual_seed(L)
    x, y = (torch.randn(rows, signal.dim, generator=generator, requires_grad=True) for _ in range(2))
    best = _least({f"{kind}/{rank}": partial(layer, x, y) for (kind, rank), layer in made.items()}, rounds)
    free = [expressivity(setting("mimo", L, kind=kind, rank=rank, parity=False)) for kind, rank in wanted]
    return {name: {"time": best[name], "expressivity": float(count)} for name, count in zip(best, free, strict=True)}


def route_times(L: int, rows: int, rounds: int) -> dict[str, float]:
    """Return the least processor time in milliseconds of a Gaunt product forward and backward, by route, float32, routes in turn."""
    generator = torch.Generator().manual_seed(L)
    x, y = (torch.randn(rows, (L + 1) ** 2, generator=generator, requires_grad=True) for _ in range(2))
    methods = ("fourier", "grid", "grid-separable", "sparse")
    return _least({method: partial(gaunt_product, x, y, method=method) for method in methods}, rounds)


def _least(products: dict[str, Callable[[], Tensor]], rounds: int) -> dict[str, float]:
    """Return the least time in milliseconds of each, forward and backward, all in turn in every round."""
    best = dict.fromkeys(products, np.inf)
    for k in range(rounds + 1):  # the first round warms up
        for name, product in products.items():
            start = time.process_time()
            product().sum().backward()
            if k:
                best[name] = min(best[name], 1e3 * (time.process_time() - start))
    return {name: float(value) for name, value in best.items()}
