"""Symmetries and asymptotically flat space: a thesis' statements recomputed from Lagrangians, gauges and fall-offs.

Definition: arXiv 2003.07243; what is claimed stands in ``manifest.toml``, how it was computed in ``notes.md``.
Convention: no generator, charge or algebra is typed in; what is known otherwise stands in the tests of the rooms.
"""
