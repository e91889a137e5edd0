"""Formulas as MathML, made when the pages are built: a reader's browser loads nothing from elsewhere."""

import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx


def _clean(tex: str) -> str:
    """Take away what the converter has no use for."""
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
