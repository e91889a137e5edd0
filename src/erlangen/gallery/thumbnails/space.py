"""A camera for small drawings: points of three-space on the sheet.

Definition: rotation by azimuth about the vertical axis, then by elevation, then orthographic projection and scaling.
Convention: z is up in space; the returned depth grows towards the eye.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Camera"]


@dataclass(frozen=True)
class Camera:
    """An orthographic camera: azimuth and elevation in radians, scale in units, centre on the sheet.

    Examples
    --------
    >>> Camera(0.0, 0.0, 100.0, (800.0, 600.0)).see(1.0, 0.0, 0.0)
    (900.0, 600.0, 0.0)
    """

    azimuth: float
    elevation: float
    scale: float
    centre: tuple[float, float]

    def see(self, x: float, y: float, z: float) -> tuple[float, float, float]:
        """Return ``(sheet x, sheet y, depth)`` of a point."""
        ca, sa = math.cos(self.azimuth), math.sin(self.azimuth)
        ce, se = math.cos(self.elevation), math.sin(self.elevation)
        right, away = ca * x - sa * y, sa * x + ca * y
        up = ce * z + se * away
        return (self.centre[0] + self.scale * right, self.centre[1] - self.scale * up, se * z - ce * away)

    def place(self, x: float, y: float, z: float) -> tuple[float, float]:
        """Return the place on the sheet only."""
        u, v, _ = self.see(x, y, z)
        return u, v
