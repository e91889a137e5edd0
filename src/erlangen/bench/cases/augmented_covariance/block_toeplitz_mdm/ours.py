"""Our side: MDM in the geometry of block-Toeplitz covariances, a cone and nine disks of matrices of order 22.

Definition: the form is read off the matrices; means and distances of the product.
Convention: trained on the first half, the labels of the second.
"""

from erlangen.estimators import MDM


def run(data):
    """Return the predicted labels of the second half."""
    C, y, half = data["matrices"], data["labels"], len(data["labels"]) // 2
    return MDM("block_toeplitz").fit(C[:half], y[:half]).predict(C[half:])
