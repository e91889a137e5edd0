"""The compiled scan against its twin in Python, against tables, and its limits, interrupts and checkpoints."""

import random
import signal
import threading
import time

import numpy as np
import pytest

from erlangen.errors import ResourceLimitError, StoreError
from erlangen.exact import F, Q, Z
from erlangen.native import kernels
from erlangen.topology.diagrams.link import Link
from erlangen.topology.khovanov.readings import homology
from erlangen.topology.scanning import ScannedComplex, scan
from erlangen.topology.scanning.native_scan import native_scan, native_scan_available
from erlangen.topology.scanning.rational_scan import over_the_rationals
from erlangen.topology.scanning.reference_scan import reference_scan
from erlangen.topology.scanning.scan_checkpoint import ScanCheckpoint

pytestmark = pytest.mark.skipif(not native_scan_available(Z), reason="the engine is not compiled")

RINGS = [Z, Q, F(2), F(3), F(2**31 - 1)]


def random_braid(seed, strands, letters):
    rng = random.Random(seed)
    return Link.from_braid([rng.choice([1, -1]) * rng.randrange(1, strands) for _ in range(letters)], strands)


@pytest.mark.parametrize("ring", RINGS, ids=str)
@pytest.mark.parametrize("deformed", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_the_engine_agrees_with_its_twin(ring, deformed, seed):
    link = random_braid(seed, 3 + seed % 2, 8)
    options = {"ring": ring, "deformed": deformed}
    fast = scan(link, backend="native", check=True, **options)
    slow = scan(link, backend="python", **options)
    fast.check()
    for reduced in (True, False):
        assert homology(fast, ring, reduced=reduced) == homology(slow, ring, reduced=reduced)
    if ring.is_field:
        assert fast.poincare() == slow.poincare()
    assert fast.statistics.backend == "native"
    assert fast.statistics.girths == slow.statistics.girths


@pytest.mark.parametrize("ring", [Z, F(2), F(5)], ids=str)
def test_any_order_and_any_diagram_give_the_same_groups(ring):
    """Orders at random: crossings join the tangle at no, one or several places, and kinks and split pieces occur."""
    rng = random.Random(11)
    for link in (
        random_braid(5, 4, 9),
        Link.from_pd("X[0,0,1,1]"),
        Link.from_braid([1, 1, 3, 3, 3]),
        Link.from_braid([1, 3]),
    ):
        expected = homology(scan(link, ring=ring, backend="python"), ring, reduced=False)
        for _ in range(6):
            order = rng.sample(range(link.n_crossings), link.n_crossings)
            found = native_scan(link, ring, order, deformed=True, check=True)
            found.check()
            assert homology(found, ring, reduced=False) == expected


def test_the_reduced_scan_knows_reduced_homology():
    for seed in range(4):
        link = random_braid(seed, 4, 10)
        whole, part = (scan(link, backend="native", reduced=reduced) for reduced in (False, True))
        assert homology(whole, Z, reduced=True) == homology(part, Z, reduced=True)
        assert not part.dotted.any()
        assert part.without_dots() == part


# Torsion of unreduced homology, {(h, q): [orders]}: KnotJob and JavaKh agree on it.
TORSION = {(3, 17): [2], (7, 21): [2], (7, 23): [2], (9, 25): [4], (10, 27): [2], (10, 29): [2]}


def test_the_torus_knot_4_5_has_its_torsion():
    found = homology(scan(Link.from_braid([1, 2, 3] * 5), backend="native", check=True), Z, reduced=False)
    torsion = {place: sorted(group.torsion) for place, group in found.groups.items() if group.torsion}
    assert torsion == TORSION


@pytest.mark.parametrize(("strands", "turns"), [(5, 6), (6, 7)])
def test_the_integers_agree_with_every_field(strands, turns):
    """Universal coefficients: ranks over F_p from the groups over Z, for torus knots with Z3 and Z5 torsion."""
    link = Link.from_braid(list(range(1, strands)) * turns)
    whole = homology(scan(link, backend="native"), Z, reduced=False)
    assert {2, 3, 5} <= {p for order in whole.torsion_orders for p in (2, 3, 5) if order % p == 0}
    for ring in (F(2), F(3), F(5), F(2**31 - 1)):
        over = homology(scan(link, ring=ring, backend="native"), ring, reduced=False)
        assert over == whole.over(ring)


def test_rationals_keep_only_what_is_no_torsion():
    scanned = scan(Link.from_braid([1, 2, 3] * 5), backend="native", deformed=True)
    over_q = over_the_rationals(scanned)
    over_q.check()
    assert over_q.poincare() == scan(Link.from_braid([1, 2, 3] * 5), ring=F(2**31 - 1), backend="native").poincare()


def test_large_coefficients_survive():
    """A square of large numbers cannot be told from its twin: int64 is left and re-entered."""
    link = random_braid(3, 3, 6)
    engine = _engine(link)
    engine.advance()
    state = engine.state()
    assert state["value"].tolist() in ([1], [-1])
    huge = 10**40
    state["large"], state["value"] = [huge], np.array([2**62], dtype=np.int64)
    engine.restore(state)
    while not engine.finished():
        engine.advance()
    found = engine.result()
    values = [c if c < 2**62 else found["large"][c - 2**62] for c in found["coefficient"].tolist()]
    assert any(abs(value) >= huge and value % huge == 0 for value in values)


def _engine(link, characteristic=0, limit=0):
    labels = np.array(link.crossings, dtype=np.int32)
    n = link.n_crossings
    where = np.argwhere(labels == 0)
    for row, end in zip(where, (2 * n, 2 * n + 1), strict=True):
        labels[tuple(row)] = end
    return kernels("native").KhovanovScan(labels, 2 * n, characteristic, False, False, limit)


def test_too_little_memory_is_refused_and_leaves_nothing():
    link = Link.from_braid([1, 2, 3, 4] * 6)
    order = range(link.n_crossings)
    with pytest.raises(ResourceLimitError, match="of 24 after girths 4"):
        native_scan(link, Z, order, max_memory=200_000)
    peak = native_scan(link, Z, order).statistics.peak_bytes
    assert 200_000 < peak < 4_000_000
    native_scan(link, Z, order, max_memory=1.1 * peak)


def test_too_many_open_ends_are_refused():
    link = Link.from_braid([*range(1, 20, 2)] * 2 + [*range(2, 20, 2)])
    with pytest.raises(ResourceLimitError, match="36 ends"):
        native_scan(link, F(2), range(link.n_crossings))


@pytest.mark.slow
def test_an_interrupt_is_heard_inside_a_crossing():
    link = Link.from_braid([1, 2, 3, 4, 5, 6, 7] * 9)
    timer = threading.Timer(3.0, signal.raise_signal, (signal.SIGINT,))
    timer.start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        scan(link, ring="F2", backend="native", max_memory=2**32)
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("ring", [Z, F(2), F(7)], ids=str)
def test_a_scan_resumes_from_its_checkpoint(tmp_path, ring, monkeypatch):
    link = random_braid(2, 4, 12)
    order = range(12)
    expected = native_scan(link, ring, order, deformed=True)
    path = tmp_path / "scan.safetensors"
    monkeypatch.setattr(ScanCheckpoint, "keep", _keep_at(ScanCheckpoint.keep, 7))
    with pytest.raises(RuntimeError, match="power cut"):
        native_scan(link, ring, order, deformed=True, checkpoint=path)
    monkeypatch.undo()
    done = []
    resumed = native_scan(
        link, ring, order, deformed=True, checkpoint=path, progress=lambda *state: done.append(state[0])
    )
    assert done == list(range(8, 13))
    assert resumed == expected
    assert resumed.statistics.girths == expected.statistics.girths
    assert not path.exists()


def _keep_at(keep, crossings):
    def stopping(self, engine, girths, generators):
        self.every = 0.0
        keep(self, engine, girths, generators)
        if len(girths) == crossings:
            message = "power cut"
            raise RuntimeError(message)

    return stopping


def test_a_checkpoint_of_another_scan_or_a_damaged_one_is_refused(tmp_path):
    link = random_braid(2, 4, 8)
    engine = _engine(link)
    for _ in range(4):
        engine.advance()
    state = engine.state()
    for name, change in {
        "partners": lambda a: a * 0,
        "target": lambda a: a + 1000,
        "matching": lambda a: a + 50,
        "mask": lambda a: a + 2**20,
        "row_size": lambda a: a + 1,
        "edges": lambda a: a[::-1].copy(),
        "value": lambda a: a * 0,
        "head": lambda a: a[:3].copy(),
    }.items():
        with pytest.raises(ValueError, match="damaged"):
            engine.restore({**state, name: change(state[name])})
    path = tmp_path / "scan"
    path.write_bytes(b"not a checkpoint at all")
    with pytest.raises(StoreError, match="no checkpoint"):
        native_scan(link, Z, range(8), checkpoint=path)
    path.unlink()
    store = ScanCheckpoint(path, {"another": "task"}, every=0.0)
    store.keep(engine, [4], [2])
    with pytest.raises(StoreError, match="another scan"):
        native_scan(link, Z, range(8), checkpoint=path)


def test_labels_are_checked():
    module = kernels("native")
    for labels in ([[0, 1, 2, 3]], [[0, 0, 0, 1]], [[-1, 0, 0, 1]], [[0, 0, 2, 9]]):
        with pytest.raises(ValueError, match=r"edge|range"):
            module.KhovanovScan(np.array(labels, dtype=np.int32), 2, 0, False, False, 0)
    with pytest.raises(ValueError, match="characteristic"):
        module.KhovanovScan(np.array([[0, 2, 3, 0]], dtype=np.int32), 2, 1, False, False, 0)
    engine = module.KhovanovScan(np.array([[0, 2, 3, 0]], dtype=np.int32), 2, 0, False, False, 0)
    with pytest.raises(RuntimeError, match="not finished"):
        engine.result()
    engine.advance()
    with pytest.raises(IndexError, match="every crossing"):
        engine.advance()


def test_unlinks_and_the_single_arc():
    link = Link.from_pd([], n_unknots=2)
    assert native_scan(link, Z, []) == reference_scan(link, Z, [])
    assert native_scan(Link.from_pd("X[0,0,1,1]"), Z, [0]) == ScannedComplex.of([(0, 0)], [], Z)
