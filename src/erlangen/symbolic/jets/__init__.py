"""Jet spaces and the variational bicomplex: total derivatives, Euler operators, potentials, homotopies, Noether's theorems.

Definition: each name is documented where it is defined; the public names are those of ``erlangen.symbolic``.
Convention: ordered multi-indices, so no binomial factor hides in ``∂/∂u_xy``.
"""
