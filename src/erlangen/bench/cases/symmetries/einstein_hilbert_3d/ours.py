"""Our side: a jet space with the volume density as a root.

Definition: ``L = s P / 4 D³`` with ``s² = -D``, D the determinant and P a polynomial in first jets.
Convention: one component, canonical.
"""

from erlangen.symbolic import JetSpace, euler_operator

NAMES = ("t", "x", "y")


def run(data):
    """Return ``E^{tt}`` at the jets."""
    n = range(3)
    space = JetSpace(" ".join(NAMES), " ".join(f"g{i}{j}" for i in n for j in range(i, 3)))

    def g(i, j):
        return space[f"g{min(i, j)}{max(i, j)}"]

    def minor(rows, columns):
        (i, j), (k, m) = rows, columns
        return g(i, k) * g(j, m) - g(i, m) * g(j, k)

    rest = [(1, 2), (0, 2), (0, 1)]
    adjugate = {(i, j): minor(rest[j], rest[i]) * (-1) ** (i + j) for i in n for j in n}
    determinant = sum((g(0, j) * adjugate[j, 0] for j in n), space.ring.constant(0))
    low = {
        (a, b, c): g(a, b).derivative(NAMES[c]) + g(a, c).derivative(NAMES[b]) - g(b, c).derivative(NAMES[a])
        for a in n
        for b in n
        for c in n
    }
    zero = space.ring.constant(0)
    high = {(a, b, c): sum((adjugate[a, d] * low[d, b, c] for d in n), zero) for a in n for b in n for c in n}
    trace = {e: sum((high[a, e, a] for a in n), zero) for e in n}
    inner = zero
    for b in n:
        for d in n:
            part = sum((high[a, e, b] * high[e, a, d] for a in n for e in n), zero) - sum(
                (trace[e] * high[e, b, d] for e in n), zero
            )
            inner = inner + adjugate[b, d] * part
    root = space.ring.adjoin_root("s", -determinant)
    equation = euler_operator(root * inner / (4 * determinant**3), "g00")
    values = {}
    for name in equation.generators:
        if name != "s":
            i, j = int(name[1]), int(name[2])
            place = [NAMES.index(letter) for letter in name[4:]]
            table = (data["g"], data["first"], data["second"])[len(place)]
            values[name] = float(table[(i, j, *place)])
    values["s"] = float((-determinant.evaluate(values)) ** 0.5)
    return equation.evaluate(values)
