"""Order, lag and what they leave of a trial.

Definition: delays {0, τ, …, (p - 1)τ} leave T' = T - (p - 1)τ samples ("exact"), or T - pτ as MOABB's AugmentedDataset cuts ("moabb"; T if p = 1).
Convention: orders and lags are counted in samples from 1; a lag in seconds needs the sampling rate.
"""

from __future__ import annotations

import numpy as np

from erlangen.errors import DomainError
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["DIRECTIONS", "TRIMS", "embedded_length", "lag_in_samples", "largest_order"]

TRIMS = ("exact", "moabb")
DIRECTIONS = ("future", "past")


def lag_in_samples(lag: float, sfreq: float | None = None) -> int:
    """Return the lag as a number of samples: ``lag`` itself, or the nearest to ``lag`` seconds where ``sfreq`` (Hz) is given.

    Raises
    ------
    DomainError
        If it is not at least one sample, or no integer where no rate is given.

    Examples
    --------
    >>> lag_in_samples(3), lag_in_samples(0.008, sfreq=250)
    (3, 2)
    """
    if sfreq is None:
        whole = isinstance(lag, (float, np.floating))
        if whole and not float(lag).is_integer():
            message = f"lag = {lag} is not a number of samples"
            raise DomainError(message, hint="pass an int, or seconds together with sfreq=")
        return check_integer(int(lag) if whole else lag, "lag", low=1)
    seconds = check_real(lag, "lag", low=0.0, open_low=True)
    rate = check_real(sfreq, "sfreq", low=0.0, open_low=True)
    samples = round(seconds * rate)
    if samples < 1:
        message = f"lag = {seconds:g} s is {seconds * rate:.3g} of a sample at {rate:g} Hz"
        raise DomainError(message, hint=f"use at least {1 / rate:.3g} s")
    return samples


def largest_order(n_times: int, lag: int, trim: str = "exact", *, least: int = 1) -> int:
    """Return the largest order that leaves at least ``least`` samples of ``n_times``.

    Examples
    --------
    >>> largest_order(10, 2), largest_order(10, 2, "moabb")
    (5, 4)
    """
    lost = (n_times - least) // lag
    return max(1, lost + 1 if trim == "exact" else lost) if n_times >= least else 0


def embedded_length(n_times: int, order: int, lag: int, trim: str = "exact", *, least: int = 1) -> int:
    """Return the number of samples T' of the embedded signal.

    Raises
    ------
    DomainError
        If order or lag is less than one, or fewer than ``least`` samples remain; the largest admissible order and lag are named.

    Examples
    --------
    >>> embedded_length(10, 3, 2), embedded_length(10, 3, 2, "moabb")
    (6, 4)
    """
    check_choice(trim, "trim", TRIMS)
    p, step = check_integer(order, "order", low=1), check_integer(lag, "lag", low=1)
    steps = p - 1 if trim == "exact" or p == 1 else p
    length = n_times - steps * step
    if length < least:
        best_lag = (n_times - least) // steps if steps else 0
        message = f"order {p} at lag {step} spans {steps * step} samples and leaves {max(length, 0)} of {n_times}, at least {least} are needed"
        remedy = f"order <= {largest_order(n_times, step, trim, least=least)} at this lag"
        remedy += f", or lag <= {best_lag} at this order" if best_lag >= 1 else ""
        raise DomainError(message, hint=remedy)
    return length
