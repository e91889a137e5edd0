"""Differential rings: exact functions, jets and roots in which zero is recognised by its data.

Definition: each name is documented where it is defined; the public names are those of ``erlangen.exact``.
Convention: elements are reduced fractions of sparse integer polynomials.
"""
