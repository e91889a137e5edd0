"""One fit for each product, to the same frames by the same plan, and what came of it.

Definition: a :class:`Job` names frames, sizes and plan; :func:`fitted` makes the potential, fits it from its checkpoint or anew, saves and judges it.
Convention: seeds are the same for each product, so that they differ in nothing but the product.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from erlangen.cli.forces.options import FRAME_WORDS
from erlangen.cli.translation import spoken
from erlangen.errors import DomainError
from erlangen.potentials import Architecture, EquivariantPotential, Frames, prediction_errors
from erlangen.representations.products import expressivity, setting

__all__ = ["Fitted", "Job", "check_sizes", "checkpoint_path", "find_model", "fitted", "milli", "model_path"]

Progress = Callable[[int, int, str, Mapping[str, Any] | None], None]


@dataclass(frozen=True)
class Job:
    """What is fitted to what, and how.

    Attributes
    ----------
    train, valid : Frames
        To fit to, and to choose the weights by.
    tests : dict
        Frames to judge by at the end, by name.
    sizes, plan : dict
        Arguments of the potential, and of its ``fit``.
    atomic_energies : dict or None
        Of single atoms, in eV.
    """

    train: Frames
    valid: Frames
    tests: dict[str, Frames]
    sizes: dict[str, Any]
    plan: dict[str, Any]
    atomic_energies: dict[str, float] | None
    dtype: str = "float32"
    seed: int = 0
    threads: int | None = None


@dataclass(frozen=True)
class Fitted:
    """What came of one fit.

    Attributes
    ----------
    product, model : str
        Which, and where it was saved.
    parameters, expressivity : int
        Numbers of weights, and of bilinear maps of one channel up to ``lmax``.
    epochs : tuple of dict
        Figures of each.
    errors : dict
        Of each set of frames.
    predicted : dict
        Predicted frames of each.
    """

    product: str
    model: str
    parameters: int
    expressivity: int
    epochs: tuple[dict[str, float], ...]
    best_loss: float
    errors: dict[str, dict[str, float]]
    predicted: dict[str, Frames] = field(repr=False)

    @property
    def seconds(self) -> float:
        """Processor time of the fit."""
        return self.epochs[-1]["seconds"] if self.epochs else 0.0

    def rows(self) -> dict[str, Any]:
        """Return everything but the predicted frames, as plain data."""
        names = ("product", "model", "parameters", "expressivity", "seconds", "best_loss", "errors")
        each = self.seconds / max(len(self.epochs), 1)
        return {**{name: getattr(self, name) for name in names}, "seconds_per_epoch": each, "epochs": list(self.epochs)}


def milli(value: float) -> str:
    """Return an error in meV or meV/Å as a person reads it, a dash where there is none.

    Examples
    --------
    >>> milli(10541.2), milli(42.123), milli(0.512), milli(float("nan"))
    ('10,541', '42.1', '0.51', '–')
    """
    if not math.isfinite(value):
        return "–"
    return f"{value:,.{0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2}f}"


def model_path(folder: Path, product: str) -> Path:
    """Return where the potential of a product lies."""
    return folder / f"{product}.safetensors"


def checkpoint_path(folder: Path, product: str) -> Path:
    """Return where the state of its fit lies."""
    return folder / f"{product}.checkpoint"


def find_model(path: Path) -> Path:
    """Return the file of a potential: the one given, or the only one of a folder.

    Raises
    ------
    DomainError
        If there is none, or more than one.
    """
    if not path.is_dir():
        return path
    found = sorted(path.glob("*.safetensors"))
    if len(found) != 1:
        names = ", ".join(item.name for item in found) or "none"
        message = f"{path} holds {len(found)} potentials: {names}"
        raise DomainError(message, hint="name one of them" if found else "make one with 'erlangen potential fit'")
    return found[0]


def check_sizes(species: tuple[str, ...], product: str, sizes: Mapping[str, Any]) -> None:
    """Refuse a network that cannot be, before any is fitted.

    Raises
    ------
    DomainError
        In the words of the command.
    """
    with spoken(FRAME_WORDS):
        Architecture(species, product=product, **_sizes(product, sizes))


def _sizes(product: str, sizes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sizes of a product's network: factors and rank are a matter of Gaunt products."""
    return {**sizes, "factors": "auto", "rank": 1} if product == "clebsch-gordan" else dict(sizes)


def fitted(job: Job, product: str, folder: Path, *, resume: bool, on_progress: Progress) -> Fitted:
    """Fit one product, save it, judge it on every test.

    Raises
    ------
    ErlangenError
        What the library refuses, in the words of the command.
    """
    with spoken(FRAME_WORDS):
        potential = EquivariantPotential(
            job.train.elements,
            product=product,
            atomic_energies=job.atomic_energies,
            rng=job.seed,
            dtype=getattr(import_module("torch"), job.dtype),
            **_sizes(product, job.sizes),
        )
        checkpoint = checkpoint_path(folder, product)
        history = potential.fit(
            job.train,
            job.valid if len(job.valid) else None,
            checkpoint=checkpoint,
            resume=resume,
            on_progress=on_progress,
            threads=job.threads,
            rng=job.seed,
            **job.plan,
        )
        potential.save(model_path(folder, product))
        predicted, errors = {}, {}
        for name, frames in job.tests.items():
            predicted[name] = potential.predict(frames, threads=job.threads)
            errors[name] = prediction_errors(frames, predicted[name])._asdict()
    reached = expressivity(setting("mimo", job.sizes["lmax"], kind=product, parity=False))
    return Fitted(
        product, str(model_path(folder, product)), potential.parameter_count, reached, history.epochs,
        history.best_loss, errors, predicted,
    )  # fmt: skip
