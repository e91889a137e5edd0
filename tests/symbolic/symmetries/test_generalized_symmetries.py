"""Contact and generalised symmetries: numbers and hierarchies of the literature, and the law that they leave solutions on solutions."""

import pytest

from erlangen.errors import DomainError
from erlangen.symbolic import DifferentialSystem, JetSpace, commutator, lie_symmetries, prolong
from erlangen.symbolic.symmetries.linear_conditions import combination

KDV = "u_t + 6*u*u_x + u_xxx"
BURGERS = "u_t - u_xx - 2*u*u_x"


def system_of(equation, base="t x", field="u"):
    return DifferentialSystem(JetSpace(base, field), [equation])


def assert_symmetries(S):
    for characteristic in S.basis:
        for equation in S.system.equations:
            assert S.system.reduce(prolong(characteristic, equation)) == 0


# y''' = 0: Lie 1874, sp(4); y'''' = 0: only prolonged point symmetries, n + 4 (Ibragimov, Handbook 1, 8.4). KdV: no contact symmetry
# beyond the four points. Sine-Gordon: Olver 5.1.
@pytest.mark.parametrize(
    ("equation", "base", "field", "dimension"),
    [("y_xxx", "x", "y", 10), ("y_xxxx", "x", "y", 8), (KDV, "t x", "u", 4), ("u_tx - sin(u)", "t x", "u", 3)],
)
def test_contact_symmetries(equation, base, field, dimension):
    S = lie_symmetries(system_of(equation, base, field), kind="contact")
    assert (S.dimension, S.complete, S.free_functions) == (dimension, True, (0, 0))
    assert S.algebra.dimension == dimension
    assert_symmetries(S)


def test_contact_symmetries_of_the_free_particle_are_infinite():
    """Q(x, y, y') with Q_xx + … = 0 along solutions: two functions of the two constants of motion."""
    S = lie_symmetries(system_of("y_xx", "x", "y"), kind="contact")
    assert (S.dimension, S.free_functions, S.complete) == (None, (2, 2), False)


def test_the_contact_algebra_of_the_third_derivative_is_simple():
    algebra = lie_symmetries(system_of("y_xxx", "x", "y"), kind="contact").algebra
    assert algebra.is_semisimple
    assert algebra.derived_series() == (10,)


# Burgers: u = (log v)_x carries the symmetries of heat, polynomials in D and 2 t D + x of degree n, but for 1 (Olver, 5.2).
@pytest.mark.parametrize(("order", "dimension"), [(1, 2), (2, 5), (3, 9)])
def test_burgers(order, dimension):
    S = lie_symmetries(system_of(BURGERS), kind="generalized", order=order)
    assert (S.dimension, S.complete) == (dimension, True)
    assert dimension == (order + 1) * (order + 2) // 2 - 1
    assert_symmetries(S)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_heat_modulo_superposition(order):
    S = lie_symmetries(system_of("u_t - u_xx"), kind="generalized", order=order, degree=1)
    assert (S.dimension, S.free_functions) == (None, (2, 1))
    assert S.finite_dimension == (order + 1) * (order + 2) // 2


def test_sine_gordon_has_two_symmetries_of_third_order():
    """u_xxx + u_x^3/2 and u_ttt + u_t^3/2 beside translations and the boost (Olver, 5.1)."""
    S = lie_symmetries(system_of("u_tx - sin(u)"), kind="generalized", order=3)
    assert (S.dimension, S.complete) == (5, True)
    columns = [list(one.values()) for one in S.basis]
    for text in ("u_xxx + u_x^3/2", "u_ttt + u_t^3/2"):
        assert combination(columns, [S.system.space.parse(text)])


def test_the_hierarchy_of_kdv():
    """Lenard's recursion ``D^2 + 4 u + 2 u_x D^-1`` makes the fifth order from the third, and they commute."""
    system = system_of(KDV)
    parse = system.space.parse
    third = lie_symmetries(system, kind="generalized", order=3)
    assert (third.dimension, third.complete) == (4, True)
    fifth = lie_symmetries(system, kind="generalized", order=5)
    assert (fifth.dimension, fifth.complete) == (5, True)
    assert_symmetries(fifth)
    flow, before = parse("u_xxx + 6*u*u_x"), parse("u_xx + 3*u^2")
    following = flow.derivative("x", "x") + 4 * parse("u") * flow + 2 * parse("u_x") * before
    assert combination([list(one.values()) for one in fifth.basis], [following])
    assert commutator({"u": flow}, {"u": following}) == {}
    with pytest.raises(DomainError, match="not among"):
        combination([list(one.values()) for one in third.basis], [following])


