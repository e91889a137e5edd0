from __future__ import annotations

import math

import pytest

from erlangen.gallery.text import clock, duration, moment, number, slugify, value


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (0, "0"),
        (0.0, "0"),
        (1.0, "1"),
        (-0.5, "−0.5"),
        (0.99312, "0.9931"),
        (12345.678, "12\u202f346"),
        (999_999.4, "999\u202f999"),
        (1e6, "1·10⁶"),
        (1.25e-7, "1.25·10⁻⁷"),
        (-2.5e12, "−2.5·10¹²"),
        (10_000_000, "10\u202f000\u202f000"),
        (-12, "−12"),
        (math.nan, "not a number"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (None, "–"),
        (True, "yes"),
        (False, "no"),
    ],
)
def test_numbers_as_a_journal_sets_them(given, shown):
    assert number(given) == shown


def test_values_of_every_json_kind():
    assert value(["a", 1, None, [0.25]]) == "a, 1, –, 0.25"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "0 ms"),
        (0.9994, "999 ms"),
        (59.94, "59.9 s"),
        (61, "1 min 1 s"),
        (3600, "1 h 0 min"),
        (None, "–"),
        (math.nan, "–"),
    ],
)
def test_durations(seconds, shown):
    assert duration(seconds) == shown


def test_moments_are_told_in_utc_whatever_zone_they_came_in():
    assert moment("2026-01-02T01:30:00+02:00").endswith("23:30 UTC")
    assert clock("2026-01-02T03:04:05").utcoffset().total_seconds() == 0
    assert moment("soon") == "–"


@pytest.mark.parametrize("text", ["../../etc/passwd", "a\x00b", "…", "", "A" * 500, "con.svg"])
def test_a_slug_is_always_a_harmless_file_name(text):
    slug = slugify(text)
    assert slug
    assert len(slug) <= 60
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
