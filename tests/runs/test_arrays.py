"""Arrays as safetensors: round trips to the bit, the published layout, damage refused by one error."""

import json
import random
import struct

import numpy as np
import pytest

from erlangen.errors import DomainError, StoreError
from erlangen.runs.arrays import decode_array, encode_array

DTYPES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3, 4)])
def test_what_is_kept_is_read_back_bit_for_bit(dtype, shape):
    raw = np.random.default_rng(0).integers(0, 2, size=shape) * np.array(100).astype(np.int64)
    array = np.asarray(raw).astype(dtype)
    back = decode_array(encode_array(array, "x"), "x")
    assert (back.dtype, back.shape, back.tobytes()) == (array.dtype, array.shape, array.tobytes())


def test_special_floats_keep_their_bits():
    bits = np.array([0x7FF8000000000001, 0xFFF0000000000000, 0x8000000000000000, 1], dtype=np.uint64)
    assert decode_array(encode_array(bits.view(np.float64), "x"), "x").view(np.uint64).tolist() == bits.tolist()


@pytest.mark.parametrize(
    "view", [lambda a: a.T, lambda a: a[:, ::-2], lambda a: np.asfortranarray(a), lambda a: a.astype(">f8")]
)
def test_any_layout_in_memory_is_the_same_array(view):
    array = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(decode_array(encode_array(view(array), "x"), "x"), view(array))


def test_the_bytes_are_those_of_the_published_format():
    """Eight bytes of length, a JSON header, the raw little-endian entries."""
    data = encode_array(np.array([1.5, -2.0]), "x")
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    assert header == {"array": {"dtype": "F64", "shape": [2], "data_offsets": [0, 16]}}
    assert struct.unpack("<2d", data[8 + length :]) == (1.5, -2.0)


@pytest.mark.parametrize(
    "bad", [["x"], [1j], [None], [[1], [1, 2]], np.array([1], dtype="M8[s]"), np.longdouble(1), object()]
)
def test_what_the_format_lacks_is_refused(bad):
    with pytest.raises(DomainError, match="array 'the name' cannot be kept"):
        encode_array(bad, "the name")


def test_damage_is_refused_by_one_error():
    """Every truncation, and a thousand random changes of the header: an array or a StoreError, nothing else."""
    whole = encode_array(np.arange(3.0), "x")
    generator = random.Random(0)
    for size in range(len(whole)):
        with pytest.raises(StoreError, match="array 'x' is damaged"):
            decode_array(whole[:size], "x")
    refused = 0
    for _ in range(1000):
        data = bytearray(whole)
        for _ in range(generator.randint(1, 4)):
            data[generator.randrange(len(data) - 24)] = generator.randrange(256)
        try:
            decode_array(bytes(data), "x")
        except StoreError:
            refused += 1
    assert refused > 800


@pytest.mark.parametrize("dtype", ["BF16", "F8_E4M3", "F4", "C64", "I3"])
def test_dtypes_numpy_lacks_are_refused(dtype):
    header = json.dumps({"array": {"dtype": dtype, "shape": [1], "data_offsets": [0, 2]}}).encode()
    with pytest.raises(StoreError, match="array 'x' is damaged"):
        decode_array(struct.pack("<Q", len(header)) + header + b"\0\0", "x")


def test_another_tensor_is_not_ours():
    header = json.dumps({"other": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}).encode()
    with pytest.raises(StoreError, match="array 'x' is damaged"):
        decode_array(struct.pack("<Q", len(header)) + header + b"\0", "x")
