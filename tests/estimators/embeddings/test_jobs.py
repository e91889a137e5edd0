"""What ``n_jobs`` may be, and that minus one is all processors."""

import numpy as np
import pytest

from erlangen import native
from erlangen.datasets import swiss_roll
from erlangen.errors import DomainError
from erlangen.estimators import PHATE, DiffusionMaps, HeatGeodesicEmbedding, RandomWalkGeodesicEmbedding
from erlangen.estimators.embeddings.jobs import thread_count

X = swiss_roll(80, rng=0).X
CLASSES = [HeatGeodesicEmbedding, PHATE, RandomWalkGeodesicEmbedding, DiffusionMaps]


def test_the_count():
    assert thread_count(3) == 3
    assert thread_count(None) == thread_count(-1) == native.default_threads()


@pytest.mark.parametrize("n_jobs", [0, -2, 1.5, "all", 5000])
@pytest.mark.parametrize("Class", CLASSES)
def test_what_is_refused_is_named(Class, n_jobs):
    with pytest.raises(DomainError, match=r"n_jobs must be an integer in \[1, 1024\]"):
        Class(n_jobs=n_jobs).fit(X)


@pytest.mark.parametrize("Class", CLASSES)
def test_minus_one_is_all_processors(Class):
    all_of_them = Class(n_jobs=-1).fit(X)
    np.testing.assert_array_equal(all_of_them.embedding_, Class(n_jobs=1).fit(X).embedding_)
    np.testing.assert_array_equal(all_of_them.transform(X[:5]), all_of_them.embedding_[:5])
