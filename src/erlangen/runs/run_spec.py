"""What determines a run: equal specifications give equal runs, bit for bit.

Definition: the id is the first 12 hexadecimal digits of the SHA-256 of the canonical JSON of all fields.
Convention: ``threads`` is the number of inner threads; the number of parallel jobs does not belong to the specification.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from erlangen.errors import DomainError
from erlangen.runs.canonical_json import JSON, canonical, normalise

__all__ = ["RunSpec"]

_NAME = re.compile(r"[a-z0-9]+([-_.][a-z0-9]+)*")


def _check_count(value: object, name: str, low: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        message = f"{name} must be an integer >= {low}, got {value!r}"
        raise DomainError(message, hint="pass a plain int")


@dataclass(frozen=True)
class RunSpec:
    """The specification of a run.

    Parameters
    ----------
    slug, preset : str
        Paper and preset: lower-case letters and digits, joined by ``-``, ``_`` or ``.``.
    parameters : mapping of str to JSON value
        All parameters, defaults included; kept in the form canonical JSON gives back.
    seed : int
        Root of every generator of the run, >= 0.
    threads : int
        Inner threads of each task, >= 1.
    code_version, manifest_hash : str
        What code and what claims the run was made with.

    Raises
    ------
    DomainError
        Naming the field and the value.

    Examples
    --------
    >>> RunSpec("toy", "quick", {"n": 3}, seed=0, threads=1, code_version="0.1.0", manifest_hash="").id
    '4f143f9d2c05'
    """

    slug: str
    preset: str
    parameters: Mapping[str, JSON]
    seed: int = 0
    threads: int = 1
    code_version: str = ""
    manifest_hash: str = ""

    def __post_init__(self) -> None:
        for name in ("slug", "preset"):
            value = getattr(self, name)
            if not isinstance(value, str) or not _NAME.fullmatch(value) or len(value) > 80:
                message = f"{name} must be lower-case letters and digits joined by '-', '_' or '.', got {value!r}"
                raise DomainError(message, hint="for example 'heat-geodesic-embedding'")
        _check_count(self.seed, "seed", 0)
        _check_count(self.threads, "threads", 1)
        if not isinstance(self.parameters, Mapping):
            message = f"parameters must be a mapping, got {type(self.parameters).__name__}"
            raise DomainError(message, hint="pass a dict")
        object.__setattr__(self, "parameters", normalise(dict(self.parameters)))

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits, the same for the same specification on every machine."""
        return hashlib.sha256(canonical(self.to_json()).encode("ascii")).hexdigest()[:12]

    def to_json(self) -> dict[str, Any]:
        """Return the fields as a dictionary that canonical JSON keeps."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> RunSpec:
        """Return the specification that :meth:`to_json` wrote.

        Raises
        ------
        DomainError
            If a field is missing, unknown or out of its domain.
        """
        try:
            return cls(**fields)
        except TypeError as error:
            message = f"a specification has other fields: {error}"
            raise DomainError(message, hint="the record was written by other software") from error
