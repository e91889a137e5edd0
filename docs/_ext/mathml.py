"""Formulas as MathML, made when the pages are built: a reader's browser loads nothing from elsewhere."""

import re
import unicodedata

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx

_ALPHABETS = {"mathcal": "SCRIPT", "mathbb": "DOUBLE-STRUCK"}


def _letter(match: re.Match[str]) -> str:
    """Return the letter of an alphabet as a character: browsers do not read ``mathvariant``."""
    name = f"{_ALPHABETS[match[1]]} CAPITAL {match[2]}"
    try:
        return unicodedata.lookup(f"MATHEMATICAL {name}")
    except KeyError:
        return unicodedata.lookup(name)  # those that were characters before


def _clean(tex: str) -> str:
    """Take away what the converter has no use for."""
    tex = re.sub(r"\\(mathcal|mathbb)\s*\{?([A-Z])\}?", _letter, tex)
    return re.sub(r"\\(label|nonumber|notag)(\{[^}]*\})?", "", tex).strip()


def visit_inline(self, node: nodes.math) -> None:
    self.body.append(convert(_clean(node.astext())))
    raise nodes.SkipNode


def visit_block(self, node: nodes.math_block) -> None:
    self.body.append('<div class="math">' + convert(_clean(node.astext()), display="block") + "</div>")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
