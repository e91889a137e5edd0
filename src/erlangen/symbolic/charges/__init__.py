"""Surface charges of gravity: exact densities, their integrals, integrability and the first law.

Definition: each name is documented where it is defined; the public names are those of ``erlangen.symbolic``.
Convention: ``Q_{∂_t} = +M`` and ``Q_{∂_φ} = -J`` for Kerr in Boyer–Lindquist coordinates.
"""
