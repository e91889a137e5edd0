r"""Whether a trial holds enough samples for the covariance of its embedding.

Definition: ratio :math:`T'_{\mathrm{eff}} / (np)`, :math:`T'_{\mathrm{eff}}` the independent samples that T' autocorrelated ones are worth:
:math:`T' \cdot 2 B / f_s` for a signal of bandwidth B, else measured.
Convention: above 3 a plain covariance will do, between 1 and 3 it should be shrunk, below 1 it is singular but for noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from erlangen.errors import DomainError
from erlangen.linalg.spd.effective_samples import effective_samples
from erlangen.validation import check_real

__all__ = ["EmbeddingReport", "band_share", "measured_share"]

_TRIALS = 16


@dataclass(frozen=True)
class EmbeddingReport:
    """Samples, effective samples and size of an augmented covariance.

    Examples
    --------
    >>> report = EmbeddingReport(samples=900, effective_samples=194.4, size=220)
    >>> print(report)
    900 samples are worth 194 independent ones for a 220 x 220 covariance (ratio 0.88): shrink it, or lower the order
    """

    samples: int
    effective_samples: float
    size: int

    @property
    def ratio(self) -> float:
        """Effective samples for each row of the covariance."""
        return self.effective_samples / self.size

    @property
    def advice(self) -> str:
        """What to do about it."""
        if self.ratio > 3:
            return "a plain covariance will do"
        return "shrink it (oas, lwf)" if self.ratio >= 1 else "shrink it, or lower the order"

    def __str__(self) -> str:
        worth = f"{self.samples} samples are worth {self.effective_samples:.0f} independent ones"
        return f"{worth} for a {self.size} x {self.size} covariance (ratio {self.ratio:.2f}): {self.advice}"


def band_share(band: Any, sfreq: float | None) -> float:
    """Return the share 2 B / fs of independent samples of a signal filtered to a band (low, high) in Hz.

    Examples
    --------
    >>> band_share((8, 35), 250)
    0.216
    """
    if sfreq is None:
        message = "band is given in Hz, but sfreq is not"
        raise DomainError(message, hint="pass sfreq=, the sampling rate in Hz")
    rate = check_real(sfreq, "sfreq", low=0.0, open_low=True)
    low, high = (check_real(edge, "band", low=0.0, high=rate / 2) for edge in band)
    if not low < high:
        message = f"band = ({low:g}, {high:g}) is empty"
        raise DomainError(message, hint="pass (low, high) in Hz")
    return min(1.0, 2 * (high - low) / rate)


def measured_share(trials: Any) -> float:
    """Return the mean share of independent samples, measured on some of the trials.

    Examples
    --------
    >>> measured_share(np.random.default_rng(0).normal(size=(4, 2, 800))) > 0.8
    True
    """
    chosen = np.linspace(0, len(trials) - 1, min(len(trials), _TRIALS)).astype(int)
    some: list[Any] = [np.asarray(trials[i], dtype=np.float64) for i in chosen]
    return float(np.mean([float(effective_samples(trial)) / trial.shape[-1] for trial in some]))
