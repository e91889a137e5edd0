r"""The identities of the paper, measured: how far each is broken at worst, and on how many instances.

Definition: diffusion distance from one kernel at twice the time; PHATE's potential as the triplet distance of squared heat distances; no negative radicand
up to sigma = 1; logarithms of the kernel against Bessel functions; heat neither made nor lost.
Convention: each function returns (largest violation, instances).
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.special import ive

from erlangen.datasets import swiss_roll
from erlangen.operators import (
    Graph,
    diffusion_distance,
    harnack_distance,
    heat_kernel,
    knn_graph,
    potential_distance,
    triplet_distance,
    varadhan_distance,
)

__all__ = ["bessel_logarithms", "conserved_heat", "diffusion_identity", "harnack_radicand", "potential_identity"]

Found = tuple[float, int]


def _graphs(seed: int, n: int = 120) -> list[Graph]:
    """Return six neighbour graphs of small noisy rolls."""
    return [knn_graph(swiss_roll(n, noise=0.1 + 0.2 * i, dim=4 + i, rng=seed + i).X, 5 + i) for i in range(6)]


def diffusion_identity(seed: int) -> Found:
    """Compare the distances between rows of H_t with those read off H_2t and its diagonal."""
    worst, count = 0.0, 0
    for graph in _graphs(seed):
        H, H2 = heat_kernel(graph, 0.7), heat_kernel(graph, 1.4)
        direct = diffusion_distance(H)
        read_off = diffusion_distance(H2, row_diagonal=H2.diagonal(), column_diagonal=H2.diagonal())
        worst = max(worst, float(np.abs(direct**2 - read_off**2).max()))
        count += direct.size
    return worst, count


def potential_identity(seed: int) -> Found:
    """Compare the triplet distance of squared Varadhan distances, over 4t, with PHATE's potential distance."""
    worst, count, t = 0.0, 0, 2.0
    for graph in _graphs(seed):
        if not graph.is_connected:
            continue
        H = heat_kernel(graph, t, method="euler", steps=8)
        H = (H + H.T) / 2
        squared = varadhan_distance(H, t) ** 2
        # The potential has the point itself, where the distance is zero by convention: put it back.
        np.fill_diagonal(squared, -4 * t * np.log(H.diagonal()))
        ours, theirs = triplet_distance(squared) / (4 * t), potential_distance(H)
        worst = max(worst, float(np.abs(ours - theirs).max() / theirs.max()))
        count += ours.size
    return worst, count


def harnack_radicand(seed: int) -> Found:
    """Count negative radicands at sigma = 1, for several times and graphs."""
    clipped, count = 0, 0
    for graph in _graphs(seed):
        for t in (0.1, 1.0, 10.0, 100.0):
            H = heat_kernel(graph, t, method="euler", steps=6)
            _, report = harnack_distance((H + H.T) / 2, t, sigma=1.0, report=True)
            clipped += report.clipped
            count += report.pairs
    return float(clipped), count


def bessel_logarithms() -> Found:
    """Compare log H on a long cycle with e^{-2t} I_k(2t), down to 1e-290, relative to the logarithm."""
    worst, count = 0.0, 0
    n = 600
    edge = sp.coo_array((np.ones(n), (np.arange(n), (np.arange(n) + 1) % n)), shape=(n, n))
    graph = Graph(sp.csr_array(edge + edge.T))
    for t in (0.3, 1.0, 10.0):
        H = heat_kernel(graph, t, sources=[0], method="uniformisation")[0, : n // 2]
        exact = ive(np.arange(n // 2), 2 * t)
        usable = exact > 1e-290
        worst = max(worst, float(np.abs(np.log(H[usable]) / np.log(exact[usable]) - 1).max()))
        count += int(usable.sum())
    return worst, count


def conserved_heat(seed: int) -> Found:
    """Measure how far the rows of the combinatorial kernel are from summing to one."""
    worst, count = 0.0, 0
    for graph in _graphs(seed):
        for method in ("euler", "squaring", "uniformisation"):
            worst = max(worst, float(np.abs(heat_kernel(graph, 5.0, method=method).sum(axis=1) - 1).max()))
            count += graph.n
    return worst, count
