import subprocess
import sys

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.mds import (
    classical_scaling,
    kruskal_stress,
    landmark_scaling,
    smacof,
    stress,
    stress_sgd,
    weights_from,
)
from erlangen.estimators.mds.checks import check_connected, check_distances


def distances(n=12, p=3, seed=0):
    X = np.random.default_rng(seed).normal(size=(n, p))
    return cdist(X, X)


def broken(change):
    D = distances()
    change(D)
    return D


def put(i, j, value, *, both=True):
    def change(D):
        D[i, j] = value
        if both:
            D[j, i] = value

    return change


BAD = {
    "asymmetric": (put(2, 5, 9.0, both=False), r"not symmetric: \|D\w*\[(5, 2|2, 5)\]"),
    "negative": (put(1, 4, -0.5), r"\[1, 4\] = -0.5"),
    "nan": (put(3, 7, np.nan), "NaN"),
    "half nan": (put(3, 7, np.nan, both=False), "NaN"),
    "diagonal": (put(6, 6, 0.25), r"\[6, 6\] = 0.25"),
    "zero": (lambda D: D.fill(0.0), "coincide"),
}
TAKERS = {
    "classical": classical_scaling,
    "smacof": smacof,
    "sgd": stress_sgd,
    "stress": lambda D: stress(D, np.eye(len(D), 2)),
    "kruskal": lambda D: kruskal_stress(D, np.eye(len(D), 2)),
    "landmarks": lambda D: landmark_scaling(D, np.ones((3, len(D)))),
    "weights": lambda D: weights_from("uniform", D),
}


@pytest.mark.parametrize("taker", TAKERS.values(), ids=TAKERS)
@pytest.mark.parametrize(("change", "told"), BAD.values(), ids=BAD)
def test_distances_that_break_a_law_are_refused_with_index_and_number(taker, change, told):
    with pytest.raises(DomainError, match=told):
        taker(broken(change))


@pytest.mark.parametrize("taker", [classical_scaling, smacof, stress_sgd])
def test_shapes_and_dimensions_are_refused(taker):
    D = distances()
    with pytest.raises(ShapeError, match="square"):
        taker(D[:, :5])
    with pytest.raises(ShapeError, match="two axes"):
        taker(D[0])
    with pytest.raises(DomainError, match="complex"):
        taker(D.astype(complex))
    for bad in (0, len(D), 1.5):
        with pytest.raises(DomainError, match="n_components"):
            taker(D, bad)


@pytest.mark.parametrize("taker", [smacof, stress_sgd])
def test_starts_and_weights_are_refused(taker):
    D, n = distances(), 12
    with pytest.raises(ShapeError, match="init must have shape"):
        taker(D, init=np.ones((n, 3)))
    with pytest.raises(DomainError, match="init"):
        taker(D, init=np.full((n, 2), np.nan))
    W = np.ones((n, n))
    for change, told in (
        (put(0, 1, -1.0), r"weights\[0, 1\] = -1"),
        (put(0, 1, np.inf), "finite"),
        (put(0, 1, 2.0, both=False), "not symmetric"),
    ):
        bad = W.copy()
        change(bad)
        with pytest.raises(DomainError, match=told):
            taker(D, weights=bad)
    with pytest.raises(ShapeError):
        taker(D, weights=W[:5, :5])
    apart = np.kron(np.eye(2), np.ones((6, 6)))
    with pytest.raises(DomainError, match=r"reach 6 of 12 points from point 0; point 6"):
        taker(D, weights=apart)
    with pytest.raises(DomainError, match="reach 6 of 12"):
        taker(np.where(apart > 0, D, np.inf))


def test_a_float64_matrix_is_not_copied_in_either_order():
    D = distances()
    D = (D + D.T) / 2
    assert np.shares_memory(check_distances(D), D)
    fortran = np.asfortranarray(D)
    assert np.shares_memory(check_distances(fortran), fortran)
    assert check_distances(fortran).flags.c_contiguous


def test_symmetry_is_judged_at_the_precision_given_and_at_any_scale():
    D = distances(600)
    D[550, 3] *= 1 + 1e-12
    with pytest.raises(DomainError, match="symmetric"):
        check_distances(1e-12 * D)
    check_distances(D.astype(np.float32))
    infinite = D.copy()
    infinite[550, 3] = infinite[3, 550] = np.inf
    assert np.isinf(check_distances(infinite)[3, 550])


def test_connectedness_follows_a_chain_and_sees_a_cut():
    n = 50
    chain = np.full((n, n), np.inf)
    i = np.arange(n - 1)
    chain[i, i + 1] = chain[i + 1, i] = 1.0
    check_connected(chain, None)
    chain[20, 21] = chain[21, 20] = np.inf
    with pytest.raises(DomainError, match="reach 21 of 50 points from point 0; point 21"):
        check_connected(chain, None)


def test_numpy_input_loads_neither_torch_nor_scikit_learn():
    code = (
        "import sys, numpy as np\n"
        "from erlangen.estimators.mds import smacof, stress_sgd\n"
        "D = np.abs(np.subtract.outer(np.arange(5.0), np.arange(5.0)))\n"
        "smacof(D), stress_sgd(D)\n"
        "import erlangen.estimators.scores\n"
        "print([m for m in ('torch', 'sklearn') if m in sys.modules])\n"
    )
    answer = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
