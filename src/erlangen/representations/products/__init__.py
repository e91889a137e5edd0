"""Equivariant bilinear products: what is coupled, what it costs, and the routes by which it is computed.

Definition: a product is a sum over paths ``(l1, l2) -> l3`` of real couplings; every route gives the same numbers to rounding.
Convention: the modules that carry weights stand in :mod:`erlangen.nn`; here are values and pure functions.
"""

from __future__ import annotations

from erlangen.representations.products.mace_weights import from_mace, to_mace
from erlangen.representations.products.message_plan import MessagePlan
from erlangen.representations.products.messages import messages
from erlangen.representations.products.symmetric_basis import SymmetricBasis
from erlangen.representations.products.symmetric_contraction import symmetric_contraction

__all__ = ["MessagePlan", "SymmetricBasis", "from_mace", "messages", "symmetric_contraction", "to_mace"]
