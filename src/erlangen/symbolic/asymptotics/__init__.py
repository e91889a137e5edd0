"""Asymptotic symmetries from a gauge and fall-offs alone: solution space, generators, charges, algebra, central extension.

Definition: each name is documented where it is defined; the public names are those of ``erlangen.symbolic``.
Convention: no generator is typed in; what is found holds to the order that is stated.
"""
