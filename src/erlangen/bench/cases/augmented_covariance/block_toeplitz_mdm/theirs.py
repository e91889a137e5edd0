"""The peer's side: pyriemann's MDM under the affine-invariant metric on the whole matrices.

Definition: it has no geometry for matrices of this form.
Convention: as released.
"""

from pyriemann.classification import MDM


def run(data):
    """Return the predicted labels of the second half."""
    C, y, half = data["matrices"], data["labels"], len(data["labels"]) // 2
    return MDM(metric="riemann").fit(C[:half], y[:half]).predict(C[half:])
