"""Tables of the twins as tensors, by name; in a compiled graph they are results of an operation that is not looked into.

Definition: a table is found by the text of its value (a basis or a plan, as it prints) and its name.
Convention: tables are float64 or int64 on the CPU, made once as arrays; whoever needs them elsewhere moves them.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from erlangen.representations.products.message_plan import MessagePlan, message_terms
from erlangen.representations.products.symmetric_basis import SymmetricBasis
from erlangen.representations.products.symmetric_terms import symmetric_terms

__all__ = ["message_table", "symmetric_table"]

Tables = dict[str, NDArray[Any]]


def symmetric_table(maps: SymmetricBasis, name: str) -> Tensor:
    """Return ``combination`` (pairs, paths), ``output``, ``monomial`` (pairs,), or ``parent-d``, ``factor-d`` of degree d.

    Examples
    --------
    >>> symmetric_table(SymmetricBasis("0e+1o", "0e", 2), "monomial")
    tensor([1, 5, 6, 7, 8])
    """
    if torch.compiler.is_compiling():
        return _table("symmetric", maps.text, name)
    return torch.from_numpy(_symmetric_tables(maps)[name])


def message_table(plan: MessagePlan, name: str) -> Tensor:
    """Return ``couplings`` (dim_edge, dim_out dim_node), or ``owner`` (dim_out,), the path of each component of the result.

    Examples
    --------
    >>> message_table(MessagePlan("0e", "0e+1o", "1o"), "owner")
    tensor([0, 0, 0])
    """
    if torch.compiler.is_compiling():
        return _table("message", plan.text, name)
    return torch.from_numpy(_message_tables(plan)[name])


def _named(kind: str, text: str, name: str) -> NDArray[Any]:
    if kind == "message":
        return _message_tables(MessagePlan(*text.split(";")))[name]
    before, after, powers, reduced = text.split(";")
    maps = SymmetricBasis(before, after, [int(nu) for nu in powers.split(",")], reduced == "True")
    return _symmetric_tables(maps)[name]


@torch.library.custom_op("erlangen::product_table", mutates_args=())
def _table(kind: str, text: str, name: str) -> Tensor:
    return torch.from_numpy(_named(kind, text, name).copy())


@_table.register_fake
def _(kind: str, text: str, name: str) -> Tensor:
    array = _named(kind, text, name)
    return torch.empty(array.shape, dtype=torch.float64 if array.dtype == np.float64 else torch.int64)


@functools.lru_cache(maxsize=64)
def _symmetric_tables(maps: SymmetricBasis) -> Tables:
    terms = symmetric_terms(maps)
    combination = np.zeros((terms.pairs, terms.paths))
    combination[np.repeat(np.arange(terms.pairs), np.diff(terms.start)), terms.path] = terms.value
    parent, factor, output, monomial = (
        a.astype(np.int64) for a in (terms.parent, terms.factor, terms.output, terms.monomial)
    )
    found: Tables = {"combination": combination, "output": output, "monomial": monomial}
    bounds = terms.degree_start
    for degree in range(1, max(maps.correlation) + 1):
        before, start, stop = (*bounds[degree - 1 : degree + 2], *[len(parent)] * 3)[:3]  # at the end there are none
        found[f"parent-{degree}"], found[f"factor-{degree}"] = parent[start:stop] - before, factor[start:stop]
    return found


@functools.lru_cache(maxsize=64)
def _message_tables(plan: MessagePlan) -> Tables:
    terms, (d1, d2, d3) = message_terms(plan), plan.dims
    couplings = np.zeros((d2, d3, d1))
    couplings[terms.edge, terms.result, terms.node] = terms.value
    owner = np.repeat(np.arange(len(plan.paths)), [2 * path.kind[0] + 1 for path in plan.paths])
    return {"couplings": couplings.reshape(d2, d3 * d1), "owner": owner}
