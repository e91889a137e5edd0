"""Neighbour lists against brute force over images, crystals whose shells are known, and ASE."""

import itertools

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.potentials import neighbour_list


def brute_force(positions, cutoff, cell, pbc, reach=9):
    """All (sender, receiver, S), by trying every image."""
    found = []
    for shift in itertools.product(*(range(-reach, reach + 1) if p else (0,) for p in pbc)):
        vectors = positions[None, :] - positions[:, None] + np.array(shift) @ cell  # [sender, receiver]
        for j, i in np.argwhere(np.linalg.norm(vectors, axis=-1) < cutoff):
            if i != j or any(shift):
                found.append((int(j), int(i), *shift))
    return sorted(found)


@pytest.mark.parametrize("seed", range(12))
def test_equals_all_images_tried(seed):
    rng = np.random.default_rng(seed)
    cell = (
        np.linalg.qr(rng.normal(size=(3, 3)))[0] * rng.uniform(1.5, 4, size=3)[:, None] + rng.normal(size=(3, 3)) * 0.2
    )
    pbc, positions = rng.integers(0, 2, 3).astype(bool), rng.normal(size=(rng.integers(1, 8), 3)) * 2
    got = neighbour_list(positions, 3.0, cell=cell, pbc=pbc)
    edges = sorted(
        (int(j), int(i), *map(int, s)) for j, i, s in zip(got.senders, got.receivers, got.shifts, strict=True)
    )
    full = cell if pbc.all() else np.where(pbc[:, None], cell, 0.0)
    assert edges == brute_force(positions, 3.0, full, pbc)


def test_edges_are_sorted_and_paired():
    rng = np.random.default_rng(3)
    got = neighbour_list(rng.normal(size=(6, 3)), 3.0, cell=np.eye(3) * 2.5, pbc=True)
    order = np.lexsort((*got.shifts.T[::-1], got.senders, got.receivers))
    assert np.array_equal(order, np.arange(len(order)))
    assert np.array_equal(got.senders[got.first], got.receivers[got.second])
    assert np.array_equal(got.shifts[got.first], -got.shifts[got.second])
    assert np.array_equal(np.bincount(got.pair), np.full(len(got.first), 2))


@pytest.mark.parametrize(("cutoff", "count"), [(1.1, 6), (1.5, 18), (1.8, 26), (2.1, 32)])
def test_shells_of_the_simple_cubic_lattice(cutoff, count):
    # numbers of points of Z^3 with |x|^2 <= 1, 2, 3, 4 (OEIS A117609 minus one)
    assert len(neighbour_list([[0.3, 0.2, 0.1]], cutoff, cell=np.eye(3), pbc=True).senders) == count


def test_equals_ase():
    ase = pytest.importorskip("ase")
    from ase.neighborlist import neighbor_list

    rng = np.random.default_rng(1)
    positions, cell = rng.normal(size=(9, 3)) * 5, rng.normal(size=(3, 3)) + 4 * np.eye(3)
    i, j, S = neighbor_list("ijS", ase.Atoms("H9", positions=positions, cell=cell, pbc=True), 4.0)
    got = neighbour_list(positions, 4.0, cell=cell, pbc=True)
    assert sorted(zip(j, i, *(-S).T, strict=True)) == sorted(
        zip(got.senders, got.receivers, *got.shifts.T, strict=True)
    )


def test_refusals():
    with pytest.raises(DomainError, match=r"atoms 1 and 2 coincide"):
        neighbour_list([[0, 0, 0], [1, 0, 0], [1, 0, 1e-9]], 2.0)
    with pytest.raises(DomainError, match=r"atoms 0 and 1 coincide"):
        neighbour_list([[0, 0, 0], [2.0, 0, 0]], 1.5, cell=2 * np.eye(3), pbc=True)
    with pytest.raises(DomainError, match=r"positions\[1, 2\] = nan"):
        neighbour_list([[0, 0, 0], [1, 0, np.nan]], 2.0)
    with pytest.raises(DomainError, match="linearly dependent"):
        neighbour_list([[0, 0, 0]], 2.0, cell=np.ones((3, 3)), pbc=True)
    with pytest.raises(DomainError, match="there is no cell"):
        neighbour_list([[0, 0, 0]], 2.0, pbc=True)
    assert neighbour_list(np.zeros((0, 3)), 2.0).senders.shape == (0,)
    assert neighbour_list([[0, 0, 0], [9, 0, 0]], 2.0).senders.shape == (0,)
