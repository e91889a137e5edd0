r"""The choice of order and lag from the signals themselves.

Definition: "mdop", "pecuzal" and "garcia-almeida" choose pairs (channel, delay) one after the other; "ami+cao" and "ami+fnn" take the first
minimum of the mean mutual information as lag and the dimension at which neighbours stop being false as order.
Convention: pairs become a uniform embedding as in the ACM release: order = their number, lag = round(mean delay), both averaged over epochs.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from erlangen.errors import DomainError, DomainWarning
from erlangen.estimators.embeddings.progress import report
from erlangen.estimators.timeseries.delay_embedding import DelayEmbedding
from erlangen.estimators.timeseries.derivative_statistic import TINY
from erlangen.estimators.timeseries.false_neighbours import cao_averages, false_neighbours, saturation
from erlangen.estimators.timeseries.garcia_almeida import garcia_almeida
from erlangen.estimators.timeseries.mdop import mdop
from erlangen.estimators.timeseries.pecuzal import pecuzal
from erlangen.estimators.timeseries.self_information import first_minimum, self_information
from erlangen.estimators.timeseries.theiler_neighbours import nearest_in_series
from erlangen.estimators.trials import read_trials
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["EmbeddingSelection", "select_embedding", "theiler_window"]

METHODS = ("mdop", "pecuzal", "garcia-almeida", "ami+cao", "ami+fnn")
_LAGS = 100
_COARSE = "take few values"

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class EmbeddingSelection:
    """An embedding that was chosen, and why.

    Attributes
    ----------
    order, lag : int
        Of the uniform embedding.
    delays, channels : tuple of int
        Rows of a non-uniform embedding of one epoch or of pooled epochs; else the uniform delays, and no channels.
    beta : tuple
        What was maximised: β of each cycle (MDOP), <ε*> of each cycle (PECUZAL), N of each cycle (García–Almeida), the mean mutual
        information at lags 1, 2, … (AMI).
    fnn : tuple of float
        Shares of false neighbours (MDOP, García–Almeida, FNN), decreases of L (PECUZAL), E_1 for d = 1, 2, … (Cao).
    reason : str
        Why it ended there.
    theiler : int
        Window of excluded neighbours in time.
    epochs : tuple of EmbeddingSelection
        The choices of single epochs where they were averaged.

    Examples
    --------
    >>> EmbeddingSelection(3, 5, (0, 5, 10), (), (), (), "given").embedding().get_params()["lag"]
    5
    """

    order: int
    lag: int
    delays: tuple[int, ...]
    channels: tuple[int, ...]
    beta: tuple[Any, ...]
    fnn: tuple[float, ...]
    reason: str
    theiler: int = 0
    epochs: tuple[EmbeddingSelection, ...] = ()

    def embedding(self, **parameters: Any) -> DelayEmbedding:
        """Return the transformer: uniform, or by pairs where these were kept."""
        if self.channels:
            return DelayEmbedding(delays=list(zip(self.channels, self.delays, strict=True)), **parameters)
        return DelayEmbedding(self.order, self.lag, **parameters)


def theiler_window(x: Array, longest: int = _LAGS) -> int:
    """Return the largest over channels (n, T) of the first minimum of self mutual information over the lags 1 … ``longest``.

    Examples
    --------
    >>> noise = 0.1 * np.random.default_rng(0).normal(size=2000)
    >>> theiler_window(np.sin(2 * np.pi * np.arange(2000) / 40.3)[None] + noise) in range(7, 14)
    True
    """
    lags = range(1, min(longest, x.shape[-1] // 3) + 1)
    return max(1 + first_minimum(self_information(series, lags)) for series in x)


def _usable(epochs: list[Array]) -> list[int]:
    """Return the channels that vary and do not repeat themselves, with a warning of the others."""
    flaws = [max(_flaw(x[c]) for x in epochs) for c in range(epochs[0].shape[0])]
    for what in sorted(set(flaws) - {""}):
        channels = [c for c, flaw in enumerate(flaws) if flaw == what]
        message = f"channels {channels} {what}: their neighbours lie at distance 0, so they are left out"
        warnings.warn(message, DomainWarning, stacklevel=4)
    if all(flaws):
        message = f"every channel of X is left out: they {', or '.join(sorted(set(flaws)))}"
        remedy = (
            "add noise of one step of quantisation" if _COARSE in flaws else "there is nothing to unfold: use order 1"
        )
        raise DomainError(message, hint=remedy)
    return [c for c, flaw in enumerate(flaws) if not flaw]


def _flaw(s: Array) -> str:
    """Say why neighbours of a series lie at distance 0, or nothing."""
    tolerance = TINY * np.abs(s).max()
    if np.ptp(s) <= tolerance:
        return "are constant"
    returns = 1 + np.flatnonzero(np.abs(s[1 : len(s) // 2 + 1] - s[0]) <= tolerance)
    if any(np.abs(s[period:] - s[:-period]).max() <= tolerance for period in returns):
        return "are perfectly periodic"
    return _COARSE if np.mean(nearest_in_series(_standard(s[None]), 0)[1] <= TINY) > 0.9 else ""


def _standard(x: Array) -> Array:
    """Return channels of mean zero and (unbiased) variance one."""
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / centred.std(axis=-1, ddof=1, keepdims=True)


@dataclass(frozen=True)
class _Rule:
    """The parameters of a choice."""

    method: str
    max_delay: int
    theiler: Any
    max_order: int
    threshold: float
    cao_rule: str
    horizon: int


def _choose(epochs: list[Array], rule: _Rule) -> EmbeddingSelection:
    """Return the choice for some epochs together."""
    signals = [_standard(x) for x in epochs]
    w = max(theiler_window(x) for x in signals) if rule.theiler == "auto" else rule.theiler
    room = min(x.shape[-1] for x in signals) - rule.max_delay - 2 * w
    if room < 2:
        message = f"the Theiler window {w} leaves no neighbours beside delays of {rule.max_delay}"
        raise DomainError(message, hint="pass a smaller theiler= or max_delay=, or longer epochs")
    return _CHOICES[rule.method](signals, w, rule)


def _by_pairs(signals: list[Array], w: int, rule: _Rule) -> EmbeddingSelection:
    delays = np.arange(rule.max_delay + 1)
    found: Any
    if rule.method == "mdop":
        found = mdop(signals, delays, w, threshold=rule.threshold)
        statistic, shares = found.beta, found.fnn
    elif rule.method == "garcia-almeida":
        found = garcia_almeida(signals, delays, w, horizon=rule.horizon, threshold=rule.threshold)
        statistic, shares = found.stretched, found.fnn
    else:
        found = pecuzal(signals, delays, w, threshold=rule.threshold)
        statistic, shares = found.continuity, found.decreases
    lag = max(1, int(np.rint(np.mean(found.delays))))
    return EmbeddingSelection(len(found.delays), lag, found.delays, found.channels, statistic, shares, found.reason, w)


def _by_information(signals: list[Array], w: int, rule: _Rule) -> EmbeddingSelection:
    lags = range(1, rule.max_delay + 1)
    series = [s for x in signals for s in x]
    information = np.mean([self_information(s, lags) for s in series], axis=0)
    lag = 1 + first_minimum(information)
    most = min(rule.max_order, (min(len(s) for s in series) - 2 * w - 3) // lag - 1)
    if most < 1:
        message = f"lag {lag} and the Theiler window {w} leave no room for two dimensions"
        raise DomainError(message, hint="use longer epochs or a smaller max_delay")
    if rule.method == "ami+cao":
        values = np.mean([cao_averages(s, lag, most, w)[0] for s in series], axis=0)
        order = saturation(values, 2 * rule.threshold, rule.cao_rule)
        reason = f"E1 = {values[order - 1]:.3f} at dimension {order} ({rule.cao_rule})"
    else:
        values = np.mean([false_neighbours(s, lag, most, w) for s in series], axis=0)
        few = np.flatnonzero(values <= rule.threshold)
        order = int(few[0]) + 1 if len(few) else int(np.nanargmin(values)) + 1
        reason = f"false neighbours {values[order - 1]:.3f} at dimension {order}"
    delays = tuple(q * lag for q in range(order))
    return EmbeddingSelection(order, lag, delays, (), (information,), tuple(map(float, values)), reason, w)


_CHOICES: dict[str, Callable[[list[Array], int, _Rule], EmbeddingSelection]] = {
    "mdop": _by_pairs,
    "pecuzal": _by_pairs,
    "garcia-almeida": _by_pairs,
    "ami+cao": _by_information,
    "ami+fnn": _by_information,
}


def select_embedding(
    X: Any,
    method: str = "mdop",
    *,
    max_delay: int = 50,
    theiler: Any = "auto",
    per: str = "epoch",
    uniform: bool = True,
    max_order: int = 10,
    threshold: float = 0.05,
    cao_rule: str = "saturation",
    horizon: int = 1,
    n_jobs: int | None = None,
) -> EmbeddingSelection:
    """Choose order and lag for trials (N, n, T); labels are never asked for, so choose on training trials alone.

    Parameters
    ----------
    X : array (N, n, T) or list of arrays (n, T_i)
        Epochs.
    method : str
        "mdop", "pecuzal", "garcia-almeida", "ami+cao" or "ami+fnn".
    max_delay : int
        Longest delay in samples; epochs must be three times as long.
    theiler : "auto" or int
        Neighbours in time to leave out; ``auto`` is the largest first minimum of self mutual information over the channels.
    per : "epoch" or "pooled"
        Average the choices of single epochs, or choose once by statistics averaged over all epochs.
    uniform : bool
        Make a uniform embedding of the pairs; ``False`` keeps them (one epoch, or pooled).
    max_order : int
        Most dimensions tried by "ami+cao" and "ami+fnn".
    threshold : float
        Share of false neighbours that is small enough; E_1 saturates within twice of it; least decrease of L ("pecuzal").
    cao_rule : "saturation" or "first-maximum"
        Where E_1 is read: Cao's rule, or the first local maximum as the ACM release has it.
    horizon : int
        Samples ahead at which "garcia-almeida" compares neighbours (1 in the papers; more for densely sampled signals).
    n_jobs : int, optional
        Processes for the epochs, as scikit-learn means it.

    Returns
    -------
    EmbeddingSelection

    Raises
    ------
    DomainError
        If epochs are shorter than three times the longest delay, or no channel is usable.

    Warns
    -----
    DomainWarning
        Of channels that are constant, perfectly periodic or coarsely quantised and were left out.

    References
    ----------
    Nichkawde, Phys. Rev. E 87 (2013) 022905; Krämer et al., New J. Phys. 23 (2021) 033017; García & Almeida, Phys. Rev. E 72 (2005) 027205;
    Cao, Physica D 110 (1997) 43–50;
    Kennel, Brown & Abarbanel, Phys. Rev. A 45 (1992) 3403–3411.

    Examples
    --------
    >>> t = np.arange(600)
    >>> X = np.stack([np.sin(t * 0.2) + np.sin(t * 0.0731), np.cos(t * 0.2)])[None]
    >>> chosen = select_embedding(X, "ami+fnn", max_delay=20)
    >>> chosen.order >= 2, chosen.delays[1] == chosen.lag
    (True, True)
    """
    check_choice(method, "method", METHODS)
    check_choice(per, "per", ("epoch", "pooled"))
    check_choice(cao_rule, "cao_rule", ("saturation", "first-maximum"))
    longest = check_integer(max_delay, "max_delay", low=2)
    check_real(threshold, "threshold", low=0.0, high=1.0, open_high=True)
    if isinstance(theiler, str):
        check_choice(theiler, "theiler", ("auto",))
    else:
        check_integer(theiler, "theiler", low=0)
    epochs = [np.asarray(x, dtype=np.float64) for x in read_trials(X)]
    if not uniform and per == "epoch" and len(epochs) > 1:
        message = f"{len(epochs)} epochs would have {len(epochs)} different non-uniform embeddings"
        raise DomainError(message, hint="use per='pooled' or uniform=True")
    shortest = min(x.shape[-1] for x in epochs)
    if shortest < max(3 * longest, 30):
        message = f"an epoch has {shortest} samples, fewer than three times max_delay = {longest} (and 30)"
        raise DomainError(message, hint=f"use max_delay <= {shortest // 3}" if shortest >= 30 else "pass longer epochs")
    kept = _usable(epochs)
    epochs = [x[kept] for x in epochs]
    most, ahead = check_integer(max_order, "max_order", low=1), check_integer(horizon, "horizon", low=1, high=longest)
    rule = _Rule(method, longest, theiler, most, float(threshold), cao_rule, ahead)
    groups = [epochs] if per == "pooled" else [[x] for x in epochs]
    found = []
    for one in Parallel(n_jobs=n_jobs, return_as="generator")(delayed(_choose)(group, rule) for group in groups):
        found.append(_renumber(one, kept))
        report(len(found), len(groups), f"order {one.order}, lag {one.lag}")
    return _combine(found, uniform)


def _renumber(one: EmbeddingSelection, kept: list[int]) -> EmbeddingSelection:
    """Return the choice with channels as numbered in X."""
    channels = tuple(kept[c] for c in one.channels)
    return EmbeddingSelection(one.order, one.lag, one.delays, channels, one.beta, one.fnn, one.reason, one.theiler)


def _combine(found: list[EmbeddingSelection], uniform: bool) -> EmbeddingSelection:
    """Average the choices of single epochs, and make pairs uniform."""
    first = found[0]
    if len(found) == 1 and (not uniform or not first.channels):
        return first
    order = max(1, int(np.rint(np.mean([one.order for one in found]))))
    lag = max(1, int(np.rint(np.mean([one.lag for one in found]))))
    delays = tuple(q * lag for q in range(order))
    reason = first.reason if len(found) == 1 else f"mean over {len(found)} epochs"
    window = max(one.theiler for one in found)
    return EmbeddingSelection(order, lag, delays, (), first.beta, first.fnn, reason, window, tuple(found))
