"""One measured law: printed with its numbers, frozen."""

import dataclasses

import pytest

from erlangen.testing import LawResult


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (LawResult("symmetry", True, 1e-16, 1e-9), "ok    symmetry: 1e-16 <= 1e-09"),
        (
            LawResult("symmetry", False, 0.5, 1e-9, "worst at sample 2"),
            "FAIL  symmetry: 0.5 > 1e-09 (worst at sample 2)",
        ),
        (LawResult("symmetry", False, float("inf"), 0.0, "raised"), "FAIL  symmetry: inf > 0 (raised)"),
    ],
)
def test_text(result, text):
    assert str(result) == text


def test_results_are_frozen_and_hashable():
    result = LawResult("symmetry", True, 0.0, 0.0)
    assert hash(result) == hash(LawResult("symmetry", True, 0.0, 0.0))
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.passed = False
