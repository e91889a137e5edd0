"""The peer's side: the released HeatGeo with its defaults at k = 10.

Definition: whole ``fit_transform`` as its README shows it.
Convention: as released.
"""

from heatgeo.embedding import HeatGeo


def run(data):
    """Return the embedding (n, 2)."""
    return HeatGeo(knn=10).fit_transform(data["points"])
