"""Our side: the metric of the catalogue.

Definition: :func:`erlangen.symbolic.spacetime`, made anew each round.
Convention: lowered components, one gcd a component.
"""

from fractions import Fraction

from erlangen.symbolic import spacetime


def run(data):
    """Return whether Ricci's tensor vanishes, and Kretschmann's scalar at the point."""
    metric = spacetime("kerr")
    flat = not metric.ricci
    return flat, Fraction(metric.kretschmann.evaluate(data))
