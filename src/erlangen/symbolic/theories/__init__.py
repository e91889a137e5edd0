"""Lagrangians of field theories.

Definition: each name is documented where it is defined; the public names are those of ``erlangen.symbolic``.
Convention: densities, ready for the operators of the calculus of variations.
"""
