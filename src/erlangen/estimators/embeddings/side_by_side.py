"""Components of a graph embedded one by one and laid in a row.

Definition: each component is scaled by itself (:mod:`erlangen.estimators.embeddings.layout`), then shifted along the first axis past its predecessor.
Convention: components in the order of their first vertex, gaps of a tenth of the widest; the stress is that of the worst component.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.estimators.embeddings.layout import lay_out

__all__ = ["side_by_side"]

Array = NDArray[np.float64]


def side_by_side(
    D: NDArray[Any],
    columns: NDArray[np.int64],
    label: NDArray[Any],
    n_components: int,
    *,
    H: Array | None = None,
    **options: Any,
) -> tuple[Array, float]:
    """Return points (n, d) for distances (n, m) to the points ``columns``, component by component, and the worst stress.

    Parameters
    ----------
    D : ndarray (n, m)
        Distances, finite inside components.
    columns : ndarray (m,)
        Which points the columns are, ascending.
    label : ndarray (n,)
        Component of each point, 0 … c - 1.
    n_components : int
        Dimensions d.
    H : ndarray (m, m), optional
        Heat among the columns, for the weights ``heat``.
    **options
        Of :func:`erlangen.estimators.embeddings.layout.lay_out`.

    Examples
    --------
    >>> inf = np.inf
    >>> D = np.array([[0, 2, inf, inf], [2, 0, inf, inf], [inf, inf, 0, 1], [inf, inf, 1, 0]])
    >>> Z, _ = side_by_side(D, np.arange(4), np.array([0, 0, 1, 1]), 1)
    >>> np.sort(Z.ravel()).round(6)
    array([0. , 2. , 2.2, 3.2])
    """
    Z = np.zeros((len(D), n_components))
    parts, worst = [], 0.0
    for c in range(int(label.max()) + 1):
        own, chosen = np.flatnonzero(label == c), np.flatnonzero(label[columns] == c)
        part = np.zeros((len(own), n_components))
        if len(chosen) > n_components:
            options["H"] = None if H is None else H[np.ix_(chosen, chosen)]
            place = np.searchsorted(own, columns[chosen])
            part, value = lay_out(D[np.ix_(own, chosen)], place, n_components, **options)
            worst = max(worst, value)
        elif len(own) > 1:
            part[:, 0] = D[own, chosen[0]]
        parts.append((own, part))
    gap = 0.1 * max(float(np.ptp(part[:, 0])) for _, part in parts) or 1.0
    edge = 0.0
    for own, part in parts:
        Z[own] = part
        Z[own, 0] += edge - part[:, 0].min()
        edge = float(Z[own, 0].max()) + gap
    return Z, worst
