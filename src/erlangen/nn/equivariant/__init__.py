"""Layers whose features are direct sums of irreducible representations of O(3).

Definition: each layer commutes with rotations and inversion; the public names stand in :mod:`erlangen.nn`.
Convention: features are ``(..., irreps.dim)``, channel-major inside an irrep (``mul_ir``) unless ``layout`` says otherwise.
"""
