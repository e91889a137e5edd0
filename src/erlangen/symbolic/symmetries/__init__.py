"""Symmetries and conservation laws of differential equations, with dimensions that are certified before anything is integrated.

Definition: each name is documented where it is defined; the public names are those of ``erlangen.symbolic``.
Convention: an equation is an element that vanishes; it is solved for its leading derivative.
"""
