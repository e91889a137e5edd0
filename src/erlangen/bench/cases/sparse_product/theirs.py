"""The peer's side: SciPy's sparse product.

Definition: ``csr_array @ block``.
Convention: as SciPy does it.
"""

import scipy.sparse as sp


def run(data):
    """Return the product (n, columns)."""
    n = len(data["indptr"]) - 1
    return sp.csr_array((data["values"], data["indices"], data["indptr"]), shape=(n, n)) @ data["block"]
