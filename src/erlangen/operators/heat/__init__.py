r"""The heat semigroup of a graph: rows, action, diagonal, entropies.

Definition: :math:`H_t = e^{-tL}`; each name is documented where it is defined.
Convention: rows are sources; methods of relative accuracy keep the digits of every entry, those of absolute accuracy say so.
"""

from __future__ import annotations

from erlangen.operators.heat.certificate import HeatCertificate
from erlangen.operators.heat.diagonal import heat_diagonal
from erlangen.operators.heat.entropy import diffusion_entropy, heat_trace, von_neumann_entropy
from erlangen.operators.heat.kernel import heat_action, heat_kernel
from erlangen.operators.heat.knee import knee
from erlangen.operators.heat.operator import HeatOperator

__all__ = [
    "HeatCertificate",
    "HeatOperator",
    "diffusion_entropy",
    "heat_action",
    "heat_diagonal",
    "heat_kernel",
    "heat_trace",
    "knee",
    "von_neumann_entropy",
]
