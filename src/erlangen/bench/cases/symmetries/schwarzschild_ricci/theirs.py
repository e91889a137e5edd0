"""The peer's side: EinsteinPy's predefined metric.

Definition: ``RicciTensor.from_metric(Schwarzschild(c=1))``.
Convention: zero as SymPy's ``simplify`` returns it.
"""

from einsteinpy.symbolic import RicciTensor
from einsteinpy.symbolic.predefined import Schwarzschild


def run(data):
    """Return whether Ricci's tensor vanishes."""
    components = RicciTensor.from_metric(Schwarzschild(c=1)).tensor()
    return all(components[i, j] == 0 for i in range(4) for j in range(4))
