r"""Charged bodies: networks of messages that differ in their product alone predict where five particles are a thousand steps later.

Definition: messages :math:`m_{ij} = P(f_i + f_j, Y(\hat x_{ij}))` and updates :math:`f_i \leftarrow f_i + P(f_i \oplus \sum_j m_{ij}, a_i)`,
:math:`a_i = \frac1{n-1}\sum_j Y(\hat x_{ij}) + Y(\hat v_i)`, with gates, after SEGNN (Brandstetter et al., ICLR 2022).
Convention: a network predicts what is added to straight motion; errors are mean squares of a coordinate; seconds are processor time.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from erlangen.datasets import ChargedParticles, charged_particles
from erlangen.errors import DomainError
from erlangen.groups import SO3
from erlangen.nn import ChannelwiseTensorProduct, EquivariantGate, EquivariantLinear, GauntTensorProduct
from erlangen.representations import Irreps, spherical_harmonics
from erlangen.validation import check_integer

__all__ = ["BODY_PRODUCTS", "BodiesNetwork", "learn_bodies", "symmetry_of_bodies"]

BODY_PRODUCTS = ("clebsch-gordan", "gaunt")
_SPREAD, _STEPS, _DT = 1.0, 1000, 1e-3
_BATCH, _RATE = 100, 5e-3
_LAYOUT = "ir_mul"


class _Trajectories(NamedTuple):
    """Charges (N, n), positions, velocities and final positions (N, n, 3) as tensors."""

    charges: Tensor
    positions: Tensor
    velocities: Tensor
    final: Tensor

    def take(self, which: Tensor | slice) -> _Trajectories:
        return _Trajectories(*(part[which] for part in self))

    def straight(self) -> Tensor:
        """Return where the particles would be without forces."""
        return self.positions + _STEPS * _DT * self.velocities


class _Product(nn.Module):
    """A product with a function of a direction, then a linear map: of the paths, each by itself, or of the sums over paths that Gaunt products leave.

    Of ``rank`` Gaunt products, each with weights of its own, the linear map sees each result: as many as there are paths give all that paths give.
    """

    def __init__(self, signal: Irreps, filters: Irreps, irreps_out: Irreps, product: str, rank: int, rng: Any) -> None:
        super().__init__()
        kept = [ir for _, ir in signal]
        made: list[nn.Module]
        if product == "clebsch-gordan":
            made = [ChannelwiseTensorProduct(signal, filters, kept, has_weight=False, layout=_LAYOUT)]
        else:
            made = [GauntTensorProduct(signal, filters, signal, layout=_LAYOUT, rng=rng) for _ in range(rank)]
        self.products = nn.ModuleList(made)
        whole = Irreps([term for one in made for term in one.irreps_out])  # type: ignore[union-attr]
        self.linear = EquivariantLinear(whole, irreps_out, biases=True, layout=_LAYOUT, rng=rng)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        parts = [one(x, y) for one in self.products]
        return self.linear(torch.cat(parts, -1) if len(parts) > 1 else parts[0])


def _gate(signal: Irreps) -> EquivariantGate:
    """Return the gate into a signal: scalars through the swish, each vector and tensor by a gate of its own."""
    scalars, gated = signal[:1], signal[1:]
    gates = Irreps([(Irreps(gated).num_irreps, "0e")])
    return EquivariantGate(scalars, [nn.functional.silu], gates, [torch.sigmoid], gated, layout=_LAYOUT)


class _Layer(nn.Module):
    """Messages between all pairs, and the update of each particle."""

    def __init__(self, signal: Irreps, filters: Irreps, product: str, rank: int, rng: Any) -> None:
        super().__init__()
        channels, degrees = signal[0].mul, len(signal)
        self.gate, self.gate_again = _gate(signal), _gate(signal)
        self.sender, self.receiver = (
            EquivariantLinear(signal, signal, biases=True, layout=_LAYOUT, rng=rng) for _ in range(2)
        )
        self.radial = nn.Sequential(nn.Linear(4, 32), nn.SiLU(), nn.Linear(32, channels * degrees))
        self.message = _Product(signal, filters, self.gate.irreps_in, product, rank, rng)
        self.own = EquivariantLinear(signal, signal, layout=_LAYOUT, rng=rng)
        self.heard = EquivariantLinear(signal, signal, layout=_LAYOUT, rng=rng)
        self.update = _Product(signal, filters, self.gate.irreps_in, product, rank, rng)
        self.out = EquivariantLinear(signal, signal, biases=True, layout=_LAYOUT, rng=rng)
        places = [
            degree * channels + c for degree, (mul, ir) in enumerate(signal) for _ in range(ir.dim) for c in range(mul)
        ]
        self.register_buffer("places", torch.tensor(places), persistent=False)

    def forward(self, f: Tensor, edges: Tensor, scalars: Tensor, Y: Tensor, a: Tensor) -> Tensor:
        senders, receivers = edges
        weights = self.radial(scalars).index_select(1, self.places)  # type: ignore[arg-type]
        pair = (self.sender(f)[senders] + self.receiver(f)[receivers]) * weights
        messages = self.gate(self.message(pair, Y))
        summed = torch.zeros_like(f).index_add(0, receivers, messages) * (len(f) / len(senders)) ** 0.5
        return f + 0.2 * self.out(self.gate_again(self.update(self.own(f) + self.heard(summed), a)))


class BodiesNetwork(nn.Module):
    """Charges, positions and velocities to final positions, features and filters of degree ``lmax``, natural parity; Gaunt products ``rank`` at a time.

    With 16 channels and three layers, Clebsch–Gordan products have 21,040 weights at ``lmax`` 1 and 43,488 at 2. Gaunt products have 16,828 and 25,650 at
    rank 1; at ``lmax`` 1 rank 2 has 21,832, at ``lmax`` 2 rank 3 has 42,198 and rank 4, as many as the most paths into one degree, 50,472.
    """

    def __init__(
        self,
        product: str,
        lmax: int,
        channels: int = 16,
        layers: int = 3,
        rank: int = 1,
        seed: int = 0,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        if check_integer(rank, "rank", low=1) > 1 and product != "gaunt":
            message = f"rank={rank} counts Gaunt products; product is {product!r}"
            raise DomainError(message, hint="leave rank out, or choose product='gaunt'")
        rng = torch.Generator().manual_seed(seed)
        signal = Irreps([(channels, (degree, (-1) ** degree)) for degree in range(lmax + 1)])
        self.filters = Irreps([(1, (degree, (-1) ** degree)) for degree in range(lmax + 1)])
        self.embed = _Product(Irreps("2x0e+2x1o"), self.filters, signal, "clebsch-gordan", 1, rng)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.layers = nn.ModuleList(_Layer(signal, self.filters, product, rank, rng) for _ in range(layers))
        self.readout = EquivariantLinear(signal, "1o", layout=_LAYOUT, rng=rng)
        nn.init.zeros_(self.readout.weight)  # type: ignore[arg-type]  # a network starts from straight motion
        self.to(dtype or torch.float32)

    def forward(self, data: _Trajectories) -> Tensor:
        """Return the final positions (N, n, 3)."""
        N, n, _ = data.positions.shape
        x, v = data.positions.reshape(-1, 3), data.velocities.reshape(-1, 3)
        edges = _all_pairs(N, n)
        gap = x[edges[1]] - x[edges[0]]
        length = gap.norm(dim=1, keepdim=True)
        q = data.charges.reshape(-1)
        charge = (q[edges[0]] * q[edges[1]])[:, None]
        scalars = torch.cat([length, charge, charge / (length + 0.3), charge / (length + 0.3) ** 2], dim=1)
        Y = spherical_harmonics(self.filters, gap, normalize=True)
        a = torch.zeros(N * n, Y.shape[1], dtype=Y.dtype).index_add(0, edges[1], Y) / max(n - 1, 1)
        a = a + spherical_harmonics(self.filters, v, normalize=True)
        away = (data.positions - data.positions.mean(1, keepdim=True)).reshape(-1, 3)
        start = torch.cat(
            [v.norm(dim=1, keepdim=True), away.norm(dim=1, keepdim=True), torch.stack([v, away], 2).flatten(1)], dim=1
        )
        f = self.embed(start, a)
        for layer in self.layers:
            f = layer(f, edges, scalars, Y, a)
        return data.straight() + self.readout(f).reshape(N, n, 3)


def _all_pairs(N: int, n: int) -> Tensor:
    """Return the edges (2, N n (n - 1)) between the particles of each trajectory, sorted by receiver."""
    receivers, senders = torch.nonzero(~torch.eye(n, dtype=torch.bool), as_tuple=True)
    pairs = torch.stack([senders, receivers])
    return (pairs[:, None] + n * torch.arange(N)[:, None]).reshape(2, -1)


def _tensors(sample: ChargedParticles, dtype: torch.dtype) -> _Trajectories:
    parts = (sample.charges, sample.positions, sample.velocities, sample.final_positions)
    return _Trajectories(*(torch.tensor(part, dtype=dtype) for part in parts))


def learn_bodies(
    product: str,
    lmax: int,
    sizes: dict[str, int],
    counts: dict[str, int],
    seed: int,
    epochs: int,
    stages: int,
    rank: int = 1,
) -> dict[str, Any]:
    """Train one network, keep its weights where validation is best, and return its error on the test, that of straight motion, and its course."""
    total = counts["train"] + counts["valid"] + counts["test"]
    whole = _tensors(charged_particles(total, steps=_STEPS, dt=_DT, spread=_SPREAD, rng=0), torch.float32)
    train, valid = whole.take(slice(counts["train"])), whole.take(slice(counts["train"], total - counts["test"]))
    test = whole.take(slice(total - counts["test"], total))
    network = BodiesNetwork(product, lmax, rank=rank, seed=seed, **sizes)
    rounds = -(-counts["train"] // _BATCH)
    optimiser = torch.optim.Adam(network.parameters(), lr=_RATE)
    plan = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs * rounds)
    generator = torch.Generator().manual_seed(seed)
    best, seconds, course = np.inf, 0.0, []
    kept = {name: value.clone() for name, value in network.state_dict().items()}
    for epoch in range(1, epochs + 1):
        start = time.process_time()
        for which in torch.randperm(counts["train"], generator=generator).split(_BATCH):
            batch = train.take(which)
            optimiser.zero_grad()
            nn.functional.mse_loss(network(batch), batch.final).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            plan.step()
        seconds += time.process_time() - start
        if epoch == epochs or epoch % max(1, epochs // stages) == 0:
            error = _error(network, valid)
            if error < best:
                best, kept = error, {name: value.clone() for name, value in network.state_dict().items()}
            course.append({"epoch": epoch, "seconds": seconds, "valid": error, "train": _error(network, train)})
    network.load_state_dict(kept)
    return {
        "error": _error(network, test),
        "straight": float((test.straight() - test.final).square().mean()),
        "course": course,
        "parameters": sum(own.numel() for own in network.parameters()),
    }


def _error(network: BodiesNetwork, data: _Trajectories) -> float:
    """Return the mean square of the error of a coordinate."""
    with torch.no_grad():
        parts = [
            (network(part) - part.final).square().sum()
            for part in (data.take(slice(k, k + 5 * _BATCH)) for k in range(0, len(data.final), 5 * _BATCH))
        ]
    return float(sum(parts)) / data.final.numel()


def symmetry_of_bodies(lmax: int, rank: int = 1) -> tuple[float, int]:
    """Return by how much predictions fail to turn, to be inverted and to be moved with the particles (relative, float64), and how often this was tried."""
    data, worst, count = _tensors(charged_particles(3, steps=1, spread=_SPREAD, rng=5), torch.float64), 0.0, 0
    for product in BODY_PRODUCTS:
        made = rank if product == "gaunt" else 1
        network = BodiesNetwork(product, lmax, channels=4, layers=2, rank=made, dtype=torch.float64)
        nn.init.normal_(network.readout.weight, generator=torch.Generator().manual_seed(1))  # type: ignore[arg-type]
        said = network(data)
        for R in torch.tensor(np.asarray(SO3().sample(2, rng=3))):
            for g in (R, -R):
                shift = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
                moved = data._replace(positions=data.positions @ g.T + shift, velocities=data.velocities @ g.T)
                gap = (network(moved) - said @ g.T - shift).abs().max() / said.abs().max()
                worst, count = max(worst, float(gap.detach())), count + 1
    return worst, count
