"""The thesis' statements as counts: on how many instances each fails, and on how many it was tried.

Definition: each function takes a seed and a number of random instances; what is exact needs none and counts its own cases.
Convention: each returns (failures, instances).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement
from erlangen.gauge import (
    BMS3Element,
    CircleFunction,
    boost_vacuum,
    classify_orbit,
    hill_monodromy,
)
from erlangen.symbolic import (
    AsymptoticProblem,
    AsymptoticSymmetries,
    DifferentialSystem,
    JetSpace,
    Metric,
    SolutionSpace,
    Tensor,
    charge_form,
    conserved_densities,
    euler_operator,
    killing_dimension,
    lie_symmetries,
    linearise,
    metric_variation,
    noether,
    spacetime,
)

__all__ = [
    "asymptotic_generators",
    "black_hole_charges",
    "bms3_algebra",
    "bms3_charges",
    "bms3_solutions",
    "conservation_laws",
    "distinct_vacua",
    "first_variation",
    "flat_limit",
    "isometries",
    "noether_currents",
    "orbit_invariance",
    "point_symmetries",
]

Found = tuple[int, int]
BONDI = {"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}
NAMES = {"u u": "Theta", "u phi": "Xi"}
_EQUATIONS = {  # dimensions: Olver, Applications of Lie Groups to Differential Equations; Ibragimov, CRC Handbook
    "u_t + 6*u*u_x + u_xxx": 4,
    "u_t + u^2*u_x + u_xxx": 3,
    "u_t + u*u_x - u_xx": 5,
    "u_t + u_x^2 + u_xxx": 5,
    "u_t - u^3*u_xxx": 5,
    "u_t - u_xx - u*(1 - u)": 2,
    "u_t + u_xxxx + u_xx + u*u_x": 3,
}
_ISOMETRIES = {
    "minkowski": 10,
    "de-sitter": 10,
    "anti-de-sitter": 10,
    "schwarzschild": 4,
    "reissner-nordstroem": 4,
    "goedel": 5,
    "kasner": 3,
    "btz": 6,
}
_KERR = {("M", "t"): "1", ("a", "t"): "0", ("M", "phi"): "-a", ("a", "phi"): "-M"}
_BTZ = {("M", "t"): "G", ("J", "t"): "0", ("M", "phi"): "0", ("J", "phi"): "-G"}
_LAGRANGIANS = {
    "u_t^2/2 - u_x^2/2": ("u_t", "u_x", "1", "x*u_t + t*u_x"),
    "u_t^2/2 - u_x^2/2 - u^4/4": ("u_t", "u_x", "x*u_t + t*u_x"),
    "u_t^2/2 - u_x^2/2 + cos(u)": ("u_t", "u_x", "x*u_t + t*u_x"),
    "u_t*u_x/2 + u_x^3 - u_xx^2/2": ("u_t", "u_x", "1", "x - 6*t*u_x"),  # KdV in its potential
}


def tally(verdicts: Iterable[bool]) -> Found:
    """Return how many verdicts are false, and how many there are."""
    held = list(verdicts)
    return sum(not verdict for verdict in held), len(held)


@lru_cache(maxsize=1)
def flat_problem() -> SolutionSpace:
    """Return the solved problem of three-dimensional asymptotically flat space."""
    return AsymptoticProblem("u r phi", "r", gauge=BONDI, falloff={"u u": 0, "u phi": 0}, names=NAMES).solve_einstein(3)


@lru_cache(maxsize=1)
def flat_symmetries() -> AsymptoticSymmetries:
    """Return its asymptotic symmetries."""
    return flat_problem().symmetries()


def bms3_solutions(_: int, __: int) -> Found:
    """Count the components of Ricci's tensor that do not vanish on the solution space, and the rules of its data."""
    solution = flat_problem()
    ring = solution.space.ring
    metric = Metric(ring, {pair: series.element() for pair, series in solution.metric.items()})
    components = [metric.ricci[i, j] for i in range(3) for j in range(i, 3)]
    rules = solution.rules == {"Theta_u": ring.constant(0), "Xi_u": ring["Theta_phi"] / 2}
    return tally([*(solution.solver.reduce(value) == 0 for value in components), rules, not solution.unsolved])


