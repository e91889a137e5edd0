"""Charts, jets and field theories in exact functions: variational calculus, symmetries, curvature, currents and charges.

Definition: each name is documented where it is defined.
Convention: functions are elements of a differential ring; zero is recognised by its data, never by simplification.
"""

from __future__ import annotations

from erlangen.symbolic.asymptotics.asymptotic_problem import AsymptoticProblem
from erlangen.symbolic.asymptotics.asymptotic_symmetries import AsymptoticSymmetries
from erlangen.symbolic.asymptotics.boundary_charges import ChargeSplit
from erlangen.symbolic.asymptotics.charge_algebra import CentralExtension
from erlangen.symbolic.asymptotics.conformal_completion import ConformalCompletion
from erlangen.symbolic.asymptotics.flow import flow
from erlangen.symbolic.asymptotics.null_link import NullLink, null_link
from erlangen.symbolic.asymptotics.on_shell import replace_functions
from erlangen.symbolic.asymptotics.solution_space import SolutionSpace
from erlangen.symbolic.charges.charge_one_form import SurfaceCharge, surface_charge
from erlangen.symbolic.charges.einstein import Einstein, WaldZoupas, einstein_potential
from erlangen.symbolic.charges.first_law import FirstLaw
from erlangen.symbolic.charges.surface_charge import ChargeForm, charge_form, metric_variation
from erlangen.symbolic.charges.surface_sphere import ClosedSurface
from erlangen.symbolic.geometry.conformal_tensors import (
    cotton_tensor,
    geodesic_equations,
    hodge_dual,
    schouten_tensor,
)
from erlangen.symbolic.geometry.killing import KillingDimension, killing_dimension
from erlangen.symbolic.geometry.killing_algebra import KillingAlgebra, killing_algebra
from erlangen.symbolic.geometry.line_element import metric_signature, parse_metric
from erlangen.symbolic.geometry.metric import Metric
from erlangen.symbolic.geometry.spacetimes import SPACETIMES, spacetime
from erlangen.symbolic.geometry.tensor import Tensor
from erlangen.symbolic.geometry.volume import volume_density
from erlangen.symbolic.jets.euler import euler_operator, higher_euler
from erlangen.symbolic.jets.gauge_symmetry import GaugeSymmetry, current_potential, gauge_symmetry
from erlangen.symbolic.jets.homotopy import horizontal_derivative, horizontal_homotopy, invert_divergence
from erlangen.symbolic.jets.jet_space import JetSpace
from erlangen.symbolic.jets.jet_space_of import jet_space_of
from erlangen.symbolic.jets.momenta import momenta, presymplectic_current, presymplectic_potential
from erlangen.symbolic.jets.noether import Current, noether, noether_identity
from erlangen.symbolic.jets.parts import antiderivative
from erlangen.symbolic.jets.prolongation import commutator, linearise, prolong
from erlangen.symbolic.symmetries.conservation_laws import ConservationLaw, conservation_laws, scaling_weights
from erlangen.symbolic.symmetries.conserved_densities import conserved_densities
from erlangen.symbolic.symmetries.determining import determining_equations
from erlangen.symbolic.symmetries.differential_system import DifferentialSystem
from erlangen.symbolic.symmetries.generalized_symmetries import GeneralizedSymmetries
from erlangen.symbolic.symmetries.lie_algebra import LieAlgebra
from erlangen.symbolic.symmetries.lie_symmetries import lie_symmetries
from erlangen.symbolic.symmetries.linear_system import LinearSystem, complete_linear_system
from erlangen.symbolic.symmetries.point_symmetries import SymmetryAlgebra
from erlangen.symbolic.theories.einstein_hilbert import GenericMetric, einstein_hilbert

__all__ = [
    "SPACETIMES",
    "AsymptoticProblem",
    "AsymptoticSymmetries",
    "CentralExtension",
    "ChargeForm",
    "ChargeSplit",
    "ClosedSurface",
    "ConformalCompletion",
    "ConservationLaw",
    "Current",
    "DifferentialSystem",
    "Einstein",
    "FirstLaw",
    "GaugeSymmetry",
    "GeneralizedSymmetries",
    "GenericMetric",
    "JetSpace",
    "KillingAlgebra",
    "KillingDimension",
    "LieAlgebra",
    "LinearSystem",
    "Metric",
    "NullLink",
    "SolutionSpace",
    "SurfaceCharge",
    "SymmetryAlgebra",
    "Tensor",
    "WaldZoupas",
    "antiderivative",
    "charge_form",
    "commutator",
    "complete_linear_system",
    "conservation_laws",
    "conserved_densities",
    "cotton_tensor",
    "current_potential",
    "determining_equations",
    "einstein_hilbert",
    "einstein_potential",
    "euler_operator",
    "flow",
    "gauge_symmetry",
    "geodesic_equations",
    "higher_euler",
    "hodge_dual",
    "horizontal_derivative",
    "horizontal_homotopy",
    "invert_divergence",
    "jet_space_of",
    "killing_algebra",
    "killing_dimension",
    "lie_symmetries",
    "linearise",
    "metric_signature",
    "metric_variation",
    "momenta",
    "noether",
    "noether_identity",
    "null_link",
    "parse_metric",
    "presymplectic_current",
    "presymplectic_potential",
    "prolong",
    "replace_functions",
    "scaling_weights",
    "schouten_tensor",
    "spacetime",
    "surface_charge",
    "volume_density",
]
