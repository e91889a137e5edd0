"""Our side: PHATE at k = 10 with 2 000 landmarks and t = 100.

Definition: whole ``fit_transform``, landmark form.
Convention: fixed random state; t is given, as the automatic one is too short for the roll's neighbourhoods to be kept.
"""

import os

from erlangen.estimators import PHATE


def run(data):
    """Return the embedding (n, 2)."""
    threads = int(os.environ["ERLANGEN_BENCH_THREADS"])
    model = PHATE(n_neighbors=10, t=100, n_landmarks=2000, random_state=0, n_jobs=threads)
    return model.fit_transform(data["points"])
