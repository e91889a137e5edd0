"""A short self-test: closed forms and law batteries on this very installation.

Definition: each entry of :data:`SELF_TESTS` computes with the public rooms and compares with a closed form, or runs a battery of :mod:`erlangen.testing`.
Convention: under twenty seconds altogether on two cores; the answer names the measured number and the allowed one.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import scipy.sparse as sp
from scipy.special import ive

from erlangen import linalg, native, operators, testing

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


SELF_TESTS: dict[str, Callable[[], tuple[str, str]]] = {
    "heat on a cycle, hop 50": heat_on_a_cycle,
    "heat near the source": heat_near_the_source,
    "heat is conserved": conservation,
    "kernels equal their twins": twin_of_spmm,
    "laws of the heat operator": heat_operator_laws,
}
