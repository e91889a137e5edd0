"""Components in a row: each as if alone, none overlapping."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.estimators.embeddings.layout import lay_out
from erlangen.estimators.embeddings.side_by_side import side_by_side

RNG = np.random.default_rng(0)
PARTS = [RNG.normal(size=(m, 2)) for m in (30, 12, 1, 2, 40)]
LABEL = np.repeat(np.arange(5), [30, 12, 1, 2, 40])
ORDER = RNG.permutation(85)


def together():
    D = np.full((85, 85), np.inf)
    for c, X in enumerate(PARTS):
        own = np.flatnonzero(c == LABEL)
        D[np.ix_(own, own)] = cdist(X, X)
    return D[np.ix_(ORDER, ORDER)], LABEL[ORDER]


@pytest.mark.parametrize("landmarks", [False, True])
@pytest.mark.parametrize("mds", ["classical", "sgd"])
def test_each_part_keeps_its_distances_and_its_place_in_the_row(landmarks, mds):
    D, label = together()
    columns = np.arange(85)
    if landmarks:
        columns = np.sort(np.concatenate([np.flatnonzero(label == c)[:9] for c in range(5)]))
    Z, value = side_by_side(D[:, columns], columns, label, 2, mds=mds)
    assert np.isfinite(Z).all()
    assert value < 1e-2
    edges = []
    for c in range(5):
        own = label == c
        inside = D[np.ix_(own, own)]
        assert np.abs(cdist(Z[own], Z[own]) - inside).max() < (1e-6 if mds == "classical" else 0.2) * max(
            inside.max(), 1
        )
        edges.append((Z[own, 0].min(), Z[own, 0].max()))
    gaps = [after[0] - before[1] for before, after in pairwise(edges)]
    widest = max(high - low for low, high in edges)
    assert np.allclose(gaps, 0.1 * widest)


def test_heat_weights_are_those_of_the_part():
    D, label = together()
    H = np.exp(-(np.where(np.isfinite(D), D, 1e3) ** 2))
    Z, _ = side_by_side(D, np.arange(85), label, 2, mds="smacof", weights="heat", H=H)
    own = np.flatnonzero(label == 0)
    alone, _ = lay_out(D[np.ix_(own, own)], np.arange(30), 2, mds="smacof", weights="heat", H=H[np.ix_(own, own)])
    assert np.allclose(cdist(Z[own], Z[own]), cdist(alone, alone), atol=1e-9)


def test_single_vertices_only():
    D = np.where(np.eye(4) > 0, 0, np.inf)
    Z, value = side_by_side(D, np.arange(4), np.arange(4), 2)
    assert Z.tolist() == [[0, 0], [1, 0], [2, 0], [3, 0]]
    assert value == 0
