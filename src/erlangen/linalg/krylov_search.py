r"""How far a Lanczos process must go for a function: components of the result in its basis, and the error that stops it.

Definition: :math:`\prod_{k \le m} \beta_k\, |f[\theta_1, \dots, \theta_m, \lambda]| = |f(\hat T)_{m+1, 1}|`, T with :math:`(\beta_m e_m^T, \lambda)` below.
Convention: :math:`\lambda` beyond the spectrum proves the bound; a Ritz value in its place, or a difference of iterates, estimates it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.linalg.lanczos import Lanczos
from erlangen.linalg.scalar_function import ScalarFunction

__all__ = ["KrylovSearch"]

_UNITS = 4.0
_MARGIN = 1e-3

Array = NDArray[np.float64]


class KrylovSearch:
    """Steps of one block of columns until the error of each is small enough; norms of columns are left out until the end."""

    def __init__(
        self,
        process: Lanczos,
        function: ScalarFunction,
        ends: tuple[tuple[float, float], bool],
        rtol: float,
        atol: float,
    ) -> None:
        self.process, self.function = process, function
        (self.low, self.high), self.given = ends
        self.end = {"low": self.low, "high": self.high}.get(function.end or "", np.nan)
        self.rtol, self.atol = rtol, atol
        self.proved = True
        self.components: Array = np.zeros((len(process.norms), 0))
        self._before: list[Array] = []
        self._error: Array = np.full(len(process.norms), np.inf)

    @property
    def truncation(self) -> Array:
        """Absolute error (c,) of each column."""
        return self._error * self.process.norms

    def run(self, most: int) -> None:
        """Take steps, looking at the error after each few of them."""
        look = 1
        while True:
            self.process.step()
            m = self.process.steps
            if m < min(look, most) and not self.process.exhausted.all():
                continue
            self._measure()
            unit = np.maximum(self.rtol * np.linalg.norm(self.components, axis=1), self.atol)
            if m >= most or np.all(self._error <= unit):
                return
            look = m + (max(1, m // 12) if self.proved else max(2, m // 12) if self.function.end else max(4, m // 8))

    def _measure(self) -> None:
        """Compute components and error of every column at the present step."""
        values, vectors = self.process.eigen()
        self._refuse_outside(values)
        images = self.function(values, self.process.size, self.process.unit)
        before, self.components = self.components, (vectors @ (images * vectors[:, 0])[:, :, None])[:, :, 0]
        self._values, self._images, self._weights = values, images, np.abs(vectors[:, 0])
        end = self._usable_end(values)
        self.proved = end is not None
        error = np.zeros(len(values))
        if self.function.end is not None:
            error = self._bound(values, images, vectors, end)
        if end is None:
            error = np.maximum(error, self._difference(before))
        self._error = np.where(self.process.exhausted, 0.0, error)

    def _refuse_outside(self, values: Array) -> None:
        """Refuse an interval that a Ritz value leaves by more than rounding."""
        slack = 64 * self.process.unit * self.process.size
        for found, beyond in (
            (float(values.min()), values.min() < self.low),
            (float(values.max()), values.max() > self.high),
        ):
            if beyond and min(abs(found - self.low), abs(found - self.high)) > slack:
                message = f"the spectrum of A is not inside ({self.low:.6g}, {self.high:.6g}): it has the Ritz value {found:.6g}"
                raise DomainError(message, hint="leave interval away, or widen it")

    def _usable_end(self, values: Array) -> float | None:
        """Return the bound of the spectrum that a proof can stand on; Gershgorin's only where it costs at most a factor of e for ``exp``."""
        end, slack = self.end, 64 * self.process.unit * self.process.size
        if self.function.domain == "nonnegative" and -slack <= end < 0:
            end = 0.0
        if not self.function.admits(end):
            return None
        if self.given or self.function.name != "exp":
            return end
        nearest = values.min() if self.function.end == "low" else values.max()
        with np.errstate(all="ignore"):
            growth = self.function.f(np.array([end])) / self.function.f(np.array([nearest]))
        return end if float(growth[0]) <= np.e else None

    def _bound(self, values: Array, images: Array, vectors: Array, end: float | None) -> Array:
        r"""Return :math:`\prod \beta_k |f[\theta_1, \dots, \theta_m, \lambda]|`, as the corner entry of a function of T."""
        scale, unit = self.process.size, self.process.unit
        at = self._beyond(values) if end is None else np.full((len(values), 1), self._apart(end))
        here = self.function(at, scale, unit)
        gaps = values - at
        slopes = (images - here) / np.where(gaps == 0, 1.0, gaps)
        terms = slopes * vectors[:, 0] * vectors[:, -1]
        noise = unit * np.abs(terms).sum(axis=1)
        return np.asarray(self.process.beside[-1] * (np.abs(terms.sum(axis=1)) + noise))

    def _apart(self, end: float) -> float:
        """Return a bound of the spectrum a little further out, so that no Ritz value meets it and quotients keep their digits."""
        if self.function.name == "exp":
            return end + (-_MARGIN if self.function.end == "low" else _MARGIN) / max(abs(self.function.t), 1e-300)
        return end * (1 - _MARGIN)

    def _beyond(self, values: Array) -> Array:
        """Return where the end of the spectrum may lie (c, 1): half a gap beyond the extreme Ritz value, inside the domain."""
        sign = 1.0 if self.function.end == "low" else -1.0
        ordered = values if sign > 0 else values[:, ::-1]
        gap = np.abs(ordered[:, 1:2] - ordered[:, :1]) if values.shape[1] > 1 else self.process.beside[-1][:, None]
        beyond = ordered[:, :1] - sign * np.maximum(gap / 2, _MARGIN * np.abs(ordered[:, :1]))
        return beyond if self.function.domain == "real" else np.maximum(beyond, ordered[:, :1] / 2)

    def _difference(self, before: Array) -> Array:
        """Return the distance to the components some steps before, for a callable over one minus the rate at which such distances shrink."""
        gap = self.components.copy()
        gap[:, : before.shape[1]] -= before
        self._before = [*self._before[-1:], np.linalg.norm(gap, axis=1)]
        if self.function.end is not None and before.shape[1]:
            return self._before[-1]
        if before.shape[1] == 0 or len(self._before) < 2:
            return np.full(len(gap), np.inf)
        last, now = self._before
        rate = np.minimum(now / np.where(last > 0, last, np.inf), 0.999)
        return np.asarray(now / (1 - rate))

    def rounding(self) -> Array:
        r"""Return the error (c,) by a perturbation of A by rounding and by a coupling dropped, to first order, and by the sums."""
        step = (_UNITS * self.process.unit * self.process.size + self.process.dropped)[:, None]
        slack = self.function(self._values + step, self.process.size, self.process.unit)
        worst = np.abs(slack - self._images)
        for i in range(self._values.shape[1]):
            gaps = np.maximum(np.abs(self._values - self._values[:, i : i + 1]), step)
            slopes = np.abs(self._images - self._images[:, i : i + 1]) / np.where(gaps > 0, gaps, 1.0) * step
            worst = np.maximum(worst, slopes)
        found = np.sqrt(((worst * self._weights) ** 2).sum(axis=1))
        sums = _UNITS * self.process.unit * np.linalg.norm(self.components, axis=1)
        return np.asarray((found + sums) * self.process.norms)
