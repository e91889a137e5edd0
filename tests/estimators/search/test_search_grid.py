"""Oracle: scikit-learn's ParameterGrid over MOABB's names."""

import numpy as np
import pytest
from sklearn.model_selection import GridSearchCV, ParameterGrid
from sklearn.svm import SVC

from erlangen.errors import DomainError
from erlangen.estimators.search.cell_scores import CellScores
from erlangen.estimators.search.search_grid import SearchGrid
from erlangen.estimators.search.search_results import results_table


@pytest.mark.parametrize(
    "grids", [({"kernel": ["linear", "rbf"], "C": [2, 1]},), ({"C": [1]}, {"kernel": ["rbf"]}), ({},)]
)
def test_candidates_come_in_the_order_of_the_parameter_grid(grids):
    names = {"order": "augmenteddataset__order", "lag": "augmenteddataset__lag"}
    orders, lags = (3, 1), (2, 5)
    merged = [{names["order"]: orders, names["lag"]: lags, **{f"svc__{k}": v for k, v in g.items()}} for g in grids]
    expected = [{k.partition("__")[2]: v for k, v in p.items()} for p in ParameterGrid(merged)]
    assert SearchGrid.read(orders, lags, list(grids), None).candidates() == expected


def test_lags_in_seconds_are_read_with_the_rate():
    assert SearchGrid.read([2], [0.008, 0.02], {}, 250.0).lags == (2, 5)
    with pytest.raises(DomainError, match="lists 2 twice"):
        SearchGrid.read([2], [0.008, 0.0081], {}, 250.0)


def test_the_table_has_the_columns_and_ranks_of_scikit_learn():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 3)), np.arange(40) % 2
    theirs = GridSearchCV(SVC(), {"C": [1.0, 2.0, 4.0, 8.0]}, cv=4).fit(X, y).cv_results_
    scores = np.stack([theirs[f"split{s}_test_score"] for s in range(4)], axis=1)
    table = results_table(
        SearchGrid((1,), (1,), ({"C": [1.0, 2.0, 4.0, 8.0]},)), {(1, 1): CellScores(scores, scores, scores)}
    )
    for name in ("mean_test_score", "std_test_score", "rank_test_score"):
        assert np.array_equal(table[name], theirs[name])
        assert table[name].dtype == theirs[name].dtype
    assert np.array_equal(table["param_C"], theirs["param_C"])
    assert set(table) - set(theirs) == {"param_lag", "param_order"}


def test_candidates_without_a_score_rank_last():
    scores = np.array([[0.2, 0.4], [np.nan, np.nan], [0.6, 0.2]])
    table = results_table(SearchGrid((1,), (1,), ({"C": [1, 2, 3]},)), {(1, 1): CellScores(scores, scores, scores)})
    assert table["rank_test_score"].tolist() == [2, 3, 1]
