"""Records: the BibTeX entry of any title, author and venue parses, and LaTeX would set what the manifest says."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erlangen.errors import DomainError
from erlangen.papers import Paper, papers

PLAIN = Paper("toy", "A title", ("A. Nobody",), date(2026, 1, 2), "", "", ("operators",), "x", key="nobody2026toy")
COMMANDS = {
    "textasciitilde": "~",
    "textbackslash": "\\",
    "textasciicircum": "^",
    "textbraceleft": "{",
    "textbraceright": "}",
}


def parse(entry):
    """Read one entry as BibTeX does: braces count wherever they stand, also behind a backslash."""
    head = re.match(r"@(\w+)\{([^,\s]+),\s*", entry)
    position, fields = head.end(), {}
    while entry[position] != "}":
        name = re.compile(r"(\w+) = \{").match(entry, position)
        start = position = name.end()
        depth = 1
        while depth:
            depth += {"{": 1, "}": -1}.get(entry[position], 0)
            position += 1
        fields[name[1]] = entry[start : position - 1]
        position = re.compile(r",?\s*").match(entry, position).end()
    assert entry[position:] == "}\n"
    return head[1], head[2], fields


def typeset(text):
    """Return what LaTeX would print of our escapes."""
    text = re.sub(r"\$(\w\^\w)\$", r"\1", text)
    commands = "|".join(COMMANDS)
    return re.sub(rf"\\({commands})\{{\}}|\\([&%_#$])", lambda m: COMMANDS[m[1]] if m[1] else m[2], text)


@pytest.mark.parametrize("item", papers(), ids=lambda item: item.slug)
def test_the_entry_of_every_paper_parses(item):
    kind, key, fields = parse(item.bibtex())
    assert (kind, key) == ("misc", item.key)
    assert typeset(fields["title"][1:-1]) == item.title
    assert fields["author"].split(" and ") == list(item.authors)
    assert fields["year"] == str(item.listed.year)
    assert fields.get("eprint", "") == item.arxiv


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(st.sampled_from("ab ^_{}\\$&%#~äß"), min_size=1), st.text(st.sampled_from("A_&{}\\"), min_size=1))
def test_any_title_and_venue_parse_and_print_as_they_are(title, venue):
    _, _, fields = parse(replace(PLAIN, title=title, venue=venue).bibtex())
    assert fields["title"][0] + fields["title"][-1] == "{}"
    assert typeset(fields["title"][1:-1]) == title
    assert typeset(fields["note"]) == venue


def test_an_unknown_preset_proposes_the_nearest():
    item = replace(PLAIN, presets={"quick": {}, "full": {}})
    assert item.settings("full") == {}
    with pytest.raises(DomainError, match="toy has no preset 'quik'") as caught:
        item.settings("quik")
    assert caught.value.hint == "did you mean 'quick'?"
