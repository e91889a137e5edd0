"""The peer's side: the same density with SymPy's expressions.

Definition: candidates not linear in their highest derivative, ``E(pr X_K ρ) = 0`` with Euler's operator in Horner's form, one kernel.
Convention: ``expand`` after every step, which is all that these polynomials need; ``simplify`` would take far longer.
"""

from sympy import Integer, Matrix, Poly, diff, expand, symbols


def run(data):
    """Return the densities of the rank."""
    rank = data["rank"]
    u = symbols(f"u:{2 * rank}")

    def total(p):
        used = p.free_symbols
        return expand(sum(diff(p, u[k]) * u[k + 1] for k in range(len(u) - 1) if u[k] in used))

    flow = [-6 * u[0] * u[1] - u[3]]
    candidates = []

    def extend(highest, left, chosen):
        if left == 0 and ((len(chosen) > 1 and chosen[0] == chosen[1]) or chosen == (0,)):
            candidates.append(chosen)
        for k in range(min(highest, left - 2), -1, -1):
            extend(k, left - k - 2, (*chosen, k))

    extend(rank, rank, ())
    columns = []
    for chosen in candidates:
        density = Integer(1)
        for k in chosen:
            density *= u[k]
        while len(flow) <= chosen[0]:
            flow.append(total(flow[-1]))
        change = expand(sum(diff(density, u[k]) * flow[k] for k in range(chosen[0] + 1)))
        equation = Integer(0)
        for k in range(chosen[0] + 4, -1, -1):
            equation = expand(diff(change, u[k]) - total(equation))
        columns.append(Poly(equation, *u).as_dict())
    monomials = sorted({monomial for column in columns for monomial in column})
    kernel = Matrix([[column.get(monomial, 0) for column in columns] for monomial in monomials]).nullspace()
    found = []
    for vector in kernel:
        terms = []
        for number, chosen in zip(vector, candidates, strict=True):
            if number:
                terms.append((float(number), [chosen.count(k) for k in range(9)]))
        found.append(terms)
    return found
