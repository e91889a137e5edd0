r"""Input and score of the cases on Gaunt tensor products: functions on the sphere, multiplied.

Definition: x and y are coefficients of functions of degree L, the result those of their product, of degree 2 L; at the pole the values multiply and the
two slopes keep Leibniz's rule, the mean is the scalar product.
Convention: harmonics of integral one, e3nn's order and signs; for gradients digits of
:math:`\langle x, \bar x\rangle = \langle \bar z, z\rangle = \langle y, \bar y\rangle`.
"""

import numpy as np


def make(lmax, rows, repeat, gradient):
    """Return x and y (rows, (lmax + 1)^2) and the cotangent of the result (rows, (2 lmax + 1)^2), in float32."""
    rng = np.random.default_rng(5)
    d, out = (lmax + 1) ** 2, (2 * lmax + 1) ** 2
    x, y, cotangent = (rng.standard_normal((rows, n), dtype=np.float32) for n in (d, d, out))
    return {"lmax": lmax, "repeat": repeat, "gradient": gradient, "x": x, "y": y, "cotangent": cotangent}


def _pole(f, lmax):
    """Return value and slopes along x and z at the pole of functions (rows, (lmax + 1)^2)."""
    degree = np.arange(lmax + 1)
    centre, one = degree * degree + degree, degree[1:]
    value = f[:, centre] @ np.sqrt((2 * degree + 1) / (4 * np.pi))
    scale = np.sqrt((2 * one + 1) * one * (one + 1) / (8 * np.pi))
    return value, f[:, centre[1:] - 1] @ scale, f[:, centre[1:] + 1] @ scale


def _digits(found, expected):
    error = np.abs(found - expected).max() / np.abs(expected).max()
    return float(-np.log10(max(error, 1e-17)))


def score(data, result):
    """Return the right digits of the result, and of the gradients where they were asked for."""
    lmax = data["lmax"]
    x, y, cotangent = (data[name].astype(np.float64) for name in ("x", "y", "cotangent"))
    z, *cotangents = (array.astype(np.float64) for array in result)
    (f, *f_slopes), (g, *g_slopes), (h, *h_slopes) = _pole(x, lmax), _pole(y, lmax), _pole(z, 2 * lmax)
    found = [_digits(h, f * g), _digits(z[:, 0], (x * y).sum(1) / np.sqrt(4 * np.pi))]
    found += [_digits(c, a * g + f * b) for a, b, c in zip(f_slopes, g_slopes, h_slopes, strict=True)]
    scores = {"digits": min(found)}
    if data["gradient"]:
        work = (cotangent * z).sum(1)
        scores["gradient"] = min(_digits((a * b).sum(1), work) for a, b in zip((x, y), cotangents, strict=True))
    return scores
