r"""The tensor product of two equivariant features along weighted paths.

Definition: :math:`z^{(l_3)}_{w} = \sum_{\text{paths}} \sqrt{\alpha} \sum_{uv} w_{uvw}\,C x^{(l_1)}_u y^{(l_2)}_v`, C the 3j symbols of norm one.
Convention: paths, weights and normalisations are e3nn 0.6's: the same weights give the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.errors import DomainError, DtypeError, ShapeError
from erlangen.nn.equivariant.factored_product import factored_product
from erlangen.random import RngLike
from erlangen.representations.irreps import Irreps
from erlangen.representations.products.axis_product import axis_product
from erlangen.representations.products.bilinear_product import bilinear_product, fits
from erlangen.representations.products.contract import contract
from erlangen.representations.products.explain import Explanation, explain
from erlangen.representations.products.expressivity import expressivity, interactable
from erlangen.representations.products.flop_counts import flops
from erlangen.representations.products.path import Path
from erlangen.representations.products.path_factors import factored_paths, factored_weights
from erlangen.representations.products.path_plan import path_groups
from erlangen.representations.products.path_product import PathProduct
from erlangen.representations.products.path_rules import argument_shares, check_paths, default_paths, path_coefficients
from erlangen.representations.products.path_terms import path_terms
from erlangen.representations.products.product_methods import check_method
from erlangen.representations.products.product_spec import KINDS, ProductSpec
from erlangen.representations.products.spherical_operations import check_grid
from erlangen.representations.sphere import SphereRule
from erlangen.representations.tensor_kinds import check_floating, check_one_kind
from erlangen.validation import check_choice, check_integer

__all__ = ["TensorProduct"]

_MOST_TERMS = 200_000  # of a product without weights, beyond which its copies are multiplied by groups


class TensorProduct(nn.Module):
    r"""Tensor product along paths, each with a mode that says how copies are joined.

    Parameters
    ----------
    irreps_in1, irreps_in2 : Irreps or str
        Types of the two features.
    irreps_out : Irreps or str, optional
        Type of the result; if omitted each path has an output of its own, sorted by irrep.
    paths : sequence of Path or tuples, optional
        ``(i_in1, i_in2, i_out, mode, has_weight[, path_weight])``; if omitted, every path that ``irreps_out`` contains.
    kind : {"clebsch-gordan", "gaunt", "bracket", "complete-gaunt", "matrix"}
        ``"clebsch-gordan"`` has a weight for each path; the others, products of functions or matrices channel by channel, a weight for each degree.
    rank : int
        How many products of the other kinds are summed, each with weights of its own.
    method : {"auto", "sparse", "dense", "grid", "grid-separable", "fourier", "so2", "matrix"}
        The route; the numbers are the same. ``sparse`` and ``dense`` serve every kind; ``grid``, ``grid-separable`` and ``fourier`` the products of
        functions (gaunt, bracket, complete-gaunt), ``matrix`` that of matrices. ``so2`` serves every kind where y holds harmonics of a
        direction, scaled by degree, ``1o`` among them; its derivatives are those along such y. ``auto`` chooses by measured crossovers.
    grid : {"auto", "minimal", "lebedev", "gauss-legendre", "equal-angle"} or SphereRule
        Points of the route ``grid``.
    mode : str
        The mode of the paths where ``paths`` is omitted; ``"uvuv"`` has no weights then, the others have.
    irrep_normalization : {"component", "norm", "none"}
        What the features are assumed to have unit size in.
    path_normalization : {"element", "path", "none"}
        Whether an output is normalised over all its products, or first over each path.
    in1_var, in2_var, out_var : sequence of float, optional
        Variance of each summand, 1 if omitted.
    internal_weights : bool, optional
        Whether the layer owns its weights (default: where there are any and they are shared).
    shared_weights : bool, optional
        Whether one set of weights serves all rows (default True).
    layout : {"mul_ir", "ir_mul"}
        Whether copies stand outside the components, as in e3nn, or inside, which is faster.
    backend : {"auto", "native", "python"}
        The kernel or its twin in torch.
    rng : int, Generator or torch.Generator
        Seed of the initial weights, standard normal.
    dtype : torch.dtype, optional
        Of the weights; torch's default if omitted.

    Raises
    ------
    DomainError
        If a path breaks parity or the triangle rule, or an output is not reached.
    ShapeError
        If multiplicities do not fit a mode.

    References
    ----------
    Geiger & Smidt, "e3nn: Euclidean neural networks", arXiv 2207.09453; Thomas et al., arXiv 1802.08219.

    Examples
    --------
    >>> layer = TensorProduct("1o", "1o", "1e", [(0, 0, 0, "uuu", False)])
    >>> layer(torch.tensor([1.0, 0, 0]), torch.tensor([0, 1.0, 0])).round(decimals=4)  # the cross product, over the root of two
    tensor([0.0000, 0.0000, 0.7071])
    >>> TensorProduct("16x0e+8x1o", "0e+1o", "16x0e+8x1o+8x1e", mode="uvw", rng=0)
    TensorProduct(16x0e+8x1o x 1x0e+1x1o -> 16x0e+8x1o+8x1e | 5 paths | 640 weights)
    """

    weight: Tensor | None

    def __init__(
        self,
        irreps_in1: Any,
        irreps_in2: Any,
        irreps_out: Any = None,
        paths: Sequence[Any] | None = None,
        *,
        kind: str = "clebsch-gordan",
        rank: int = 1,
        method: str = "auto",
        grid: str | SphereRule = "auto",
        mode: str = "uvw",
        irrep_normalization: str = "component",
        path_normalization: str = "element",
        in1_var: Sequence[float] | None = None,
        in2_var: Sequence[float] | None = None,
        out_var: Sequence[float] | None = None,
        internal_weights: bool | None = None,
        shared_weights: bool | None = None,
        layout: str = "mul_ir",
        backend: str = "auto",
        rng: RngLike | torch.Generator = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.irreps_in1, self.irreps_in2 = Irreps(irreps_in1), Irreps(irreps_in2)
        self.layout = check_choice(layout, "layout", ("mul_ir", "ir_mul"))
        self.backend = check_choice(backend, "backend", ("auto", "native", "python"))
        self.kind, self.rank = check_choice(kind, "kind", KINDS), check_integer(rank, "rank", low=1)
        self.method, self.grid = check_method(method, kind), grid
        self.backend = "python" if method == "dense" else self.backend
        check_grid(grid)
        out = None if irreps_out is None else Irreps(irreps_out)
        signs: tuple[float, ...] = ()
        if kind != "clebsch-gordan":
            if paths is not None or internal_weights is False or shared_weights is False:
                message = f"kind={kind!r} has its own paths, and weights of its own"
                raise DomainError(message, hint="leave out paths and the options of weights")
            out, found, signs = factored_paths(self.irreps_in1, self.irreps_in2, out, kind, rank)
        elif paths is None:
            out, found = default_paths(self.irreps_in1, self.irreps_in2, out, mode, mode != "uvuv")
        elif out is None:
            message = "paths lead to summands of irreps_out, which is missing"
            raise DomainError(message, hint="give irreps_out, or leave out the paths")
        else:
            found = tuple(p if isinstance(p, Path) else Path(*p) for p in paths)
        self.irreps_out, self.paths = out, found
        ends = (self.irreps_in1, self.irreps_in2, self.irreps_out)
        check_paths(*ends, self.paths)
        norms: dict[str, Any] = {
            "irrep_normalization": irrep_normalization,
            "path_normalization": path_normalization,
            "variances": (in1_var, in2_var, out_var),
        }
        self.coefficients = path_coefficients(*ends, self.paths, **norms)
        if signs:
            self.coefficients = tuple(s * c for s, c in zip(signs, self.coefficients, strict=True))
        self._plan()
        shares = argument_shares(*ends[:2], **norms)
        self._whole = factored_product(
            ends, self.paths, self.coefficients, shares, kind=kind, rank=rank, method=method, grid=grid, layout=layout
        )
        self._own(internal_weights, shared_weights, rng, dtype)

    def _plan(self) -> None:
        """Choose one map for everything, or groups of paths with weights."""
        ends = (self.irreps_in1, self.irreps_in2, self.irreps_out)
        weighted = any(path.has_weight for path in self.paths)
        groups = path_groups(*ends, self.paths, self.coefficients)
        size = sum(len(group.terms) * group.lanes for group in groups)
        self._terms = None
        if not weighted and size <= _MOST_TERMS and self.method != "so2":
            self._terms = path_terms(*ends, self.paths, self.coefficients, self.layout)
        self._product = PathProduct(*ends, self.paths, groups, self.layout)
        self._axis = axis_product(*ends, self.paths, groups, self.layout) if self.method == "so2" else None
        self._slices = self._product.weight_slices()
        self.weight_numel = max((place.stop for place in self._slices.values()), default=0)

    def _own(self, internal: bool | None, shared: bool | None, rng: Any, dtype: torch.dtype | None) -> None:
        """Make the weights, where the layer has its own."""
        if shared is False and internal:
            message = "internal_weights=True with shared_weights=False: a layer has one set of weights of its own"
            raise DomainError(message, hint="pass weights to forward, or share them")
        self.shared_weights = shared is not False
        self.internal_weights = (self.shared_weights if internal is None else internal) and self.weight_numel > 0
        self._sizes = [
            (len(irreps), next((mul for mul, _ in irreps), 0))
            for irreps in (self.irreps_in1, self.irreps_in2, self.irreps_out)
        ]
        if self.kind != "clebsch-gordan":
            count = sum(n * m for n, m in self._sizes)
            self.register_parameter("weight", None)
            self.factors = nn.Parameter(torch.empty(self.rank, count, dtype=dtype))
            self.reset_parameters(rng)
        elif self.internal_weights:
            self.weight = nn.Parameter(torch.empty(self.weight_numel, dtype=dtype))
            self.reset_parameters(rng)
        else:
            self.register_parameter("weight", None)

    def reset_parameters(self, rng: RngLike | torch.Generator = None) -> None:
        """Draw the weights from the standard normal distribution."""
        with torch.no_grad():
            for own in self.parameters(recurse=False):
                own.copy_(torch.randn(own.shape, generator=torch_generator(rng), dtype=torch.float64))

    def forward(self, x: Tensor, y: Tensor, weight: Any = None) -> Tensor:
        """Return the product.

        Parameters
        ----------
        x : Tensor (..., irreps_in1.dim)
        y : Tensor (..., irreps_in2.dim)
            Of the same dtype; leading axes are broadcast.
        weight : Tensor (weight_numel,) or, not shared, (..., weight_numel); or a list by path, optional
            Instead of the layer's own.

        Returns
        -------
        Tensor (..., irreps_out.dim)
        """
        if self._terms is not None and fits(self._terms, x, y):  # the common case, at once
            return bilinear_product(self._terms, x, y, self.backend)
        self._check(x, y)
        if self._terms is not None:
            return contract(self._terms, x, y, backend=self.backend)
        if x.dtype in (torch.float16, torch.bfloat16) and self.method != "fourier":
            return self._on_rows(x.float(), y.float(), weight).to(x.dtype)
        return self._on_rows(x, y, weight)

    def _on_rows(self, x: Tensor, y: Tensor, given: Any) -> Tensor:
        """Return the product with all leading axes made one."""
        if self._whole is not None and given is None:
            lead = torch.broadcast_shapes(x.shape[:-1], y.shape[:-1])
            x, y = (v.expand(*lead, v.shape[-1]).reshape(lead.numel(), v.shape[-1]) for v in (x, y))
            self._check_dtype(self.factors, x.dtype)
            with torch.autocast(x.device.type, enabled=False):
                return self._whole(x, y, self.factors).reshape(*lead, self.irreps_out.dim)
        weight = self._weights(given, x.dtype)
        shapes = [x.shape[:-1], y.shape[:-1]]
        if weight is not None and not self.shared_weights:
            shapes.append(weight.shape[:-1])
        lead = torch.broadcast_shapes(*shapes)
        x, y = (v.expand(*lead, v.shape[-1]).reshape(lead.numel(), v.shape[-1]) for v in (x, y))
        if weight is not None and not self.shared_weights:
            weight = weight.expand(*lead, self.weight_numel).reshape(lead.numel(), self.weight_numel)
        with torch.autocast(x.device.type, enabled=False):
            z = (self._axis or self._product)(x, y, weight, self.backend)
        return z.reshape(*lead, self.irreps_out.dim)

    def _check(self, x: Tensor, y: Tensor) -> None:
        """Refuse features of the wrong length or of two kinds."""
        for value, irreps, name in ((x, self.irreps_in1, "x"), (y, self.irreps_in2, "y")):
            check_floating(value, name)
            if value.ndim < 1 or value.shape[-1] != irreps.dim:
                message = f"{name} must be (..., {irreps.dim}) for {irreps}, got shape {tuple(value.shape)}"
                raise ShapeError(message, hint="check the order of the axes")
        check_one_kind(x, y)

    def _weights(self, weight: Any, dtype: torch.dtype) -> Tensor | None:
        """Return the weights to use, of the right shape and dtype."""
        if not self.weight_numel:
            return None
        if isinstance(weight, (list, tuple)):
            lead = None if self.shared_weights else -1
            weight = torch.cat([w.reshape(-1) if lead is None else w.reshape(w.shape[0], -1) for w in weight], dim=-1)
        found = self._found() if weight is None else weight
        if found is None:
            message = f"{type(self).__name__} has no weights of its own, and none were given"
            raise DomainError(
                message, hint=f"pass weight=, ({'' if self.shared_weights else '..., '}{self.weight_numel},)"
            )
        wanted = (
            found.shape == (self.weight_numel,)
            if self.shared_weights
            else found.ndim > 1 and found.shape[-1] == self.weight_numel
        )
        if not wanted:
            form = f"({self.weight_numel},)" if self.shared_weights else f"(..., {self.weight_numel})"
            message = f"weight must be {form}, got {tuple(found.shape)}"
            raise ShapeError(message, hint="see weight_numel and shared_weights")
        self._check_dtype(found, dtype)
        return found

    @staticmethod
    def _check_dtype(weight: Tensor, dtype: torch.dtype) -> None:
        """Refuse weights of another dtype than the features."""
        if weight.dtype != dtype:
            message = f"the weights are {weight.dtype}, the features {dtype}"
            raise DtypeError(message, hint="convert the layer by .to(dtype), or the features")

    def _found(self) -> Tensor | None:
        """Return the layer's own weights of its paths."""
        if self.kind == "clebsch-gordan":
            return self.weight
        return factored_weights(self.factors, self.paths, self._sizes)

    @property
    def spec(self) -> ProductSpec:
        """The type of the product; of one channel, where it goes channel by channel."""
        ends = (self.irreps_in1, self.irreps_in2, self.irreps_out)
        if self.kind == "clebsch-gordan":
            return ProductSpec(*ends)
        one, two, three = (Irreps([(1, ir) for _, ir in irreps]) for irreps in ends)
        return ProductSpec(one, two, three, self.kind, self.rank)

    def expressivity(self) -> int:
        """Return the dimension of the set of bilinear maps that products of this type reach."""
        return expressivity(self.spec)

    def interactable(self) -> tuple[Any, ...]:
        """Return the triples of irreps that are coupled."""
        return interactable(self.spec)

    def flops(self, batch: int = 1, method: str = "sparse") -> int:
        """Return the floating-point operations of a forward pass; see :func:`erlangen.representations.products.flops`."""
        return flops(self.spec, batch, method=method)

    def explain(self) -> Explanation:
        """Return the paths kept and lost, and what each method costs."""
        return explain(self.spec)

    def weight_views(self, weight: Tensor | None = None) -> Iterator[tuple[int, Path, Tensor]]:
        """Yield number, path and weights, as a view of their own shape, of each path that has some."""
        found = self._found() if weight is None else weight
        if found is None and self._slices:
            message = f"{type(self).__name__} has no weights of its own"
            raise DomainError(message, hint="pass weight=")
        for p, place in self._slices.items():
            own: Any = found
            yield p, self.paths[p], own[..., place].unflatten(-1, self._product.shape(p))

    def extra_repr(self) -> str:
        """Return types, paths and weights."""
        return self._summary(f"{self.irreps_in1} x {self.irreps_in2}")

    def _summary(self, factors: str) -> str:
        count = sum(p.numel() for p in self.parameters()) if self.kind != "clebsch-gordan" else self.weight_numel
        kind = "" if self.kind == "clebsch-gordan" else f" | {self.kind}, rank {self.rank}"
        return f"{factors} -> {self.irreps_out} | {len(self.paths)} paths | {count} weights{kind}"
