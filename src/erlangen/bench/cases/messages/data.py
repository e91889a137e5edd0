"""Input and score of the case on messages: a graph like that of five acetylacetone molecules, harmonics, weights of the paths.

Definition: 75 nodes, 914 edges, 32 channels of degrees 0 and 1, harmonics to degree 3, ten paths; the reference is sums of the peer's result in float64.
Convention: the score is the number of digits to which these sums agree, relative to the norm of each result; results are (nodes, components, channels).
"""

import numpy as np

# sums of the messages, and of the second derivatives in h and R, over the norms
REFERENCE = [
    [0.5336744275585161, 0.3068615192995449, 0.2724786066563949],
    [-0.8585544369909824, 0.4105862753684718, -0.000608031471442984],
    [-0.5416260174385743, -0.4299937546080566, -1.7111349767196422],
]


def make(nodes, edges, channels, order, repeat):
    """Return features, harmonics, weights, ends, weights of the result, the highest derivative wanted, how often."""
    rng = np.random.default_rng(13)
    receivers = np.sort(rng.integers(0, nodes, size=edges))
    return {
        "h": rng.normal(size=(nodes, 4, channels)).astype(np.float32),
        "Y": rng.normal(size=(edges, 16)).astype(np.float32),
        "R": rng.normal(size=(edges, 10, channels)).astype(np.float32),
        "g": rng.normal(size=(nodes, 40, channels)).astype(np.float32),
        "senders": (receivers + rng.integers(1, nodes, size=edges)) % nodes,
        "receivers": receivers,
        "order": order,
        "repeat": repeat,
    }


def sums(result):
    """Return sums of an array with a few waves, relative to its norm."""
    flat = np.asarray(result, dtype=np.float64).ravel()
    place = np.arange(flat.size)
    return [float(flat @ np.cos(f * place) / np.linalg.norm(flat)) for f in (0.1, 0.7, 2.3)]


def score(data, result):
    """Return the number of right digits."""
    found = [sums(part) for part in result]
    defect = max(np.max(np.abs(np.subtract(a, b))) for a, b in zip(found, REFERENCE, strict=False))
    return {"digits": -np.log10(max(float(defect), 1e-17))}
