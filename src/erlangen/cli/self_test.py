"""A short self-test: closed forms and law batteries on this very installation.

Definition: each entry of :data:`SELF_TESTS` computes with the public rooms and compares with a closed form, or runs a battery of :mod:`erlangen.testing`.
Convention: under twenty seconds altogether on two cores; the answer names the measured number and the allowed one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.special import ive

from erlangen import groups, linalg, native, nn, operators, potentials, representations, testing
from erlangen.representations import products

__all__ = ["SELF_TESTS"]

_LOG_HOP_50 = -150.458162804  # log of e^{-2} I_50(2): the heat kernel of a long cycle at t = 1, hop 50


def _verdict(measured: float, allowed: float, what: str) -> tuple[str, str]:
    """Return status and answer of a measured number."""
    status = "ok" if measured <= allowed else "fail"
    return status, f"{what} {measured:.1e} (allowed {allowed:.0e})"


def _cycle(n: int) -> sp.csr_matrix:
    """Return the adjacency of the cycle of n vertices."""
    edge = np.ones(n)
    i = np.arange(n)
    half = sp.coo_matrix((edge, (i, (i + 1) % n)), shape=(n, n))
    return sp.csr_matrix(half + half.T)


def heat_on_a_cycle() -> tuple[str, str]:
    """Compare the logarithm of the kernel with a published constant, far below the rounding unit."""
    H = operators.heat_kernel(operators.Graph(_cycle(400)), 1.0, sources=[0], method="uniformisation")
    return _verdict(abs(math.log(H[0, 50]) / _LOG_HOP_50 - 1), 1e-9, "log of e^-150.5, relative error")


def heat_near_the_source() -> tuple[str, str]:
    """Compare the near entries with Bessel functions, by every method."""
    graph, hops = operators.Graph(_cycle(200)), np.arange(8)
    exact = ive(hops, 4.0)
    worst = 0.0
    for method in ("uniformisation", "chebyshev", "eigh"):
        H = operators.heat_kernel(graph, 2.0, sources=[0], method=method)
        worst = max(worst, float(np.max(np.abs(H[0, :8] / exact - 1))))
    return _verdict(worst, 1e-9, "largest relative error of three methods")


def conservation() -> tuple[str, str]:
    """Check that heat is neither made nor lost, and none is negative, on a graph of neighbours."""
    X = np.random.default_rng(0).normal(size=(300, 3))
    H = operators.heat_kernel(operators.knn_graph(X, 10), 3.0)
    defect = float(np.max(np.abs(H.sum(axis=1) - 1))) if H.min() >= 0 else math.inf
    return _verdict(defect, 1e-10, "row sums differ from 1 by")


def twin_of_spmm() -> tuple[str, str]:
    """Compare the compiled product of sparse and dense with its Python twin."""
    rng = np.random.default_rng(1)
    A = sp.random(500, 500, density=0.03, random_state=2, format="csr")
    B = rng.normal(size=(500, 7))
    difference = linalg.spmm(A, B) - linalg.spmm(A, B, backend="python")
    status, answer = _verdict(float(np.max(np.abs(difference))), 1e-13, "largest difference")
    return (
        status,
        answer if native.available() else f"{answer}; there are no compiled kernels, the twin was compared with itself",
    )


def heat_operator_laws() -> tuple[str, str]:
    """Run the operator battery on the heat operator of a graph."""
    X = np.random.default_rng(3).normal(size=(60, 2))
    report = testing.check_operator(operators.HeatOperator(operators.knn_graph(X, 6), 1.5))
    broken = ", ".join(result.law for result in report.failed)
    return (
        "fail" if broken else "ok"
    ), f"{len(report) - len(report.failed)} of {len(report)} laws hold{f'; broken: {broken}' if broken else ''}"


def products_by_every_route() -> tuple[str, str]:
    """Compare the product of two functions on the sphere by sparse terms, kernel and twin, on a grid and by Fourier coefficients."""
    x, y = (representations.Irreps.signal(3).randn(6, -1, rng=seed) for seed in (0, 1))
    x, y = x.double(), y.double()
    z = products.gaunt_product(x, y, method="dense")
    worst = max(float((products.gaunt_product(x, y, method=m) - z).abs().max()) for m in ("sparse", "grid", "fourier"))
    return _verdict(worst / float(z.abs().max()), 1e-12, "largest difference of four routes, relative")


def layer_turns_with_its_input() -> tuple[str, str]:
    """Turn and reflect the input of a tensor product, and compare with its output turned."""
    layer = nn.TensorProduct("2x0e+2x1o", "0e+1o+2e", "2x0e+2x1o+1e", rng=0).double()
    R = groups.O3().sample(rng=1)
    x, y = layer.irreps_in1.randn(5, -1, rng=2).double(), layer.irreps_in2.randn(5, -1, rng=3).double()
    turned = layer(x @ layer.irreps_in1.matrix(R).mT, y @ layer.irreps_in2.matrix(R).mT)
    expected = layer(x, y) @ layer.irreps_out.matrix(R).mT
    difference = (turned - expected).abs().max() / expected.abs().max()
    return _verdict(float(difference.detach()), 1e-12, "largest difference, relative")


def forces_are_the_gradient() -> tuple[str, str]:
    """Compare the forces of a small potential with differences of its energy."""
    double = representations.Irreps("0e").randn(1, rng=0).double().dtype
    sizes: dict[str, Any] = {"channels": 2, "lmax": 2, "correlation": 2, "dtype": double}
    potential: Any = potentials.EquivariantPotential(["H", "O"], 3.0, rng=0, **sizes)
    place = np.array([[0.0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
    step = np.zeros_like(place)
    step[1, 0] = 1e-4
    energies = [
        potential.predict([potentials.Frame(["O", "H", "H"], place + s * step)])[0].energy for s in (-2, -1, 1, 2)
    ]
    slope = (energies[0] - 8 * energies[1] + 8 * energies[2] - energies[3]) / 12e-4
    force = potential.predict([potentials.Frame(["O", "H", "H"], place)])[0].forces[1, 0]
    return _verdict(abs(force + slope) / max(1.0, abs(slope)), 1e-7, "force and slope differ by, relative")


SELF_TESTS: dict[str, Callable[[], tuple[str, str]]] = {
    "heat on a cycle, hop 50": heat_on_a_cycle,
    "heat near the source": heat_near_the_source,
    "heat is conserved": conservation,
    "kernels equal their twins": twin_of_spmm,
    "laws of the heat operator": heat_operator_laws,
    "products on the sphere by every route": products_by_every_route,
    "a tensor product turns with its input": layer_turns_with_its_input,
    "forces are the gradient of the energy": forces_are_the_gradient,
}
