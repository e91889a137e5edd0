import io

import pytest

from erlangen.cli.table import Column, Table, number, seconds, style_of


def _table():
    table = Table([Column("claim", fold=True), Column("ours", right=True), Column("verdict")], "Title")
    table.add("a long claim " * 8, "0.99", "reproduced")
    table.add("short", "–", "failed")
    return table


def test_plain_text_is_aligned_and_never_cut():
    lines = _table().text(200).splitlines()
    assert lines[0] == "Title"
    assert lines[2].endswith("0.99  reproduced")
    assert ("a long claim " * 8).strip() in lines[2]
    assert lines[2].index("reproduced") == lines[3].index("failed")
    assert not any(line.endswith(" ") for line in lines)


@pytest.mark.parametrize("width", [24, 40, 60, 80, 100, 120])
def test_text_keeps_to_the_width_and_loses_no_word(width):
    table = Table(
        [
            Column("claim", fold=True),
            Column("source", fold=True),
            Column("ours", right=True),
            Column("verdict", fold=True),
        ]
    )
    table.add(
        "the logarithm of the kernel is that of e^{-2t} I_k(2t) " * 3,
        "Section 4, relation to PHATE",
        "1e-16",
        "theorem checked",
    )
    table.add("short", "Table 1", "–", "same direction at smaller scale")
    lines = table.text(width).splitlines()
    assert max(map(len, lines)) <= width
    words = " ".join(lines).split()
    assert words.count("logarithm") == 3
    assert all(words.count(word) == 1 for word in ("PHATE", "1e-16", "theorem", "checked", "short", "scale"))


def test_a_table_too_narrow_for_columns_is_written_in_paragraphs():
    table = Table([Column("claim", fold=True), Column("ours", right=True), Column("verdict", fold=True)])
    table.add("interpolation of a withheld time", "0.99", "reproduced")
    table.add("clusters", "–", "failed")
    assert table.text(24).splitlines() == [
        "interpolation of a",
        "withheld time",
        "    ours 0.99 ·",
        "    verdict reproduced",
        "clusters",
        "    verdict failed",
    ]


def test_a_long_cell_of_a_paragraph_breaks_at_its_blanks():
    table = Table([Column("paper"), Column("title", fold=True)])
    table.add("a-slug-of-some-length", "Exploring matrix-free approximations of second-order information")
    lines = table.text(30).splitlines()
    assert max(map(len, lines)) <= 30
    assert " ".join(" ".join(lines).split()).endswith("matrix-free approximations of second-order information")


def test_the_width_is_the_terminals_where_none_is_given(monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    assert max(map(len, _table().text().splitlines())) <= 50


def test_rich_output_holds_every_cell_whatever_the_width(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    stream = io.StringIO()
    _table().print_rich(stream)
    text = stream.getvalue()
    assert text.count("claim") >= 8
    assert "reproduced" in text
    assert "failed" in text


def test_markup_in_a_cell_is_text(monkeypatch):
    table = Table([Column("x")])
    table.add("[red]not markup[/red]")
    stream = io.StringIO()
    table.print_rich(stream)
    assert "[red]not markup[/red]" in stream.getvalue()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (59.9, "59.9 s"),
        (60.2, "1 min 00 s"),
        (61, "1 min 01 s"),
        (3599.6, "1 h 00 min"),
        (7260, "2 h 01 min"),
        (0, "0 s"),
    ],
)
def test_durations(value, text):
    assert seconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (123456.0, "1.235e+05"), ("word", "word"), (False, "no"), (0.05, "0.05")]
)
def test_numbers(value, text):
    assert number(value) == text


def test_only_known_words_have_a_style():
    assert style_of("failed") == "bold red"
    assert style_of("a claim that failed") == ""
