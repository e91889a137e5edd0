r"""Simulated motor imagery: dipoles in a spherical head, with the population autocovariances of every session and class.

Definition: three sources (left, right, midline) of AR(2) mu and beta rhythms (poles :math:`r e^{\pm 2\pi i f/f_s}`: 11 Hz, r = .97; 22 Hz, r = .95);
imagining a hand weakens the source of the other side by the factor 1 - d, and makes one side follow the other by a lag: a part ``coupling`` of both
is one rhythm u, which reaches the right source later than the left in class 0 and earlier in class 1. Equal-time covariances do not see that lag.
Convention: :math:`\Gamma(h) = L\,\Gamma_s(h) L^T + \Gamma_{noise}(h)`; unit microvolt; a session turns the cap and jitters the gains.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from erlangen.datasets.mne_leadfield import mne_leadfield
from erlangen.datasets.signal_trials import SignalTrials
from erlangen.datasets.sphere_leadfield import cap_electrodes, sphere_leadfield
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["simulated_motor_imagery"]

Array = NDArray[np.float64]

_RADIUS = 0.095
_SOURCES = np.array([[-0.04, 0.0, 0.05], [0.04, 0.0, 0.05], [0.0, -0.05, 0.045]])
_RHYTHMS = ((11.0, 0.97, 1.0), (22.0, 0.95, 0.25))  # frequency in Hz, modulus of the poles, power
_NOISE_POLES = np.array([0.3, 0.7, 0.9, 0.97, 0.99])  # AR(1) processes of equal power: about 1/f
_NOISE_REACH = 0.05
_HEADS: dict[str, Callable[..., Array]] = {"sphere": sphere_leadfield, "mne": mne_leadfield}


class _Rhythm(NamedTuple):
    """A unit-variance AR(2): s_t = a s_{t-1} + b s_{t-2} + e_t."""

    a: float
    b: float
    power: float

    def autocovariance(self, lags: int) -> Array:
        """γ(0) … γ(lags) of the process of this power."""
        gamma = np.empty(max(lags, 1) + 1)
        gamma[0], gamma[1] = 1.0, self.a / (1 - self.b)
        for h in range(2, lags + 1):
            gamma[h] = self.a * gamma[h - 1] + self.b * gamma[h - 2]
        return self.power * gamma[: lags + 1]

    def simulate(self, count: int, n_times: int, rng: np.random.Generator) -> Array:
        """Stationary paths (count, n_times)."""
        first = self.a / (1 - self.b)
        shock = np.sqrt(1 - first * self.a - self.b * self.autocovariance(2)[2] / self.power)
        out = rng.normal(size=(n_times, count))
        out[1] = first * out[0] + np.sqrt(1 - first**2) * out[1]
        for t in range(2, n_times):
            out[t] = self.a * out[t - 1] + self.b * out[t - 2] + shock * out[t]
        return np.sqrt(self.power) * out.T


class _Law(NamedTuple):
    """What all sessions share."""

    rhythms: tuple[_Rhythm, ...]
    effect: float
    coupling: float
    shift: int

    def powers(self, label: int) -> Array:
        """Amplitudes of the sources in a class: 0 is the left hand, whose source is on the right."""
        amplitudes = np.ones(3)
        amplitudes[1 - label] = np.sqrt(1 - self.effect)
        return amplitudes

    def source_autocovariances(self, label: int, lags: int) -> Array:
        """Γ_s(0) … Γ_s(lags), shape (lags + 1, 3, 3)."""
        gamma = np.sum([rhythm.autocovariance(lags + self.shift) for rhythm in self.rhythms], axis=0)
        h, shift = np.arange(lags + 1), self.shift * (1 - 2 * label)
        out = np.zeros((lags + 1, 3, 3))
        out[:, range(3), range(3)] = gamma[: lags + 1, None]
        out[:, 1, 0] = self.coupling * gamma[np.abs(h - shift)]
        out[:, 0, 1] = self.coupling * gamma[np.abs(h + shift)]
        return out * np.multiply.outer(self.powers(label), self.powers(label))

    def sources(self, label: int, count: int, n_times: int, rng: np.random.Generator) -> Array:
        """Activity (count, 3, n_times) of the sources."""
        own = self._path(3 * count, n_times, rng).reshape(count, 3, n_times)
        common = self._path(count, n_times + self.shift, rng)
        early, late = common[:, self.shift :], common[:, :n_times]
        pair = np.stack([early, late] if label == 0 else [late, early], axis=1)
        own[:, :2] = np.sqrt(1 - self.coupling) * own[:, :2] + np.sqrt(self.coupling) * pair
        return own * self.powers(label)[:, None]

    def _path(self, count: int, n_times: int, rng: np.random.Generator) -> Array:
        """Sums (count, n_times) of all rhythms."""
        return np.asarray(sum(rhythm.simulate(count, n_times, rng) for rhythm in self.rhythms))


def simulated_motor_imagery(
    n_trials: int = 100,
    n_channels: int = 22,
    *,
    sessions: int = 2,
    sfreq: float = 128.0,
    duration: float = 3.0,
    effect: float = 0.4,
    lag: float = 0.02,
    coupling: float = 0.5,
    snr: float = 0.0,
    rotation: float = 7.5,
    gain_jitter: float = 0.1,
    dipole_jitter: float = 0.0,
    max_lag: int = 32,
    head: str = "sphere",
    rng: RngLike = None,
) -> SignalTrials:
    """Return trials of one simulated subject, with the truth about their autocovariances.

    Parameters
    ----------
    n_trials, n_channels, sessions : int
        Trials of each session, half of each class; electrodes on the upper half of the head; sessions.
    sfreq, duration : float
        Samples in a second, and seconds of a trial.
    effect : float
        Part d of its power that the opposite side loses, in [0, 1).
    lag : float
        Seconds by which one side follows the other; 0 switches the lagged effect off.
    coupling : float
        Part of the power of both sides that is common, in [0, 1].
    snr : float
        Signal to noise, in decibels of mean power at the electrodes (class 0, session 1).
    rotation : float
        Degrees by which the cap is turned in each session but the first, about a random axis.
    gain_jitter : float
        Relative standard deviation of the gains of the electrodes, in the same sessions.
    dipole_jitter : float
        Standard deviation of the positions of the sources, in metres: subjects differ by about 0.01.
    max_lag : int
        Up to which lag ``truth`` lists autocovariances.
    head : {"sphere", "mne"}
        A homogeneous sphere in closed form, or the four shells of MNE, where it is installed.
    rng : seed or Generator, optional
        Source of randomness.

    Returns
    -------
    SignalTrials
        Sessions "1", "2", …; ``truth``: ``autocovariances`` (sessions, 2, max_lag + 1, n, n), ``leadfields`` (sessions, n, 3).

    Examples
    --------
    >>> imagery = simulated_motor_imagery(20, 8, rng=0)
    >>> imagery
    SignalTrials('simulated_motor_imagery', trials=40, channels=8, times=384, classes=2)
    >>> left, right = simulated_motor_imagery(2, 8, effect=0.0, rng=0).truth["autocovariances"][0]
    >>> bool(np.allclose(left[0], right[0])), bool(np.allclose(left[2], right[2]))  # only lags tell
    (True, False)
    """
    n_trials = check_integer(n_trials, "n_trials", low=2)
    n_channels = check_integer(n_channels, "n_channels", low=3)
    sessions = check_integer(sessions, "sessions", low=1)
    max_lag = check_integer(max_lag, "max_lag", low=0)
    sfreq = check_real(sfreq, "sfreq", low=50)
    n_times = round(check_real(duration, "duration", low=10 / sfreq, high=3600) * sfreq)
    shift = round(check_real(lag, "lag", low=0, high=1) * sfreq)
    law = _Law(
        tuple(_rhythm(f, r, power, sfreq) for f, r, power in _RHYTHMS),
        check_real(effect, "effect", low=0, high=1, open_high=True),
        check_real(coupling, "coupling", low=0, high=1),
        shift,
    )
    generator = as_generator(rng)
    forward = _HEADS[check_choice(head, "head", _HEADS)]
    jitter = check_real(dipole_jitter, "dipole_jitter", low=0, high=0.02)
    leadfields = _leadfields(n_channels, sessions, rotation, gain_jitter, jitter, forward, generator)
    cap = cap_electrodes(n_channels) * _RADIUS
    spatial = np.exp(-np.linalg.norm(cap[:, None] - cap, axis=2) / _NOISE_REACH)
    signal = leadfields[0] @ law.source_autocovariances(0, 0)[0] @ leadfields[0].T
    level = np.trace(signal) / n_channels / 10 ** (check_real(snr, "snr", low=-60, high=60) / 10)
    temporal = level * np.mean(_NOISE_POLES ** np.arange(max_lag + 1)[:, None], axis=1)
    noise = np.multiply.outer(temporal, spatial)
    y = np.tile(np.arange(n_trials) % 2, sessions)
    X = np.empty((sessions, n_trials, n_channels, n_times))
    truth = np.empty((sessions, 2, max_lag + 1, n_channels, n_channels))
    for s, L in enumerate(leadfields):
        X[s] = np.sqrt(level) * _noise(n_trials, n_times, np.linalg.cholesky(spatial), generator)
        for label in (0, 1):
            X[s, label::2] += L @ law.sources(label, len(X[s, label::2]), n_times, generator)
            truth[s, label] = L @ law.source_autocovariances(label, max_lag) @ L.T + noise
    return SignalTrials(
        X.reshape(-1, n_channels, n_times),
        y,
        "simulated_motor_imagery",
        label_names=("left_hand", "right_hand"),
        session=np.repeat([str(s + 1) for s in range(sessions)], n_trials),
        sfreq=sfreq,
        unit="µV",
        truth={"autocovariances": truth, "leadfields": leadfields},
    )


def _rhythm(frequency: float, modulus: float, power: float, sfreq: float) -> _Rhythm:
    """The AR(2) with poles at a frequency."""
    return _Rhythm(2 * modulus * float(np.cos(2 * np.pi * frequency / sfreq)), -(modulus**2), power)


def _leadfields(
    n: int,
    sessions: int,
    rotation: float,
    gain: float,
    jitter: float,
    forward: Callable[..., Array],
    rng: np.random.Generator,
) -> Array:
    """Leadfields (sessions, n, 3) in µV of radial dipoles of 10 nA m."""
    degrees = check_real(rotation, "rotation", low=0, high=180)
    gain = check_real(gain, "gain_jitter", low=0, high=0.3)
    positions = _SOURCES + jitter * rng.normal(size=_SOURCES.shape)
    depth = np.linalg.norm(positions, axis=1, keepdims=True)
    positions *= np.minimum(1.0, 0.85 * _RADIUS / depth)
    moments = 1e-8 * positions / np.linalg.norm(positions, axis=1, keepdims=True)
    cap = cap_electrodes(n)
    out = []
    for s in range(sessions):
        axis = rng.normal(size=3)
        gains = 1 + gain * rng.normal(size=(n, 1)) if s else np.ones((n, 1))
        turned = cap @ _rotation(axis, np.deg2rad(degrees) if s else 0.0).T
        out.append(1e6 * gains * forward(turned, positions, moments, radius=_RADIUS))
    return np.stack(out)


def _rotation(axis: Array, angle: float) -> Array:
    """Rotation matrix (Rodrigues)."""
    x, y, z = axis / np.linalg.norm(axis)
    K = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.eye(3) + np.sin(angle) * K + (1 - np.cos(angle)) * K @ K


def _noise(count: int, n_times: int, factor: Array, rng: np.random.Generator) -> Array:
    """Stationary noise (count, n, n_times) of unit power: five AR(1) processes with one spatial covariance."""
    n = len(factor)
    shape = (len(_NOISE_POLES), count, n)
    poles, keep = _NOISE_POLES[:, None, None], np.sqrt(1 - _NOISE_POLES**2)[:, None, None]
    state = rng.normal(size=shape)
    out = np.empty((n_times, count, n))
    for t in range(n_times):
        out[t] = state.sum(0)
        state = poles * state + keep * rng.normal(size=shape)
    return np.asarray((factor @ out.transpose(1, 2, 0)) / np.sqrt(len(_NOISE_POLES)))
