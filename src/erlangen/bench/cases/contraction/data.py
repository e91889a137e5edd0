"""Input and score of the cases on symmetric contractions: features, elements and weights on all chains of couplings, shaped as MACE's products.

Definition: three elements, features of degrees 0 … 3, powers 1 … 3; the reference is a few sums of the result of mace-torch 0.3.16 in float64.
Convention: the score is the number of digits to which these sums agree, relative to the norm of the result; results are (nodes, components, channels).
"""

import numpy as np

PATHS = (28, 58, 73)  # chains of couplings that end in degree 0, 1, 2

# sums of the result and of the gradient in the features, over the norms; by nodes, channels, highest degree of the output
REFERENCE = {
    "45-32-1": [
        [0.38522688848929904, 1.0778240137218595, -1.2993075329408332],
        [0.63976586645232, 0.07178560191500599, -0.27146391087956595],
    ],
    "45-128-1": [
        [-1.41296767787834, 0.4433566436196535, -1.4876605859333696],
        [0.09521126303020387, -0.5562536610362271, -1.2277584880918282],
    ],
    "135-64-2": [
        [0.544081454650115, 1.022394717192878, -0.8425794607868553],
        [0.7854476689804526, -0.26103592774965295, 1.3266649525027772],
    ],
}


def make(nodes, channels, lmax, gradient, repeat):
    """Return features (nodes, 16, C), weights (3, paths, C), elements (nodes,), the output's gradient, whether gradients are wanted, how often."""
    rng = np.random.default_rng(11)
    return {
        "x": rng.normal(size=(nodes, 16, channels)).astype(np.float32),
        "weights": (rng.normal(size=(3, sum(PATHS[: lmax + 1]), channels)) / 30).astype(np.float32),
        "g": rng.normal(size=(nodes, (lmax + 1) ** 2, channels)).astype(np.float32),
        "elements": np.arange(nodes) % 3,
        "lmax": lmax,
        "gradient": gradient,
        "repeat": repeat,
    }


def sums(result):
    """Return sums of an array with a few waves, relative to its norm."""
    flat = np.asarray(result, dtype=np.float64).ravel()
    place = np.arange(flat.size)
    return [float(flat @ np.cos(f * place) / np.linalg.norm(flat)) for f in (0.1, 0.7, 2.3)]


def score(data, result):
    """Return the number of right digits."""
    expected = REFERENCE[f"{data['x'].shape[0]}-{data['x'].shape[2]}-{data['lmax']}"]
    found = [sums(part) for part in result]
    defect = max(np.max(np.abs(np.subtract(a, b))) for a, b in zip(found, expected, strict=False))
    return {"digits": -np.log10(max(float(defect), 1e-17))}
