"""The peer's side: the same densities with SymPy.

Definition: candidates not linear in their highest derivative, ``E(pr X_K ρ) = 0`` with Euler's operator in Horner's form, one sparse kernel.
Convention: ``sympy.polys.rings`` for the polynomials and ``DomainMatrix`` for the kernel, SymPy's fastest exact data.
"""

from sympy import QQ
from sympy.polys.matrices import DomainMatrix
from sympy.polys.rings import ring


def run(data):
    """Return the densities of the rank."""
    rank = data["rank"]
    order = 2 * rank
    polynomials, *u = ring([f"u{k}" for k in range(order)], QQ)

    def total(p):
        result = polynomials.zero
        for k in range(order - 1):
            slope = p.diff(u[k])
            if slope:
                result += slope * u[k + 1]
        return result

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
        density = polynomials.one
        for k in chosen:
            density *= u[k]
        change = polynomials.zero
        for k in range(chosen[0] + 1):
            while len(flow) <= k:
                flow.append(total(flow[-1]))
            slope = density.diff(u[k])
            if slope:
                change += slope * flow[k]
        slopes = [change.diff(u[k]) for k in range(chosen[0] + 5)]
        equation = polynomials.zero
        for slope in reversed(slopes):
            equation = slope - total(equation)
        columns.append(equation)
    monomials = sorted({monomial for column in columns for monomial in column})
    rows = [[column.get(monomial, QQ(0)) for column in columns] for monomial in monomials]
    kernel = DomainMatrix(rows, (len(rows), len(columns)), QQ).to_sparse().nullspace()
    found = []
    for vector in kernel.to_dense().to_list():
        terms = []
        for number, chosen in zip(vector, candidates, strict=True):
            if number:
                terms.append((float(number), [chosen.count(k) for k in range(9)]))
        found.append(terms)
    return found
