"""Equivariant bilinear products: what is coupled, what it costs, and the routes by which it is computed.

Definition: a product is a sum over paths ``(l1, l2) -> l3`` of real couplings; every route gives the same numbers to rounding.
Convention: the modules that carry weights stand in :mod:`erlangen.nn`; here are values and pure functions.
"""

from __future__ import annotations

from erlangen.representations.products.bilinear_terms import BilinearTerms
from erlangen.representations.products.bracket_product import bracket_product, complete_gaunt_product
from erlangen.representations.products.contract import contract
from erlangen.representations.products.explain import Explanation, explain
from erlangen.representations.products.expressivity import expressivity, interactable
from erlangen.representations.products.flop_counts import complexity, flops
from erlangen.representations.products.gaunt_product import gaunt_product
from erlangen.representations.products.mace_weights import from_mace, to_mace
from erlangen.representations.products.matrix_product import matrix_product
from erlangen.representations.products.message_plan import MessagePlan
from erlangen.representations.products.messages import messages
from erlangen.representations.products.path import Path
from erlangen.representations.products.product_spec import KINDS, ProductSpec, setting, spec_of
from erlangen.representations.products.symmetric_basis import SymmetricBasis
from erlangen.representations.products.symmetric_contraction import symmetric_contraction

__all__ = [
    "KINDS",
    "BilinearTerms",
    "Explanation",
    "MessagePlan",
    "Path",
    "ProductSpec",
    "SymmetricBasis",
    "bracket_product",
    "complete_gaunt_product",
    "complexity",
    "contract",
    "explain",
    "expressivity",
    "flops",
    "from_mace",
    "gaunt_product",
    "interactable",
    "matrix_product",
    "messages",
    "setting",
    "spec_of",
    "symmetric_contraction",
    "to_mace",
]
