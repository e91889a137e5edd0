"""The peer's side: PHATE with its defaults at k = 10.

Definition: whole ``fit_transform``.
Convention: as released, quiet, fixed random state.
"""

import os

import phate


def run(data):
    """Return the embedding (n, 2)."""
    threads = int(os.environ["ERLANGEN_BENCH_THREADS"])
    return phate.PHATE(knn=10, n_jobs=threads, random_state=0, verbose=0).fit_transform(data["points"])