def test_point_symmetries_are_generalised_ones():
    """The characteristics of the point algebra span those of second order for the second-order equation."""
    system = system_of(BURGERS)
    point = lie_symmetries(system)
    general = lie_symmetries(system, kind="generalized", order=2)
    columns = [list(one.values()) for one in general.basis]
    for vector in point.basis:
        value = system.space.parse(str(vector["u"]))
        for name in ("t", "x"):
            value = value - system.space.parse(str(vector[name])) * system.space[f"u_{name}"]
        combination(columns, [system.reduce(value)])
    assert point.algebra.derived_series() == general.algebra.derived_series()


def test_brackets_that_leave_the_order_are_refused():
    S = lie_symmetries(system_of(BURGERS), kind="generalized", order=3)
    with pytest.raises(DomainError, match="not among the symmetries found"):
        _ = S.algebra


def test_an_ansatz_that_is_too_small_is_not_called_complete():
    S = lie_symmetries(system_of(BURGERS), kind="generalized", order=2, degree=2)
    assert (S.dimension, S.complete) == (5, False)
    with pytest.raises(DomainError, match="where all symmetries are"):
        _ = S.algebra


def test_factors_reach_beyond_polynomials():
    """``u_x^2 = u_t - u_xx`` has ``exp(-u)`` times solutions of heat (Hopf and Cole), which no polynomial finds."""
    system = system_of("u_t - u_xx - u_x^2")
    plain = lie_symmetries(system, kind="generalized", order=0, degree=1)
    more = lie_symmetries(system, kind="generalized", order=0, degree=1, functions=("exp(-u)",))
    assert plain.free_functions == (2, 1)
    assert len(more.basis) - len(plain.basis) == 2
    assert_symmetries(more)


@pytest.mark.parametrize("kind", ["point", "contact", "generalized"])
def test_names_do_not_matter(kind):
    """A field with an underscore, a coordinate of several letters and a constant that reads like a jet."""
    order = 2 if kind == "generalized" else None
    plain = lie_symmetries(system_of("y_xxx - y_x", "x", "y"), kind=kind, order=order, degree=1)
    space = JetSpace("phi", "q_1", constants="q_1phi")
    other = lie_symmetries(DifferentialSystem(space, ["q_1_phi_phi_phi - q_1_phi"]), kind=kind, order=order, degree=1)
    assert (other.dimension, other.free_functions) == (plain.dimension, plain.free_functions)
    assert len(other.basis) == len(plain.basis)


@pytest.mark.slow
def test_schroedinger():
    """Translations, phase, Galilei, scaling, and one symmetry of third order (Zakharov and Shabat's hierarchy)."""
    system = DifferentialSystem(
        JetSpace("t x", "u v"), ["u_t + v_xx + 2*v*(u^2 + v^2)", "v_t - u_xx - 2*u*(u^2 + v^2)"]
    )
    S = lie_symmetries(system, kind="generalized", order=3)
    assert (S.dimension, S.complete) == (6, True)
    assert lie_symmetries(system).dimension == 5
    assert_symmetries(S)


def test_refusals():
    system = system_of(KDV)
    with pytest.raises(DomainError, match="need an order"):
        lie_symmetries(system, kind="generalized")
    with pytest.raises(DomainError, match="order of their own"):
        lie_symmetries(system, kind="contact", order=2)
    with pytest.raises(DomainError, match="kind must be one of"):
        lie_symmetries(system, kind="nonlocal")
    with pytest.raises(DomainError, match="contact symmetries are of one field"):
        lie_symmetries(DifferentialSystem(JetSpace("t", "x y"), ["x_tt", "y_tt"]), kind="contact")
    nonlinear = DifferentialSystem(JetSpace("t x", "u"), ["u + u_x^2*u_t^2"], leading=["u"])
    with pytest.raises(DomainError, match="not linear in any of its derivatives of order 1"):
        lie_symmetries(nonlinear, kind="contact")
