"""Representations of O(3): irreps, spherical harmonics, Wigner matrices, couplings, rules on the sphere, tensor products.

Definition: each name is documented where it is defined.
Convention: real spherical harmonics with polar axis y, ``m = -l..l``, no Condon-Shortley phase; couplings of Frobenius norm one.
"""

from __future__ import annotations

from erlangen.representations.spherical_harmonics import spherical_harmonics

__all__ = ["spherical_harmonics"]
