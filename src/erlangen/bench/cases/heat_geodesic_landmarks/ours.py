"""Our side: HeatGeodesicEmbedding with its defaults at k = 10.

Definition: whole ``fit_transform``, 500 landmarks.
Convention: fixed random state.
"""

import os

from erlangen.estimators import HeatGeodesicEmbedding


def run(data):
    """Return the embedding (n, 2)."""
    threads = int(os.environ["ERLANGEN_BENCH_THREADS"])
    return HeatGeodesicEmbedding(n_neighbors=10, n_landmarks=500, random_state=0, n_jobs=threads).fit_transform(
        data["points"]
    )
