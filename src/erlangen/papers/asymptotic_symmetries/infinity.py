"""The thesis' statements on both null infinities, without coordinates and in four dimensions, as counts.

Definition: each function takes a seed and a number of random instances; what is exact needs none and counts its own cases.
Convention: each returns (failures, instances).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing
from erlangen.gauge import BMS3Element, CircleFunction, match_null_infinities
from erlangen.papers.asymptotic_symmetries.theorems import (
    BONDI,
    Found,
    flat_problem,
    flat_symmetries,
    random_shift,
    tally,
)
from erlangen.symbolic import (
    AsymptoticProblem,
    AsymptoticSymmetries,
    ConformalCompletion,
    Metric,
    euler_operator,
    flow,
    null_link,
    replace_functions,
)

__all__ = ["antipodal_matching", "conformal_completion", "four_dimensions"]

_TRANSLATIONS = ("1", "(1 - z*w)/(1 + z*w)", "(z + w)/(1 + z*w)", "(z - w)/(1 + z*w)")


def _past() -> AsymptoticSymmetries:
    """Return the asymptotic symmetries at past null infinity, solved for as those at future null infinity are."""
    gauge = {key.replace("u", "v"): value.replace("-1", "1") for key, value in BONDI.items()}
    names = {"v v": "Theta", "v phi": "Xi"}
    problem = AsymptoticProblem("v r phi", "r", gauge=gauge, falloff={"v v": 0, "v phi": 0}, names=names)
    return problem.solve_einstein(3).symmetries()


def antipodal_matching(seed: int, count: int) -> Found:
    """Count what of the link fails: equal actions and charges at both ends, the antipodal map, random charges and superrotations."""
    late, early = flat_symmetries(), _past()

    def relabelled(values: dict[str, DifferentialElement]) -> dict[str, str]:
        return {name.replace("xiv", "xiu"): str(value).replace("xiv", "xiu") for name, value in values.items()}

    held = [relabelled(early.action) == relabelled(late.action), relabelled(early.charges) == relabelled(late.charges)]
    held += [null_link(3).antipodal, null_link(4).antipodal]
    rng = np.random.default_rng(seed)
    angles = 2 * np.pi * np.arange(64) / 64
    for _ in range(count):
        theta, xi, t, y = (random_shift(rng) for _ in range(4))
        before = match_null_infinities(theta, xi)
        after = np.mean(t(angles) * theta(angles) + 2 * y(angles) * xi(angles))
        sooner = np.mean(t(angles - np.pi) * before[0](angles) + 2 * y(angles - np.pi) * before[1](angles))
        held.append(bool(abs(after - sooner) <= 1e-12))
        held.append(_equivariant(theta, xi, t, y, angles))
    return tally(held)


def _equivariant(
    theta: CircleFunction, xi: CircleFunction, shift: CircleFunction, alpha: CircleFunction, angles: NDArray[np.float64]
) -> bool:
    """Return whether matching after an element of BMS3 is its antipodal copy after matching (1e-8)."""
    turned = BMS3Element.of(lambda p: shift(p - np.pi), lambda p: alpha(p - np.pi))
    first = match_null_infinities(*BMS3Element.of(shift, alpha)(theta, xi))
    second = turned(*match_null_infinities(theta, xi))
    return all(bool(np.max(np.abs(a(angles) - b(angles))) <= 1e-8) for a, b in zip(first, second, strict=True))


def conformal_completion(seed: int, count: int) -> Found:
    """Count failures of the conformal vacuum equation, of the charge against Bondi's, of its independence of the frame, of random frames."""
    symmetries = flat_symmetries()
    plain, moved = _completed(), _completed("omega + Omega*kappa", {"omega": "u phi", "kappa": "u phi"})
    held = [not each.vacuum_defect()[i, j] for each in (plain, moved) for i in range(3) for j in range(i, 3)]
    densities = []
    for completion in (plain, moved):
        ring = completion.ring
        ring.declare(functions={"xiu0": "u phi", "xiphi0": "phi"})
        densities.append(completion.charge_density({"u": ring["xiu0"], "phi": ring["xiphi0"]}, "phi"))
    held.append(str(densities[0]) == str(densities[1]))
    ring = plain.ring
    data = {name: ring.parse(text) for name, text in _data_in_time().items()}
    for parameter, charge in symmetries.charges.items():
        there = ring.parse(str(charge)).substitute({name: data[name] for name in data if name in str(charge)})
        held.append(densities[0].partial(parameter) == there / 2)
    return tally([*held, *_random_frames(seed, count)])


