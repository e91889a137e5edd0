"""The peer's side: SymPy's field of rational functions, the same lowered components.

Definition: ``sympy.polys.fields.field``; curvature by the formula of second derivatives and connections.
Convention: symmetries of the curvature are used, as on our side.
"""

from fractions import Fraction

from sympy import ZZ
from sympy.polys.fields import field


def run(data):
    """Return whether Ricci's tensor vanishes, and Kretschmann's scalar at the point."""
    whole, t, r, x, p, m, a = field("t,r,x,p,M,a", ZZ)
    zero, n = whole.zero, range(4)
    sigma, delta, sine = r**2 + a**2 * x**2, r**2 - 2 * m * r + a**2, 1 - x**2
    g = [[zero] * 4 for _ in n]
    g[0][0], g[1][1], g[2][2] = -(1 - 2 * m * r / sigma), sigma / delta, sigma / sine
    g[0][3] = g[3][0] = -2 * m * a * r * sine / sigma
    g[3][3] = (r**2 + a**2 + 2 * m * r * a**2 * sine / sigma) * sine
    names = (t, r, x, p)
    block = g[0][0] * g[3][3] - g[0][3] ** 2
    up = [[zero] * 4 for _ in n]
    up[0][0], up[3][3], up[1][1], up[2][2] = g[3][3] / block, g[0][0] / block, 1 / g[1][1], 1 / g[2][2]
    up[0][3] = up[3][0] = -g[0][3] / block
    slope = [[[g[i][j].diff(names[k]) for k in n] for j in n] for i in n]
    low = [[[(slope[i][j][k] + slope[i][k][j] - slope[j][k][i]) / 2 for k in n] for j in n] for i in n]
    high = [
        [[_sum((up[i][e] * low[e][j][k] for e in n if up[i][e] and low[e][j][k]), zero) for k in n] for j in n]
        for i in n
    ]
    bends = {}

    def bend(i, j, k, e):
        key = (min(i, j), max(i, j), min(k, e), max(k, e))
        if key not in bends:
            bends[key] = slope[key[0]][key[1]][key[2]].diff(names[key[3]])
        return bends[key]

    pairs = [(i, j) for i in n for j in range(i + 1, 4)]
    curvature = {}
    for place, (i, j) in enumerate(pairs):
        for k, e in pairs[place:]:
            value = (bend(i, e, j, k) + bend(j, k, i, e) - bend(i, k, j, e) - bend(j, e, i, k)) / 2
            for s in n:
                if high[s][j][k] and low[s][i][e]:
                    value = value + high[s][j][k] * low[s][i][e]
                if high[s][j][e] and low[s][i][k]:
                    value = value - high[s][j][e] * low[s][i][k]
            curvature[i, j, k, e] = curvature[k, e, i, j] = value

    def component(i, j, k, e):
        if i == j or k == e:
            return zero
        sign = (1 if i < j else -1) * (1 if k < e else -1)
        return curvature[min(i, j), max(i, j), min(k, e), max(k, e)] * sign

    ricci = [
        _sum((up[k][e] * component(k, i, e, j) for k in n for e in n if up[k][e]), zero) for i in n for j in range(i, 4)
    ]
    planes = {
        a_ + b_: up[a_[0]][b_[0]] * up[a_[1]][b_[1]] - up[a_[0]][b_[1]] * up[a_[1]][b_[0]]
        for a_ in pairs
        for b_ in pairs
    }
    mixed = {
        a_ + c_: _sum(
            (planes[a_ + b_] * curvature[b_ + c_] for b_ in pairs if planes[a_ + b_] and curvature[b_ + c_]), zero
        )
        for a_ in pairs
        for c_ in pairs
    }
    scalar = 4 * _sum(
        (mixed[a_ + c_] * mixed[c_ + a_] for a_ in pairs for c_ in pairs if mixed[a_ + c_] and mixed[c_ + a_]), zero
    )
    values = {t: 1, r: data["r"], x: data["x"], p: 1, m: data["M"], a: data["a"]}
    top, bottom = (_value(part, [values[v] for v in (t, r, x, p, m, a)]) for part in (scalar.numer, scalar.denom))
    return not any(ricci), top / bottom


def _sum(terms, zero):
    total = zero
    for term in terms:
        total = total + term
    return total


def _value(polynomial, point):
    total = Fraction(0)
    for powers, number in polynomial.terms():
        term = Fraction(int(number))
        for value, power in zip(point, powers, strict=True):
            term *= value**power
        total += term
    return total
