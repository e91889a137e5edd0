from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from erlangen.gallery import thumbnail
from erlangen.gallery.thumbnails import thumbnail as draw_cached
from erlangen.papers import papers

SLUGS = [paper.slug for paper in papers()]
_NUMBERS = re.compile(r"-?\d+")


def _extent(data):
    """Return the greatest and least coordinates of a path of relative steps, by walking it."""
    xs, ys, x, y = [], [], 0, 0
    for part in re.findall(r"[Mlh][^Mlhz]*", data):
        numbers = [int(n) for n in _NUMBERS.findall(part)]
        if part[0] == "h":
            continue
        if part[0] == "M":
            x, y = numbers[:2]
            numbers = numbers[2:]
            xs.append(x)
            ys.append(y)
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            xs.append(x)
            ys.append(y)
    return min(xs), max(xs), min(ys), max(ys)


def test_every_paper_of_the_house_has_a_picture_of_its_own():
    assert len(SLUGS) == 14
    assert len({thumbnail(slug) for slug in SLUGS}) == 14
    assert not any('aria-label="A rosette"' in thumbnail(slug) for slug in SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_picture_is_small_well_formed_named_and_stays_on_its_sheet(slug):
    text = thumbnail(slug)
    root = ET.fromstring(text)
    assert root.get("aria-label")
    assert len(text) <= 12_500
    for item in root:
        assert set(item.attrib) <= {"class", "d", "x", "y"}, "no colour and no style but those of the style sheet"
        if item.tag == "path":
            left, right, top, bottom = _extent(item.get("d"))
            assert left >= -12
            assert right <= 812
            assert top >= -12
            assert bottom <= 612


def test_all_pictures_together_leave_room_on_the_first_page():
    assert sum(len(thumbnail(slug)) for slug in SLUGS) <= 80_000


def test_the_same_in_another_process():
    script = "from erlangen.gallery import thumbnail; print(hash(1)); print(thumbnail('rvgp'), end='')"
    found = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**__import__("os").environ, "PYTHONHASHSEED": "7"},
    )
    assert found.stdout.split("\n", 1)[1] == thumbnail("rvgp")


def test_a_paper_without_a_picture_gets_a_rosette():
    assert 'aria-label="A rosette"' in thumbnail("toy-roll")
    assert thumbnail("toy-roll") != thumbnail("toy-plain")


@pytest.mark.parametrize("slug", ["../x", "canvas.x", "", "a b", "os;"])
def test_no_module_is_looked_for_under_other_names(slug):
    assert 'aria-label="A rosette"' in draw_cached(slug)
