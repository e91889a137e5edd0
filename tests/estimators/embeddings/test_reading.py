"""What may be passed as points and as graphs."""

from types import SimpleNamespace

import numpy as np
import pytest
import scipy.sparse as sp

from erlangen.errors import DomainError, ResourceLimitError, ShapeError
from erlangen.estimators import HeatGeodesicEmbedding
from erlangen.estimators.embeddings.reading import read_graph, read_points
from erlangen.operators import Graph

X = np.random.default_rng(0).normal(size=(12, 3))
RING = np.stack([np.arange(9), (np.arange(9) + 1) % 9])


def points(value, **options):
    return read_points(HeatGeodesicEmbedding(), value, **options)


def graph(value):
    return read_graph(HeatGeodesicEmbedding(metric="precomputed"), value)


def annotated(**parts):
    return SimpleNamespace(**{"X": X, "obsm": {}, "obsp": {}, "uns": {}, **parts})


@pytest.mark.parametrize(
    "value",
    [
        X,
        X.tolist(),
        np.asfortranarray(X),
        annotated(),
        annotated(X=sp.csr_matrix(X)),
        annotated(X=X[:, :1], obsm={"X_pca": X}),
    ],
    ids=["array", "list", "fortran", "annotated", "annotated sparse", "annotated pca"],
)
def test_points(value):
    assert np.array_equal(points(value), X)


@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.uint8, bool])
def test_points_become_double(dtype):
    given = (4 * np.abs(X)).astype(dtype)
    assert points(given).dtype == np.float64
    assert np.array_equal(points(given), given.astype(float))


def test_read_only_points_are_not_touched():
    frozen = X.copy()
    frozen.flags.writeable = False
    assert np.array_equal(points(frozen), X)


@pytest.mark.parametrize(("bad", "words"), [(np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf")])
def test_entries_that_are_not_finite_are_named(bad, words):
    value = X.copy()
    value[5, 2] = value[7, 0] = bad
    with pytest.raises(DomainError, match=rf"X\[5, 2\] = {words} is not finite; 2 of 36"):
        points(value)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (X[0], ValueError),
        (X[:1], ValueError),
        (np.zeros((5, 0)), ValueError),
        (1j * X, ValueError),
        (sp.csr_array(X), TypeError),
    ],
)
def test_no_points(value, error):
    with pytest.raises(error):
        points(value)


def test_a_sparse_annotated_X_that_does_not_fit():
    huge = sp.csr_array((10**8, 10**6))
    with pytest.raises(ResourceLimitError, match="sparse X"):
        points(annotated(X=huge))


def ring():
    return Graph.coerce(RING)


def forms():
    networkx = pytest.importorskip("networkx")
    W = ring().weights
    return {
        "Graph": ring(),
        "edge index": RING,
        "dense": W.toarray(),
        "list": W.toarray().tolist(),
        "sparse array": W,
        "sparse matrix": sp.coo_matrix(W),
        "integers": W.toarray().astype(int),
        "networkx": networkx.cycle_graph(9),
        "annotated": annotated(obsp={"connectivities": sp.csr_matrix(W)}),
    }


@pytest.mark.parametrize(
    "form",
    ["Graph", "edge index", "dense", "list", "sparse array", "sparse matrix", "integers", "networkx", "annotated"],
)
def test_graphs_in_every_form(form):
    value = forms()[form]
    assert graph(value) == ring()
    Z = HeatGeodesicEmbedding(metric="precomputed").fit_transform(value)
    gap = np.linalg.norm(Z - np.roll(Z, 1, axis=0), axis=1)
    assert np.ptp(gap) < 0.1 * gap.mean(), "a ring is laid out as a ring"


def spoilt(i, j, value, both=False):
    W = ring().weights.toarray()
    W[i, j] = value
    if both:
        W[j, i] = value
    return W


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array])
@pytest.mark.parametrize(
    ("W", "words"),
    [
        (spoilt(2, 3, -1.0, both=True), r"weights\[2, 3\] = -1 is negative"),
        (spoilt(2, 3, np.nan), r"weights\[2, 3\] = nan is not finite"),
        (spoilt(4, 5, np.inf, both=True), r"weights\[4, 5\] = inf is not finite"),
        (spoilt(2, 3, 2.0), r"weights\[2, 3\] = 2, weights\[3, 2\] = 1"),
        (spoilt(6, 6, 1.0), r"weights\[6, 6\] = 1 lies on the diagonal"),
    ],
)
def test_weights_that_are_none(form, W, words):
    with pytest.raises(DomainError, match=words):
        graph(form(W))


def test_other_refusals():
    with pytest.raises(ShapeError, match=r"weights \(n, n\), got shape \(12, 3\)"):
        graph(X)
    with pytest.raises(DomainError, match="2 vertices"):
        graph(np.array([[0.0, 1.0], [1.0, 0.0]]))
    with pytest.raises(DomainError, match="lacks"):
        graph(annotated())
    networkx = pytest.importorskip("networkx")
    with pytest.raises(DomainError, match="directed"):
        graph(networkx.DiGraph([(0, 1), (1, 2)]))
