"""Refusals and warnings of the library, told in the words of the command."""

import warnings

import pytest

from erlangen.cli.translation import TRIAL_WORDS, in_options, spoken, told
from erlangen.errors import DomainError, DomainWarning, NotSPDError

WORDS = {"order": "--order", "max_delay": "--max-delay", "X": "TRIALS", "per='pooled'": "--per pooled"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("order = 3 is too large, order <= 2", "--order = 3 is too large, --order <= 2"),
        ("order must be >= 1", "--order must be >= 1"),
        ("order 3 at lag 1; lower the order", "order 3 at lag 1; lower the order"),
        ("a max_delay of 9", "a --max-delay of 9"),
        ("reorder = 1, x-order = 2", "reorder = 1, x-order = 2"),
        ("X[3, 1] is not finite, X has 3 axes", "TRIALS[3, 1] is not finite, TRIALS has 3 axes"),
        ("file.npz:X[3] is singular", "file.npz:X[3] is singular"),
        ("use per='pooled' or less", "use --per pooled or less"),
    ],
)
def test_words_are_translated_where_they_are_names(text, expected):
    assert told(text, WORDS) == expected


def test_a_refusal_keeps_its_kind_and_numbers():
    error = NotSPDError("order = 2 is too much", index=(3,), rank=2, hint="order <= 1")
    other = in_options(error, WORDS)
    assert (type(other), other.index, other.rank) == (NotSPDError, (3,), 2)
    assert str(other) == "--order = 2 is too much (--order <= 1)"
    assert error.message == "order = 2 is too much"
    assert in_options(DomainError("no hint"), WORDS).hint is None


def test_what_is_raised_inside_is_translated():
    with pytest.raises(DomainError, match="--order = 2"), spoken(WORDS):
        raise DomainError("order = 2")


def test_warnings_are_translated_and_told_once():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with spoken(WORDS):
            for _ in range(3):
                warnings.warn("order <= 2", DomainWarning, stacklevel=1)
    assert [str(item.message) for item in caught] == ["--order <= 2"]


@spoken(WORDS)
def fails():
    warnings.warn("the reason", DomainWarning, stacklevel=1)
    raise DomainError("no candidate")


def test_the_reasons_of_a_refusal_are_told_with_it():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(DomainError, match="no candidate"):
            fails()
    assert [str(item.message) for item in caught] == ["the reason"]


def test_phrases_of_the_library_become_options():
    told_so = told("use estimator='oas' or 'lwf', structure='block_toeplitz', or order <= 2", TRIAL_WORDS)
    assert told_so == "use --estimator='oas' or 'lwf', or --order <= 2"
