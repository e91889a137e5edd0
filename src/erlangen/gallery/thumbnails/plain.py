"""The picture of a paper that has none of its own.

Definition: a rosette ``r = 1 + a cos(n θ)`` whose numbers come from the bytes of the slug.
Convention: the same slug gives the same rosette.
"""

from __future__ import annotations

import math
from zlib import crc32

from erlangen.gallery.thumbnails.canvas import Canvas

__all__ = ["draw_plain"]


def draw_plain(slug: str) -> str:
    """Return a rosette that depends on the slug."""
    seed = crc32(slug.encode("utf-8"))
    petals, twist = 3 + seed % 6, 1 + (seed >> 8) % 3
    sheet = Canvas()
    for ring in range(8):
        radius = 120 + 45 * ring
        points = []
        for step in range(121):
            angle = 2 * math.pi * step / 120
            r = radius * (1 + 0.18 * math.cos(petals * angle + 0.2 * twist * ring))
            points.append((800 + r * math.cos(angle), 600 + r * math.sin(angle)))
        sheet.line(points, f"c{ring}", closed=True)
    return sheet.svg("A rosette")
