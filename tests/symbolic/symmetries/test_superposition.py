"""Symmetries of linear equations modulo superposition: the algebras of the heat and wave equations are the known ones."""

import pytest

from erlangen.errors import DomainError
from erlangen.symbolic import DifferentialSystem, JetSpace, lie_symmetries


def found(base, equation, **options):
    return lie_symmetries(DifferentialSystem(JetSpace(base, "u"), [equation]), **options)


def test_the_heat_equation_has_sl2_and_a_heisenberg_algebra():
    """Olver, Applications of Lie Groups to Differential Equations, example 2.41."""
    algebra = found("t x", "u_t - u_xx").finite_algebra
    radical = algebra.radical()
    assert (algebra.dimension, len(algebra.levi_factor()), len(radical)) == (6, 3, 3)
    assert len(algebra.product(radical, radical)) == 1
    assert len(algebra.centre()) == 1


def test_the_wave_equation_in_three_dimensions_has_the_conformal_algebra_and_a_scaling():
    """so(3, 2) of dimension 10 and the centre u ∂_u."""
    algebra = found("t x y", "u_tt - u_xx - u_yy", degree=2).finite_algebra
    assert (algebra.dimension, len(algebra.levi_factor()), len(algebra.centre())) == (11, 10, 1)


def test_where_nothing_is_superposed_it_is_the_whole_algebra():
    S = found("t x", "u_t + 6*u*u_x + u_xxx")
    assert S.finite_basis == S.basis
    assert S.finite_algebra.derived_series() == S.algebra.derived_series()


@pytest.mark.parametrize(("equation", "degree"), [("u_t - u_xx", 1), ("u_t - u*u_x", 2)])
def test_what_is_not_complete_is_refused(equation, degree):
    with pytest.raises(DomainError, match="modulo superposition, not all"):
        _ = found("t x", equation, degree=degree).finite_algebra
