"""Layers of torch.nn whose features live on manifolds.

Definition: each name is documented where it is defined.
Convention: parameters are plain ``nn.Parameter``; the layer names the manifold of each in ``manifolds()``, which optimisers read.
"""

from __future__ import annotations

from erlangen.nn.bi_map import BiMap
from erlangen.nn.cov_pool import CovPool
from erlangen.nn.exp_eig import ExpEig
from erlangen.nn.log_eig import LogEig
from erlangen.nn.re_eig import ReEig
from erlangen.nn.riemannian_residual import RiemannianResidual
from erlangen.nn.signal_filters import SignalFilters
from erlangen.nn.spd_batch_norm import SPDBatchNorm
from erlangen.nn.spd_dropout import SPDDropout
from erlangen.nn.spd_mlr import SPDMLR
from erlangen.nn.spd_net import SPDNet
from erlangen.nn.vectorise import Vectorise

__all__ = [
    "SPDMLR",
    "BiMap",
    "CovPool",
    "ExpEig",
    "LogEig",
    "ReEig",
    "RiemannianResidual",
    "SPDBatchNorm",
    "SPDDropout",
    "SPDNet",
    "SignalFilters",
    "Vectorise",
]
