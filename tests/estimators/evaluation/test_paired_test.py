"""Paired tests against enumeration, scipy, and statistics recorded from MOABB 1.7.2."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from erlangen.errors import DomainError
from erlangen.estimators.evaluation import paired_test, permutation_test, standardised_mean_difference, stouffer

RECORDED = json.loads((Path(__file__).parent / "moabb_1_7_2_statistics.json").read_text(encoding="utf-8"))
ROWS = [dict(zip(("score", "subject", "session", "dataset", "pipeline"), r, strict=True)) for r in RECORDED["rows"]]


def test_the_exact_test_enumerates_all_signs():
    gap = np.array([0.25, -0.125, 0.5, 0.0, 0.0625])
    sums = [np.dot(s, gap) for s in itertools.product([-1, 1], repeat=5)]
    assert permutation_test(gap) == np.mean([s >= gap.sum() for s in sums])


@pytest.mark.parametrize("n", [1, 5, 13])
def test_equal_gains_give_two_to_the_minus_n(n):
    assert permutation_test(np.full(n, 0.1)) == pytest.approx(2.0**-n if n > 1 else 0.5)
    assert permutation_test(np.full(n, -0.1)) == 1 - 2.0**-n  # never 1: it would break the combination


def test_drawn_signs_are_seeded_and_near_the_normal_law():
    gap = np.random.default_rng(0).normal(0.2, 1.0, size=19)
    p = permutation_test(gap, rng=1)
    assert p == permutation_test(gap, rng=1)
    assert p == pytest.approx(stats.norm.sf(gap.sum() / np.sqrt((gap**2).sum())), abs=0.02)


def test_effects():
    assert standardised_mean_difference([0.0, 0.0]) == 0.0
    assert standardised_mean_difference([-0.5, -0.5]) == -np.inf
    assert standardised_mean_difference([1.0, 2.0, 3.0]) == 2.0


@pytest.mark.parametrize("p", [[0.01, 0.2, 0.6], [1e-300, 0.3, 0.9]])
def test_stouffer_is_scipys(p):
    counts = [9, 24, 4]
    expected = stats.combine_pvalues(p, method="stouffer", weights=np.sqrt(counts))[1]
    assert stouffer(p, counts) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(("first", "second", "p", "smd"), RECORDED["combined"])
def test_combined_statistics_are_moabbs(first, second, p, smd):
    found = paired_test(ROWS, first, second)
    assert found.p == pytest.approx(p, rel=1e-9)
    assert found.smd == pytest.approx(smd, rel=1e-9)
    recorded = {r[0]: r for r in RECORDED["statistics"] if r[1] == first and r[2] == second}
    for name, count, single, effect in found.datasets:
        assert (count, single, effect) == pytest.approx((recorded[name][5], recorded[name][3], recorded[name][4]))


def test_refusals():
    with pytest.raises(DomainError, match="subject '3': there is no score of 'B'"):
        paired_test([r for r in ROWS if not (r["pipeline"] == "B" and r["subject"] == "3")], "A", "B")
    with pytest.raises(DomainError, match="no scores of 'X'"):
        paired_test(ROWS, "X", "Y")
    with pytest.raises(DomainError, match="not finite"):
        permutation_test([0.1, np.nan])
    with pytest.raises(DomainError, match="no differences"):
        permutation_test([])
