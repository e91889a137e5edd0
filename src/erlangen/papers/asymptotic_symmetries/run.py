"""Run the thesis' statements as counted theorems, then the central charge and the figures.

Definition: each theorem is a row, so that rows run in parallel and a killed run goes on where it was.
Convention: a metric named after a theorem counts failures, ``…_instances`` what was tried.
"""

from __future__ import annotations

from typing import Any

from erlangen.papers.asymptotic_symmetries import cut_figures, figures, infinity, theorems
from erlangen.runs import RunContext

__all__ = ["run"]

_MODULES = {name: module for module in (theorems, infinity) for name in module.__all__}


def run(context: RunContext) -> None:
    """Run the paper."""
    count = context.parameters["instances"]
    items = {f"theorem/{name}": (name, context.child_seed(name) % 2**32, count) for name in _MODULES}
    rows: Any = context.map(_theorem, items, message="theorems")
    for name in _MODULES:
        failures, instances = rows[f"theorem/{name}"]
        context.metric(name, failures)
        context.metric(f"{name}_instances", instances)
    context.metric("central_charge", _central_charge())
    caption = (
        "Paths of Hill's monodromy: how (ψ, ψ′) turns and stretches once around the circle, for four potentials Θ."
    )
    context.figure("monodromy", figures.monodromies(), "image/svg+xml", caption)
    caption = "The orbits of constants Θ₀: trace of the monodromy, and what lies at Θ₀ = −n²: vacua, of which Minkowski space is the first."
    context.figure("orbits", figures.orbits(), "image/svg+xml", caption)
    caption = "Energy of superrotated Minkowski spaces f = φ + ε sin(nφ): isometric to Minkowski space, told apart by their charges."
    context.figure("vacua", figures.vacua(), "image/svg+xml", caption)
    caption = (
        "Null surfaces that arrive on cuts of null infinity (gold, against a round cut): a light cone has a vertex, a translation moves it,"
        " a supertranslation spreads it to a caustic. Fronts at times 0 to 1.2, in 2 + 1 dimensions."
    )
    context.figure("cones", cut_figures.light_cones(), "image/svg+xml", caption)
    caption = (
        "The mass of Kerr's black hole on spheres of any radius: constant for its symmetry, convergent for a symmetry far away, divergent for"
        " a field that is none; full lines Barnich and Brandt, broken lines Iyer and Wald."
    )
    context.figure("radii", cut_figures.charges_at_radii(), "image/svg+xml", caption)


def _theorem(name: str, seed: int, count: int) -> tuple[int, int]:
    found: tuple[int, int] = getattr(_MODULES[name], name)(seed, count)
    return found


def _central_charge() -> float:
    """Return ``G c_M``: with ``16πG K = k ∮ T_1 Y_2'''`` modes give ``i{J_m, P_-m} = -k m³/8G = c_M m³/12``."""
    extension = theorems.flat_symmetries().central_extension
    third = extension.terms["xiu0"].partial("xiphi0v2_phi_phi_phi").rational()
    return -12 * float(third or 0) / 8
