"""A wave of two scales, and the lines of its spectrum.

Definition: ``u(x) = sin 5x + 0.35 sin(5x) cos 80x``; below, the spectral density of a Student-t mixture with its components at these frequencies.
Convention: the slow part is accented; frequency grows to the right on a logarithmic scale.
"""

from __future__ import annotations

import math

from erlangen.gallery.thumbnails.canvas import Canvas

__all__ = ["draw"]

_PEAKS = ((5.0, 1.0, 0.10), (75.0, 0.55, 0.05), (85.0, 0.55, 0.05), (22.0, 0.12, 0.16))


def _density(frequency: float) -> float:
    return sum(w * (1 + (math.log(frequency / mu) / width) ** 2 / 5) ** -3 for mu, w, width in _PEAKS)


def draw() -> str:
    """Return the picture."""
    sheet = Canvas()
    count = 640
    wave, slow = [], []
    for k in range(count + 1):
        x = 2.35 * k / count
        base = math.sin(5 * x)
        wave.append((100 + 1400 * k / count, 420 - 240 * (base + 0.38 * base * math.cos(80 * x))))
        if k % 8 == 0:
            slow.append((100 + 1400 * k / count, 420 - 240 * base))
    sheet.line([(100, 420), (1500, 420)], "hair")
    sheet.line(wave, "c1")
    sheet.line(slow, "accent")
    low, high = math.log(2.0), math.log(200.0)
    spectrum = []
    for k in range(281):
        frequency = math.exp(low + (high - low) * k / 280)
        spectrum.append((100 + 5 * k, 1090 - 270 * _density(frequency)))
    sheet.fill([(100, 1090), *spectrum, (1500, 1090)], "c2 pale")
    sheet.line(spectrum, "c1")
    sheet.line([(100, 1090), (1500, 1090)], "ink")
    for mu, _, _ in _PEAKS:
        x = 100 + 1400 * (math.log(mu) - low) / (high - low)
        sheet.line([(x, 1090), (x, 1115)], "ink")
    return sheet.svg("A wave of two scales above its spectrum")
