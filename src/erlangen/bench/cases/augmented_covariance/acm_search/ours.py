"""Our side: ACMSearchCV.

Definition: the grid of orders, lags, penalties and kernels, three folds, the best candidate fitted to all trials.
Convention: float64, one thread.
"""

from erlangen.estimators import ACMSearchCV


def run(data):
    """Return the mean test scores (lags, orders, penalties, kernels)."""
    grid = {"C": data["penalties"], "kernel": data["kernels"]}
    search = ACMSearchCV(data["orders"], data["lags"], grid, cv=data["folds"])
    search.fit(data["trials"], data["labels"])
    shape = (len(data["lags"]), len(data["orders"]), len(data["penalties"]), len(data["kernels"]))
    return search.cv_results_["mean_test_score"].reshape(shape)
