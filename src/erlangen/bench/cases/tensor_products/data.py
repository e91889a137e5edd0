r"""Input and score of the cases on whole tensor products of features with one copy of each degree.

Definition: x and y are :math:`\oplus_{l \le L}` of natural parity, all paths, outputs sorted by irrep; the map is an isometry, :math:`|z|^2 = |x|^2 |y|^2`.
Convention: digits of that law, of the scalar products and of the vector product; for gradients digits of
:math:`\langle x, \bar x\rangle = \langle \bar z, z\rangle = \langle y, \bar y\rangle`.
"""

import numpy as np


def make(lmax, rows, repeat, gradient):
    """Return x and y (rows, (lmax + 1)^2) and the cotangent of the result (rows, (lmax + 1)^4), in float32."""
    rng = np.random.default_rng(3)
    d = (lmax + 1) ** 2
    x, y, cotangent = (rng.standard_normal((rows, n), dtype=np.float32) for n in (d, d, d * d))
    return {"lmax": lmax, "repeat": repeat, "gradient": gradient, "x": x, "y": y, "cotangent": cotangent}


def _digits(found, expected):
    error = np.abs(found - expected).max() / np.abs(expected).max()
    return float(-np.log10(max(error, 1e-17)))


def score(data, result):
    """Return the right digits of the result, and of the gradients where they were asked for."""
    lmax = data["lmax"]
    x, y, cotangent = (data[name].astype(np.float64) for name in ("x", "y", "cotangent"))
    z, *cotangents = (array.astype(np.float64) for array in result)
    degrees = [slice(degree**2, (degree + 1) ** 2) for degree in range(lmax + 1)]
    scalars = np.stack([(x[:, s] * y[:, s]).sum(1) / np.sqrt(s.stop - s.start) for s in degrees], axis=1)
    pseudovector = slice(7 * lmax + 1, 7 * lmax + 4)  # after the scalars and the 2 lmax vectors
    found = [
        _digits((z**2).sum(1), (x**2).sum(1) * (y**2).sum(1)),
        _digits(z[:, : lmax + 1], scalars),
        _digits(z[:, pseudovector], np.cross(x[:, 1:4], y[:, 1:4]) / np.sqrt(2)),
    ]
    scores = {"digits": min(found)}
    if data["gradient"]:
        work = (cotangent * z).sum(1)
        scores["gradient"] = min(_digits((a * b).sum(1), work) for a, b in zip((x, y), cotangents, strict=True))
    return scores
