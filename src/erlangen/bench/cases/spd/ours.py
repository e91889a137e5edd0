"""Our side: erlangen's metrics and estimators.

Definition: public names; means to a relative tolerance of 1e-9.
Convention: one thread, float64.
"""

from erlangen.estimators import MDM, TangentSpace
from erlangen.linalg import eigh
from erlangen.manifolds import AffineInvariant, BuresWasserstein

RIEMANN, WASSERSTEIN = AffineInvariant(), BuresWasserstein()


def run(data):
    """Return the result of the operation, done as often as asked."""
    C, P, labels = data["matrices"], data["other"], data["labels"]
    operations = {
        "eigh": lambda: eigh(C),
        "distance_riemann": lambda: RIEMANN.dist(C, P),
        "distance_wasserstein": lambda: WASSERSTEIN.dist(C, P),
        "mean_riemann": lambda: RIEMANN.mean(C, tol=1e-9),
        "mean_wasserstein": lambda: WASSERSTEIN.mean(C, tol=1e-9),
        "tangent_space": lambda: TangentSpace(metric="riemann").fit_transform(C),
        "mdm": lambda: MDM(metric="riemann").fit(C, labels).predict(C),
    }
    for _ in range(data["repeat"]):
        result = operations[data["operation"]]()
    return result
