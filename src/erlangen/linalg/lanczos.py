r"""The Lanczos process of a symmetric matrix from several starts at once: every column has a Krylov space of its own, the products are shared.

Definition: :math:`A Q_m = Q_m T_m + \beta_m q_{m+1} e_m^T`, T tridiagonal of :math:`\alpha` and :math:`\beta` (Golub & Van Loan, section 10.1).
Convention: vectors are rows (columns of the block, n); coefficients are float64 on the host; a column whose space is exhausted goes on with zeros.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.linalg.product import Product, is_tensor
from erlangen.validation import check_memory

__all__ = ["Lanczos", "on_host", "row_norms"]

_CHUNK = 16
_BREAKDOWN = 50.0

Array = NDArray[np.float64]


def on_host(x: Any) -> Array:
    """Return an array or tensor as float64 NumPy."""
    return np.asarray(x.detach().cpu() if is_tensor(x) else x, dtype=np.float64)


def _beside(host: Array, like: Any) -> Any:
    """Return float64 numbers of the host in the kind, dtype and device of another array."""
    if is_tensor(like):
        return import_module("torch").as_tensor(host, dtype=like.dtype, device=like.device)
    return host.astype(like.dtype)


def row_norms(rows: Any) -> Array:
    """Return the norms (c,) of rows (c, n), without overflow or underflow of the squares; not finite where a row is not.

    Examples
    --------
    >>> row_norms(np.array([[3e-200, 4e-200], [0.0, 0.0]]))
    array([5.e-200, 0.e+000])
    """
    moduli = abs(rows)
    largest = on_host(moduli.amax(1) if is_tensor(rows) else moduli.max(1))
    scaled = rows / _beside(np.where((largest > 0) & np.isfinite(largest), largest, 1.0), rows)[:, None]
    return largest * np.sqrt(on_host((scaled * scaled).sum(1)))


class Lanczos:
    r"""The process from the rows of ``start``, which must not be zero.

    With ``stored`` the basis is kept and each new vector is made orthogonal to all of it after the recurrence; without, four vectors are kept,
    orthogonality is lost as Ritz values converge, and the basis is computed a second time where it is combined.

    Parameters
    ----------
    product : callable
        ``B -> A B`` for blocks (n, c).
    start : ndarray or Tensor (c, n)
        Rows.
    stored : bool
        Keep the basis.
    size : float
        A lower bound of the norm of A, the scale on which an exhausted space is recognised.

    Examples
    --------
    >>> process = Lanczos(lambda B: np.array([[1.0, -1.0], [-1.0, 1.0]]) @ B, np.array([[1.0, 0.0], [1.0, 1.0]]))
    >>> process.step(), process.step()
    (None, None)
    >>> process.tridiagonal()[0].tolist(), process.exhausted.tolist()
    ([[1.0, 1.0], [0.0, 0.0]], [True, True])
    """

    def __init__(self, product: Product, start: Any, *, stored: bool = True, size: float = 0.0) -> None:
        self._product = product
        self.norms = row_norms(start)
        self._first = start / _beside(self.norms, start)[:, None]
        self._before, self._now, self._image_before = None, self._first, None
        self._chunks: list[Any] = []
        self.stored = stored
        self.size = size
        self.unit = float(np.finfo(str(start.dtype).removeprefix("torch.")).eps)
        self.diagonal: list[Array] = []
        self.beside: list[Array] = []
        self.dropped: Array = np.zeros(len(self.norms))
        self.exhausted: NDArray[np.bool_] = np.zeros(len(self.norms), dtype=bool)

    @property
    def steps(self) -> int:
        """Products with A so far."""
        return len(self.diagonal)

    def _image(self, rows: Any) -> Any:
        """Return A q for the rows q."""
        columns = rows.T.contiguous() if is_tensor(rows) else np.ascontiguousarray(rows.T)
        return self._product(columns).T

    def step(self) -> None:
        """Take one product and extend the tridiagonal matrices."""
        image = self._image(self._now)
        length = row_norms(image)
        if not np.isfinite(length).all():
            message = f"the product with A is not finite at step {self.steps + 1}"
            raise DomainError(message, hint="check the entries of A")
        self.size = max(self.size, float(length.max(initial=0.0)))
        self._refuse_asymmetry(image)
        image, alpha = self._full(image) if self.stored else self._short(image)
        rest = row_norms(image)
        ended = self.exhausted | (rest <= _BREAKDOWN * self.unit * self.size)
        beta = np.where(ended, 0.0, rest)
        self.dropped = np.where(ended & ~self.exhausted, rest, self.dropped)
        self.diagonal.append(np.where(self.exhausted, self.diagonal[0], alpha) if self.diagonal else alpha)
        self.beside.append(beta)
        self.exhausted = ended
        self._before = self._now
        self._now = self._next(image, beta)

    def _next(self, image: Any, beta: Array) -> Any:
        """Return the next unit vectors, zero where the space is exhausted."""
        image[np.flatnonzero(beta == 0)] = 0.0
        return image / _beside(np.where(beta > 0, beta, 1.0), image)[:, None]

    def _short(self, image: Any) -> tuple[Any, Array]:
        """Subtract the last two vectors, by the recurrence."""
        alpha = on_host((self._now * image).sum(1))
        return self._recurrence(image, self._now, self._before, alpha, self.steps), alpha

    def _recurrence(self, image: Any, now: Any, before: Any, alpha: Array, step: int) -> Any:
        """Return ``A q_k - beta_{k-1} q_{k-1} - alpha_k q_k``."""
        rest = image - _beside(alpha, image)[:, None] * now
        return rest if before is None else rest - _beside(self.beside[step - 1], image)[:, None] * before

    def _full(self, image: Any) -> tuple[Any, Array]:
        """Subtract the last two vectors, then what is left along the whole basis."""
        self._keep(self._now)
        image, alpha = self._short(image)
        image, more = self._sweep(image)
        return image, alpha + more[:, -1]

    def _keep(self, rows: Any) -> None:
        """Store one vector of each column, in chunks allocated as they are needed."""
        place = self.steps % _CHUNK
        if place == 0:
            shape = (rows.shape[0], _CHUNK, rows.shape[1])
            held = (len(self._chunks) + 1) * float(np.prod(shape)) * rows.dtype.itemsize
            added = held / (len(self._chunks) + 1)
            what = f"{_CHUNK} more Lanczos vectors of {shape[0]} columns ({held / 2**20:.0f} MiB in all)"
            check_memory(added, what, hint="use passes=2, fewer columns at once, or a looser rtol")
            self._chunks.append(rows.new_zeros(shape) if is_tensor(rows) else np.zeros(shape, rows.dtype))
        self._chunks[-1][:, place] = rows

    def _sweep(self, image: Any) -> tuple[Any, Array]:
        """Return the rows without their components along the basis, and these components (c, steps + 1)."""
        found = []
        for chunk in self._chunks:
            along = chunk @ image[:, :, None]
            image = image - (chunk.swapaxes(1, 2) @ along)[:, :, 0]
            found.append(on_host(along[:, :, 0]))
        return image, np.concatenate(found, axis=1)[:, : self.steps + 1]

    def _refuse_asymmetry(self, image: Any) -> None:
        r"""Refuse where :math:`q_{k-1} \cdot A q_k` and :math:`A q_{k-1} \cdot q_k` differ."""
        last, self._image_before = self._image_before, image
        if last is None:
            return
        gap = np.abs(on_host((self._before * image).sum(1)) - on_host((last * self._now).sum(1)))
        limit = float(np.sqrt(self.unit)) * self.size
        if not gap.max(initial=0.0) <= limit:
            message = (
                f"A is not symmetric: at step {self.steps + 1}, |q . A p - A q . p| = {gap.max():.3g} > {limit:.2g} "
                "for two unit vectors q, p"
            )
            raise DomainError(message, hint="pass a symmetric operator, e.g. (A + A.T) / 2")

    def tridiagonal(self) -> tuple[Array, Array]:
        """Return diagonal (c, m) and side (c, m), the last of which couples to the vector not yet used."""
        return np.stack(self.diagonal, axis=1), np.stack(self.beside, axis=1)

    def eigen(self) -> tuple[Array, Array]:
        """Return Ritz values (c, m), ascending, and the eigenvectors (c, m, m) of the tridiagonal matrices."""
        diagonal, beside = self.tridiagonal()
        m = self.steps
        T = np.zeros((len(diagonal), m, m))
        at = np.arange(m)
        T[:, at, at] = diagonal
        T[:, at[1:], at[:-1]] = T[:, at[:-1], at[1:]] = beside[:, :-1]
        values, vectors = np.linalg.eigh(T)
        return values, vectors

    def combine(self, weights: Array) -> Any:
        """Return the rows (c, n) with the given components (c, m) along the basis."""
        weights = weights[:, : self.steps]
        if not self.stored:
            return self._again(weights)
        total = None
        for i, chunk in enumerate(self._chunks):
            part = np.zeros((len(weights), _CHUNK))
            piece = weights[:, i * _CHUNK : (i + 1) * _CHUNK]
            part[:, : piece.shape[1]] = piece
            rows = (_beside(part, chunk)[:, None, :] @ chunk)[:, 0]
            total = rows if total is None else total + rows
        return total

    def _again(self, weights: Array) -> Any:
        """Compute the basis a second time, by the same operations, and add it up."""
        before, now = None, self._first
        total = _beside(weights[:, 0], now)[:, None] * now
        for k in range(1, weights.shape[1]):
            image = self._recurrence(self._image(now), now, before, self.diagonal[k - 1], k - 1)
            before, now = now, self._next(image, self.beside[k - 1])
            total = total + _beside(weights[:, k], now)[:, None] * now
        return total
