r"""A time course of differentiation: the myeloid network of eleven transcription factors as noisy differential equations.

Definition: the Boolean rules of Krumsiek et al., PLoS ONE 6(8) (2011) e22649, table 1, as normalised HillCubes (Wittmann et al., BMC Syst. Biol. 3:98 (2009)):
:math:`dx_i = r_i (B_i(h(x)) - x_i)\,dt + s\,dW_i` with :math:`h(x) = (1 + k^3) x^3/(k^3 + x^3)`, k = 1/2, by exponential Euler steps, kept in [0, 1].
Convention: the time unit is the mean life of a factor; each run has log-normal rates r of its own; all start from the common progenitor.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from erlangen.datasets.manifold_sample import ManifoldSample
from erlangen.errors import DomainError
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer, check_real

__all__ = ["FACTORS", "FATES", "regulation", "time_course"]

FACTORS = ("GATA-2", "GATA-1", "FOG-1", "EKLF", "Fli-1", "SCL", "C/EBPα", "PU.1", "cJun", "EgrNab", "Gfi-1")
FATES = {
    "erythrocyte": ("GATA-1", "FOG-1", "EKLF", "SCL"),
    "megakaryocyte": ("GATA-1", "FOG-1", "Fli-1", "SCL"),
    "monocyte": ("C/EBPα", "PU.1", "cJun", "EgrNab"),
    "granulocyte": ("C/EBPα", "PU.1", "Gfi-1"),
}
_PROGENITOR = ("GATA-2", "C/EBPα", "PU.1")
_LONGEST_STEP = 0.05
_BATCH = 256
_MOST_BATCHES = 16


class _Law(NamedTuple):
    """What the runs obey."""

    steps: int
    duration: float
    heterogeneity: float
    fluctuation: float


def regulation(on: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return which factors (..., 11) the network switches on, given which are on: the published rules, multilinear between 0 and 1.

    Examples
    --------
    >>> regulation(np.zeros(11)).sum()
    np.float64(0.0)
    """
    gata2, gata1, fog1, eklf, fli1, scl, cebpa, pu1, cjun, egrnab, gfi1 = np.moveaxis(on, -1, 0)
    return np.stack(
        [
            gata2 * (1 - gata1 * fog1) * (1 - pu1),
            (1 - (1 - gata1) * (1 - gata2) * (1 - fli1)) * (1 - pu1),
            gata1,
            gata1 * (1 - fli1),
            gata1 * (1 - eklf),
            gata1 * (1 - pu1),
            cebpa * (1 - gata1 * fog1 * scl),
            (1 - (1 - cebpa) * (1 - pu1)) * (1 - gata1) * (1 - gata2),
            pu1 * (1 - gfi1),
            pu1 * cjun * (1 - gfi1),
            cebpa * (1 - egrnab),
        ],
        axis=-1,
    )


