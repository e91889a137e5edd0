"""Fitting a potential: epochs, progress, checkpoints, and taking a fit up again.

Definition: see :class:`erlangen.potentials.TrainingPlan` for the law, :mod:`erlangen.potentials.trainer` for a step.
Convention: a checkpoint holds everything the next step depends on; a fit taken up again equals the uninterrupted one bit for bit at equal thread count.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch

from erlangen.errors import DomainError
from erlangen.potentials.architecture import Architecture
from erlangen.potentials.calibration import calibrate
from erlangen.potentials.frame import Frame
from erlangen.potentials.frames import Frames
from erlangen.potentials.graph import prepare
from erlangen.potentials.ranks import rank_and_size
from erlangen.potentials.storage import load_tensors, save_tensors
from erlangen.potentials.trainer import Trainer
from erlangen.potentials.training_plan import TrainingPlan

__all__ = ["TrainingHistory", "fit"]

Progress = Callable[[int, int, str, dict[str, float] | None], None]
_FORMAT = "erlangen.potentials.fit/1"
_MOMENTS = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq", "step")


class TrainingHistory(NamedTuple):
    """What happened in a fit.

    Attributes
    ----------
    epochs : tuple of dict
        ``epoch``, ``loss``, ``valid_loss``, ``lr`` and ``seconds`` (processor time) of each.
    best_loss : float
        Least validation loss (training loss without validation frames).

    Examples
    --------
    >>> TrainingHistory((), 1.0).best_loss
    1.0
    """

    epochs: tuple[dict[str, float], ...]
    best_loss: float


def fit(
    potential: Any,
    frames: Sequence[Frame],
    valid: Sequence[Frame] | None,
    plan: TrainingPlan,
    *,
    checkpoint: str | os.PathLike[str] | None = None,
    resume: bool = False,
    on_progress: Progress | None = None,
    threads: int | None = None,
) -> TrainingHistory:
    """Fit a potential and leave its best weights in it.

    Under an initialised ``torch.distributed`` each rank computes its share of every batch; the result is that of one process, to rounding.

    Parameters
    ----------
    potential : EquivariantPotential
        Its weights are the start; scale, shift, neighbours and atomic energies are read off the data where they are not set.
    frames, valid : sequence of Frame
        To fit to, and to judge by.
    plan : TrainingPlan
        How.
    checkpoint : path, optional
        File of the state, written as often as the plan says.
    resume : bool
        Take up what ``checkpoint`` holds, where it is there.
    on_progress : callable, optional
        ``on_progress(step, total, message, metrics)`` after each epoch.
    threads : int, optional
        Threads of the kernels.

    Raises
    ------
    DomainError
        If there is nothing to fit to, a frame does not suit the potential, or the checkpoint is of another fit.
    ConvergenceError
        If the loss is no longer finite.

    Examples
    --------
    >>> from erlangen.potentials import EquivariantPotential
    >>> pair = Frame(["H", "H"], [[0, 0, 0], [0.8, 0, 0]], energy=-1.0, forces=[[0.1, 0, 0], [-0.1, 0, 0]])
    >>> small = EquivariantPotential(["H"], 2.0, channels=2, lmax=1, hidden="0e", correlation=1, atomic_energies={"H": 0}, rng=0)
    >>> len(fit(small, [pair], None, TrainingPlan(epochs=3)).epochs)
    3
    """
    data = frames if isinstance(frames, Frames) else Frames(frames)
    _check_data(data, plan)
    sizes = potential.architecture
    prepared = prepare(data, sizes.species, sizes.cutoff)
    calibrate(potential, data, prepared)
    trainer = Trainer(potential, prepared, prepare(valid or (), sizes.species, sizes.cutoff), plan, threads)
    history: list[dict[str, float]] = []
    if resume and checkpoint is not None and Path(checkpoint).is_file():
        history = _restore(trainer, checkpoint)
    deadline = None if plan.seconds is None else time.process_time() + max(plan.seconds - trainer.seconds, 0.0)
    while (plan.epochs is None or trainer.epoch < plan.epochs) and (deadline is None or time.process_time() < deadline):
        history.append(trainer.run_epoch(deadline))
        last = plan.epochs is not None and trainer.epoch == plan.epochs
        if checkpoint is not None and rank_and_size()[0] == 0 and (last or trainer.epoch % plan.checkpoint_every == 0):
            _store(trainer, history, checkpoint)
        if on_progress is not None:
            done, total = _progress(trainer, plan)
            on_progress(done, total, f"epoch {trainer.epoch}: loss {history[-1]['valid_loss']:.4g}", dict(history[-1]))
    trainer.finish()
    return TrainingHistory(tuple(history), trainer.best_loss)


def _progress(trainer: Trainer, plan: TrainingPlan) -> tuple[int, int]:
    if plan.epochs is not None:
        return trainer.epoch, plan.epochs
    return round(min(trainer.seconds, plan.seconds or 0.0)), round(plan.seconds or 0.0)


def _check_data(frames: Frames, plan: TrainingPlan) -> None:
    if not len(frames):
        message = "there are no frames to fit to"
        raise DomainError(message, hint="pass at least one frame with energy or forces")
    has = {
        "energy": plan.energy_weight > 0 and any(f.energy is not None for f in frames),
        "forces": plan.force_weight > 0 and any(f.forces is not None for f in frames),
        "stress": plan.stress_weight > 0 and any(f.stress is not None for f in frames),
    }
    if not any(has.values()):
        message = "no frame has an energy, forces or stress with a weight above zero"
        raise DomainError(message, hint="read the frames with energy_key= and forces_key=")


def _store(trainer: Trainer, history: list[dict[str, float]], path: str | os.PathLike[str]) -> None:
    """Write everything the next step depends on."""
    tensors: dict[str, torch.Tensor] = {}
    for name, parameter, average, best in zip(
        trainer.names, trainer.parameters, trainer.average, trainer.best, strict=True
    ):
        tensors |= {f"weight/{name}": parameter.detach(), f"average/{name}": average, f"best/{name}": best}
        state = trainer.optimiser.state.get(parameter, {})
        tensors |= {f"{key}/{name}": state[key] for key in _MOMENTS if key in state}
    about = {
        "format": _FORMAT,
        "law": trainer.plan.law(),
        "architecture": trainer.potential.architecture.to_dict(),
        "frames": len(trainer.prepared),
        "scheduler": {
            k: v for k, v in trainer.scheduler.state_dict().items() if isinstance(v, (int, float, str, list))
        },
        "rates": [group["lr"] for group in trainer.optimiser.param_groups],
        "best_loss": trainer.best_loss,
        "steps": trainer.steps,
        "epoch": trainer.epoch,
        "seconds": trainer.seconds,
        "history": history,
    }
    save_tensors(path, tensors, about)


def _restore(trainer: Trainer, path: str | os.PathLike[str]) -> list[dict[str, float]]:
    """Put a stored state into the trainer and return its history."""
    tensors, about = load_tensors(path, _FORMAT)
    own = {
        "law": trainer.plan.law(),
        "architecture": trainer.potential.architecture.to_dict(),
        "frames": len(trainer.prepared),
    }
    about["architecture"] = Architecture.from_dict(about["architecture"]).to_dict()  # with what older files leave out
    for name, value in own.items():
        if _plain(about[name]) != _plain(value):
            message = f"the checkpoint {os.fspath(path)} is of another fit: its {name} is {about[name]}, this one's is {value}"
            raise DomainError(message, hint="resume with the same data and options, or begin a new file")
    with torch.no_grad():
        for k, (name, parameter) in enumerate(zip(trainer.names, trainer.parameters, strict=True)):
            parameter.copy_(tensors[f"weight/{name}"])
            trainer.average[k].copy_(tensors[f"average/{name}"])
            trainer.best[k] = tensors[f"best/{name}"].clone()
            state = {key: tensors[f"{key}/{name}"].clone() for key in _MOMENTS if f"{key}/{name}" in tensors}
            if state:
                trainer.optimiser.state[parameter] = state
    for group, rate in zip(trainer.optimiser.param_groups, about["rates"], strict=True):
        group["lr"] = rate
    trainer.scheduler.load_state_dict(about["scheduler"])
    trainer.best_loss, trainer.steps = about["best_loss"], about["steps"]
    trainer.epoch, trainer.seconds = about["epoch"], about["seconds"]
    return list(about["history"])


def _plain(value: Any) -> Any:
    """What JSON makes of a value: tuples become lists."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
