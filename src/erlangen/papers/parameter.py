"""A parameter of a paper's run: its type, its range, and what its text forms mean.

Definition: ``value -> checked value``: int, float, bool, str, or a list of int, float or str, inside [low, high] and among the choices.
Convention: texts (from ``--set NAME=VALUE``) are read by the type; a value of another type is refused, an int is a float where a float is wanted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from erlangen.errors import DomainError
from erlangen.papers.suggestion import suggestion

__all__ = ["TYPES", "Parameter", "parse_overrides", "settle"]

TYPES = ("int", "float", "bool", "str", "list[int]", "list[float]", "list[str]")


def _read_int(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        number = float(text)
        if not number.is_integer():
            raise
        return int(number)


def _read_bool(text: str) -> bool:
    return {"true": True, "false": False}[text.strip().lower()]


_READERS: dict[str, Callable[[str], Any]] = {"int": _read_int, "float": float, "bool": _read_bool, "str": str}
_ACCEPTED: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "bool": (bool,), "str": (str,)}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a manifest.

    Parameters
    ----------
    name : str
    type : str
        One of ``TYPES``.
    default : object, optional
        Value where a preset gives none; None = each preset must give one.
    low, high : float, optional
        Closed range of a number, or of each number of a list.
    choices : tuple
        The values allowed; empty = any.
    help : str
        One line.
    unit : str

    Examples
    --------
    >>> Parameter("knn", "int", low=1).check("12")
    12
    """

    name: str
    type: str
    default: Any = None
    low: float | None = None
    high: float | None = None
    choices: tuple[Any, ...] = ()
    help: str = ""
    unit: str = ""

    @property
    def law(self) -> str:
        """The type and range in words."""
        words = {"int": "an integer", "float": "a finite number", "bool": "true or false", "str": "a text"}
        law = f"a list of {self.type[5:-1]}" if self.type.startswith("list") else words[self.type]
        if self.low is not None or self.high is not None:
            low, high = (
                ("-inf" if self.low is None else f"{self.low:g}"),
                ("inf" if self.high is None else f"{self.high:g}"),
            )
            law += f" in [{low}, {high}]"
        return law + (f" among {', '.join(map(repr, self.choices))}" if self.choices else "")

    def _refuse(self, value: object) -> DomainError:
        hint = "see `erlangen show SLUG` for the parameters"
        if self.choices and isinstance(value, str):
            hint = suggestion(value, map(str, self.choices))
        return DomainError(f"parameter {self.name} must be {self.law}; got {value!r}", hint=hint)

    def check(self, value: object) -> Any:
        """Return the value in its type, read from a text where it is one.

        Raises
        ------
        DomainError
            Naming the parameter, the law and the value.
        """
        if not self.type.startswith("list"):
            return self._check_one(value, self.type, value)
        if isinstance(value, str):
            inner = value.strip().removeprefix("[").removesuffix("]")
            value = [part.strip() for part in inner.split(",")] if inner.strip() else []
        if not isinstance(value, (list, tuple)):
            raise self._refuse(value)
        return [self._check_one(item, self.type[5:-1], value) for item in value]

    def _check_one(self, item: object, kind: str, whole: object) -> Any:
        if isinstance(item, str) and kind != "str":
            try:
                item = _READERS[kind](item)
            except (ValueError, KeyError, OverflowError) as error:
                raise self._refuse(whole) from error
        fits = isinstance(item, _ACCEPTED[kind]) and (kind == "bool" or not isinstance(item, bool))
        if not fits:
            raise self._refuse(whole)
        if isinstance(item, (int, float)) and not isinstance(item, bool):
            inside = (self.low is None or item >= self.low) and (self.high is None or item <= self.high)
            if not (abs(item) <= sys.float_info.max and inside):
                raise self._refuse(whole)
            item = float(item) if kind == "float" else item
        if self.choices and item not in self.choices:
            raise self._refuse(whole)
        return item


def parse_overrides(items: tuple[str, ...] | list[str]) -> dict[str, str]:
    """Return ``{"name": "text"}`` of items ``name=text``; the paper reads the texts by its types.

    Raises
    ------
    DomainError
        If an item has no ``=`` or a name occurs twice.

    Examples
    --------
    >>> parse_overrides(["n=100", "noise=0.1"])
    {'n': '100', 'noise': '0.1'}
    """
    found: dict[str, str] = {}
    for item in items:
        name, sign, text = item.partition("=")
        name = name.strip()
        if not sign or not name:
            message = f"a setting must be NAME=VALUE, got {item!r}"
            raise DomainError(message, hint="for example --set n=500")
        if name in found:
            message = f"parameter {name} was set twice: {found[name]!r} and {text!r}"
            raise DomainError(message, hint="set it once")
        found[name] = text
    return found


def settle(
    parameters: Mapping[str, Parameter], given: Mapping[str, Any], overrides: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a checked value for every parameter: default, then ``given``, then ``overrides``.

    Raises
    ------
    DomainError
        If a name is unknown, a value refused or missing.
    """
    values = {name: item.default for name, item in parameters.items()} | dict(given) | dict(overrides or {})
    for name in (name for name in values if name not in parameters):
        message = f"there is no parameter {name!r} (set to {values[name]!r})"
        raise DomainError(message, hint=suggestion(name, parameters))
    for name, value in values.items():
        if value is None:
            message = f"parameter {name} has no default and no value"
            raise DomainError(message, hint=f"give {name} a default or a value in the preset")
    return {name: item.check(values[name]) for name, item in parameters.items()}