def asymptotic_generators(_: int, __: int) -> Found:
    """Count the components of the metric that the generators move out of the gauge, beyond every known order."""
    solution = flat_problem()
    found = flat_symmetries()
    ring = found.ring
    metric = Metric(ring, {pair: series.element() for pair, series in solution.metric.items()})
    moved = metric.lower.lie_derivative(
        Tensor(ring, "u", {(k,): series.element() for k, series in found.components.items()})
    )
    expected = {(0, 0): found.action["Theta"], (0, 2): found.action["Xi"]}
    pairs = [(i, j) for i in range(3) for j in range(i, 3)]
    return tally(found.solver.reduce(moved[pair] - expected.get(pair, ring.constant(0))) == 0 for pair in pairs)


def bms3_charges(_: int, __: int) -> Found:
    """Count the prescriptions and parameters whose charge at finite radius differs from its limit by more than a total derivative."""
    solution = flat_problem()
    found = flat_symmetries()
    ring = found.ring
    limit = sum((ring[name] * value for name, value in found.charge_variations.items()), ring.constant(0))
    metric = Metric(ring, {pair: series.element() for pair, series in solution.metric.items()})
    variation = metric_variation(metric, {field: ring[f"delta_{field}"] for field in found.fields})
    xi = {ring.coordinates[k]: series.element() for k, series in found.components.items()}
    held: list[bool] = []
    for prescription in ("barnich-brandt", "iyer-wald"):
        form = charge_form(metric, variation, xi, surface=("u", "r"), prescription=prescription)  # type: ignore[arg-type]
        rest = found.solver.reduce(form.density - limit)
        for parameter in found.parameters:
            on_shell = found.solver.reduce(euler_operator(rest, parameter))
            held.append(_without_linearised(found, on_shell) == 0)
    return tally(held)


def _without_linearised(found: AsymptoticSymmetries, element: DifferentialElement) -> DifferentialElement:
    """Return an element with the linearised rules of the data put in."""
    ring = found.ring
    names = {}
    for name in element.generators:
        if name == "delta_Xi_u":
            names[name] = ring["delta_Theta_phi"] / 2
        elif name.startswith("delta_Theta_u"):
            names[name] = ring.constant(0)
    return element.substitute(names) if names else element


def bms3_algebra(_: int, __: int) -> Found:
    """Count failures of closure, of antisymmetry and of non-triviality of the central extension."""
    found = flat_symmetries()
    extension = found.central_extension
    swapped = all(value for value in found.bracket.values())
    return tally([swapped, extension.antisymmetric, not extension.trivial])


def flat_limit(_: int, __: int) -> Found:
    """Count what of anti-de Sitter space (rules, charges) does not go over into flat space at infinite radius."""
    flat = flat_problem()
    curved = AsymptoticProblem(
        "u r phi", "r", gauge=BONDI, falloff={"u u": 0, "u phi": 0}, background={"u u": "-r^2/l^2"}, cosmological_constant="-1/l^2",
        constants="l", names=NAMES,
    ).solve_einstein(3)  # fmt: skip
    held = []
    for name, rule in curved.rules.items():
        cleared = rule * curved.space.ring["l"] ** 2
        kept = cleared.coefficients("l").get((2,), curved.space.ring.constant(0))
        held.append(str(kept) == str(flat.rules[name]))
    ours, theirs = curved.symmetries().charges, flat_symmetries().charges
    held += [str(ours[name]) == str(theirs[name]) for name in theirs]
    return tally(held)


def black_hole_charges(_: int, __: int) -> Found:
    """Count the charge variations of Kerr and BTZ that are not those of mass and angular momentum, at any radius."""
    held = []
    bounds: dict[str, dict[str, tuple[int, int]]] = {"kerr": {"x": (-1, 1)}, "btz": {}}
    for name, table in (("kerr", _KERR), ("btz", _BTZ)):
        metric = spacetime(name)
        for (parameter, vector), expected in table.items():
            for prescription in ("barnich-brandt", "iyer-wald"):
                form = charge_form(metric, metric_variation(metric, parameter), {vector: 1}, prescription=prescription)  # type: ignore[arg-type]
                held.append(form.integrate(bounds[name], circles=("phi",)) == metric.ring.parse(expected))
    return tally(held)


