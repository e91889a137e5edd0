r"""Potentials of current dipoles on the surface of a homogeneous conducting sphere.

Definition: the Neumann function of the ball at a surface point r, :math:`2/d - \ln(R^2 - r \cdot r_0 + R d)/R`, d = \|r - r_0\|, derived along the
dipole: :math:`V = \frac{1}{4\pi\sigma}\, p \cdot \left[\frac{2(r - r_0)}{d^3} + \frac{r/R + (r - r_0)/d}{R^2 - r \cdot r_0 + R d}\right]`
(Brody, Terry, Ideker, IEEE Trans. Biomed. Eng. 20 (1973) 141).
Convention: SI units, the sphere about the origin; potentials have mean zero over the whole surface.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.validation import check_matrix, check_real, check_shape

__all__ = ["cap_electrodes", "sphere_leadfield"]

Array = NDArray[np.float64]


def sphere_leadfield(
    electrodes: Array, positions: Array, moments: Array, *, radius: float = 0.095, conductivity: float = 0.33
) -> Array:
    """Return the potentials (m, k), in volts, at m electrodes of k dipoles.

    Parameters
    ----------
    electrodes : ndarray (m, 3)
        Directions of the electrodes; their lengths do not matter.
    positions, moments : ndarray (k, 3)
        Where the dipoles are, in metres, strictly inside, and their moments in ampere metres.
    radius : float
        Of the sphere, in metres.
    conductivity : float
        In siemens per metre.

    Raises
    ------
    DomainError
        If a dipole is not inside the sphere.

    Examples
    --------
    >>> top = np.array([[0.0, 0.0, 1.0]])
    >>> dipole = sphere_leadfield(top, np.zeros((1, 3)), top, radius=1.0, conductivity=1.0)
    >>> bool(np.isclose(dipole[0, 0], 3 / (4 * np.pi)))  # at the centre: V = 3 cos(angle) / (4 pi sigma R^2)
    True
    """
    radius = check_real(radius, "radius", low=0, open_low=True)
    conductivity = check_real(conductivity, "conductivity", low=0, open_low=True)
    electrodes = check_matrix(electrodes, "electrodes")
    positions, moments = check_matrix(positions, "positions"), check_matrix(moments, "moments")
    check_shape(electrodes, "electrodes", (None, 3))
    check_shape(positions, "positions", (None, 3))
    check_shape(moments, "moments", (len(positions), 3))
    depth = np.linalg.norm(positions, axis=1)
    if not (depth < radius).all():
        k = int(np.argmax(depth >= radius))
        message = f"positions[{k}] is {depth[k]:g} m from the centre, the sphere has radius {radius:g} m"
        raise DomainError(message, hint="dipoles lie strictly inside")
    r = (radius * electrodes / np.linalg.norm(electrodes, axis=1, keepdims=True))[:, None]
    away = r - positions
    d = np.linalg.norm(away, axis=2)[..., None]
    q = radius**2 - (r * positions).sum(2, keepdims=True) + radius * d
    field = 2 * away / d**3 + (r / radius + away / d) / q
    potentials: Array = (field * moments).sum(2) / (4 * np.pi * conductivity)
    return potentials


def cap_electrodes(count: int, *, lowest: float = 0.0) -> Array:
    """Return directions (count, 3) of electrodes, spread evenly over the sphere above height ``lowest`` (in [-1, 1)) by the golden angle.

    Examples
    --------
    >>> cap = cap_electrodes(22)
    >>> cap.shape, bool(cap[:, 2].min() > 0)
    ((22, 3), True)
    """
    index = np.arange(count)
    z = 1 - (1 - lowest) * (index + 0.5) / count
    angle = np.pi * (3 - np.sqrt(5)) * index
    rho = np.sqrt(1 - z**2)
    return np.stack([rho * np.cos(angle), rho * np.sin(angle), z], axis=1)
