"""Input and score of the cases on spherical harmonics: random vectors, all degrees up to a bound.

Definition: vectors are standard normal; what is asked are the values, the values with all gradients, or the values and one pullback.
Convention: the score is the number of right digits of the first hundred points, against SciPy's complex harmonics in float64; polar axis y.
"""

import numpy as np
from scipy.special import sph_harm_y


def make(operation, lmax, count, dtype, repeat):
    """Return vectors (count, 3), cotangents (count, (lmax + 1) ** 2), and what to do how often."""
    rng = np.random.default_rng(3)
    return {
        "operation": operation,
        "lmax": lmax,
        "repeat": repeat,
        "vectors": rng.normal(size=(count, 3)).astype(dtype),
        "cotangents": rng.normal(size=(count, (lmax + 1) ** 2)).astype(dtype),
    }


def _harmonics(vectors, lmax):
    """Return real harmonics (n, (lmax + 1) ** 2) of integral one."""
    x, y, z = vectors.T
    theta, alpha = np.arctan2(np.hypot(x, z), y), np.arctan2(x, z)
    columns = []
    for degree in range(lmax + 1):
        for m in range(-degree, degree + 1):
            value = sph_harm_y(degree, abs(m), theta, alpha) * (-1) ** m
            columns.append(value.real if m == 0 else np.sqrt(2) * (value.imag if m < 0 else value.real))
    return np.stack(columns, axis=1)


def score(data, result):
    """Return the digits of the values, or of the pullback by central differences."""
    vectors, lmax = data["vectors"][:100].astype(np.float64), data["lmax"]
    if data["operation"] != "pullback":
        return _digits(result, _harmonics(vectors, lmax))
    step, weights = 1e-5, data["cotangents"][:100].astype(np.float64)
    sides = [
        (_harmonics(vectors + step * axis, lmax) - _harmonics(vectors - step * axis, lmax)) / (2 * step)
        for axis in np.eye(3)
    ]
    return _digits(result, np.stack([(side * weights).sum(axis=1) for side in sides], axis=1))


def _digits(found, exact):
    defect = np.abs(np.asarray(found, dtype=np.float64)[: len(exact)] - exact).max() / np.abs(exact).max()
    return {"digits": -np.log10(max(float(defect), 1e-17))}