def _data_in_time() -> dict[str, str]:
    """Return the data as polynomials in time with values on the cut u = 0, by the rules that the solver found."""
    solution = flat_problem()
    found = {}
    for name in solution.free:
        value, slope = solution.space[name], solution.solver.reduce(solution.space[f"{name}_u"])
        if solution.solver.reduce(slope.derivative("u")):
            message = f"{name} is not linear in time"
            raise DomainError(message)
        found[name] = str(value + solution.space["u"] * slope)
    return found


def _completed(frame: str = "1", functions: dict[str, str] | None = None) -> ConformalCompletion:
    """Return the completion of the solutions of the flat problem."""
    solution = flat_problem()
    ring = DifferentialRing("u r phi", functions=dict.fromkeys(solution.free, "phi"))
    data = {name: ring.parse(text) for name, text in _data_in_time().items()}
    components = {}
    for pair, series in solution.metric.items():
        element = ring.parse(str(series.element()))
        components[pair] = element.substitute({name: data[name] for name in data if name in element.generators})
    return ConformalCompletion.at_infinity(Metric(ring, components), frame=frame, functions=functions)


def _random_frames(seed: int, count: int) -> list[bool]:
    """Return whether superrotated vacua are Minkowski space in the frames of their superrotations: ``-2 P̃(m, m) = -1`` (1e-8)."""
    turned = _completed("omega", {"omega": "phi"})
    along = turned.at_boundary(turned.metric.lower)[2, 2]
    density = -2 * turned.at_boundary(turned.schouten)[2, 2] / along
    rng = np.random.default_rng(seed)
    angles = np.linspace(0, 2 * np.pi, 33)
    held = []
    for _ in range(count):
        element = BMS3Element.of(random_shift(rng))
        slope = element.shift.derivative()
        values = {"Theta": element(-1.0)[0](angles), "omega": 1 + slope(angles)}
        values |= {"omega_phi": slope.derivative()(angles), "omega_phi_phi": slope.derivative(2)(angles)}
        held.append(bool(np.max(np.abs(density.evaluate(values) + 1)) <= 1e-8))
    return held


@lru_cache(maxsize=1)
def bondi_sachs() -> AsymptoticSymmetries:
    """Return the asymptotic symmetries of four-dimensional space, whose cuts are round spheres in stereographic coordinates."""
    problem = AsymptoticProblem(
        "u r z w", "r", gauge={"r r": "0", "r z": "0", "r w": "0"},
        falloff={"u u": 0, "u r": -1, "u z": 0, "u w": 0, "z z": 1, "w w": 1, "z w": 1},
        background={"u r": "-1", "z w": "2*r^2/(1 + z*w)^2"}, determinants={"z w": "-4*r^4/(1 + z*w)^4"},
        absent={"z z": [0], "w w": [0]}, names={"u u": "m", "z z": "C", "w w": "B"},
    )  # fmt: skip
    return problem.solve_einstein(2).symmetries()


def four_dimensions(_: int, __: int) -> Found:
    """Count what fails of supertranslated Minkowski space: no mass, no news, no flux, no Lorentz charge, but charges of superrotations."""
    found = bondi_sachs()
    ring, split = found.ring, found.split()
    for name, of in (("T", "z w"), ("Y", "z"), ("Z", "w")):
        if name not in ring.functions:
            ring.declare(functions={name: of})
    vacuum = flow(found, {"xiu0": ring["T"]}, {})
    held = [vacuum["m1"] == 0, *(not value.derivative("u") for value in vacuum.values())]
    still = {**vacuum, **{f"delta_{name}": value for name, value in vacuum.items()}}
    held += [replace_functions(flux, still) == 0 for flux in split.flux.values()]
    held += [
        replace_functions(found.solver.reduce(ring[f"{name}_u"]), vacuum) == 0
        for name in found.fields
        if name not in "CB"
    ]
    for text in _TRANSLATIONS:
        held.append(not any(replace_functions(value, {"T": ring.parse(text)}) for value in vacuum.values()))
    for parameter, name, variable in (("xiz0", "Y", "z"), ("xiw0", "Z", "w")):
        density = ring[name] * replace_functions(split.charges[parameter], vacuum)
        for power in range(3):  # Lorentz transformations
            held.append(not euler_operator(replace_functions(density, {name: ring[variable] ** power}), "T"))
        held.append(bool(euler_operator(density, "T")))
    mass = ring["T"] * replace_functions(split.charges["xiu0"], vacuum)
    return tally([*held, not euler_operator(mass, "T")])
