from __future__ import annotations

from html.parser import HTMLParser

import pytest

from erlangen.gallery.markdown import render_markdown


@pytest.mark.parametrize(
    "trap",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html;base64,xx)",
        "[a](vbscript:x)",
        "[a](file:///etc/passwd)",
        "![a](https://example.org/x.png)",
        '<https://example.org/"onclick=alert(1)>',
        "$\\text{<script>}$",
        "`<script>`",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_no_note_makes_a_script_a_picture_or_a_foreign_scheme(trap):
    seen: list[tuple[str, dict]] = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attributes: seen.append((tag, dict(attributes)))
    reader.feed(str(render_markdown(trap)))
    for tag, attributes in seen:
        assert tag not in ("script", "img")
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("href", "https:").split(":")[0] == "https"


def test_formulas_inline_and_on_their_own():
    text = str(render_markdown("Let $x^2$ be, and\n\n$$\\frac{1}{2}$$\n\nfor 5$ or 6$ a piece."))
    assert text.count("<math ") == 2
    assert text.count('display="block"') == 1
    assert "5$ or 6$ a piece" in text


def test_dollars_in_code_stay():
    assert "<math" not in str(render_markdown("`$x$`"))


def test_headings_go_below_those_of_the_page():
    text = str(render_markdown("# a\n\n## b\n\n##### c"))
    assert [tag in text for tag in ("<h1", "<h2", "<h3>a", "<h4>b", "<h6>c")] == [False, False, True, True, True]


def test_tables():
    assert "<td>2</td>" in str(render_markdown("| a | b |\n|---|---|\n| 1 | 2 |"))
