from __future__ import annotations

import base64
import csv
import io
import json
import math

import numpy as np
import pytest
from safetensors.numpy import load

from erlangen.errors import StoreError
from erlangen.gallery import Catalogue
from erlangen.gallery.downloads import claims_csv, claims_document, clean, decode_numbers, join_arrays, pack16, to_json
from erlangen.runs.arrays import encode_array


def test_json_has_no_nan():
    assert json.loads(to_json({"a": math.nan, "b": [math.inf, 1.5], 3: "x"})) == {"a": None, "b": [None, 1.5], "3": "x"}
    assert clean((True, None)) == [True, None]


def test_arrays_come_out_as_one_file_that_safetensors_reads_back_bit_for_bit(ran):
    store, runs = ran
    found = load(join_arrays(store.array_bytes(runs[0].id), runs[0]))
    wanted = store.arrays(runs[0].id)
    assert set(found) == set(wanted)
    for name, array in wanted.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


@pytest.mark.parametrize("dtype", ["f8", "f4", "i8", "i4", "i2", "i1", "u1", "?"])
def test_numbers_are_decoded_as_numpy_would(dtype):
    array = np.array([[0, 1, 1], [1, 0, 1]], dtype=dtype)
    shape, entries = decode_numbers(encode_array(array, "a"), "a")
    assert shape == [2, 3]
    assert entries == array.astype(float).ravel().tolist()


@pytest.mark.parametrize("blob", [b"", b"\x00" * 8, b"\xff" * 40, b"\x02\0\0\0\0\0\0\0{}"])
def test_a_damaged_blob_is_a_store_error(ran, blob):
    with pytest.raises(StoreError, match="'a' is damaged"):
        join_arrays({"a": blob}, ran[1][0])


def test_packing_keeps_numbers_to_one_part_in_65535():
    values = np.random.default_rng(0).normal(size=200)
    packed = pack16([*values.tolist(), math.nan])
    steps = np.frombuffer(base64.b64decode(packed["data"]), "<u2")
    found = packed["low"] + (packed["high"] - packed["low"]) * steps / 65535
    np.testing.assert_allclose(found[:-1], values, atol=(packed["high"] - packed["low"]) / 65535)
    assert steps[-1] == 0


def test_csv_of_claims(ran, toys):
    entry = Catalogue(ran[0], root=toys).entry("toy-roll")
    rows = list(csv.DictReader(io.StringIO(claims_csv(entry).decode("utf-8"))))
    assert [row["verdict"] for row in rows] == [
        "reproduced", "better than the paper", "theorem checked", "same direction at smaller scale", "failed", "not reproducible here",
    ]  # fmt: skip
    assert rows[0]["value"] == "30"
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())


def test_document_of_claims(ran, toys):
    document = json.loads(to_json(claims_document(Catalogue(ran[0], root=toys).entry("toy-roll"))))
    assert document["run"]["metrics"]["strange"] is None
    assert document["run"]["id"] in {run.id for run in ran[1]}
    assert document["status"].startswith("1 failed")
