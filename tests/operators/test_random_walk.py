"""Oracles: dense matrix powers, exact path counts with rational numbers."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.operators import heat_kernel, random_walk_kernel
from erlangen.operators import random_walk as module


@pytest.mark.parametrize("loops", [0.0, 1.0])
@pytest.mark.parametrize("steps", [1, 2, 7, 64])
@pytest.mark.parametrize("sources", [None, [4, 80]])
def test_forms_are_those_of_dense_powers(cloud_graph, loops, steps, sources):
    K = cloud_graph.weights.toarray() + loops * np.eye(90)
    d = K.sum(axis=1)
    P = np.linalg.matrix_power(K / d[:, None], steps)
    rows = slice(None) if sources is None else sources
    options = {"sources": sources, "self_loops": loops}
    walk = {form: random_walk_kernel(cloud_graph, steps, form=form, **options) for form in module.FORMS}
    assert np.allclose(walk["transition"], P[rows], rtol=1e-12, atol=1e-300)
    assert np.allclose(walk["transition"].sum(axis=1), 1, atol=1e-12)
    symmetric = np.sqrt(d)[:, None] * P / np.sqrt(d)
    assert np.allclose(walk["symmetric"], symmetric[rows], rtol=1e-12, atol=1e-300)
    assert np.allclose(walk["density"], (P / d * d.sum())[rows], rtol=1e-12, atol=1e-300)


def test_far_entries_keep_their_digits(cycle):
    """On a cycle the walk is binomial: hop t - 2k after t steps has C(t, k) / 2^t, exactly."""
    t = 900
    row = random_walk_kernel(cycle(2000), t, sources=[0])[0]
    for k in (0, 1, 17, 400, 450):
        exact = float(Fraction(comb(t, k), 2**t))
        assert row[t - 2 * k] == pytest.approx(exact, rel=1e-12)
    assert row[1] == 0


def test_dense_and_sparse_powers_agree(cloud_graph, monkeypatch):
    dense = random_walk_kernel(cloud_graph, 37)
    monkeypatch.setattr(module, "_LARGEST_DENSE", 0)
    assert np.allclose(random_walk_kernel(cloud_graph, 37), dense, rtol=1e-11)


def test_lazy_walks_tend_to_heat(cloud_graph):
    """(1 - h) I + h P walked t/h times is exp(-t (I - P)) up to order h; loops of weight d (1/h - 1) on a regular graph do that."""
    regular = np.ones((6, 6)) - np.eye(6)
    h, t = 1e-3, 0.8
    walk = random_walk_kernel(regular, round(t / h), self_loops=5 * (1 / h - 1))
    assert np.allclose(walk, heat_kernel(regular, t, laplacian="random-walk"), atol=2e-3)


def test_components_and_isolated_vertices(pieces):
    for form in module.FORMS:
        H = random_walk_kernel(pieces, 5, form=form)
        label = pieces.components()
        assert np.isfinite(H).all()
        assert np.all(H[label[:, None] != label] == 0)
    assert random_walk_kernel(pieces, 5)[9, 9] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"steps": 0}, "steps must be an integer"),
        ({"steps": 2.5}, "steps must be an integer"),
        ({"form": "lazy"}, "form must be one of"),
        ({"self_loops": -1.0}, "self_loops must be"),
        ({"sources": [90]}, "not a vertex"),
    ],
)
def test_refusals(cloud_graph, arguments, words):
    with pytest.raises(DomainError, match=words):
        random_walk_kernel(cloud_graph, **{"steps": 3, **arguments})
