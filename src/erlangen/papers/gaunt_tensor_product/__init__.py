"""Gaunt tensor products: equivariant operations as products of functions on the sphere, their claims and figures.

Definition: see the manifest and the notes beside this file.
Convention: public names of the library only.
"""
