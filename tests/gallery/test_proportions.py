"""Which figures are wide."""

import pytest

from erlangen.gallery.proportions import is_wide
from erlangen.runs import Figure


@pytest.mark.parametrize(
    ("data", "wide"),
    [
        (b'<svg viewBox="0 0 180 100">', True),
        (b'<svg viewBox="0 0 179 100">', False),
        (b"<svg height='1' viewBox='-1.5,0, 5.76e2 , 2.3E2'>", True),
        (b'<svg viewBox="0 0 100 0">', False),
        (b'<svg viewBox="0 0 1e 1">', False),
        (b"<svg>", False),
        (b"", False),
    ],
)
def test_an_svg_tells_by_its_box(data, wide):
    assert is_wide(Figure("f", "", "image/svg+xml", data)) is wide


def test_other_formats_do_not_tell():
    assert not is_wide(Figure("f", "", "image/png", b'viewBox="0 0 400 100"'))
