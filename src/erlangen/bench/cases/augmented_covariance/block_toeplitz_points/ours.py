"""Our side: coordinates, means and distances of BlockToeplitzSPD, a cone and nine disks of matrices of order 22.

Definition: the partial autocorrelations of every sequence, the mean of each class of the first half, the distances of the second half to both.
Convention: classes are 0 and 1; tolerance of the means as the manifold has it (1e-10).
"""

from erlangen.manifolds import BlockToeplitzSPD


def run(data):
    """Return the predicted labels of the second half."""
    gammas, y, half = data["gammas"], data["labels"], len(data["labels"]) // 2
    space = BlockToeplitzSPD(gammas.shape[-1], gammas.shape[1])
    points = space.from_autocovariances(gammas)
    means = [space.metric.mean(points[:half][y[:half] == k]) for k in (0, 1)]
    to_first, to_second = (space.metric.squared_dist(points[half:], mean) for mean in means)
    return (to_second < to_first).astype(int)
