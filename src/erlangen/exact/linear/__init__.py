"""Linear algebra over a differential field: ranks, kernels and solutions that are exact.

Definition: each name is documented where it is defined; the public names are those of ``erlangen.exact``.
Convention: matrices are sequences of sparse rows ``{column: entry}``.
"""
