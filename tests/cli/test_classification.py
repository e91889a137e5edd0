"""What guessing scores, against simulation and against closed forms; what is searched, and what is not."""

import numpy as np
import pytest

from erlangen.cli.classification import _chance, features, model, scores
from erlangen.cli.recipe import Plan, Recipe


@pytest.mark.parametrize(
    ("recipe", "searches"),
    [
        (Recipe(), False),
        (Recipe(order=3, lag=2), False),
        (Recipe(order=3), True),
        (Recipe(order="auto", lag=2), True),
        (Recipe(order="mdop"), True),
        (Recipe(matrices=True), False),
    ],
)
def test_what_is_searched(recipe, searches):
    assert recipe.searches is searches


def test_guessing_by_auc_stays_below_its_bound_in_95_of_100_cases():
    rng = np.random.default_rng(0)
    tests = [np.repeat([0, 1], [12, 8]), np.repeat([0, 1], [9, 11])]
    chance, bound = _chance("roc_auc", tests)
    means = []
    for _ in range(4000):
        aucs = []
        for y in tests:
            guess = rng.random(len(y))
            aucs.append(np.mean(guess[y == 1][:, None] > guess[y == 0]))
        means.append(np.mean(aucs))
    assert chance == 0.5
    assert np.mean(np.array(means) <= bound) == pytest.approx(0.95, abs=0.012)


def test_guessing_the_commonest_class():
    y = np.repeat([0, 1, 2], [50, 30, 20])
    chance, bound = _chance("accuracy", [y[::2], y[1::2]])
    assert chance == 0.5
    assert bound == 0.58, "the tables of the binomial law: P(hits <= 58 of 100) = 0.956, P(hits <= 57) = 0.933"
    assert _chance("balanced_accuracy", [y]) == (1 / 3, None)


def test_progress_counts_the_folds():
    rng = np.random.default_rng(0)
    S = rng.normal(size=(20, 2, 30))
    told = []
    y, one = np.arange(20) % 2, np.full(20, "1")
    recipe = Recipe()
    result = scores(
        recipe, Plan(folds=4), features(recipe, S, "X"), y, {"subject": one, "session": one},
        on_progress=lambda *step: told.append(step),
    )  # fmt: skip
    assert told == [(k, 4, f"fold {k + 1}") for k in range(4)]
    assert result.deviation == pytest.approx(np.std([row.score for row in result.rows], ddof=1))


def test_a_search_recentres_inside_its_folds():
    plain = Recipe(order="auto", recentre=False)
    assert model(plain).recentre is None
    assert model(Recipe(order="auto", recentre=True), mode="fitted").recentre == "fitted"
    counted = model(Recipe("oas", order="auto", effective_samples="auto")).covariance
    assert (counted.estimator, counted.effective_samples) == ("oas", "auto")
