from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from erlangen.gallery.mathml import mathml
from erlangen.papers import papers

FORMULAS = [formula for paper in papers() for formula in paper.formulas]


@pytest.mark.parametrize("tex", FORMULAS)
def test_every_formula_of_the_house_becomes_well_formed_mathml(tex):
    text = str(mathml(tex, block=True))
    assert text.startswith("<math ")
    assert 'display="block"' in text
    root = ET.fromstring(text)
    assert root.tag == "math"
    assert "\\" not in "".join(root.itertext())


def test_the_name_of_a_formula_is_its_tex():
    assert ET.fromstring(str(mathml('a < "b"'))).get("aria-label") == 'a < "b"'


@pytest.mark.parametrize(
    "trap", ["<script>alert(1)</script>", '<img src="x"/>', "<mi onclick='x'>a</mi>", "&lt;", "</mtext></math><b/>"]
)
def test_texts_in_formulas_cannot_bring_elements(trap):
    text = str(mathml(f"\\text{{{trap}}}"))
    assert "<script" not in text
    assert "<img" not in text
    assert "<b/>" not in text
    assert "<mi onclick" not in text


@pytest.mark.parametrize("tex", ["\\frac{", "{" * 50, "\\unknowncommand{x", "x" * 5000])
def test_what_is_not_tex_is_shown_as_code_and_stays_harmless(tex):
    text = str(mathml(tex + "<img>"))
    assert "<img" not in text
    assert re.match(r"<(code|math)", text)


def test_names_of_functions_get_room():
    assert '<mo lspace="0.17em" rspace="0.17em">log</mo>' in str(mathml(r"\log x"))