def time_course(
    n: int = 640,
    bins: int | None = 5,
    *,
    steps: int = 160,
    duration: float = 10.0,
    heterogeneity: float = 0.7,
    fluctuation: float = 0.05,
    noise: float = 0.05,
    rng: RngLike = None,
) -> ManifoldSample:
    """Return a simulated time course of blood cells that differentiate into four fates.

    Runs are observed at ``steps`` equidistant times, the first in the progenitor, where GATA-2, C/EBPα and PU.1 are on; run
    r is drawn again until it ends in fate r mod 4, so that the fates are balanced. Which fate a run takes is a race of the
    factors, which different rates decide as the random order of updates does in the Boolean network.

    Parameters
    ----------
    n : int
        Number of cells, a multiple of ``steps``; there are ``n / steps`` runs.
    bins : int, optional
        Into how many times of collection the steps are gathered, at most ``steps`` (``None``: every step is its own).
    steps : int
        Observations of each run.
    duration : float
        Length of a run, in mean lives of a factor.
    heterogeneity : float
        Standard deviation of the logarithm of the rates, from run to run and factor to factor.
    fluctuation : float
        Strength s of the noise that drives the equations.
    noise : float
        Standard deviation of the noise of measurement, in each factor.
    rng : seed or Generator, optional
        Source of randomness.

    Returns
    -------
    ManifoldSample
        X (n, 11) in the order of ``haematopoiesis.FACTORS``, labels = fate of the run, times = number of the bin.

    Raises
    ------
    DomainError
        If n is no multiple of ``steps``, or a fate is not reached in 4096 runs and more.

    Examples
    --------
    >>> course = time_course(rng=0)
    >>> course, np.unique(course.times)
    (ManifoldSample('time_course', n=640, p=11), array([0., 1., 2., 3., 4.]))
    """
    steps = check_integer(steps, "steps", low=2)
    n = check_integer(n, "n", low=steps)
    bins = steps if bins is None else check_integer(bins, "bins", low=1, high=steps)
    duration = check_real(duration, "duration", low=0, open_low=True, high=1e4)
    heterogeneity = check_real(heterogeneity, "heterogeneity", low=0, high=3)
    fluctuation = check_real(fluctuation, "fluctuation", low=0, high=10)
    noise = check_real(noise, "noise", low=0)
    if n % steps:
        message = f"n = {n} is no multiple of steps = {steps}"
        raise DomainError(message, hint="n counts the cells of whole runs, e.g. n = 4 * steps")
    generator = as_generator(rng)
    wanted = np.arange(n // steps) % len(FATES)
    paths = _balanced(wanted, _Law(steps, duration, heterogeneity, fluctuation), generator)
    X = paths.reshape(n, len(FACTORS))
    X = X + noise * generator.normal(size=X.shape)
    times = np.tile(np.arange(steps) * bins // steps, len(wanted)).astype(np.float64)
    return ManifoldSample(
        X,
        "time_course",
        labels=np.repeat(wanted, steps).astype(np.int64),
        label_names=tuple(FATES),
        times=times,
        source="simulated from the rules of Krumsiek et al. 2011 (article under CC BY)",
    )


def _states(*groups: tuple[str, ...]) -> NDArray[np.float64]:
    """Boolean states (len(groups), 11) in which the named factors are on."""
    return np.array([[float(factor in group) for factor in FACTORS] for group in groups])


def _balanced(wanted: NDArray[np.int64], law: _Law, rng: np.random.Generator) -> NDArray[np.float64]:
    """Runs (len(wanted), steps, 11), the r-th ending in the fate wanted[r]: drawn in batches, in order of their drawing."""
    out = np.empty((len(wanted), law.steps, len(FACTORS)))
    missing = [np.flatnonzero(wanted == fate).tolist() for fate in range(len(FATES))]
    for _ in range(_MOST_BATCHES + len(wanted)):
        paths = _runs(_BATCH, law, rng)
        for path, fate in zip(paths, _fates(paths[:, -1]), strict=True):
            if fate >= 0 and missing[fate]:
                out[missing[fate].pop(0)] = path
        if not any(missing):
            return out
    absent = [name for name, rest in zip(FATES, missing, strict=True) if rest]
    message = (
        f"no run of duration = {law.duration:g}, heterogeneity = {law.heterogeneity:g} and fluctuation = "
        f"{law.fluctuation:g} ended as {' or '.join(absent)}"
    )
    raise DomainError(message, hint="stay nearer to the default duration, heterogeneity and fluctuation")


def _runs(count: int, law: _Law, rng: np.random.Generator) -> NDArray[np.float64]:
    """Runs (count, steps, 11) from the common progenitor."""
    between = max(1, int(np.ceil(law.duration / (law.steps - 1) / _LONGEST_STEP)))
    dt = law.duration / (law.steps - 1) / between
    x = np.repeat(_states(_PROGENITOR), count, axis=0)
    # The exact share of the way to the target in one step: an Euler step would overshoot where a rate is large.
    share = -np.expm1(-dt * np.exp(law.heterogeneity * rng.normal(size=x.shape)))
    out = np.empty((count, law.steps, len(FACTORS)))
    out[:, 0] = x
    for step in range(1, law.steps):
        for _ in range(between):
            x = x + share * (regulation(_hill(x)) - x) + law.fluctuation * np.sqrt(dt) * rng.normal(size=x.shape)
            x = 1 - np.abs(1 - np.abs(x) % 2)
        out[:, step] = x
    return out


def _hill(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Normalised Hill function: 0 at 0, 1 at 1."""
    cube = x**3
    return 1.125 * cube / (0.125 + cube)


def _fates(x: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index of the fate whose factors are on in the state (m, 11), after a threshold at 1/2; -1 where it is none."""
    same = ((x[:, None] > 0.5) == (_states(*FATES.values()) > 0.5)).all(axis=2)
    return np.where(same.any(axis=1), same.argmax(axis=1), -1)
