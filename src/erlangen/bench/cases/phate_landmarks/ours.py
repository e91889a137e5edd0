"""Our side: PHATE with its defaults at k = 10 and 2 000 landmarks.

Definition: whole ``fit_transform``, landmark form.
Convention: fixed random state.
"""

import os

from erlangen.estimators import PHATE


def run(data):
    """Return the embedding (n, 2)."""
    threads = int(os.environ["ERLANGEN_BENCH_THREADS"])
    return PHATE(n_neighbors=10, n_landmarks=2000, random_state=0, n_jobs=threads).fit_transform(data["points"])
