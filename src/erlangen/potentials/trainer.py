"""The state of a fit, and what one step and one epoch do to it.

Definition: Adam with AMSGrad on the loss of a batch, an exponential moving average of the weights, a plateau rule on the validation loss.
Convention: the order of the frames is a function of seed and epoch alone, so that a fit taken up again goes on bit for bit.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from erlangen.errors import ConvergenceError
from erlangen.potentials.graph import PreparedFrame, collate
from erlangen.potentials.ranks import broadcast, rank_and_size, sum_over_ranks
from erlangen.potentials.targets import Targets, targets_of
from erlangen.potentials.training_plan import TrainingPlan

__all__ = ["Trainer"]


class Trainer:
    """A fit in progress.

    Parameters
    ----------
    potential : EquivariantPotential
        Whose weights are fitted.
    prepared, valid : sequence of PreparedFrame
        Frames to fit to, and to judge by (may be empty).
    plan : TrainingPlan
        How.
    threads : int, optional
        Threads of the kernels.
    """

    def __init__(
        self,
        potential: Any,
        prepared: Sequence[PreparedFrame],
        valid: Sequence[PreparedFrame],
        plan: TrainingPlan,
        threads: int | None,
    ) -> None:
        self.potential, self.prepared, self.valid, self.plan, self.threads = potential, prepared, valid, plan, threads
        self.names = [name for name, _ in potential.network.named_parameters()]
        self.parameters = [parameter for _, parameter in potential.network.named_parameters()]
        broadcast([parameter.data for parameter in self.parameters])
        self.optimiser = _adam(self.names, self.parameters, plan)
        self.scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
            self.optimiser, factor=plan.plateau_factor, patience=plan.plateau_patience
        )
        self.average = [parameter.detach().clone() for parameter in self.parameters]
        self.best = [parameter.detach().clone() for parameter in self.parameters]
        self.best_loss, self.steps, self.epoch, self.seconds = float("inf"), 0, 0, 0.0
        self.with_forces = plan.force_weight > 0 and any(item.frame.forces is not None for item in prepared)
        self.with_stress = plan.stress_weight > 0 and any(item.frame.stress is not None for item in prepared)

    def run_epoch(self, deadline: float | None) -> dict[str, float]:
        """Pass over the data once, or until the deadline of processor time; return the figures of the epoch."""
        order = np.random.default_rng([self.plan.rng, self.epoch]).permutation(len(self.prepared))
        start, total, batches = time.process_time(), 0.0, 0
        for at in range(0, len(order), self.plan.batch):
            if deadline is not None and time.process_time() >= deadline:
                break
            total += self.step([self.prepared[int(k)] for k in order[at : at + self.plan.batch]])
            batches += 1
        self.epoch += 1
        loss = total / max(batches, 1)
        judged = self.validation_loss() if self.valid else loss
        if not np.isfinite(judged):
            message = f"the loss of epoch {self.epoch} is {judged}"
            raise ConvergenceError(message, iterations=self.steps, hint="lower lr=, or check energies and forces")
        self.scheduler.step(judged)
        if judged < self.best_loss:
            self.best_loss, self.best = judged, [item.clone() for item in self.kept_weights()]
        self.seconds += time.process_time() - start
        rate = float(self.optimiser.param_groups[0]["lr"])
        return {"epoch": self.epoch, "loss": loss, "valid_loss": judged, "lr": rate, "seconds": self.seconds}

    def step(self, items: Sequence[PreparedFrame]) -> float:
        """Take one step on a batch and return its loss."""
        rank, size = rank_and_size()
        own = items[rank::size]
        known = (
            targets_of([item.frame for item in items], self.potential.atomic_energies, dtype=torch.float64).counts
            if size > 1
            else None
        )
        loss, gradients = self._gradients(own, known)
        *gradients, summed = sum_over_ranks([*gradients, loss.detach().reshape(1)])
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            parameter.grad = gradient.contiguous()  # the fused step of Adam takes strides for granted
        if self.plan.clip is not None:
            torch.nn.utils.clip_grad_norm_(self.parameters, self.plan.clip)
        self.optimiser.step()
        self.steps += 1
        if self.plan.ema:
            decay = min(self.plan.ema, (1 + self.steps) / (10 + self.steps))
            torch._foreach_lerp_(self.average, [p.data for p in self.parameters], 1 - decay)
        return float(summed)

    def _gradients(
        self, own: Sequence[PreparedFrame], known: tuple[int, int, int] | None
    ) -> tuple[Tensor, list[Tensor]]:
        if not own:
            return self.parameters[0].new_zeros(()), [torch.zeros_like(p) for p in self.parameters]
        loss = self.loss(own, known, training=True)
        if not loss.requires_grad:
            return loss, [torch.zeros_like(p) for p in self.parameters]
        found = torch.autograd.grad(loss, self.parameters, allow_unused=True)
        return loss, [torch.zeros_like(p) if g is None else g for g, p in zip(found, self.parameters, strict=True)]

    def loss(self, items: Sequence[PreparedFrame], known: tuple[int, int, int] | None, *, training: bool) -> Tensor:
        """Return the loss of some frames, as their share of a batch with ``known`` energies and components."""
        dtype = self.potential.dtype
        graph = collate(items, dtype=dtype)
        targets = targets_of([item.frame for item in items], self.potential.atomic_energies, dtype=dtype)
        out = self.potential(
            graph, forces=self.with_forces, stress=self.with_stress, training=training, threads=self.threads
        )
        return _loss(out, targets, graph.counts, self.plan, known or targets.counts)

    def validation_loss(self) -> float:
        """Return the loss of the kept weights on the validation frames."""
        rank, size = rank_and_size()
        own = self.valid[rank::size]
        whole = targets_of([item.frame for item in self.valid], self.potential.atomic_energies, dtype=torch.float64)
        total = self.parameters[0].new_zeros(1, dtype=torch.float64)
        with self.swapped():
            for at in range(0, len(own), 2 * self.plan.batch):
                total += self.loss(own[at : at + 2 * self.plan.batch], whole.counts, training=False).detach().double()
        return float(sum_over_ranks([total])[0])

    def kept_weights(self) -> list[Tensor]:
        """Return the moving averages, or the weights themselves where there is no average."""
        return self.average if self.plan.ema else [parameter.detach() for parameter in self.parameters]

    def swapped(self) -> _Swapped:
        """Return a context in which the potential has the kept weights."""
        return _Swapped(self.parameters, self.kept_weights())

    def finish(self) -> None:
        """Leave the best weights in the potential: those of the least validation loss, or the last without validation."""
        chosen = self.best if self.valid and np.isfinite(self.best_loss) else self.kept_weights()
        with torch.no_grad():
            for parameter, value in zip(self.parameters, chosen, strict=True):
                parameter.copy_(value)
                parameter.grad = None


class _Swapped:
    """Weights exchanged for others while a context lasts."""

    def __init__(self, parameters: list[torch.nn.Parameter], others: list[Tensor]) -> None:
        self.parameters, self.others = parameters, others

    def __enter__(self) -> None:
        self.own = [parameter.detach().clone() for parameter in self.parameters]
        self._put(self.others)

    def __exit__(self, *_: object) -> None:
        self._put(self.own)

    def _put(self, values: list[Tensor]) -> None:
        with torch.no_grad():
            for parameter, value in zip(self.parameters, values, strict=True):
                parameter.copy_(value)


def _adam(names: list[str], parameters: list[torch.nn.Parameter], plan: TrainingPlan) -> torch.optim.Adam:
    """Adam with AMSGrad; weights of linear maps after messages and of products decay, others do not (as in MACE's scripts)."""
    decays = [name.endswith(("mixing", "skip")) or name.startswith("products") for name in names]
    groups = [
        {"params": [p for p, d in zip(parameters, decays, strict=True) if d is wanted], "weight_decay": decay}
        for wanted, decay in ((True, plan.weight_decay), (False, 0.0))
    ]
    return torch.optim.Adam(groups, lr=plan.lr, amsgrad=True, fused=True)


def _loss(out: Any, targets: Targets, counts: Tensor, plan: TrainingPlan, known: tuple[int, int, int]) -> Tensor:
    """Weighted mean squared errors."""
    gap = (out.energy - targets.energy) / counts
    total = (gap * gap * targets.energy_known).sum() * (plan.energy_weight / max(known[0], 1))
    if out.forces is not None:
        miss = (out.forces - targets.forces) * targets.forces_known
        total = total + (miss * miss).sum() * (plan.force_weight / max(known[1], 1))
    if out.stress is not None and targets.stress is not None and targets.stress_known is not None:
        strain = torch.where(targets.stress_known, out.stress - targets.stress, 0.0)
        total = total + (strain * strain).sum() * (plan.stress_weight / max(known[2], 1))
    return total
