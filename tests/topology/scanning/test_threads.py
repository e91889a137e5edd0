"""Threads inside one scan: the same bits for any number of them, in every theory; limits, interrupts and checkpoints with them.

The engine calls other threads where there is enough to do; ``grain=0`` makes it call them for every row.
"""

import random
import signal
import threading

import numpy as np
import pytest

from erlangen.errors import DomainError, ResourceLimitError
from erlangen.exact import F, Z
from erlangen.native import kernels
from erlangen.topology import khovanov_homology, s_invariant
from erlangen.topology.diagrams.link import Link
from erlangen.topology.scanning import scan, scan_odd
from erlangen.topology.scanning.cut import cut_labels
from erlangen.topology.scanning.disc_order import disc_order
from erlangen.topology.scanning.native_scan import _labels, native_scan, native_scan_available
from erlangen.topology.scanning.planar_disc import checkerboard
from erlangen.topology.scanning.scan_checkpoint import ScanCheckpoint

pytestmark = pytest.mark.skipif(not native_scan_available(Z), reason="the engine is not compiled")


def random_braid(seed, strands, letters):
    rng = random.Random(seed)
    return Link.from_braid([rng.choice([1, -1]) * rng.randrange(1, strands) for _ in range(letters)], strands)


def engine(link, order, threads, *, characteristic=0, deformed=False, reduced=False, parity=()):
    labels = _labels(link, 0)[list(order)]
    made = kernels("native").KhovanovScan
    return made(labels, 2 * link.n_crossings, characteristic, deformed, reduced, 0, list(parity), threads, 0)


def assert_same(states):
    first, *others = states
    for other in others:
        assert first.keys() == other.keys()
        for name, value in first.items():
            if name not in ("bytes", "peak_bytes"):
                assert np.array_equal(value, other[name]), name


def assert_any_number_computes_the_same(engines):
    while not engines[0].finished():
        assert_same([one.advance() for one in engines])
        assert_same([one.state() for one in engines])
        assert all(one.closed() for one in engines)
    assert_same([one.result() for one in engines])


@pytest.mark.parametrize("characteristic", [0, 2, 3, 2**31 - 1])
@pytest.mark.parametrize("deformed", [False, True])
def test_every_state_is_the_same_bits(characteristic, deformed):
    rng = random.Random(5)
    for seed in range(8):
        link = random_braid(seed, 3 + seed % 3, 13)
        order = rng.sample(range(13), 13) if seed > 4 else range(13)
        options = {"characteristic": characteristic, "deformed": deformed, "reduced": bool(seed % 2)}
        assert_any_number_computes_the_same([engine(link, order, threads, **options) for threads in (1, 2, 3)])


@pytest.mark.parametrize("characteristic", [0, 3])
def test_the_odd_theory_too(characteristic):
    for seed in range(6):
        link = random_braid(seed, 3 + seed % 3, 12)
        order = disc_order(cut_labels(link, 0), link.pieces())
        board = checkerboard(link)
        options = {"characteristic": characteristic, "reduced": True, "parity": [board[c] for c in order]}
        assert_any_number_computes_the_same([engine(link, order, threads, **options) for threads in (1, 2, 3)])


def test_large_integers_in_threads():
    """Every coefficient leaves 64 bits; where it is kept depends on the threads, what it is does not."""
    results = []
    for threads in (1, 2, 3):
        one = engine(Link.from_braid([1, 2, 3, 4] * 3), range(12), threads, deformed=True)
        for _ in range(3):
            one.advance()
        state = one.state()
        huge = [(3**50 + i) * (-1) ** i for i in range(len(state["value"]))]
        state["large"], state["value"] = huge, 2**62 + np.arange(len(huge), dtype=np.int64)
        one.restore(state)
        while not one.finished():
            one.advance()
        results.append(one.result())
    assert len(results[0]["large"]) > 10
    assert_same(results)


def test_a_torus_knot_through_the_public_functions():
    """T(7, 8) is large enough for threads to be called, by the default grain too."""
    link = Link.from_braid([1, 2, 3, 4, 5, 6] * 8)
    one, two = (scan(link, ring="F2", reduced=True, threads=threads) for threads in (1, 2))
    assert one == two
    assert two.statistics.peak_bytes > one.statistics.peak_bytes  # the second thread has caches of its own
    assert khovanov_homology(link, "F2", threads=3).total_rank == 2 * len(one)


def test_threads_reach_every_function_and_are_checked():
    link = Link.from_braid([1, 1, 1])
    assert khovanov_homology(link, threads=2) == khovanov_homology(link, threads=None) == khovanov_homology(link)
    assert khovanov_homology(link, theory="odd", threads=2) == khovanov_homology(link, theory="odd")
    assert scan_odd(link, threads=2) == scan_odd(link)
    assert s_invariant(link, threads=2) == 2
    for threads in (0, -1, 1025, 1.5):
        with pytest.raises((DomainError, TypeError, ValueError), match="threads"):
            scan(link, threads=threads)


def test_too_little_memory_with_threads():
    link = Link.from_braid([1, 2, 3, 4, 5, 6] * 8)
    with pytest.raises(ResourceLimitError, match="of 48 after girths 4"):
        native_scan(link, F(2), range(48), reduced=True, max_memory=6_000_000, threads=2)


def test_an_interrupt_is_heard_with_threads():
    link = Link.from_braid([1, 2, 3, 4, 5, 6, 7] * 9)
    before = threading.active_count()
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
    try:
        timer = threading.Timer(1.0, signal.raise_signal, (signal.SIGINT,))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            scan(link, ring="F2", reduced=True, backend="native", max_memory=2**32, threads=2)
        timer.join()
    finally:
        signal.signal(signal.SIGINT, kept)
    assert threading.active_count() == before


def test_a_checkpoint_serves_any_number_of_threads(tmp_path, monkeypatch):
    link = random_braid(2, 4, 12)
    expected = native_scan(link, Z, range(12), deformed=True)
    path = tmp_path / "scan.safetensors"

    def stopping(self, engine, girths, generators, keep=ScanCheckpoint.keep):
        self.every = 0.0
        keep(self, engine, girths, generators)
        if len(girths) == 7:
            raise KeyboardInterrupt

    monkeypatch.setattr(ScanCheckpoint, "keep", stopping)
    with pytest.raises(KeyboardInterrupt):
        native_scan(link, Z, range(12), deformed=True, checkpoint=path, threads=3)
    monkeypatch.undo()
    assert native_scan(link, Z, range(12), deformed=True, checkpoint=path, threads=2) == expected
    assert not path.exists()
