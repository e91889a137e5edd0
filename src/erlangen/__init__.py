"""erlangen: geometry and symmetry for computing.

Definition: one house by mathematical layer; ``import erlangen`` loads no third party, each room loads when it is first named (PEP 562).
Convention: a room imports only rooms of lower tiers; see the conventions page of the documentation.
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "bench",
    "datasets",
    "edges",
    "errors",
    "estimators",
    "exact",
    "gallery",
    "gauge",
    "groups",
    "linalg",
    "manifolds",
    "native",
    "nn",
    "operators",
    "optim",
    "papers",
    "potentials",
    "random",
    "representations",
    "runs",
    "symbolic",
    "testing",
    "topology",
    "validation",
]


def __getattr__(name: str) -> ModuleType:
    if name in __all__ and name != "__version__":
        return import_module(f"erlangen.{name}")
    message = f"module 'erlangen' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
