"""The solution space of three-dimensional flat gravity in Bondi gauge, and what must come out.

Definition: ``ds² = Θ du² - 2 du dr + 2 (Ξ + u Θ'/2) du dφ + r² dφ²`` is Ricci-flat; along the symmetry of (T, Y) it changes by
    ``δΘ = Y Θ' + 2 Y' Θ - 2 Y'''`` and alike; the charge density is ``T dΘ + 2 Y dΞ + ∂_φ(u Y dΘ)`` and a derivative over r.
Convention: a result is ``(all of Ricci is zero, δg_uu, δg_uφ, density at r, density at 2 r)`` at the values that ``make`` gives.
"""

import math


def make():
    """Return the values of u, r and of each function's derivatives: ``values[name, order]``."""
    values = {("u", 0): 0.7, ("r", 0): 1.9}
    for k, name in enumerate(("Theta", "Xi", "T", "Y", "dTheta", "dXi")):
        for order in range(6):
            values[name, order] = math.sin(1.0 + 2.3 * k + 0.7 * order)
    return values


def score(data, result):
    """Return 1 for a right result."""
    flat, uu, uphi, near, far = result
    u, (T, Y, theta, xi) = data["u", 0], ([data[name, k] for k in range(6)] for name in ("T", "Y", "Theta", "Xi"))
    change = Y[0] * theta[1] + 2 * Y[1] * theta[0] - 2 * Y[3]
    slope = Y[0] * theta[2] + 3 * Y[1] * theta[1] + 2 * Y[2] * theta[0] - 2 * Y[4]
    other = Y[0] * xi[1] + 2 * Y[1] * xi[0] + T[0] * theta[1] / 2 + T[1] * theta[0] - T[3]
    density = T[0] * data["dTheta", 0] + 2 * Y[0] * data["dXi", 0]
    density += u * (Y[1] * data["dTheta", 0] + Y[0] * data["dTheta", 1])
    errors = (uu - change, uphi - other - u * slope / 2, 2 * far - near - density)
    return {"right": float(flat and all(abs(error) < 1e-9 for error in errors))}
