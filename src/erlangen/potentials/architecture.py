"""What a potential is made of, as a value.

Definition: elements, cutoff, degrees, powers, channels, layers, product and the widths of its small networks (MACE: Batatia et al., NeurIPS 2022).
Convention: ``hidden`` lists the irreps of one channel, each of natural parity ``(-1)^l``; all have ``channels`` copies.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from erlangen.errors import DomainError
from erlangen.potentials.elements import atomic_number, symbol
from erlangen.representations import Irreps
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["Architecture"]

PRODUCTS = ("clebsch-gordan", "gaunt", "complete-gaunt")
ROUTES = ("auto", "grid", "fourier", "sparse")
FACTORS = ("auto", "tied", "linear")
FIRST = ("residual", "plain")
_LOWEST = {
    "lmax": 0, "correlation": 1, "channels": 1, "layers": 1, "radial_functions": 1, "cutoff_power": 2, "readout_width": 1,
    "rank": 1,
}  # fmt: skip
_OF_GAUNT: dict[str, tuple[object, str]] = {
    "route": ("auto", "is a way of Gaunt products"),
    "factors": ("auto", "says what Gaunt products multiply"),
    "rank": (1, "counts the terms of a Gaunt product"),
}


@dataclass(frozen=True)
class Architecture:
    """The sizes and choices that fix a potential up to its weights.

    Examples
    --------
    >>> Architecture(("H", "O"), 4.0, hidden="0e")
    Architecture(species=('H', 'O'), cutoff=4.0, lmax=3, correlation=3, channels=32, hidden='0e', layers=2, product='clebsch-gordan',
                 route='auto', reduced=True, interaction=('residual', 'residual'), radial_functions=8, cutoff_power=5,
                 radial_widths=(64, 64, 64), readout_width=16, factors='auto', rank=1)
    """

    species: tuple[str, ...]
    cutoff: float
    lmax: int = 3
    correlation: int = 3
    channels: int = 32
    hidden: str = "0e+1o"
    layers: int = 2
    product: str = "clebsch-gordan"
    route: str = "auto"
    reduced: bool = True
    interaction: tuple[str, ...] = ()
    radial_functions: int = 8
    cutoff_power: int = 5
    radial_widths: tuple[int, ...] = (64, 64, 64)
    readout_width: int = 16
    factors: str = "auto"
    rank: int = 1

    def __post_init__(self) -> None:
        numbers = sorted({atomic_number(item) for item in self.species})
        if len(numbers) != len(self.species) or not numbers:
            message = f"species must name each element once, got {self.species!r}"
            raise DomainError(message, hint="for example ('H', 'C', 'O')")
        self._set("species", tuple(symbol(z) for z in numbers))
        self._set("cutoff", check_real(self.cutoff, "cutoff", low=0, open_low=True))
        for name, low in _LOWEST.items():
            self._set(name, check_integer(getattr(self, name), name, low=low))
        self._set("radial_widths", tuple(check_integer(w, "radial_widths", low=1) for w in self.radial_widths))
        self._check_product()
        self._set("reduced", bool(self.reduced))
        self._set("hidden", "+".join(str(Irreps([(1, ir)])).removeprefix("1x") for ir in self._hidden_irreps()))
        kinds = tuple(self.interaction) or ("residual",) * self.layers
        if len(kinds) != self.layers:
            message = f"interaction has {len(kinds)} entries for {self.layers} layers"
            raise DomainError(message, hint="name 'residual' or 'plain' for each layer, or leave it out")
        self._set("interaction", tuple(check_choice(kind, "interaction", FIRST) for kind in kinds))

    def _check_product(self) -> None:
        """Refuse what the product has no place for."""
        check_choice(self.product, "product", PRODUCTS)
        check_choice(self.route, "route", ROUTES)
        check_choice(self.factors, "factors", FACTORS)
        for name, (usual, what) in _OF_GAUNT.items():
            value = getattr(self, name)
            if value != usual and self.product == "clebsch-gordan":
                message = f"{name}={value!r} {what}; product is 'clebsch-gordan'"
                raise DomainError(message, hint=f"leave {name} out, or choose product='gaunt' or 'complete-gaunt'")
        if self.factors == "tied" and self.product == "complete-gaunt":
            message = "factors='tied' with product='complete-gaunt': the bracket of a function with itself is zero"
            raise DomainError(message, hint="choose factors='linear', or product='gaunt'")

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _hidden_irreps(self) -> list[Any]:
        """Irreps of one channel, sorted, refusing what this network has no place for."""
        irreps = Irreps(self.hidden)
        found = [ir for _, ir in irreps]
        unnatural = [ir for ir in found if ir.p != (-1) ** ir.l]
        if unnatural:
            message = f"hidden holds {unnatural[0]}, whose parity is not (-1)^l; no message of this network reaches it"
            raise DomainError(message, hint="hidden irreps are 0e, 1o, 2e, 3o, …")
        if len({ir.l for ir in found}) != len(found) or 0 not in {ir.l for ir in found}:
            message = f"hidden must list each irrep once, 0e among them; got {self.hidden!r}"
            raise DomainError(message, hint="for example '0e+1o'; the number of copies is channels=")
        copies = {mul for mul, _ in irreps} - {1, self.channels}
        if copies:
            message = f"hidden has multiplicity {copies.pop()}, channels is {self.channels}"
            raise DomainError(message, hint="all irreps have channels= copies; write '0e+1o'")
        return sorted(found, key=lambda ir: ir.l)

    @property
    def hidden_degrees(self) -> tuple[int, ...]:
        """Degrees of the hidden irreps."""
        return tuple(ir.l for _, ir in Irreps(self.hidden))

    @property
    def power_factors(self) -> str:
        """What a Gaunt product multiplies: one function with itself, or different linear images of it, which ``complete-gaunt`` needs."""
        if self.factors != "auto":
            return self.factors
        return "linear" if self.product == "complete-gaunt" else "tied"

    @property
    def target(self) -> str:
        """Irreps of one channel of the atomic basis, 0e + 1o + … up to lmax."""
        return "+".join(f"{l}{'oe'[l % 2 == 0]}" for l in range(self.lmax + 1))

    def degrees_in(self, layer: int) -> tuple[int, ...]:
        """Degrees of the features that enter a layer."""
        return (0,) if layer == 0 else self.hidden_degrees

    def degrees_out(self, layer: int) -> tuple[int, ...]:
        """Degrees of the features that leave a layer: the last keeps scalars alone."""
        return (0,) if layer == self.layers - 1 else self.hidden_degrees

    def to_dict(self) -> dict[str, Any]:
        """Return the choices as plain data.

        Examples
        --------
        >>> Architecture.from_dict(Architecture(("H",), 3.0).to_dict()) == Architecture(("H",), 3.0)
        True
        """
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Architecture:
        """Return the value that ``to_dict`` described, refusing unknown names."""
        unknown = sorted(set(data) - {item.name for item in dataclasses.fields(cls)})
        if unknown:
            message = f"an architecture has no {unknown[0]!r}"
            raise DomainError(message, hint="the file is of another version")
        choices: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
        return cls(**choices)


def natural(degrees: tuple[int, ...], channels: int = 1) -> str:
    """Return irreps of natural parity as text.

    Examples
    --------
    >>> natural((0, 1), 8)
    '8x0e+8x1o'
    """
    return "+".join(f"{channels}x{l}{'oe'[l % 2 == 0]}" for l in degrees)
