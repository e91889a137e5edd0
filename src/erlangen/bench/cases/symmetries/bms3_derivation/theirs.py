"""The peer's side: the same formulas on SymPy's expressions.

Definition: ``expand`` after every component; curvature by the lowered formula, Lie derivative and Barnich–Brandt's form.
Convention: everything is a Laurent polynomial in r, so that expansion alone shows what vanishes.
"""

from itertools import product

from sympy import Derivative, Function, Matrix, Rational, expand, symbols

_HALF = Rational(1, 2)


def run(data):
    """Return the result at the values."""
    x = u, r, phi = symbols("u r phi")
    theta, xi, t, y, dtheta, dxi = (Function(name)(phi) for name in ("Theta", "Xi", "T", "Y", "dTheta", "dXi"))
    n = range(3)
    g = Matrix([[theta, -1, xi + u * theta.diff(phi) / 2], [-1, 0, 0], [xi + u * theta.diff(phi) / 2, 0, r**2]])
    up = (g.adjugate() / -(r**2)).applyfunc(expand)
    low = {
        (a, b, c): _HALF * (g[a, b].diff(x[c]) + g[a, c].diff(x[b]) - g[b, c].diff(x[a]))
        for a, b, c in product(n, n, n)
    }
    high = {(a, b, c): expand(sum(up[a, d] * low[d, b, c] for d in n)) for a, b, c in product(n, n, n)}

    ricci = _ricci(x, g, up, low, high)
    f = t + u * y.diff(phi)
    field = [f, -r * y.diff(phi) + f.diff(phi, 2) - f.diff(phi) / r * g[0, 2], y - f.diff(phi) / r]
    change = {
        (a, b): expand(
            sum(
                field[c] * g[a, b].diff(x[c]) + g[c, b] * field[c].diff(x[a]) + g[a, c] * field[c].diff(x[b]) for c in n
            )
        )
        for a in n
        for b in range(a, 3)
    }
    h = Matrix([[dtheta, 0, dxi + u * dtheta.diff(phi) / 2], [0, 0, 0], [dxi + u * dtheta.diff(phi) / 2, 0, 0]])
    density = _charge_density(x, g, up, high, h, field)
    values = []
    for name, function in (("Theta", theta), ("Xi", xi), ("T", t), ("Y", y), ("dTheta", dtheta), ("dXi", dxi)):
        values += [(Derivative(function, (phi, order)), data[name, order]) for order in range(5, 0, -1)]
        values.append((function, data[name, 0]))
    near = {u: data["u", 0], r: data["r", 0]}
    still = not any(change[place] for place in ((1, 1), (0, 1), (1, 2), (2, 2)))
    return (
        not any(ricci) and still,
        float(change[0, 0].subs(values).subs(near)),
        float(change[0, 2].subs(values).subs(near)),
        float(density.subs(values).subs(near)),
        float(density.subs(values).subs({**near, r: 2 * data["r", 0]})),
    )


def _ricci(x, g, up, low, high):
    """Return the components of Ricci's tensor."""
    n = range(3)

    def riemann(a, b, c, d):
        bends = (
            g[a, d].diff(x[b], x[c]) + g[b, c].diff(x[a], x[d]) - g[a, c].diff(x[b], x[d]) - g[b, d].diff(x[a], x[c])
        )
        squares = sum(high[e, b, c] * low[e, a, d] - high[e, b, d] * low[e, a, c] for e in n)
        return expand(_HALF * bends + squares)

    curvature = {(a, b, c, d): riemann(a, b, c, d) for a in n for b in range(a) for c in n for d in range(c)}

    def component(a, b, c, d):
        sign = 1
        if a < b:
            a, b, sign = b, a, -sign
        if c < d:
            c, d, sign = d, c, -sign
        return 0 if a == b or c == d else sign * curvature[a, b, c, d]

    return [expand(sum(up[a, c] * component(a, b, c, d) for a in n for c in n)) for b in n for d in range(b + 1)]


def _charge_density(x, g, up, high, h, field):
    """Return Barnich and Brandt's form for the change h along the field, times the volume."""
    n = range(3)
    raised = (up * h * up).applyfunc(expand)
    mixed = (up * h).applyfunc(expand)
    trace = expand(mixed.trace())
    lowered = [expand(sum(g[a, b] * field[b] for b in n)) for a in n]

    def along(a, b, c):
        """D^c h^{ab}."""
        slopes = [
            raised[a, b].diff(x[k]) + sum(high[a, k, m] * raised[m, b] + high[b, k, m] * raised[a, m] for m in n)
            for k in n
        ]
        return expand(sum(up[c, k] * slopes[k] for k in n))

    def divergence(m):
        return expand(
            sum(
                raised[m, s].diff(x[s]) + sum(high[m, s, k] * raised[k, s] + high[s, s, k] * raised[m, k] for k in n)
                for s in n
            )
        )

    def slope(a, b):
        """D^a ξ^b."""
        return expand(sum(up[a, k] * (field[b].diff(x[k]) + sum(high[b, k, m] * field[m] for m in n)) for k in n))

    def bracket(nu, mu):
        terms = field[nu] * sum(up[mu, k] * trace.diff(x[k]) for k in n) - field[nu] * divergence(mu)
        terms += sum(lowered[s] * along(mu, s, nu) for s in n) + _HALF * trace * slope(nu, mu)
        turns = sum(_HALF * mixed[nu, s] * (slope(mu, s) - slope(s, mu)) for s in n)
        return expand(terms + turns)

    return expand(-x[1] * (bracket(0, 1) - bracket(1, 0)))
