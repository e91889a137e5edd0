"""Layers of torch.nn whose features live on manifolds or transform under rotations.

Definition: each name is documented where it is defined.
Convention: parameters are plain ``nn.Parameter``; the layer names the manifold of each in ``manifolds()``, which optimisers read.
"""

from __future__ import annotations

from erlangen.nn.equivariant.channelwise_tensor_product import ChannelwiseTensorProduct
from erlangen.nn.equivariant.equivariant_batch_norm import EquivariantBatchNorm
from erlangen.nn.equivariant.equivariant_gate import EquivariantGate
from erlangen.nn.equivariant.equivariant_linear import EquivariantLinear, LinearPath
from erlangen.nn.equivariant.full_tensor_product import FullTensorProduct
from erlangen.nn.equivariant.fully_connected_tensor_product import FullyConnectedTensorProduct
from erlangen.nn.equivariant.gaunt_convolution import GauntConvolution
from erlangen.nn.equivariant.gaunt_self_interaction import GauntSelfInteraction
from erlangen.nn.equivariant.gaunt_tensor_product import GauntTensorProduct
from erlangen.nn.equivariant.norm_activation import NormActivation
from erlangen.nn.equivariant.so2_convolution import SO2Convolution
from erlangen.nn.equivariant.symmetric_contraction import SymmetricContraction
from erlangen.nn.equivariant.tensor_product import TensorProduct
from erlangen.nn.equivariant.tensor_square import TensorSquare
from erlangen.nn.signal_filters import SignalFilters
from erlangen.nn.spd.bi_map import BiMap
from erlangen.nn.spd.cov_pool import CovPool
from erlangen.nn.spd.exp_eig import ExpEig
from erlangen.nn.spd.log_eig import LogEig
from erlangen.nn.spd.re_eig import ReEig
from erlangen.nn.spd.riemannian_residual import RiemannianResidual
from erlangen.nn.spd.spd_batch_norm import SPDBatchNorm
from erlangen.nn.spd.spd_dropout import SPDDropout
from erlangen.nn.spd.spd_mlr import SPDMLR
from erlangen.nn.spd.spd_net import SPDNet
from erlangen.nn.spd.vectorise import Vectorise

__all__ = [
    "SPDMLR",
    "BiMap",
    "ChannelwiseTensorProduct",
    "CovPool",
    "EquivariantBatchNorm",
    "EquivariantGate",
    "EquivariantLinear",
    "ExpEig",
    "FullTensorProduct",
    "FullyConnectedTensorProduct",
    "GauntConvolution",
    "GauntSelfInteraction",
    "GauntTensorProduct",
    "LinearPath",
    "LogEig",
    "NormActivation",
    "ReEig",
    "RiemannianResidual",
    "SO2Convolution",
    "SPDBatchNorm",
    "SPDDropout",
    "SPDNet",
    "SignalFilters",
    "SymmetricContraction",
    "TensorProduct",
    "TensorSquare",
    "Vectorise",
]
