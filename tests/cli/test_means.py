"""Means of diagonal matrices, where every metric has a closed form, and what is told of them."""

import numpy as np
import pytest

from erlangen.cli.means import between, matrices, means
from erlangen.cli.signals import Signals
from erlangen.errors import NotSPDError

C = np.eye(2) * np.array([1.0, 4.0, 9.0, 36.0])[:, None, None]
LIMITS = {"tol": 1e-10, "max_iter": 200}


@pytest.mark.parametrize(
    ("metric", "expected", "apart"),
    [
        ("riemann", [2.0, 18.0], np.sqrt(2) * np.log(9)),
        ("logeuclid", [2.0, 18.0], np.sqrt(2) * np.log(9)),
        ("logchol", [2.0, 18.0], np.sqrt(2) * np.log(9) / 2),
        ("wasserstein", [2.25, 20.25], np.sqrt(2) * (4.5 - 1.5)),
        ("harmonic", [1.6, 14.4], np.sqrt(2) * (1 / 1.6 - 1 / 14.4)),
        ("kullback_sym", [2.0, 18.0], 2 * (np.cosh(np.log(9)) - 1)),
        ("logdet", [2.0, 18.0], np.sqrt(2 * np.log(np.cosh(np.log(9) / 2)))),
    ],
)
def test_means_of_two_classes_and_the_distance_between_them(metric, expected, apart):
    steps = []
    found = means(C, metric, None, np.array(list("aabb")), LIMITS, on_progress=lambda *step: steps.append(step))
    both = np.stack([item["mean"] for item in found])
    assert np.allclose(both, np.eye(2) * np.array(expected)[:, None, None])
    assert [(item["class"], item["count"]) for item in found] == [("a", 2), ("b", 2)]
    assert np.allclose(between(both, metric), [[0, apart], [apart, 0]])
    assert steps == [(0, 2, "a"), (1, 2, "b")]


def test_the_farthest_is_counted_as_in_the_file():
    labels = np.array(["b", "a", "a", "a"])
    a = means(C, "riemann", np.array([1.0, 3.0, 1.0, 0.0]), labels, LIMITS, on_progress=lambda *_: None)[0]
    assert a["mean"][0, 0] == pytest.approx(4.0**0.75 * 9.0**0.25)
    assert a["distances"]["of"] == 3
    assert a["distances"]["largest"] == pytest.approx(np.sqrt(2) * np.log(36.0 / a["mean"][0, 0]))


def test_one_mean_is_apart_from_none():
    assert between(C[:1], "riemann") == []


def test_given_matrices_are_refused_with_what_their_spectra_ask_for():
    bad = Signals(np.stack([np.eye(3), np.diag([1.0, 1.0, 0.0])]), "C.npy")
    with pytest.raises(NotSPDError, match=r"C.npy\[1\].*at most 1 short of full rank"):
        matrices(bad, "cov", given=True)
