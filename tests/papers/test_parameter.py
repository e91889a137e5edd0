"""Parameters: texts are read as the value they are the text of, everything outside type, range and choices is refused."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erlangen.errors import DomainError
from erlangen.papers import Parameter, parse_overrides
from erlangen.papers.parameter import TYPES, settle

quick = settings(deadline=None, derandomize=True, max_examples=200)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
WORDS = st.text(st.characters(exclude_characters=",[]", exclude_categories=["Cs", "Z", "C"]), min_size=1)


@quick
@given(st.integers(-(10**30), 10**30))
def test_an_integer_is_read_from_its_text_and_as_a_float(value):
    assert Parameter("n", "int").check(str(value)) == Parameter("n", "int").check(value) == value
    found = Parameter("x", "float").check(value)
    assert type(found) is float
    assert found == float(value)


@quick
@given(FLOATS)
def test_a_float_is_read_from_its_text_bit_for_bit(value):
    found = Parameter("x", "float").check(repr(value))
    assert math.copysign(1, found) == math.copysign(1, value)
    assert found == value


@quick
@given(st.lists(FLOATS, max_size=5), st.sampled_from(["{}", "[{}]", " [ {} ] "]))
def test_a_list_is_read_with_or_without_brackets(values, form):
    assert Parameter("x", "list[float]").check(form.format(", ".join(map(repr, values)))) == values


@quick
@given(st.lists(WORDS, min_size=1, max_size=4))
def test_a_list_of_texts_is_split_at_commas(values):
    assert Parameter("x", "list[str]").check(",".join(values)) == values


@quick
@given(st.text(), st.sampled_from(TYPES))
def test_any_text_is_a_value_of_the_type_or_refused(text, kind):
    kinds = {"int": int, "float": float, "bool": bool, "str": str}
    inner = kinds[kind.removeprefix("list[").removesuffix("]")]
    value, refusal = None, ""
    try:
        value = Parameter("p", kind).check(text)
    except DomainError as error:
        refusal = error.message
    if value is None:
        assert refusal.startswith("parameter p must be ")
    else:
        assert all(type(item) is inner for item in (value if kind.startswith("list") else [value]))


@quick
@given(st.integers(-100, 100), st.integers(-100, 100), st.integers(-200, 200))
def test_the_range_is_closed(low, high, value):
    item = Parameter("n", "int", low=min(low, high), high=max(low, high))
    if item.low <= value <= item.high:
        assert item.check(value) == value
    else:
        with pytest.raises(DomainError, match=rf"in \[{item.low}, {item.high}\]; got {value}"):
            item.check(value)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("int", "1e3", 1000),
        ("int", " 7 ", 7),
        ("float", "1e-3", 0.001),
        ("bool", "True", True),
        ("bool", " false ", False),
        ("bool", True, True),
        ("str", "", ""),
        ("list[int]", "", []),
        ("list[int]", "[]", []),
        ("list[int]", (1, "2"), [1, 2]),
        ("list[float]", [1], [1.0]),
    ],
)
def test_what_is_accepted(kind, value, expected):
    found = Parameter("p", kind).check(value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", 1.5),
        ("int", "1.5"),
        ("int", True),
        ("int", "1e400"),
        ("int", 10**400),
        ("int", "9" * 400),
        ("int", "9" * 5000),
        ("int", None),
        ("float", "nan"),
        ("float", "-inf"),
        ("float", math.nan),
        ("float", 10**400),
        ("float", False),
        ("float", [1.0]),
        ("bool", 1),
        ("bool", "yes"),
        ("str", 3),
        ("list[int]", 3),
        ("list[int]", "1;2"),
        ("list[int]", "1,,2"),
        ("list[int]", [[1]]),
        ("list[float]", "1,nan"),
        ("list[str]", [3]),
        ("list[str]", {"a": 1}),
    ],
)
def test_what_is_refused(kind, value):
    with pytest.raises(DomainError, match="parameter p must be"):
        Parameter("p", kind).check(value)


def test_a_choice_is_one_of_those_listed():
    item = Parameter("mode", "str", choices=("fine", "coarse"))
    assert item.check("coarse") == "coarse"
    with pytest.raises(DomainError, match="a text among 'fine', 'coarse'; got 'fien'") as caught:
        item.check("fien")
    assert caught.value.hint == "did you mean 'fine'?"


@quick
@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text(), max_size=5))
def test_settings_are_split_at_the_first_equals_sign(given):
    assert parse_overrides([f"{name}={text}" for name, text in given.items()]) == given


@pytest.mark.parametrize(
    ("items", "words"),
    [
        (["n"], "NAME=VALUE, got 'n'"),
        (["=3"], "NAME=VALUE, got '=3'"),
        (["n=1", "n=2"], "n was set twice: '1' and '2'"),
    ],
)
def test_what_is_no_setting_is_refused(items, words):
    with pytest.raises(DomainError, match=words):
        parse_overrides(items)


def test_overrides_stand_above_the_preset_and_the_preset_above_the_default():
    parameters = {name: Parameter(name, "int", default=1) for name in "abc"}
    assert settle(parameters, {"b": 2, "c": 2}, {"c": "3"}) == {"a": 1, "b": 2, "c": 3}


@pytest.mark.parametrize(
    ("given", "words", "hint"),
    [
        ({"nois": 3}, "there is no parameter 'nois'", "did you mean 'noise'"),
        ({}, "parameter noise has no default and no value", "in the preset"),
    ],
)
def test_unknown_and_missing_parameters_are_told(given, words, hint):
    with pytest.raises(DomainError, match=words) as caught:
        settle({"noise": Parameter("noise", "int")}, given)
    assert hint in caught.value.hint
