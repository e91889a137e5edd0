r"""The convolution of functions on the sphere with harmonics of a direction, with weights a degree.

Definition: :math:`z^{l_3} = c_{l_3}\sum_{l_1l_2}\kappa_{l_1l_2l_3}\,C\,(a_{l_1}x^{l_1})\otimes(b_{l_2}\,Y_{l_2}(\hat r))`;
*aligned* turns :math:`\hat r` to the polar axis, where the filter has one component a degree, multiplies, and turns back.
Convention: harmonics of component one as e3nn's; channel by channel; the result does not depend on the turn about the axis.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.errors import DomainError, ShapeError
from erlangen.nn.equivariant.feature_blocks import check_features, check_layout, half_returns
from erlangen.nn.equivariant.gaunt_tensor_product import GauntTensorProduct
from erlangen.nn.equivariant.signal_blocks import SignalBlocks
from erlangen.random import RngLike
from erlangen.representations import Irreps, spherical_harmonics
from erlangen.representations.products import gaunt_product
from erlangen.representations.products.axis_terms import axis_terms, turn_to_axis
from erlangen.representations.products.contract import contract
from erlangen.representations.products.signal_degrees import scale_degrees
from erlangen.validation import check_choice, check_integer

__all__ = ["GauntConvolution"]

ROUTES = ("aligned", "grid", "sparse")


class GauntConvolution(nn.Module):
    r"""Product of functions with the harmonics of vectors, (..., irreps_in.dim) and (..., 3) to (..., irreps_out.dim).

    Parameters
    ----------
    irreps_in : Irreps or str
        ``Cx0e+Cx1o+…``, natural parity.
    lmax_filter : int
        Highest degree of the harmonics.
    irreps_out : Irreps or str, optional
        C copies of each wanted irrep; all that can be reached by default.
    route : {"aligned", "grid", "sparse"}
        How it is computed; the numbers are the same.
    layout : {"mul_ir", "ir_mul"}
        Layout of both features.
    rng : int, Generator or torch.Generator
        Seed of the weights, standard normal; results have unit mean square for standard normal features.
    dtype : torch.dtype, optional
        Of the weights.

    Raises
    ------
    DomainError
        If an irrep is of unnatural parity or cannot be reached, or a vector is zero: it has no direction.
    ShapeError
        If multiplicities or leading axes do not fit.

    References
    ----------
    Luo, Chen & Krishnapriyan, ICLR 2024, section 3.3; Passaro & Zitnick, ICML 2023 (the turn to the axis).

    Examples
    --------
    >>> layer = GauntConvolution("8x0e+8x1o", 2, "8x0e+8x1o+8x2e", rng=0)
    >>> layer(torch.randn(5, 32), torch.randn(5, 3)).shape
    torch.Size([5, 72])
    """

    def __init__(
        self,
        irreps_in: Irreps | str,
        lmax_filter: int,
        irreps_out: Irreps | str | None = None,
        *,
        route: str = "aligned",
        layout: str = "mul_ir",
        rng: RngLike | torch.Generator = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.route, self.layout = check_choice(route, "route", ROUTES), check_layout(layout)
        self.lmax_filter = check_integer(lmax_filter, "lmax_filter", low=0)
        C = SignalBlocks(irreps_in, "irreps_in").channels
        filters = Irreps([(C, (l, (-1) ** l)) for l in range(self.lmax_filter + 1)])
        # weights, scales and refusals are those of the product with C functions
        product = GauntTensorProduct(irreps_in, filters, irreps_out, layout=layout, dtype=dtype)
        self.irreps_in, self.irreps_out = product.irreps_in1, product.irreps_out
        self._source, self._target = (
            SignalBlocks(self.irreps_in, "irreps_in"),
            SignalBlocks(self.irreps_out, "irreps_out"),
        )
        self._degrees, (self.scale,) = product.routes[0][3:], product.scales
        self.weights = product.weights
        self.reset_parameters(rng)

    def reset_parameters(self, rng: RngLike | torch.Generator = None) -> None:
        """Draw all weights from the standard normal law."""
        generator = torch_generator(rng)
        with torch.no_grad():
            for weight in self.weights:
                weight.copy_(torch.randn(weight.shape, generator=generator, dtype=torch.float64))

    @half_returns
    def forward(self, x: Tensor, vectors: Tensor, radial: Tensor | None = None) -> Tensor:
        """Return the convolution; ``radial`` are numbers (..., C, lmax_filter + 1) that multiply the filters, channels last with ``ir_mul``."""
        check_features(x, self.irreps_in, "x", owner="GauntConvolution")
        self._check_vectors(x, vectors)
        vectors = vectors.to(x.dtype)
        a, b, c = (weight[0].to(x.dtype) for weight in self.weights)
        factor = torch.tensor(self.scale, dtype=x.dtype, device=x.device)
        c = c * (factor if self.layout == "mul_ir" else factor[:, None])
        l1, _, l3 = self._degrees
        signal = scale_degrees(self._source.read(x, self.layout)[1], a, l1, self.layout, "a")
        filters = b if radial is None else b * radial.to(x.dtype)
        z = (self._aligned if self.route == "aligned" else self._whole)(signal, vectors, filters)
        return self._target.write({1: scale_degrees(z, c, l3, self.layout, "c")}, self.layout, like=x)

    def _check_vectors(self, x: Tensor, vectors: Tensor) -> None:
        if vectors.shape != (*x.shape[:-1], 3):
            message = f"vectors must have shape {(*x.shape[:-1], 3)}, got {tuple(vectors.shape)}"
            raise ShapeError(message, hint="one vector for each row of features")
        if not torch.compiler.is_compiling() and vectors.numel():
            zero = (vectors == 0).all(-1).reshape(-1)
            if bool(zero.any()):
                message = f"vectors[{int(zero.nonzero()[0, 0])}] is zero, which has no direction"
                raise DomainError(message, hint="leave out pairs of coincident points")

    def _aligned(self, signal: Tensor, vectors: Tensor, filters: Tensor) -> Tensor:
        """Return the product in the frame of the vector, turned back."""
        l1, l2, l3 = self._degrees
        terms, lmax = axis_terms(l1, l2, l3), max(l1, l3)
        D = Irreps.spherical_harmonics(lmax).matrix(turn_to_axis(vectors))
        there, back = (D[..., : (l + 1) ** 2, : (l + 1) ** 2] for l in (l1, l3))
        if self.layout == "mul_ir":
            return contract(terms, signal @ there.mT, filters.expand(*signal.shape[:-1], l2 + 1)) @ back
        filters = filters.expand(*signal.shape[:-2], l2 + 1, signal.shape[-1])
        return back.mT @ contract(terms, there @ signal, filters, layout="ir_mul")

    def _whole(self, signal: Tensor, vectors: Tensor, filters: Tensor) -> Tensor:
        """Return the product with all components of the harmonics."""
        degrees = list(range(self.lmax_filter + 1))
        Y = spherical_harmonics(degrees, vectors, normalize=True, normalization="component")
        Y = Y.unsqueeze(-2 if self.layout == "mul_ir" else -1)
        C = signal.shape[-2 if self.layout == "mul_ir" else -1]
        Y = Y.expand(*Y.shape[:-2], C, -1) if self.layout == "mul_ir" else Y.expand(*Y.shape[:-1], C)
        y = scale_degrees(Y, filters, self.lmax_filter, self.layout, "b")
        return gaunt_product(signal, y, self._degrees[2], method=self.route, layout=self.layout)

    def extra_repr(self) -> str:
        """Return the types and the options."""
        types = f"{self.irreps_in} -> {self.irreps_out}, lmax_filter={self.lmax_filter}"
        return f"{types}, route={self.route!r}, layout={self.layout!r}"
