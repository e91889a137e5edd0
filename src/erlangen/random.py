"""Random generators as arguments: nothing in this library reads or writes a global random state.

Definition: an ``rng`` is anything ``numpy.random.default_rng`` accepts (SPEC 7); a torch generator comes from :func:`erlangen.edges.torch_generator`.
Convention: children are spawned by ``SeedSequence.spawn``, so results do not depend on how work is split among workers.
"""

from __future__ import annotations

import numbers
from typing import TypeAlias

import numpy as np

from erlangen.errors import DomainError
from erlangen.validation import check_integer

__all__ = ["RngLike", "as_generator", "spawn"]

RngLike: TypeAlias = "int | np.integer | np.random.SeedSequence | np.random.Generator | np.random.RandomState | None"
"""In words: NumPy loads its generators, seven megabytes of them, when they are first used."""


def as_generator(rng: RngLike = None) -> np.random.Generator:
    """Return a NumPy ``Generator`` for a seed, a seed sequence, a generator (returned as it is) or ``None`` (fresh entropy).

    A legacy ``RandomState`` is accepted, as scikit-learn users pass it, and seeds a new generator from its stream.

    Raises
    ------
    DomainError
        If ``rng`` is a negative integer, a boolean or of another type.

    Examples
    --------
    >>> as_generator(0).integers(10)
    np.int64(8)
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, np.random.RandomState):
        return np.random.default_rng(rng.randint(0, 2**31 - 1, size=4))
    if rng is None or isinstance(rng, np.random.SeedSequence):
        return np.random.default_rng(rng)
    if isinstance(rng, numbers.Integral) and not isinstance(rng, (bool, np.bool_)):
        if int(rng) < 0:
            message = f"rng: a seed must be >= 0, got {int(rng)}"
            raise DomainError(message, hint="pass a non-negative integer")
        return np.random.default_rng(int(rng))
    message = f"rng: expected None, a non-negative integer, a SeedSequence or a Generator, got {type(rng).__name__}"
    raise DomainError(message, hint="numpy.random.default_rng(seed) makes one")


def spawn(rng: RngLike, n: int) -> list[np.random.Generator]:
    """Return ``n`` independent child generators of ``rng``, the same ones for the same seed whatever the number of workers.

    Raises
    ------
    DomainError
        If ``n`` is negative or no integer, or ``rng`` is no seed.

    Examples
    --------
    >>> [g.integers(100) for g in spawn(7, 3)] == [g.integers(100) for g in spawn(7, 3)]
    True
    """
    return list(as_generator(rng).spawn(check_integer(n, "n", low=0)))
