"""The peer's side: SymPy's Euler–Lagrange equations.

Definition: ``sympy.calculus.euler.euler_equations`` on the same first-order Lagrangian, for one of the six functions.
Convention: no simplification, which would take far longer; evaluated by substitution of the jets.
"""

from sympy import Derivative, Function, Matrix, Rational, sqrt, symbols
from sympy.calculus.euler import euler_equations


def run(data):
    """Return ``E^{tt}`` at the jets."""
    names, n = symbols("t x y"), range(3)
    fields = {(i, j): Function(f"g{i}{j}")(*names) for i in n for j in range(i, 3)}
    g = Matrix(3, 3, lambda i, j: fields[min(i, j), max(i, j)])
    determinant = g.det()
    up = g.adjugate() / determinant
    low = [
        [
            [(g[a, b].diff(names[c]) + g[a, c].diff(names[b]) - g[b, c].diff(names[a])) * Rational(1, 2) for c in n]
            for b in n
        ]
        for a in n
    ]
    high = [[[sum(up[a, d] * low[d][b][c] for d in n) for c in n] for b in n] for a in n]
    inner = sum(
        up[b, d]
        * (
            sum(high[a][e][b] * high[e][a][d] for a in n for e in n)
            - sum(high[a][a][e] * high[e][b][d] for a in n for e in n)
        )
        for b in n
        for d in n
    )
    equation = euler_equations(sqrt(-determinant) * inner, [fields[0, 0]], list(names))[0].lhs
    values = {}
    for (i, j), f in fields.items():
        for k in n:
            for m in range(k, 3):
                values[Derivative(f, *sorted((names[k], names[m]), key=str))] = float(data["second"][i, j, k, m])
                values[Derivative(f, *sorted((names[m], names[k]), key=str, reverse=True))] = float(
                    data["second"][i, j, k, m]
                )
    equation = equation.doit().xreplace(values)
    first = {Derivative(f, names[k]): float(data["first"][i, j, k]) for (i, j), f in fields.items() for k in n}
    return float(equation.xreplace(first).xreplace({f: float(data["g"][i, j]) for (i, j), f in fields.items()}))
