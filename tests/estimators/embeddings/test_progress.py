"""Progress of a fit: told in order to who listens, and to nobody else."""

import threading

import numpy as np
import pytest

from erlangen.estimators import PHATE, HeatGeodesicEmbedding, ShortestPathEmbedding
from erlangen.estimators.embeddings.progress import report, reporting

X = np.random.default_rng(0).normal(size=(400, 2))


@pytest.mark.parametrize("Class", [HeatGeodesicEmbedding, PHATE, ShortestPathEmbedding])
@pytest.mark.parametrize(("landmarks", "blocks"), [(None, 1), (200, 4)])
def test_blocks_are_counted(Class, landmarks, blocks):
    heard = []
    estimator = Class(n_landmarks=landmarks)
    with reporting(lambda *step: heard.append(step)):
        Z = estimator.fit_transform(X)
    assert heard[0] == (0, 3, "neighbour graph")
    assert heard[-1] == (blocks + 2, blocks + 2, "done")
    steps = [step for step, total, _ in heard[1:] if total == blocks + 2]
    assert steps == sorted(steps)
    assert set(steps) == set(range(1, blocks + 3))
    assert np.array_equal(estimator.fit_transform(X), Z), "listening changes nothing"


def test_it_ends_with_the_block_and_nests():
    outer, inner = [], []
    with reporting(lambda *step: outer.append(step)):
        with reporting(lambda *step: inner.append(step)):
            report(1, 2, "inner")
        with reporting(None):
            report(1, 2, "silence")
        report(2, 2, "outer")
    report(9, 9, "nobody")
    assert (inner, outer) == ([(1, 2, "inner")], [(2, 2, "outer")])


def test_it_ends_after_an_error():
    heard = []
    with pytest.raises(KeyError), reporting(lambda *step: heard.append(step)):
        raise KeyError
    report(1, 1, "nobody")
    assert heard == []


def test_threads_do_not_meet():
    heard = []
    with reporting(lambda *step: heard.append(step)):
        thread = threading.Thread(target=report, args=(1, 1, "another"))
        thread.start()
        thread.join()
    assert heard == []
