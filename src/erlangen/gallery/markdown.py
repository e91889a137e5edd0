"""Notes as HTML: CommonMark with tables and formulas, raw HTML shown as text.

Definition: ``$…$`` inline and ``$$…$$`` on lines of their own become MathML; headings are pushed down so that the page keeps one outline.
Convention: links other than https, http, mailto and places of the page are left as text; images are never fetched.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from erlangen.gallery.mathml import mathml

__all__ = ["render_markdown"]

_INLINE = re.compile(r"\$(?!\s)([^$\n]{1,600}?)(?<!\s)\$(?!\d)")
_BLOCK = re.compile(r"\$\$(.{1,4000}?)\$\$", re.DOTALL)
_LINK = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)
_SHIFT = 2


def _math(state: Any, silent: bool) -> bool:
    """Read a formula at the cursor."""
    if state.src[state.pos] != "$":
        return False
    for pattern, block in ((_BLOCK, True), (_INLINE, False)):
        found = pattern.match(state.src, state.pos)
        if found:
            if not silent:
                token = state.push("math", "math", 0)
                token.content = found.group(1).strip()
                token.block = block
            state.pos = found.end()
            return True
    return False


def _headings(state: Any) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + _SHIFT)}"


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    reader.inline.ruler.before("escape", "math", _math)
    reader.core.ruler.push("headings", _headings)
    reader.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]
    reader.add_render_rule(
        "math", lambda _self, tokens, index, *_: str(mathml(tokens[index].content, block=tokens[index].block))
    )
    return reader


def render_markdown(text: str) -> Markup:
    r"""Return safe markup for a Markdown text.

    Examples
    --------
    >>> str(render_markdown("# Why\n<b>no</b>"))
    '<h3>Why</h3>\n<p>&lt;b&gt;no&lt;/b&gt;</p>\n'
    """
    return Markup(_reader().render(text))  # noqa: S704 - raw HTML is off, links are checked
