r"""The kernel of implicit Euler steps in flat space, a Matérn function, and its inverse.

Definition: :math:`u(r) = \frac{\kappa^{d}}{(2\pi)^{d/2} 2^{S-1} \Gamma(S)} z^{\nu} K_\nu(z)`, :math:`z = \kappa r, \nu = S - d/2, \kappa^2 = S/t`.
Convention: everything is in logarithms; :math:`z^\nu K_\nu(z)` falls strictly, with derivative :math:`-z^\nu K_{\nu-1}(z)` (DLMF 10.29.4).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicHermiteSpline
from scipy.special import kve

from erlangen.validation import check_integer, check_real

__all__ = ["MaternInverse", "log_matern"]

_NODES = 2**14
_LARGEST_STEPS = 100


def _profile(z: NDArray[np.float64], nu: float) -> NDArray[np.float64]:
    r"""Return :math:`\ln z^\nu K_\nu(z)`."""
    return np.asarray(nu * np.log(z) + np.log(kve(abs(nu), z)) - z)


def log_matern(r: NDArray[np.float64], t: float, steps: int, dimension: float) -> NDArray[np.float64]:
    r"""Return :math:`\ln u(r)` at distances r > 0 for :math:`(I + \tfrac tS L)^{-S}` on :math:`R^d`.

    Examples
    --------
    In three dimensions one step has the Yukawa kernel.

    >>> r = np.array([0.5, 2.0])
    >>> np.allclose(log_matern(r, 1.0, 1, 3), -r - np.log(4 * np.pi * r))
    True
    """
    kappa = math.sqrt(steps / t)
    return _profile(kappa * r, steps - dimension / 2) + _log_constant(kappa, steps, dimension)


def _log_constant(kappa: float, steps: int, d: float) -> float:
    """Logarithm of the factor before the profile."""
    return d * math.log(kappa) - d / 2 * math.log(2 * math.pi) - (steps - 1) * math.log(2.0) - math.lgamma(steps)


class MaternInverse:
    r"""The distance at which the kernel of S implicit steps has a given logarithm, by a Hermite table of relative error below 1e-9.

    Distances below :math:`10^{-4} / \kappa` (for :math:`\nu > 50`, :math:`0.1 / \kappa`) read as zero.

    Parameters
    ----------
    t : float
        Time.
    steps : int
        S, 1 to 100.
    dimension : float
        d, intrinsic dimension, positive.
    lowest : float
        Least logarithm that will be asked.

    Examples
    --------
    >>> inverse = MaternInverse(1.0, 5, 2.0, -200.0)
    >>> r = np.array([0.3, 5.0, 60.0])
    >>> np.allclose(inverse(log_matern(r, 1.0, 5, 2.0)), r, rtol=1e-9)
    True
    """

    def __init__(self, t: float, steps: int, dimension: float, lowest: float) -> None:
        t = check_real(t, "t", low=0.0, open_low=True)
        steps = check_integer(steps, "steps", low=1, high=_LARGEST_STEPS)
        dimension = check_real(dimension, "dimension", low=0.0, high=100.0, open_low=True)
        self.kappa = math.sqrt(steps / t)
        self.shift = _log_constant(self.kappa, steps, dimension)
        nu = steps - dimension / 2
        first = 1e-4 if abs(nu) <= 50 else 0.1
        last = 10.0
        while _profile(np.array([last]), nu)[0] > lowest - self.shift:
            last *= 1.5
        z = np.geomspace(first, last, _NODES)
        falls = -_profile(z, nu)
        keep = np.concatenate([[True], falls[1:] > np.maximum.accumulate(falls)[:-1]])
        z, falls = z[keep], falls[keep]
        self._least = float(falls[0])
        self._table = CubicHermiteSpline(falls, z, kve(abs(nu), z) / kve(abs(nu - 1), z))

    def __call__(self, logarithms: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return distances for logarithms of the kernel; infinite for minus infinity."""
        falls = self.shift - logarithms
        out = np.full(falls.shape, np.inf)
        known = np.isfinite(falls)
        values = falls[known]
        out[known] = np.where(values < self._least, 0.0, self._table(np.maximum(values, self._least))) / self.kappa
        return out
