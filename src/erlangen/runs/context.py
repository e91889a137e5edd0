"""What a paper's ``run(context)`` sees: its parameters, its generators, and where its results go.

Definition: a row is a named JSON value computed once: on resumption it is read back instead of computed, bit for bit.
Convention: whatever ``step`` and ``map`` return has been through canonical JSON (tuples are lists), whether computed now or read back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from erlangen.errors import DomainError
from erlangen.runs.arrays import encode_array
from erlangen.runs.attempt import Attempt
from erlangen.runs.canonical_json import JSON, canonical, decode, normalise
from erlangen.runs.parallel import compute
from erlangen.runs.run_interrupted import RunInterrupted
from erlangen.runs.run_spec import RunSpec
from erlangen.runs.stop import StopRequest

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Progress", "RunContext"]

Progress = Callable[[int, int, str, dict[str, Any] | None], None]
"""``on_progress(step, total, message, metrics)``; metrics hold ``rate`` (steps a second) and ``eta`` (seconds left) once they can be told."""

_STORE_SECONDS = 0.25


def _check_name(value: object, what: str) -> str:
    if not isinstance(value, str) or not value or len(value) > 200 or not value.isprintable():
        message = f"{what} must be a printable text of 1 to 200 characters, got {value!r}"
        raise DomainError(message, hint="for example 'swiss-roll/noise=0.1'")
    return value


class RunContext:
    """The context of a run; made by :func:`erlangen.runs.execute`."""

    def __init__(
        self,
        spec: RunSpec,
        attempt: Attempt,
        stop: StopRequest,
        *,
        jobs: int = 1,
        cluster: str | None = None,
        on_progress: Progress | None = None,
    ) -> None:
        self.spec = spec
        self.jobs = jobs
        self.cluster = cluster
        self._attempt = attempt
        self._stop = stop
        self._on_progress = on_progress
        self._rows = attempt.rows()
        self._seen: set[str] = set()
        self._inside = 0
        self._clock: tuple[float, int, int] | None = None
        self._stored = -np.inf

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self._attempt.run_id

    @property
    def parameters(self) -> dict[str, JSON]:
        """The parameters, a fresh copy."""
        return dict(normalise(self.spec.parameters))

    @property
    def seed(self) -> int:
        """The root of all generators of the run."""
        return self.spec.seed

    @property
    def threads(self) -> int:
        """Inner threads of each task; pass it to what takes ``threads=`` or ``n_jobs=``."""
        return self.spec.threads

    @property
    def stop_requested(self) -> bool:
        """Whether the run was asked to stop; a long row may look and return early only by raising."""
        return self._stop.asked

    def rng(self, name: str = "") -> np.random.Generator:
        """Return the generator of a name: the same for the same seed and name, independent for others.

        It is seeded by ``SeedSequence([seed, w1, ..., w8])``, the words of the SHA-256 of the name.
        """
        words = np.frombuffer(sha256(name.encode("utf-8")).digest(), dtype="<u4")
        return np.random.default_rng(np.random.SeedSequence([self.seed, *words.tolist()]))

    def child_seed(self, name: str) -> int:
        """Return an integer seed below 2**63 for a name, for work that runs elsewhere."""
        return int(self.rng(name).integers(0, 2**63 - 1))

    def _pause(self) -> None:
        if self._stop.asked:
            raise RunInterrupted(self.run_id, rows=len(self._rows))

    def _claim_key(self, key: object) -> str:
        name = _check_name(key, "the key of a row")
        if name in self._seen:
            message = f"row {name!r} was asked for twice in one run"
            raise DomainError(message, hint="give each row its own key")
        self._seen.add(name)
        return name

    def step(self, key: str, function: Callable[..., Any], *args: Any) -> JSON:
        """Return ``function(*args)`` as JSON, computed once in the life of the run and stored before it is returned.

        Raises
        ------
        DomainError
            If the key was used before, or the value cannot be kept exactly as JSON.
        RunInterrupted
            If a stop was asked for and the row is not yet there.
        """
        name = self._claim_key(key)
        if name not in self._rows:
            self._pause()
            self._inside += 1
            try:
                text = canonical(function(*args))
            finally:
                self._inside -= 1
            self._keep(name, text)
        return decode(self._rows[name])

    def _keep(self, key: str, text: str) -> None:
        self._attempt.row(key, text)
        self._rows[key] = text

    def map(
        self, function: Callable[..., Any], items: Mapping[str, Any], *, jobs: int | None = None, message: str = ""
    ) -> dict[str, JSON]:
        """Return ``{key: function(*args)}``, each item a row, computed in parallel by ``jobs`` processes or the cluster.

        Parameters
        ----------
        function : callable
            Importable by name or picklable by cloudpickle; it must not depend on anything but its arguments.
        items : mapping of str to tuple
            Key to arguments; an argument list that is no tuple is the single argument.
        jobs : int, optional
            Default: the run's.
        message : str
            Shown before the key in the progress.

        Returns
        -------
        dict
            In the order of ``items``, whatever the order of computation.

        Raises
        ------
        RunInterrupted
            If a stop was asked for; rows already begun were finished and stored.
        """
        todo, order = {}, []
        for key, args in items.items():
            order.append(self._claim_key(key))
            if key not in self._rows:
                todo[key] = args if isinstance(args, tuple) else (args,)
        done = len(order) - len(todo)
        label = f"{message}: " if message else ""
        if todo:
            self._pause()
            self.progress(done, len(order), message)
        results = compute(
            function,
            todo,
            threads=self.threads,
            jobs=self.jobs if jobs is None else jobs,
            cluster=self.cluster,
            stopped=lambda: self._stop.asked,
        )
        self._inside += 1
        try:
            for key, text in results if todo else ():
                self._keep(key, text)
                done += 1
                self.progress(done, len(order), f"{label}{key}")
        finally:
            self._inside -= 1
        if done < len(order):
            self._pause()
        return {key: decode(self._rows[key]) for key in order}

    def progress(self, step: int, total: int, message: str = "", metrics: Mapping[str, Any] | None = None) -> None:
        """Tell how far the run is: ``step`` of ``total``; stored at most four times a second, and always the last.

        Raises
        ------
        RunInterrupted
            If a stop was asked for and no row is being computed.
        """
        now = time.monotonic()
        if self._clock is None or self._clock[2] != total or step < self._clock[1]:
            self._clock = (now, step, total)
        began, first, _ = self._clock
        rate = (step - first) / (now - began) if step > first and now > began else None
        eta = (total - step) / rate if rate else None
        if now - self._stored >= _STORE_SECONDS or step >= total:
            self._stored = now
            data = {"step": int(step), "total": int(total), "message": str(message), "metrics": dict(metrics or {})}
            self._attempt.event("progress", data | {"rate": rate, "eta": eta})
        if self._on_progress is not None:
            told = {} if rate is None else {"rate": rate, "eta": eta}
            self._on_progress(int(step), int(total), str(message), {**(metrics or {}), **told} or None)
        if not self._inside:
            self._pause()

    def metric(self, name: str, value: float | int | str | bool | None) -> None:
        """Record a result of the run; a later value of the same name replaces it.

        Raises
        ------
        DomainError
            If the value is not a number, text, truth value or None.
        """
        plain = normalise(value)
        if isinstance(plain, (list, dict)):
            message = f"metric {name!r} must be a number, text, truth value or None, got a {type(value).__name__}"
            raise DomainError(message, hint="one metric a number; tables belong into rows")
        self._attempt.metric(_check_name(name, "the name of a metric"), plain)

    def figure(self, name: str, data: bytes, media_type: str = "image/svg+xml", caption: str = "") -> None:
        """Keep a figure: the bytes of a file and its media type.

        Raises
        ------
        DomainError
            If ``data`` are no bytes or the media type is none.
        """
        _check_name(name, "the name of a figure")
        if not isinstance(data, (bytes, bytearray, memoryview)):
            message = f"figure {name!r} must be bytes, got {type(data).__name__}"
            raise DomainError(message, hint="encode a text by .encode()")
        if not isinstance(media_type, str) or media_type.count("/") != 1:
            message = f"figure {name!r}: media_type must be like 'image/png', got {media_type!r}"
            raise DomainError(message, hint="image/svg+xml, image/png, text/html …")
        self._attempt.figure(name, bytes(data), media_type, str(caption))

    def array(self, name: str, array: ArrayLike) -> None:
        """Keep an array of real numbers (safetensors)."""
        self._attempt.array(_check_name(name, "the name of an array"), encode_array(array, name))

    def message(self, text: str) -> None:
        """Append a line for the reader to the run's log."""
        self._attempt.event("message", {"text": str(text)})
