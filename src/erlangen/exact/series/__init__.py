"""Series with exact coefficients, truncated at an order that arithmetic keeps true.

Definition: each name is documented where it is defined; the public names are those of ``erlangen.exact``.
Convention: a series knows nothing of the terms at and beyond its order, and never pretends to.
"""
