"""Which normaliser serves a metric.

Definition: affine-invariant and Bures–Wasserstein have one of their own, metrics with a flat image share one, any other is used as it is.
Convention: M and theta of the Bures–Wasserstein metric are passed apart, because the layer may learn them.
"""

from __future__ import annotations

from torch import Tensor

from erlangen.manifolds import AffineInvariant, BuresWasserstein, Metric
from erlangen.manifolds.spd.flat import Flat
from erlangen.manifolds.spd.pullback import PulledBack
from erlangen.nn.spd.normalisation.affine import AffineNormaliser
from erlangen.nn.spd.normalisation.bures import BuresNormaliser
from erlangen.nn.spd.normalisation.flat import FlatNormaliser
from erlangen.nn.spd.normalisation.general import GeneralNormaliser
from erlangen.nn.spd.normalisation.normaliser import Normaliser

__all__ = ["normaliser_for"]


def normaliser_for(metric: Metric, M: Tensor | None, theta: float | Tensor, exit_policy: str) -> Normaliser:
    """Return the operations of a metric on batches.

    Examples
    --------
    >>> normaliser_for(AffineInvariant(), None, 1.0, "shrink")
    AffineNormaliser()
    """
    if isinstance(metric, BuresWasserstein):
        return BuresNormaliser(M, theta, exit_policy)
    if isinstance(metric, AffineInvariant):
        return AffineNormaliser()
    if isinstance(metric, PulledBack) and isinstance(metric.image, Flat):
        return FlatNormaliser(metric)
    return GeneralNormaliser(metric)
