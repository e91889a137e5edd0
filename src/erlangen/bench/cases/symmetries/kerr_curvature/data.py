"""A point at which both sides evaluate their scalar, and the closed form there.

Definition: ``48 M² (r² - a²x²)(r⁴ - 14 a²r²x² + a⁴x⁴) / (r² + a²x²)⁶`` with ``x = cos θ``.
Convention: exact fractions.
"""

from fractions import Fraction


def make():
    """Return the point."""
    return {"M": Fraction(3, 2), "a": Fraction(2, 5), "r": Fraction(7, 3), "x": Fraction(1, 3)}


def score(data, result):
    """Return whether Ricci's tensor was found zero and the scalar is right."""
    m, a, r, x = (data[name] for name in ("M", "a", "r", "x"))
    expected = (
        48 * m**2 * (r**2 - a**2 * x**2) * (r**4 - 14 * a**2 * r**2 * x**2 + a**4 * x**4) / (r**2 + a**2 * x**2) ** 6
    )
    return {"right": int(result[0] and result[1] == expected)}
