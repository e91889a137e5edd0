"""Canonical JSON: round trips to the bit, one text for one value, refusals that name the place."""

import json
import math
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erlangen.errors import DomainError, ParseError
from erlangen.runs import canonical, decode, digest, normalise

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["$float", "$", "$$float", "nan"]
)
SCALAR = st.none() | st.booleans() | st.integers(-(10**40), 10**40) | st.floats() | TEXT
VALUE = st.recursive(SCALAR, lambda v: st.lists(v, max_size=4) | st.dictionaries(TEXT, v, max_size=4), max_leaves=12)


def same(a, b):
    """Equal types, equal bits of floats, equal structure."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or struct.pack("<d", a) == struct.pack("<d", b)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    return a == b


@settings(deadline=None, derandomize=True, max_examples=500)
@given(VALUE)
def test_what_is_written_is_read_back_bit_for_bit(value):
    text = canonical(value)
    assert same(decode(text), value)
    assert canonical(decode(text)) == text
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert text.isascii()


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.dictionaries(TEXT, SCALAR, max_size=5))
def test_the_order_of_keys_does_not_matter(value):
    assert canonical(dict(reversed(list(value.items())))) == canonical(value)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(VALUE, VALUE)
def test_different_values_have_different_texts(a, b):
    assert (canonical(a) == canonical(b)) == same(a, b)


def test_the_form():
    assert canonical({"b": 1.0, "a": (1, None, True)}) == '{"a":[1,null,true],"b":1.0}'
    assert canonical([math.inf, -math.inf, -0.0]) == '[{"$float":"inf"},{"$float":"-inf"},-0.0]'
    assert canonical({"$float": "nan"}) == '{"$$float":"nan"}'
    assert canonical("é☃") == '"\\u00e9\\u2603"'


def test_numpy_values_become_plain_numbers():
    value = normalise({"a": np.float32(0.1), "b": np.int64(-3), "c": np.bool_(True), "d": np.arange(3.0)})
    assert value == {"a": 0.10000000149011612, "b": -3, "c": True, "d": [0.0, 1.0, 2.0]}
    assert [type(item) for item in value.values()] == [float, int, bool, list]


class Stranger:
    pass


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"a": [1, {"b": Stranger()}]}, "a[1].b is a Stranger"),
        ({"a": {1: 2}}, "a has the key 1 of type int"),
        (1j, "value is a complex"),
        ([np.array([1j])], "[0][0] is a complex"),
        (b"x", "value is a bytes"),
        ("\ud800", "lone surrogate"),
        ({"\udc00": 1}, "lone surrogate"),
        ([1 << 20000], "20001 bits"),
        (np.longdouble(1), "longdouble"),
        ({1, 2}, "value is a set"),
    ],
)
def test_what_cannot_be_kept_is_refused(value, place):
    with pytest.raises(DomainError) as caught:
        canonical(value)
    assert place in str(caught.value)


def test_too_deep_nesting_is_refused():
    value = []
    for _ in range(100):
        value = [value]
    with pytest.raises(DomainError, match="deeper than 64"):
        canonical(value)


@pytest.mark.parametrize(
    "text", ["", "{", "NaN", "[Infinity]", '{"$float":"one"}', '{"$float":[1]}', "[" * 100000, "1" * 5000]
)
def test_damaged_texts_are_parse_errors(text):
    with pytest.raises(ParseError):
        decode(text)


def test_digest_separates_its_parts():
    # SHA-256 of 8-byte little-endian length and data, by hashlib alone.
    assert digest() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert len({digest("a", "bc"), digest("ab", "c"), digest("abc"), digest("abc", "")}) == 4
    assert digest("é") == digest("é".encode())
