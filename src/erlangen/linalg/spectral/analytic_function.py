r"""A smooth function given by the caller, with its derivatives or with those autograd finds.

Definition: quotient or Taylor sum for each pair and triple of points, whichever has the smaller error estimate; a sum that contradicts its quotient is dropped.
Convention: estimates are absolute: rounding :math:`\varepsilon |f|/|a - b|` against the last two Taylor terms; no scale of f has to be known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.spectral.spectral_function import SpectralFunction, complete_sums, together
from erlangen.validation import check_choice, check_integer

__all__ = ["AnalyticFunction"]

_DISAGREEMENT = 100.0

Elementwise = Callable[[Tensor], Tensor]


class AnalyticFunction(SpectralFunction):
    """An elementwise function of a tensor, ready for :func:`erlangen.linalg.spectral_function`.

    With r derivatives the second divided difference keeps about ``1 - 2/(r + 1)`` of the digits where eigenvalues nearly
    meet, and all of them where they meet.

    Parameters
    ----------
    f : callable
        Maps a float64 tensor to a tensor of the same shape.
    derivatives : int or sequence of callables
        f', f'', … themselves (at least four), or how many of them autograd shall find (f then consists of torch functions).
    domain : {"real", "nonnegative", "positive"}
        Where the function is defined.

    Examples
    --------
    >>> sine = AnalyticFunction(torch.sin)
    >>> sine.first(torch.zeros(1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64))
    tensor([1.], dtype=torch.float64)
    """

    name: ClassVar[str] = "f"

    def __init__(self, f: Elementwise, derivatives: int | Sequence[Elementwise] = 8, *, domain: str = "real") -> None:
        self.f = f
        count = derivatives if isinstance(derivatives, int) else len(derivatives)
        self.order = check_integer(count, "derivatives", low=4, high=12)
        self.derivatives = None if isinstance(derivatives, int) else tuple(derivatives)
        self.domain = check_choice(domain, "domain", ("real", "nonnegative", "positive"))  # type: ignore[misc]

    def value(self, x: Tensor) -> Tensor:
        """Return f(x)."""
        found = self.f(x)
        if found.shape != x.shape:
            message = f"f must act on each entry, got shape {tuple(found.shape)} for {tuple(x.shape)}"
            raise ShapeError(message, hint="write f with elementwise functions")
        return found

    def expansion(self, centre: Tensor) -> tuple[Tensor, Tensor, Sequence[float | Tensor]]:
        """Return the Taylor coefficients about ``centre``."""
        unit = torch.ones_like(centre)
        values = self._by_autograd(centre) if self.derivatives is None else self._by_hand(self.derivatives, centre)
        return unit, unit, [value / math.factorial(j) for j, value in enumerate(values)]

    def _by_hand(self, derivatives: Sequence[Elementwise], centre: Tensor) -> list[Tensor]:
        return [self.value(centre), *(derivative(centre) for derivative in derivatives)]

    def _by_autograd(self, centre: Tensor) -> list[Tensor]:
        with torch.enable_grad():
            x = centre.detach().clone().requires_grad_()
            values = [self.value(x)]
            for _ in range(self.order):
                last = values[-1]
                if not last.requires_grad:
                    values.append(torch.zeros_like(x))
                    continue
                (slope,) = torch.autograd.grad(last.sum(), x, create_graph=True, allow_unused=True)
                values.append(torch.zeros_like(x) if slope is None else slope)
        return [value.detach() for value in values]

    def first(self, a: Tensor, b: Tensor) -> Tensor:
        """Return f[a, b]."""
        return self._first(*together(a, b))[0]

    def second(self, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
        """Return f[a, b, c]."""
        return self._second(*torch.stack(together(a, b, c)).sort(dim=0).values)[0]

    def third(self, a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
        """Return f[a, b, c, d]."""
        points = torch.stack(together(a, b, c, d)).sort(dim=0).values
        upper, upper_error = self._second(*points[1:])
        lower, lower_error = self._second(*points[:-1])
        return self._better(tuple(points), upper - lower, upper_error + lower_error, points[-1] - points[0])[0]

    def _second(self, low: Tensor, middle: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        upper, upper_error = self._first(high, middle)
        lower, lower_error = self._first(low, middle)
        found, error = self._better((low, middle, high), upper - lower, upper_error + lower_error, high - low)
        return found, error + torch.finfo(low.dtype).eps * found.abs()

    def _first(self, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
        eps = torch.finfo(a.dtype).eps
        high, low = self.value(a), self.value(b)
        found, error = self._better((a, b), high - low, eps * (high.abs() + low.abs()), a - b)
        if not bool(torch.isfinite(found).all()):
            message = "the divided differences of f are not finite"
            raise DomainError(message, hint="check that f and its derivatives are finite on the eigenvalues")
        return found, error + eps * found.abs()

    def _better(
        self, points: tuple[Tensor, ...], difference: Tensor, error: Tensor, gap: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return quotient or Taylor sum, whichever has the smaller error estimate, and that estimate."""
        order = len(points) - 1
        stacked = torch.stack(points)
        centre = (stacked.amin(0) + stacked.amax(0)) / 2
        offsets = [point - centre for point in points]
        radius = torch.stack(offsets).abs().amax(0)
        _, _, coefficients = self.expansion(centre)
        series = complete_sums(coefficients, offsets)
        last = radius ** (self.order - order) * coefficients[self.order]
        before = radius ** (self.order - 1 - order) * coefficients[self.order - 1]
        series_error = math.comb(self.order, order) * (last.abs() + before.abs())
        met = gap == 0
        safe = torch.where(met, torch.ones_like(gap), gap)
        quotient = difference / safe
        quotient_error = torch.where(met, math.inf, error / safe.abs())
        # Where the last terms vanish without being small beyond (a kink, x**21 about 0), only the quotient tells.
        agree = (series - quotient).abs() <= _DISAGREEMENT * quotient_error + series_error
        taylor = met | ((series_error < quotient_error) & agree)
        return torch.where(taylor, series, quotient), torch.where(taylor, series_error, quotient_error)

    def __repr__(self) -> str:
        return f"AnalyticFunction({self.f!r})"
