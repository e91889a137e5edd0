"""How a potential is fitted, as a value.

Definition: loss weights, batches, Adam with AMSGrad, a learning rate that falls when the loss stays on a plateau, a moving average of the weights.
Convention: one of ``epochs`` and ``seconds`` (of processor time) must be given; the rest are the choices of MACE's scripts, forces weighted 100.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from erlangen.errors import DomainError
from erlangen.validation import check_integer, check_real

__all__ = ["TrainingPlan"]


@dataclass(frozen=True)
class TrainingPlan:
    """Everything that fixes a fit, given its data.

    Attributes
    ----------
    epochs : int, optional
        Passes over the data.
    seconds : float, optional
        Processor time of this process after which no new batch is begun.
    batch : int
        Frames at a time, over all ranks.
    lr, weight_decay : float
        Of Adam; decay acts on linear maps and products alone.
    energy_weight, force_weight, stress_weight : float
        Of the squared errors of energy an atom, force components and stress components.
    ema : float
        Decay of the moving average, whose weights are kept; 0 keeps the last ones.
    plateau_factor, plateau_patience : float, int
        By which the rate falls after that many epochs without a better loss.
    clip : float, optional
        Norm to which gradients are cut.
    rng : int
        Seed of the order of the frames.
    checkpoint_every : int
        Epochs between checkpoints.

    Examples
    --------
    >>> TrainingPlan(epochs=10).force_weight
    100.0
    """

    epochs: int | None = None
    seconds: float | None = None
    batch: int = 5
    lr: float = 0.01
    weight_decay: float = 5e-7
    energy_weight: float = 1.0
    force_weight: float = 100.0
    stress_weight: float = 0.0
    ema: float = 0.99
    plateau_factor: float = 0.8
    plateau_patience: int = 50
    clip: float | None = 10.0
    rng: int = 0
    checkpoint_every: int = 1

    def __post_init__(self) -> None:
        if self.epochs is None and self.seconds is None:
            message = "neither epochs nor seconds says how long to fit"
            raise DomainError(message, hint="pass epochs= or seconds=")
        if self.epochs is not None:
            check_integer(self.epochs, "epochs", low=0)
        if self.seconds is not None:
            check_real(self.seconds, "seconds", low=0)
        for name, low in (("batch", 1), ("plateau_patience", 0), ("rng", 0), ("checkpoint_every", 1)):
            check_integer(getattr(self, name), name, low=low)
        check_real(self.lr, "lr", low=0, open_low=True)
        for name in ("weight_decay", "energy_weight", "force_weight", "stress_weight"):
            check_real(getattr(self, name), name, low=0)
        check_real(self.ema, "ema", low=0, high=1, open_high=True)
        check_real(self.plateau_factor, "plateau_factor", low=0, high=1, open_low=True)
        if self.clip is not None:
            check_real(self.clip, "clip", low=0, open_low=True)

    def law(self) -> dict[str, Any]:
        """Return what must be the same for a fit to be resumed: all but how long it lasts and how often it is saved."""
        ends = ("epochs", "seconds", "checkpoint_every")
        return {key: value for key, value in dataclasses.asdict(self).items() if key not in ends}
