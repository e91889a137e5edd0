r"""The terms of a bilinear map: a sparse tensor of order three as a list.

Definition: :math:`z_k = \sum_{t} c_t\, x_{i_t} y_{j_t}\,[k_t = k]`, the coefficients of :math:`B\colon R^{d_1} \times R^{d_2} \to R^{d_3}`.
Convention: terms are sorted by (k, i, j), equal places are summed and zeros dropped, so that equal maps are equal values.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError
from erlangen.validation import check_finite, check_integer

__all__ = ["BilinearTerms"]

_KNOWN: WeakValueDictionary[str, BilinearTerms] = WeakValueDictionary()


@dataclass(frozen=True, eq=False, repr=False)
class BilinearTerms:
    r"""A sparse bilinear map :math:`z_k = \sum c\, x_i y_j`.

    Parameters
    ----------
    i, j, k : array_like (n,)
        Places in x, y and z of each term.
    c : array_like (n,)
        Coefficients, kept in float64.
    d1, d2, d3 : int
        Dimensions of x, y and z.

    Raises
    ------
    ShapeError
        If the lists differ in length.
    DomainError
        If a place is out of range or a coefficient is not finite.

    Examples
    --------
    >>> cross = BilinearTerms([1, 2], [2, 1], [0, 0], [1.0, -1.0], 3, 3, 3)
    >>> cross
    BilinearTerms((1, 2), (2, 1), (0, 0), (1.0, -1.0), 3, 3, 3)
    >>> len(cross), cross == eval(repr(cross))
    (2, True)

    Attributes
    ----------
    key : str
        The digest of the content: equal maps have equal keys, in any process.
    """

    i: NDArray[np.int64]
    j: NDArray[np.int64]
    k: NDArray[np.int64]
    c: NDArray[np.float64]
    d1: int
    d2: int
    d3: int
    key: str = field(init=False)

    def __post_init__(self) -> None:
        sizes = [check_integer(getattr(self, name), name, low=0) for name in ("d1", "d2", "d3")]
        places = [self._places(name, size) for name, size in zip("ijk", sizes, strict=True)]
        c = np.asarray(self.c, dtype=np.float64).reshape(-1)
        if len({len(array) for array in (*places, c)}) != 1:
            message = f"i, j, k and c differ in length: {[len(array) for array in (*places, c)]}"
            raise ShapeError(message, hint="one place and one coefficient for each term")
        check_finite(c, "c")
        i, j, k = places
        flat, where = np.unique((k * sizes[0] + i) * sizes[1] + j, return_inverse=True)
        total = np.bincount(where, weights=c, minlength=len(flat)) if len(flat) else np.zeros(0)
        kept = flat[total != 0]
        values = {
            "i": kept // max(sizes[1], 1) % max(sizes[0], 1),
            "j": kept % max(sizes[1], 1),
            "k": kept // max(sizes[0] * sizes[1], 1),
            "c": total[total != 0],
        }
        for name, array in values.items():
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        for name, size in zip(("d1", "d2", "d3"), sizes, strict=True):
            object.__setattr__(self, name, size)
        digest = hashlib.sha256(repr(sizes).encode())
        for array in values.values():
            digest.update(array.tobytes())
        object.__setattr__(self, "key", digest.hexdigest())
        _KNOWN.setdefault(self.key, self)

    def _places(self, name: str, size: int) -> NDArray[np.int64]:
        given = np.asarray(getattr(self, name)).reshape(-1)
        if given.size and given.dtype.kind not in "iu":
            message = f"{name} holds {given.dtype}; places are integers"
            raise DomainError(message, hint="count from 0")
        array = given.astype(np.int64)
        bad = np.flatnonzero((array < 0) | (array >= size))
        if len(bad):
            message = f"{name}[{bad[0]}] = {array[bad[0]]} is out of range 0 … {size - 1}"
            raise DomainError(message, hint="count from 0")
        return array

    def __len__(self) -> int:
        return len(self.c)

    @classmethod
    def known(cls, key: str) -> BilinearTerms:
        """Return the map of this key, which must be alive: graphs of compiled functions name a map by its key.

        Examples
        --------
        >>> dot = BilinearTerms([0], [0], [0], [1.0], 1, 1, 1)
        >>> BilinearTerms.known(dot.key) == dot
        True
        """
        found = _KNOWN.get(key)
        if found is None:
            message = f"no bilinear map with the key {key[:12]}… is alive in this process"
            raise DomainError(message, hint="make the layer before running its compiled graph")
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BilinearTerms) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        lists = ", ".join(str(tuple(array.tolist())) for array in (self.i, self.j, self.k, self.c))
        return f"BilinearTerms({lists}, {self.d1}, {self.d2}, {self.d3})"

    def dense(self) -> NDArray[np.float64]:
        """Return the tensor (d1, d2, d3).

        Examples
        --------
        >>> BilinearTerms([0], [0], [1], [2.0], 1, 1, 2).dense()
        array([[[0., 2.]]])
        """
        tensor = np.zeros((self.d1, self.d2, self.d3))
        tensor[self.i, self.j, self.k] = self.c
        return tensor

    def swapped(self) -> BilinearTerms:
        """Return the map with its two arguments exchanged.

        Examples
        --------
        >>> BilinearTerms([0], [1], [0], [2.0], 1, 2, 1).swapped()
        BilinearTerms((1,), (0,), (0,), (2.0,), 2, 1, 1)
        """
        return BilinearTerms(self.j, self.i, self.k, self.c, self.d2, self.d1, self.d3)

    @classmethod
    def from_dense(cls, tensor: Any, *, atol: float = 0.0) -> BilinearTerms:
        """Return the terms of a tensor (d1, d2, d3) that are larger than ``atol``.

        Examples
        --------
        >>> len(BilinearTerms.from_dense(np.eye(3)[:, :, None]))
        3
        """
        array = np.asarray(tensor, dtype=np.float64)
        if array.ndim != 3:
            message = f"the tensor of a bilinear map has three axes, got shape {array.shape}"
            raise ShapeError(message, hint="pass (d1, d2, d3)")
        i, j, k = np.nonzero(np.abs(array) > atol)
        return cls(i, j, k, array[i, j, k], *array.shape)
