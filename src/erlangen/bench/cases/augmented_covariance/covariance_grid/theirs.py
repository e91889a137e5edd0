"""The peer's side: one cell of the grid.

Definition: MOABB's AugmentedDataset, then pyriemann's Covariances("cov").
Convention: as released.
"""

from moabb.pipelines.features import AugmentedDataset
from pyriemann.estimation import Covariances


def run(data):
    """Return the covariances of the cell."""
    embedded = AugmentedDataset(data["order"], data["lag"]).transform(data["trials"])
    return Covariances("cov").fit_transform(embedded)
