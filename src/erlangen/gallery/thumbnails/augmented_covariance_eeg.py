"""Channels and their lagged copies, and the block matrix of their covariances.

Definition: ``Γ_aug`` has block ``(i, j)`` equal to ``Γ((i - j) τ)``; here three channels of damped oscillations, four lags.
Convention: above the diagonal as below, block-Toeplitz; tone by the value from -1 to 1.
"""

from __future__ import annotations

import math

from erlangen.gallery.thumbnails.canvas import Canvas, tone

__all__ = ["draw"]

_CHANNELS, _ORDER = 4, 4
_FREQUENCY = (0.55, 0.8, 1.15, 0.4)


def _covariance(first: int, second: int, lag: int) -> float:
    """Return the covariance of two channels at a lag: a damped cosine with a phase between the channels."""
    phase = 0.7 * (first - second)
    frequency = (_FREQUENCY[first] + _FREQUENCY[second]) / 2
    coupling = math.exp(-0.45 * abs(first - second))
    return coupling * math.exp(-0.17 * abs(lag)) * math.cos(frequency * lag + phase)


def _trace(channel: int, x: float) -> float:
    return sum(
        math.sin(_FREQUENCY[other] * x * (1 + 0.07 * k) + 1.3 * channel + k) / (1 + abs(other - channel))
        for k, other in enumerate(range(_CHANNELS))
    )


def draw() -> str:
    """Return the picture."""
    sheet = Canvas()
    for channel in range(_CHANNELS):
        base = 255 + 230 * channel
        wave = [(90 + 5.2 * k, base - 42 * _trace(channel, k / 3.4)) for k in range(101)]
        sheet.line(wave, ("c0", "c1", "c2", "c3")[channel] + " firm")
    for lag in range(_ORDER):
        x = 165 + 118 * lag
        sheet.line([(x, 150), (x, 1050)], "accent" if lag == 0 else "hair")
    size, left, top = 52, 690, 184
    cells: list[list[tuple[int, int]]] = [[] for _ in range(8)]
    for row in range(_CHANNELS * _ORDER):
        for column in range(_CHANNELS * _ORDER):
            value = _covariance(row % _CHANNELS, column % _CHANNELS, 2 * (row // _CHANNELS - column // _CHANNELS))
            cells[tone(-value, -1, 1)].append((left + size * column, top + size * row))
    for step, places in enumerate(cells):
        for x, y in places:
            sheet.fill([(x + 2, y + 2), (x + 50, y + 2), (x + 50, y + 50), (x + 2, y + 50)], f"c{step}")
    for k in range(_ORDER + 1):
        border = _CHANNELS * size * k
        end = size * _CHANNELS * _ORDER
        sheet.line([(left + border, top), (left + border, top + end)], "ink")
        sheet.line([(left, top + border), (left + end, top + border)], "ink")
    return sheet.svg("Four channels and the block-Toeplitz matrix of their lagged covariances")
