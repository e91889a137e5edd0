"""The peer's side: scikit-learn's GridSearchCV over MOABB's pipeline of augmented covariances.

Definition: AugmentedDataset, Covariances("cov"), TangentSpace("riemann"), SVC; the best candidate fitted to all trials.
Convention: as released; each candidate computes its own covariances, means and tangent vectors.
"""

from moabb.pipelines.features import AugmentedDataset
from pyriemann.estimation import Covariances
from pyriemann.tangentspace import TangentSpace
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.svm import SVC


def run(data):
    """Return the mean test scores (lags, orders, penalties, kernels)."""
    steps = [
        ("augment", AugmentedDataset()),
        ("covariances", Covariances("cov")),
        ("tangent", TangentSpace(metric="riemann")),
        ("svm", SVC(random_state=0)),
    ]
    grid = {
        "augment__order": data["orders"],
        "augment__lag": data["lags"],
        "svm__C": data["penalties"],
        "svm__kernel": data["kernels"],
    }
    search = GridSearchCV(Pipeline(steps), grid, cv=data["folds"], n_jobs=1)
    search.fit(data["trials"], data["labels"])
    shape = (len(data["lags"]), len(data["orders"]), len(data["penalties"]), len(data["kernels"]))
    return search.cv_results_["mean_test_score"].reshape(shape)
