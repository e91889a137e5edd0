r"""The network of :class:`SPDNetClassifier`: building, training, scoring.

Definition: (BiMap, batch normalisation, ReEig) for every size, then LogEig, packing and one linear layer (Huang, Van Gool 2017; Brooks et al. 2019);
for trials, learnt filters and the covariance of what they let pass come before.
Convention: float64 but for the filters; batch statistics are those of training, running ones serve for scores; matrices come scaled to mean eigenvalue 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.nn import BiMap, CovPool, LogEig, ReEig, SignalFilters, SPDBatchNorm, Vectorise
from erlangen.optim import RiemannianAdam, manifold_groups

__all__ = ["Plan", "Training", "build", "scores", "train"]

Array = NDArray[Any]


@dataclass(frozen=True)
class Plan:
    """The shape of a network: size of the matrices (or channels), sizes of the subspaces, number of classes, normalisation, filters."""

    n: int
    sizes: tuple[int, ...]
    classes: int
    metric: str | None
    eps: float
    filters: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Training:
    """How a network is trained."""

    epochs: int
    batch_size: int
    lr: float
    weight_decay: float
    patience: int | None


@dataclass
class Best:
    """The best state so far, and how long ago it was."""

    loss: float = float("inf")
    state: dict[str, Tensor] = field(default_factory=dict)
    waited: int = 0


def build(plan: Plan, rng: np.random.Generator) -> nn.Sequential:
    """Return a network with weights drawn from ``rng``."""
    layers: list[nn.Module] = []
    n = plan.n
    if plan.filters is not None:
        spatial, n, width = plan.filters
        layers += [SignalFilters(plan.n, spatial, n, width, rng=rng), CovPool()]
    for size in plan.sizes:
        layers.append(BiMap(n, size, rng=rng))
        if plan.metric is not None:
            layers.append(SPDBatchNorm(size, plan.metric))
        layers.append(ReEig(plan.eps, relative=True))
        n = size
    features = n * (n + 1) // 2
    linear: nn.Linear = nn.utils.skip_init(nn.Linear, features, plan.classes, dtype=torch.float64)
    generator = torch_generator(rng)
    with torch.no_grad():
        linear.weight.uniform_(-(features**-0.5), features**-0.5, generator=generator)
        linear.bias.zero_()
    return nn.Sequential(*layers, LogEig(), Vectorise(), linear)


def train(
    plan: Plan,
    how: Training,
    data: tuple[Array, Array],
    held_out: tuple[Array, Array] | None,
    rng: np.random.Generator,
    tell: Callable[[int, int, str], None],
) -> tuple[dict[str, Array], list[dict[str, float]]]:
    """Return the state (arrays by name) of the best epoch and the history of losses.

    The best epoch is that of the lowest loss on the held-out matrices; without them it is the last.
    """
    network = build(plan, rng)
    optimiser = RiemannianAdam(manifold_groups(network), lr=how.lr, weight_decay=how.weight_decay)
    X, y = torch.from_numpy(data[0]), torch.from_numpy(data[1])
    best, history = Best(), []
    for epoch in range(how.epochs):
        loss = _epoch(network, optimiser, X, y, how.batch_size, rng)
        record = {"epoch": float(epoch + 1), "loss": loss}
        if held_out is not None:
            record["held_out_loss"] = _loss(network, *held_out)
            _keep(best, network, record["held_out_loss"])
        history.append(record)
        tell(
            epoch + 1,
            how.epochs,
            f"epoch {epoch + 1}: " + ", ".join(f"{k} {v:.4g}" for k, v in record.items() if k != "epoch"),
        )
        if how.patience is not None and best.waited >= how.patience:
            break
    state = best.state or network.state_dict()
    return {name: value.detach().numpy().copy() for name, value in state.items()}, history


def scores(plan: Plan, state: dict[str, Array], X: Array) -> Array:
    """Return the logits ``(N, K)`` of matrices, by the running statistics."""
    network = build(plan, np.random.default_rng(0))
    network.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in state.items()})
    network.eval()
    with torch.no_grad():
        logits: Tensor = network(torch.from_numpy(X))
    return logits.numpy()


def _epoch(
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    X: Tensor,
    y: Tensor,
    batch_size: int,
    rng: np.random.Generator,
) -> float:
    """Take one step a batch, in a new order, and return the mean loss."""
    network.train()
    order = torch.from_numpy(rng.permutation(len(X)))
    total, count = 0.0, 0
    for batch in order.split(batch_size):
        if len(batch) < 2 and count:
            continue  # one matrix has no statistics
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(network(X[batch]), y[batch])
        loss.backward()
        optimiser.step()
        total += float(loss.detach()) * len(batch)
        count += len(batch)
    return total / count


def _loss(network: nn.Module, X: Array, y: Array) -> float:
    network.eval()
    with torch.no_grad():
        return float(nn.functional.cross_entropy(network(torch.from_numpy(X)), torch.from_numpy(y)))


def _keep(best: Best, network: nn.Module, loss: float) -> None:
    """Keep the state where the loss is the lowest so far, else wait."""
    if loss < best.loss:
        best.loss, best.waited = loss, 0
        best.state = {name: value.detach().clone() for name, value in network.state_dict().items()}
    else:
        best.waited += 1
