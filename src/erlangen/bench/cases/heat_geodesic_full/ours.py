"""Our side: HeatGeodesicEmbedding with its defaults at k = 10.

Definition: whole ``fit_transform``, every pair of points.
Convention: fixed random state.
"""

import os

from erlangen.estimators import HeatGeodesicEmbedding


def run(data):
    """Return the embedding (n, 2)."""
    threads = int(os.environ["ERLANGEN_BENCH_THREADS"])
    return HeatGeodesicEmbedding(n_neighbors=10, random_state=0, n_jobs=threads).fit_transform(data["points"])
