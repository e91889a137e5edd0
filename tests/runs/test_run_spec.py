"""The specification: its id is a published recipe, and every field counts."""

import hashlib

import pytest

from erlangen.errors import DomainError
from erlangen.runs import RunSpec

FIELDS = {
    "slug": "toy",
    "preset": "quick",
    "parameters": {"n": 3, "x": 0.5},
    "seed": 7,
    "threads": 2,
    "code_version": "1",
    "manifest_hash": "abc",
}


def test_the_id_is_the_hash_of_the_canonical_text():
    text = (
        '{"code_version":"1","manifest_hash":"abc","parameters":{"n":3,"x":0.5},'
        '"preset":"quick","seed":7,"slug":"toy","threads":2}'
    )
    assert RunSpec(**FIELDS).id == hashlib.sha256(text.encode()).hexdigest()[:12]


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("slug", "toys"),
        ("preset", "full"),
        ("parameters", {"n": 3, "x": 0.25}),
        ("parameters", {"n": 3.0, "x": 0.5}),
        ("seed", 8),
        ("threads", 1),
        ("code_version", "2"),
        ("manifest_hash", ""),
    ],
)
def test_every_field_changes_the_id(field, other):
    assert RunSpec(**(FIELDS | {field: other})).id != RunSpec(**FIELDS).id


def test_round_trip():
    spec = RunSpec(**FIELDS)
    assert RunSpec.from_json(spec.to_json()) == spec
    assert spec.parameters is not FIELDS["parameters"]


@pytest.mark.parametrize(
    ("field", "value", "part"),
    [
        ("slug", "Toy Run", "slug must be lower-case"),
        ("slug", "", "slug"),
        ("slug", "../etc", "slug"),
        ("preset", None, "preset"),
        ("seed", -1, "seed must be an integer >= 0, got -1"),
        ("seed", True, "seed"),
        ("seed", 1.5, "seed"),
        ("threads", 0, "threads must be an integer >= 1, got 0"),
        ("parameters", [1], "parameters must be a mapping"),
        ("parameters", {"n": object()}, "n is a object"),
    ],
)
def test_bad_fields_are_named(field, value, part):
    with pytest.raises(DomainError) as caught:
        RunSpec(**(FIELDS | {field: value}))
    assert part in str(caught.value)


def test_foreign_records_are_refused():
    with pytest.raises(DomainError, match="other fields"):
        RunSpec.from_json({"slug": "toy", "preset": "quick", "colour": "red"})
