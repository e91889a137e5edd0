"""The experiments of the paper, each a function from plain arguments to plain numbers, so that it can be a row of a run.

Definition: whole training steps by route, errors of potentials by product, and what the figures show (Luo, Chen & Krishnapriyan 2024, sections 3 and 4).
Convention: networks stand in a module of their own; pictures are values on a disc, the front half of the sphere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.edges import to_numpy, to_tensor
from erlangen.papers.gaunt_tensor_product import bodies, networks
from erlangen.representations.products import gaunt_product
from erlangen.representations.sphere import evaluate, projection_rule

__all__ = [
    "BODY_DEGREES",
    "PRODUCTS",
    "learn",
    "learn_bodies",
    "parameter_counts",
    "paths",
    "rules",
    "signals",
    "symmetry_of_bodies",
    "timings",
]

PRODUCTS = ("clebsch-gordan", "gaunt", "complete-gaunt")
BODY_DEGREES = (1, 2)
Array = NDArray[np.float64]


def learn(
    product: str,
    sizes: dict[str, Any],
    data: dict[str, Any],
    seed: int,
    epochs: int,
    stages: int,
    steps: int,
    rank: int = 1,
    dtype: str = "float32",
) -> dict[str, Any]:
    """Train one potential, and let it move at constant energy."""
    return networks.learn(product, sizes, data, seed, epochs, stages, steps, rank, dtype)


def paths() -> dict[str, dict[str, list[float]]]:
    """Return places and energies along both paths by density functional theory."""
    return networks.paths()


def learn_bodies(
    product: str,
    lmax: int,
    sizes: dict[str, int],
    counts: dict[str, int],
    seed: int,
    epochs: int,
    stages: int,
    rank: int = 1,
) -> dict[str, Any]:
    """Train one network on charged bodies."""
    return bodies.learn_bodies(product, lmax, sizes, counts, seed, epochs, stages, rank)


def symmetry_of_bodies() -> tuple[float, int]:
    """Return how far networks on charged bodies are from symmetric, at both degrees, and how often this was tried."""
    found = [bodies.symmetry_of_bodies(lmax) for lmax in BODY_DEGREES]
    return max(worst for worst, _ in found), sum(count for _, count in found)


def timings(sizes: dict[str, Any], rounds: int) -> dict[str, Any]:
    """Time whole training steps by route, and compare what the routes say."""
    return {
        "seconds": networks.step_times(sizes, rounds),
        "differences": networks.route_differences(sizes),
        "symmetry": networks.symmetry(sizes),
    }


def parameter_counts() -> dict[str, int]:
    """Count the weights of the product of one layer."""
    return networks.parameter_counts()


def signals(L: int, seed: int, size: int = 120) -> dict[str, dict[str, Array]]:
    """Return two functions of degree L and their product: values (size, size) on the front of the sphere, and the energy of each degree."""
    rng = np.random.default_rng(seed)
    spread = np.repeat([0.5] + [(2 * degree + 1) ** -0.5 for degree in range(1, L + 1)], 2 * np.arange(L + 1) + 1)
    x, y = (rng.normal(size=(L + 1) ** 2) * spread for _ in range(2))
    z = np.asarray(to_numpy(gaunt_product(to_tensor(x, "x"), to_tensor(y, "y"))))  # type: ignore[arg-type]
    points, inside = _disc(size)
    found = {}
    for name, signal in (("x", x), ("y", y), ("xy", z)):
        values = np.full(inside.shape, np.nan)
        values[inside] = np.asarray(evaluate(signal, points))
        degrees = range(int(np.sqrt(len(signal))))
        found[name] = {
            "values": values,
            "energy": np.array([np.sum(signal[degree**2 : (degree + 1) ** 2] ** 2) for degree in degrees]),
        }
    return found


def _disc(size: int) -> tuple[Array, NDArray[np.bool_]]:
    """Return the unit vectors seen on a disc, and which pixels lie on it."""
    edge = np.linspace(-1, 1, size)
    across, up = np.meshgrid(edge, edge[::-1])
    inside = across**2 + up**2 <= 1
    depth = np.sqrt(1 - across[inside] ** 2 - up[inside] ** 2)
    return _tilted(np.stack([across[inside], up[inside], depth], axis=-1)), inside


def _tilted(points: Array, angle: float = 0.35) -> Array:
    """Return points seen from a little above."""
    c, s = np.cos(angle), np.sin(angle)
    return np.asarray(points @ np.array([[1, 0, 0], [0, c, s], [0, -s, c]]))


def rules(L: int) -> dict[str, Array]:
    """Return the points (n, 3) of the rule of each family that projects products of two functions of degree L exactly."""
    families = ("minimal", "lebedev", "gauss-legendre", "equal-angle")
    turn = _tilted(np.eye(3))
    return {name: projection_rule(2 * L, 2 * L, name).points @ turn.T for name in families}
