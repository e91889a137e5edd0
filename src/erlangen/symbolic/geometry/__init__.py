"""Charts, tensors, forms and metrics with exact components.

Definition: each name is documented where it is defined; the public names are those of ``erlangen.symbolic``.
Convention: Riemann's tensor is ``R^a_bcd = ∂_c Γ^a_bd - ∂_d Γ^a_bc + …``, Ricci's ``R_bd = R^a_bad`` (Misner–Thorne–Wheeler).
"""
