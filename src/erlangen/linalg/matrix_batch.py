"""A batch of square matrices on its way to a kernel and back.

Definition: ``(..., n, n)`` becomes one C-contiguous array ``(N, n, n)`` of float32 or float64; results take the leading axes back.
Convention: NumPy in = NumPy out, torch tensor on the CPU in = tensor out, always without gradient; integers become float64; torch is never imported here.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError, UnsupportedError
from erlangen.validation import check_finite, check_square

__all__ = ["MatrixBatch", "as_array", "is_tensor", "wrapped"]

WIDEST = 128


def is_tensor(value: object) -> bool:
    """Return whether a value is a torch tensor, without importing torch.

    Examples
    --------
    >>> is_tensor(np.ones(2))
    False
    """
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def as_array(value: Any, name: str) -> NDArray[Any]:
    """Return numbers as a float32 or float64 array; a tensor shares its memory where it can.

    Raises
    ------
    ShapeError
        If the rows of a list differ in length.
    DomainError
        If they are complex or no numbers, or lie on another device.

    Examples
    --------
    >>> as_array([1, 2], "A")
    array([1., 2.])
    """
    if is_tensor(value):
        if value.device.type != "cpu":
            message = f"{name} lies on {value.device}; this kernel works on the CPU"
            raise DomainError(message, hint=f"pass {name}.cpu(), or use torch.linalg on the device")
        value = value.detach().resolve_conj().resolve_neg().numpy()
    try:
        array = np.asarray(value)
    except ValueError as error:
        message = f"{name} is not a rectangular array of numbers: {error}"
        raise ShapeError(message, hint="give every row the same length") from error
    if array.dtype.kind == "c":
        message = f"{name} is complex ({array.dtype}); Hermitian matrices are not provided for"
        raise UnsupportedError(message, hint="pass real matrices")
    if array.dtype.kind not in "fiub":
        message = f"{name} has dtype {array.dtype}; real numbers are needed"
        raise DomainError(message, hint="convert to floats first")
    kind = np.float32 if array.dtype.kind == "f" and array.dtype.itemsize == 4 else np.float64
    return np.ascontiguousarray(array, dtype=kind) if array.ndim else array.astype(kind)


def wrapped(array: NDArray[Any], like: object) -> Any:
    """Return an array as what ``like`` was: a tensor for a tensor, else the array itself."""
    return sys.modules["torch"].from_numpy(array) if is_tensor(like) else array


class MatrixBatch:
    """Square matrices ``(..., n, n)`` as one array ``(N, n, n)``.

    Parameters
    ----------
    A : array_like or Tensor (..., n, n)
        The matrices.
    name : str
        As messages call them.

    Raises
    ------
    ShapeError, DomainError
        If they are not square, or no real numbers.

    Examples
    --------
    >>> MatrixBatch(np.ones((3, 4, 2, 2)), "A").matrices.shape
    (12, 2, 2)
    """

    def __init__(self, A: Any, name: str) -> None:
        array = as_array(A, name)
        self.n: int = check_square(array, name)
        self.name = name
        self.leading: tuple[int, ...] = array.shape[:-2]
        count = int(np.prod(self.leading, dtype=np.int64))
        self.matrices: NDArray[Any] = array.reshape(count, self.n, self.n)
        self._like = A

    def __len__(self) -> int:
        return len(self.matrices)

    def back(self, result: NDArray[Any]) -> Any:
        """Return a result ``(N, ...)`` with the leading axes, as array or tensor."""
        return self.like(result.reshape(*self.leading, *result.shape[1:]))

    def like(self, result: NDArray[Any]) -> Any:
        """Return a result as it is, a tensor where the matrices came as one."""
        return wrapped(result, self._like)

    def check_finite(self) -> None:
        """Refuse entries that are NaN or infinite, naming the first by its own index."""
        check_finite(self.matrices.reshape(*self.leading, self.n, self.n), self.name)

    def where(self, position: int) -> str:
        """Return how messages call matrix ``position`` of the flat batch.

        Examples
        --------
        >>> MatrixBatch(np.ones((3, 4, 2, 2)), "A").where(5)
        'A[1, 1]'
        """
        index = self.index(position)
        return f"{self.name}[{', '.join(map(str, index))}]" if index else self.name

    def index(self, position: int) -> tuple[int, ...]:
        """Return the leading index of matrix ``position`` of the flat batch."""
        return tuple(int(i) for i in np.unravel_index(position, self.leading)) if self.leading else ()
