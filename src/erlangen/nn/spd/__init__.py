"""Layers whose features are symmetric positive definite matrices.

Definition: each layer is a map between spaces of SPD matrices, or from them to vectors; the public names stand in :mod:`erlangen.nn`.
Convention: batches are ``(..., n, n)``; parameters are plain ``nn.Parameter``, and the layer names the manifold of each.
"""
