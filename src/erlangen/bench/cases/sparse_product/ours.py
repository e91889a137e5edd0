"""Our side: erlangen.linalg.spmm.

Definition: the compiled kernel.
Convention: threads as the case gives them.
"""

import os

import scipy.sparse as sp

from erlangen.linalg import spmm


def run(data):
    """Return the product (n, columns)."""
    n = len(data["indptr"]) - 1
    matrix = sp.csr_array((data["values"], data["indices"], data["indptr"]), shape=(n, n))
    return spmm(matrix, data["block"], threads=int(os.environ["ERLANGEN_BENCH_THREADS"]))