def noether_currents(_: int, __: int) -> Found:
    """Count variational symmetries whose current is not conserved: ``D_i J^i + Q E`` does not vanish."""
    held = []
    for lagrangian, characteristics in _LAGRANGIANS.items():
        space = JetSpace("t x", "u")
        equation = space.euler(lagrangian)["u"]
        for text in characteristics:
            try:
                current = noether(space, lagrangian, {"u": text})
            except DomainError:
                held.append(False)
                continue
            held.append(current.divergence() + space.parse(text) * equation == 0)
    return tally(held)


def first_variation(seed: int, count: int) -> Found:
    """Count random Lagrangians of orders up to three with ``δL ≠ E δu + D_i θ^i``."""
    rng = np.random.default_rng(seed)
    held = []
    for _ in range(count):
        space = JetSpace("t x", "u v")
        density = space.ring.constant(0)
        for _ in range(3):
            term = space.ring.constant(int(rng.integers(1, 6)))
            for _ in range(int(rng.integers(1, 4))):
                index = tuple(int(k) for k in rng.integers(0, 3, size=2))
                term = term * space.ring.jet(space.fields[int(rng.integers(2))], index)
            density = density + term
        equations, potential = space.euler(density), space.presymplectic_potential(density)
        right = sum((equations[f] * space[f"delta_{f}"] for f in space.fields), space.divergence(potential))
        held.append(linearise(density, space.fields) == right)
    return tally(held)


def point_symmetries(_: int, __: int) -> Found:
    """Count equations whose symmetry algebra has another dimension than the literature's, or was not found whole."""
    held = []
    for text, dimension in _EQUATIONS.items():
        found = lie_symmetries(DifferentialSystem(JetSpace("t x", "u"), [text]))
        held.append(found.dimension == dimension and found.complete)
    return tally(held)


def conservation_laws(_: int, __: int) -> Found:
    """Count ranks up to 12 at which KdV has other than one density (even) or none (odd)."""
    system = DifferentialSystem(JetSpace("t x", "u"), ["u_t + 6*u*u_x + u_xxx"])
    return tally(len(conserved_densities(system, rank)) == (rank % 2 == 0) for rank in range(1, 13))


def isometries(_: int, __: int) -> Found:
    """Count metrics whose algebra of Killing fields has another dimension than the literature's."""
    return tally(killing_dimension(spacetime(name)).dimension == dimension for name, dimension in _ISOMETRIES.items())


def random_shift(rng: np.random.Generator) -> CircleFunction:
    """Return a random periodic part of a diffeomorphism."""
    size = rng.uniform(0.05, 0.15)
    phases = rng.uniform(0, 2 * np.pi, 3)

    def value(angle: NDArray[np.float64]) -> NDArray[np.float64]:
        return size * sum(np.sin(k * angle + phase) / k for k, phase in enumerate(phases, 1))

    return CircleFunction.of(value)


def orbit_invariance(seed: int, count: int) -> Found:
    """Count random superrotations that change the orbit of a constant: its trace by more than 1e-8, or its class."""
    rng = np.random.default_rng(seed)
    held = []
    for _ in range(count):
        constant = float(rng.choice([-1.0, -4.0, -0.5, -2.7, 0.8, 2.0]))
        theta, _ = BMS3Element.of(random_shift(rng))(constant)
        before, after = hill_monodromy(constant).trace, hill_monodromy(theta).trace
        same = classify_orbit(theta, tolerance=1e-7).winding == classify_orbit(constant, tolerance=1e-7).winding
        held.append(bool(abs(before - after) <= 1e-8 * max(1.0, abs(before))) and same)
    return tally(held)


def distinct_vacua(seed: int, count: int) -> Found:
    """Count random superrotated and supertranslated Minkowski spaces that are not Minkowski, or have Minkowski's charges."""
    rng = np.random.default_rng(seed)
    angles = np.linspace(0, 2 * np.pi, 64)
    held = []
    for _ in range(count):
        theta, xi = boost_vacuum(random_shift(rng), random_shift(rng))
        monodromy = hill_monodromy(theta)
        flat = bool(np.max(np.abs(monodromy.matrix + np.eye(2))) <= 1e-8) and monodromy.half_turns == 1
        held.append(flat and theta.mean() > -1 + 1e-6 and float(np.ptp(xi(angles))) > 1e-3)
    return tally(held)
