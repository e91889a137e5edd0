"""Hill's equation with potential Θ/4 and the orbits of the Virasoro coadjoint action.

Definition: ``ψ'' = (Θ/4) ψ`` on the circle; the monodromy in SL(2, R), its trace and the winding of its path fix the orbit
    (Lazutkin–Pankratova; Witten 1988; Balog–Fehér–Palla hep-th/9702178).
Convention: a constant Θ_0 has trace ``2 cosh(π √Θ_0)``; Minkowski space is ``Θ_0 = -1``, of trace -2 and winding 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from erlangen.errors import ConvergenceError, DomainError
from erlangen.gauge.circle import CircleFunction, Periodic

__all__ = ["Monodromy", "OrbitType", "classify_orbit", "hill_monodromy"]

Kind = Literal["elliptic", "parabolic", "hyperbolic", "vacuum"]


@final
@dataclass(frozen=True)
class Monodromy:
    """The monodromy of Hill's equation, and how far its path turns vectors.

    Examples
    --------
    >>> found = hill_monodromy(-1.0)
    >>> round(found.trace, 9), found.half_turns
    (-2.0, 1)
    """

    matrix: NDArray[np.float64]
    turning: float
    path: NDArray[np.float64]
    angles: NDArray[np.float64]

    @property
    def trace(self) -> float:
        """The trace, an invariant of the orbit.

        Examples
        --------
        >>> round(hill_monodromy(0.0).trace, 9)
        2.0
        """
        return float(np.trace(self.matrix))

    @property
    def half_turns(self) -> int:
        """How often the vector ``(ψ, ψ')`` that starts as (0, 1) passes the axis ``ψ = 0`` again, the end included.

        Examples
        --------
        >>> hill_monodromy(-2.0).half_turns
        1
        """
        return int(np.floor(self.turning / np.pi + 1e-7))


def hill_monodromy(theta: Periodic, *, samples: int = 257, tolerance: float = 1e-13) -> Monodromy:
    """Return the monodromy over ``[0, 2π]`` of ``ψ'' = (Θ/4) ψ``.

    Parameters
    ----------
    theta : callable, number or CircleFunction
        Θ(φ), of period 2π.
    samples : int
        At how many angles the path in SL(2, R) is kept, for pictures.
    tolerance : float
        Of the integrator, relative and absolute.

    Returns
    -------
    Monodromy
        Its matrix sends ``(ψ, ψ')`` at 0 to that at 2π; determinant 1 to 1e-10.

    Raises
    ------
    ConvergenceError
        If the integrator fails, or the determinant differs from 1 by more than 1e-9 of the matrix' size squared.

    Examples
    --------
    >>> bool(abs(hill_monodromy(1.0).trace - 2 * np.cosh(np.pi)) < 1e-9)
    True
    """
    potential = CircleFunction.of(theta)

    def flow(angle: float, state: NDArray[np.float64]) -> NDArray[np.float64]:
        quarter = float(potential(angle)) / 4
        turn = np.cos(state[4]) ** 2 - quarter * np.sin(state[4]) ** 2  # of the vector (sin, cos) that starts as (0, 1)
        return np.array([state[1], quarter * state[0], state[3], quarter * state[2], turn])

    angles = np.linspace(0, 2 * np.pi, samples)
    found = solve_ivp(
        flow,
        (0, 2 * np.pi),
        np.array([1.0, 0.0, 0.0, 1.0, 0.0]),
        method="DOP853",
        t_eval=angles,
        rtol=tolerance,
        atol=tolerance,
    )
    if not found.success:
        message = f"Hill's equation could not be integrated: {found.message}"
        raise ConvergenceError(
            message, residual=float("inf"), iterations=int(found.nfev), hint="give a smooth potential"
        )
    path = np.stack([np.array([[a, c], [b, d]]) for a, b, c, d, _ in found.y.T])
    matrix = path[-1]
    defect = abs(np.linalg.det(matrix) - 1)
    if defect > 1e-9 * max(1.0, float(np.sum(matrix**2))):
        message = f"the determinant of the monodromy is off by {defect:.1e}"
        raise ConvergenceError(message, residual=float(defect), iterations=int(found.nfev), hint="lower the tolerance")
    return Monodromy(matrix, float(found.y[4, -1]), path, angles)


@final
@dataclass(frozen=True)
class OrbitType:
    """The coadjoint orbit of Θ: its class, its winding number, its constant representative and its stabiliser.

    Examples
    --------
    >>> round(classify_orbit(lambda phi: 1.0 + 0 * phi).constant, 9)
    1.0
    """

    kind: Kind
    winding: int
    trace: float
    constant: float | None
    stabiliser: str
    dimension: int

    @property
    def mass(self) -> float | None:
        """The rest mass ``Θ_0/8`` in units of 1/G, where there is a constant representative.

        Examples
        --------
        >>> classify_orbit(-1.0).mass
        -0.125
        """
        return None if self.constant is None else self.constant / 8


def classify_orbit(theta: Periodic, *, tolerance: float = 1e-8) -> OrbitType:
    """Return the orbit of Θ under diffeomorphisms of the circle.

    Raises
    ------
    DomainError
        If the trace is so near to ±2 that the class is not decided by the tolerance: it is between it and its square root.
    ConvergenceError
        As for :func:`hill_monodromy`.

    Examples
    --------
    >>> classify_orbit(-4.0).kind, classify_orbit(-2.0).winding
    ('vacuum', 1)
    """
    found = hill_monodromy(theta)
    matrix, trace = found.matrix, found.trace
    scale = max(1.0, float(np.max(np.abs(matrix))))
    identity = np.eye(2) * np.sign(trace)
    if np.max(np.abs(matrix - identity)) <= tolerance:
        winding = round(found.turning / np.pi)
        if winding == 0:  # Θ = 0 alone has no turning, and its monodromy is no identity
            message = "the monodromy is the identity without turning, which no potential has"
            raise DomainError(message, hint="check that the function has period 2 pi")
        return OrbitType("vacuum", winding, trace, -float(winding**2), f"PSL(2, R), {winding}-fold cover", 3)
    excess = abs(trace) - 2
    if abs(excess) <= tolerance * scale:
        return _parabolic(matrix, found, trace)
    if excess < 0:
        floor = int(np.floor(found.turning / np.pi))
        angle = np.arccos(np.clip(trace / 2, -1, 1)) / np.pi
        turns = floor + (angle if floor % 2 == 0 else 1 - angle)
        return OrbitType("elliptic", floor, trace, -float(turns**2), "U(1)", 1)
    winding = _eigen_turns(matrix, found)
    constant = float((np.arccosh(abs(trace) / 2) / np.pi) ** 2) if winding == 0 else None
    return OrbitType("hyperbolic", winding, trace, constant, "U(1)" if winding == 0 else f"R x Z_{winding}", 1)


def _parabolic(matrix: NDArray[np.float64], found: Monodromy, trace: float) -> OrbitType:
    winding = _eigen_turns(matrix, found)
    return OrbitType(
        "parabolic", winding, trace, 0.0 if winding == 0 else None, "U(1)" if winding == 0 else f"R x Z_{winding}", 1
    )


def _eigen_turns(matrix: NDArray[np.float64], found: Monodromy) -> int:
    """Return the number of zeros over a period of a solution that the monodromy multiplies."""
    values, vectors = np.linalg.eig(matrix)
    start = np.real(vectors[:, int(np.argmax(np.real(values)))])
    states = found.path @ start
    turning = np.unwrap(np.arctan2(states[:, 0], states[:, 1]))
    return abs(round(float(turning[-1] - turning[0]) / np.pi))
