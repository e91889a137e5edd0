"""The peer's side: pyriemann, and NumPy for the eigendecomposition.

Definition: its functions and estimators, means to a tolerance of 1e-9.
Convention: as released; its own default tolerance is 1e-8 to 1e-9 in the norm of the mean tangent vector.
"""

import numpy as np
from pyriemann.classification import MDM
from pyriemann.tangentspace import TangentSpace
from pyriemann.utils.distance import distance_riemann, distance_wasserstein
from pyriemann.utils.mean import mean_riemann, mean_wasserstein


def run(data):
    """Return the result of the operation, done as often as asked."""
    C, P, labels = data["matrices"], data["other"], data["labels"]
    operations = {
        "eigh": lambda: np.linalg.eigh(C),
        "distance_riemann": lambda: distance_riemann(C, P),
        "distance_wasserstein": lambda: distance_wasserstein(C, P),
        "mean_riemann": lambda: mean_riemann(C, tol=1e-9),
        "mean_wasserstein": lambda: mean_wasserstein(C, tol=1e-9),
        "tangent_space": lambda: TangentSpace(metric="riemann").fit_transform(C),
        "mdm": lambda: MDM(metric="riemann").fit(C, labels).predict(C),
    }
    for _ in range(data["repeat"]):
        result = operations[data["operation"]]()
    return result
