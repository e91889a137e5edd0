"""Random jets of a metric of signature (- + +), and the Einstein tensor there in floating point.

Definition: ``E^{tt} = -√-g G^{tt}`` for ``L = √-g g^{bd}(Γ^a_{eb} Γ^e_{ad} - Γ^a_{ae} Γ^e_{bd})``, which differs from ``√-g R`` by a divergence.
Convention: g, its first and second derivatives at a point, drawn with a fixed seed.
"""

import numpy as np


def make():
    """Return values g (3, 3), first (3, 3, 3) and second (3, 3, 3, 3) derivatives, derivative indices last."""
    rng = np.random.default_rng(5)
    g = np.diag([-1.3, 1.1, 0.9]) + 0.1 * _symmetric(rng.normal(size=(3, 3)))
    first = 0.3 * rng.normal(size=(3, 3, 3))
    second = 0.3 * rng.normal(size=(3, 3, 3, 3))
    first = (first + first.swapaxes(0, 1)) / 2
    second = (second + second.swapaxes(0, 1)) / 2
    return {"g": g, "first": first, "second": (second + second.swapaxes(2, 3)) / 2}


def _symmetric(matrix):
    return (matrix + matrix.T) / 2


def score(data, result):
    """Return the number of right digits of ``E^{tt}``."""
    g, first, second = data["g"], data["first"], data["second"]
    up = np.linalg.inv(g)
    low = (first.transpose(0, 1, 2) + first.transpose(0, 2, 1) - first.transpose(2, 0, 1)) / 2  # Γ_abc
    high = np.einsum("ad,dbc->abc", up, low)
    riemann = (
        (
            np.einsum("adbc->abcd", second)
            + np.einsum("bcad->abcd", second)
            - np.einsum("acbd->abcd", second)
            - np.einsum("bdac->abcd", second)
        )
        / 2
        + np.einsum("ebc,ead->abcd", high, low)
        - np.einsum("ebd,eac->abcd", high, low)
    )
    ricci = np.einsum("ac,abcd->bd", up, riemann)
    einstein = ricci - 0.5 * g * np.einsum("ab,ab", up, ricci)
    expected = -np.sqrt(-np.linalg.det(g)) * (up @ einstein @ up)[0, 0]
    return {"digits": -np.log10(max(abs(float(result) / expected - 1), 1e-16))}
