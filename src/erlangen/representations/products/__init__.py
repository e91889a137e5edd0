"""Equivariant bilinear products: what is coupled, what it costs, and the routes by which it is computed.

Definition: a product is a sum over paths ``(l1, l2) -> l3`` of real couplings; every route gives the same numbers to rounding.
Convention: the modules that carry weights stand in :mod:`erlangen.nn`; here are values and pure functions.
"""
