"""Laws of inputs: memory layouts that must not matter, and inputs that must be refused with a message.

Definition: the value of an array counts, not its dtype, order, strides or writability (scikit-learn's ``check_estimator``, for three axes).
Convention: a refusal is a ValueError or TypeError with a text; anything else, also NumPy's ``LinAlgError``, breaks the law.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from typing import Any

import numpy as np

from erlangen.testing.estimator_3d.case import EstimatorCase, make_data
from erlangen.testing.estimator_3d.compare import REFUSALS, refused, same_outputs
from erlangen.testing.laws import Measurement, holds
from erlangen.validation import require

__all__ = ["INPUTS"]


def _layout(case: EstimatorCase, change: Callable[[Any], Any], rtol: float | None = None) -> Measurement:
    expected = case.outputs(case.fitted())
    found = case.outputs(case.fitted(change(case.X())), change(case.X()))
    return same_outputs(found, expected, case.rtol if rtol is None else rtol)


def _frozen(data: Any) -> Any:
    data.flags.writeable = False
    return data


def _read_only(case: EstimatorCase) -> Measurement:
    return _layout(case, _frozen)


def _memory_map(case: EstimatorCase) -> Measurement:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.npy")
        np.save(path, case.X())
        return _layout(case, lambda _: np.load(path, mmap_mode="r"))


def _fortran(case: EstimatorCase) -> Measurement:
    return _layout(case, np.asfortranarray)


def _strided(case: EstimatorCase) -> Measurement:
    return _layout(case, lambda data: np.repeat(data[::-1], 2, axis=2)[::-1, :, ::2])


def _single(case: EstimatorCase) -> Measurement:
    single = case.X().astype(np.float32)
    fitted = case.fitted(single)
    found, expected = case.outputs(fitted, single), case.outputs(case.fitted())
    for name, value in found.items():
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            return holds(False, f"{name} of float32 data is not finite")
    return same_outputs(found, expected, 1e-2)


def _listed(case: EstimatorCase) -> Measurement:
    return _layout(case, lambda data: data.tolist())


def _integers(case: EstimatorCase) -> Measurement:
    def rounded(data: Any) -> Any:
        return np.rint(100 * data).astype(np.int64)

    whole = rounded(case.X())
    found = case.outputs(case.fitted(whole), whole)
    expected = case.outputs(case.fitted(whole.astype(np.float64)), whole.astype(np.float64))
    return same_outputs(found, expected, case.rtol)


def _order(case: EstimatorCase) -> Measurement:
    fitted, order = case.fitted(), np.random.default_rng(case.seed).permutation(len(case.data))
    expected = {name: value[order] for name, value in case.outputs(fitted).items()}
    case.need(expected, "the estimator has no methods")
    return same_outputs(case.outputs(fitted, case.X()[order]), expected, case.rtol)


def _subset(case: EstimatorCase) -> Measurement:
    fitted = case.fitted()
    whole = case.outputs(fitted)
    case.need(whole, "the estimator has no methods")
    halves = [case.outputs(fitted, case.X()[part]) for part in (slice(0, 7), slice(7, None))]
    joined = {name: np.concatenate([half[name] for half in halves]) for name in whole}
    return same_outputs(joined, whole, case.rtol)


def _one_at_a_time(case: EstimatorCase) -> Measurement:
    fitted = case.fitted()
    whole = case.outputs(fitted)
    case.need(whole, "the estimator has no methods")
    single = [case.outputs(fitted, row[None]) for row in case.X()[:5]]
    joined = {name: np.concatenate([out[name] for out in single]) for name in whole}
    return same_outputs(joined, {name: value[:5] for name, value in whole.items()}, case.rtol)


def _methods_keep_data(case: EstimatorCase) -> Measurement:
    fitted = case.fitted()
    for name in case.need_methods():
        data = case.X()
        getattr(fitted, name)(data)
        if not np.array_equal(data, case.X()):
            return holds(False, f"{name} changes its input")
    return holds(True)


def _bad_fit(case: EstimatorCase, data: Any, what: str) -> Measurement:
    return refused(
        lambda: case.fit(case.fresh(), data, case.y()[: len(data)] if hasattr(data, "__len__") else None), what
    )


def _bad_method(case: EstimatorCase, data: Any, what: str) -> Measurement:
    fitted = case.fitted()
    for name in case.need_methods():
        found = refused(lambda name=name: getattr(fitted, name)(data), f"{name} of {what}")  # type: ignore[misc]
        if found.residual > 0:
            return found
    return holds(True)


def _spoilt(case: EstimatorCase, value: float) -> Any:
    case.need(not case.tags.input_tags.allow_nan, "the estimator says it takes NaN")
    data = case.X()
    data[2, 1, 1] = value
    return data


def _empty(case: EstimatorCase) -> Measurement:
    return _bad_fit(case, case.X()[:0], "no samples")


def _no_channels(case: EstimatorCase) -> Measurement:
    none = case.X()[:, :0] if case.kind == "series" else case.X()[:, :0, :0]
    return _bad_fit(case, none, "no channels")


def _one_sample(case: EstimatorCase) -> Measurement:
    try:
        fitted = case.fitted(case.X()[:1])
        out = case.outputs(fitted, case.X()[:1])
    except REFUSALS as error:
        return holds(str(error).strip(), "one sample was refused without a message")
    bad = [name for name, value in out.items() if value.dtype.kind == "f" and not np.isfinite(value).all()]
    return holds(not bad, f"one sample gives {bad} that are not finite")


def _other_channels(case: EstimatorCase) -> Measurement:
    case.need(case.tags.requires_fit, "the estimator needs no fit")
    other, _ = make_data(case.kind, 6, case.data.shape[1] + 1, np.random.default_rng(case.seed))
    return _bad_method(case, other, "another number of channels")


def _sparse(case: EstimatorCase) -> Measurement:
    case.need(not case.tags.input_tags.sparse, "the estimator says it takes sparse input")
    sparse = require("scipy.sparse", extra="test", purpose="check_estimator_3d")
    return refused(lambda: case.fit(case.fresh(), sparse.csr_array(case.X()[:, :, 0]), case.y()), "sparse input")


def _words(case: EstimatorCase) -> Measurement:
    data = case.X().astype(object)
    data[0, 0, 0] = "word"
    return _bad_fit(case, data, "words")


def _ragged(case: EstimatorCase) -> Measurement:
    rows = case.X().tolist()
    rows[0][0] = rows[0][0][:-1]
    return _bad_fit(case, rows, "ragged lists")


def _not_spd(case: EstimatorCase) -> Measurement:
    case.need(case.kind == "spd", "kind is not 'spd'")
    skew, negative = case.X(), case.X()
    skew[1, 0, 1] += np.abs(skew[1]).max()
    negative[1] *= -1.0
    for data, what in ((case.X()[:, :, :-1], "not square"), (skew, "not symmetric"), (negative, "not positive")):
        found = _bad_fit(case, data, f"matrices that are {what}")
        if found.residual > 0:
            return found
    return holds(True)


INPUTS = {
    "read-only data": _read_only,
    "read-only memory map": _memory_map,
    "Fortran order": _fortran,
    "strided views": _strided,
    "float32 data": _single,
    "nested lists": _listed,
    "integer data": _integers,
    "the order of samples does not matter": _order,
    "subsets give the same": _subset,
    "one sample at a time gives the same": _one_at_a_time,
    "methods keep the data": _methods_keep_data,
    "fit refuses NaN": lambda case: _bad_fit(case, _spoilt(case, np.nan), "NaN"),
    "fit refuses infinity": lambda case: _bad_fit(case, _spoilt(case, np.inf), "infinity"),
    "methods refuse NaN": lambda case: _bad_method(case, _spoilt(case, np.nan), "NaN"),
    "methods refuse infinity": lambda case: _bad_method(case, _spoilt(case, -np.inf), "infinity"),
    "fit refuses complex numbers": lambda case: _bad_fit(case, case.X() * (1 + 1j), "complex numbers"),
    "fit refuses words": _words,
    "fit refuses ragged lists": _ragged,
    "fit refuses sparse input": _sparse,
    "fit refuses one axis": lambda case: _bad_fit(case, case.X()[:, 0, 0], "one axis"),
    "fit refuses two axes": lambda case: _bad_fit(case, case.X()[:, :, 0], "two axes"),
    "fit refuses four axes": lambda case: _bad_fit(case, case.X()[..., None], "four axes"),
    "methods refuse two axes": lambda case: _bad_method(case, case.X()[:, :, 0], "two axes"),
    "fit refuses no samples": _empty,
    "fit refuses no channels": _no_channels,
    "fit refuses matrices that are not SPD": _not_spd,
    "one sample is fitted or refused": _one_sample,
    "methods refuse another number of channels": _other_channels,
}
