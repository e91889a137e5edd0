"""Our side: conserved densities by normal forms modulo total derivatives.

Definition: ``conserved_densities`` of KdV, from the text of the equation on.
Convention: terms ``(number, powers)``.
"""

from erlangen.symbolic import DifferentialSystem, JetSpace, conserved_densities


def run(data):
    """Return the densities of the rank."""
    system = DifferentialSystem(JetSpace("t x", "u"), ["u_t + 6*u*u_x + u_xxx"])
    found = []
    for density in conserved_densities(system, data["rank"]):
        names = ["u" + ("_" + "x" * k if k else "") for k in range(9)]
        present = [name for name in names if name in density.generators]
        terms = []
        for powers, number in density.coefficients(*present).items():
            power = dict(zip(present, powers, strict=True))
            terms.append((number.rational(), [power.get(name, 0) for name in names]))
        found.append(terms)
    return found
