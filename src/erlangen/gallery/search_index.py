"""The search index that travels with the page.

Definition: an inverted index; the weight of a word in a paper is ``boost · (1 + log count) · log(1 + N / papers with it)``, scaled to 1 … 99.
Convention: words are lower-case, without accents, two letters or more; the browser matches prefixes and proposes near words.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from erlangen.gallery.catalogue import Entry

__all__ = ["build_index", "index_script", "words"]

_WORD = re.compile(r"[a-z0-9]+")
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "before",
        "being",
        "between",
        "both",
        "but",
        "by",
        "can",
        "does",
        "each",
        "either",
        "for",
        "from",
        "further",
        "had",
        "has",
        "have",
        "how",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "itself",
        "may",
        "more",
        "most",
        "no",
        "nor",
        "not",
        "of",
        "on",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "same",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "thus",
        "to",
        "too",
        "under",
        "until",
        "up",
        "upon",
        "us",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whose",
        "why",
        "will",
        "with",
        "within",
        "without",
        "would",
        "you",
        "your",
        "here",
        "one",
        "two",
    ]
)
_LIMIT = 60_000


def words(text: str) -> list[str]:
    """Return the words of a text as they are indexed.

    Examples
    --------
    >>> words("The Bures–Wasserstein metric of Schrödinger, 3-D")
    ['bures', 'wasserstein', 'metric', 'schrodinger']
    """
    letters = (c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    plain = "".join(c if c.isascii() else " " for c in letters)
    return [word for word in _WORD.findall(plain) if len(word) > 1 and word not in _STOP]


def _fields(entry: Entry) -> Iterable[tuple[float, str]]:
    paper = entry.paper
    yield 6.0, paper.title
    yield 5.0, paper.slug.replace("-", " ")
    yield 4.0, " ".join(paper.authors)
    yield 4.0, " ".join(paper.subjects)
    yield 3.0, paper.summary
    yield 3.0, f"{paper.arxiv.replace('.', '')} {paper.venue}"
    yield 2.0, " ".join(name.replace(".", " ").replace("_", " ") for name in entry.interface)
    yield 1.0, paper.abstract
    yield 1.0, " ".join(claim.text for claim in paper.claims)
    yield 0.6, paper.notes


def build_index(entries: Iterable[Entry]) -> dict[str, dict[int, int]]:
    """Return word to ``{paper number from 0: weight}``."""
    items = list(entries)
    raw: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for place, entry in enumerate(items):
        for boost, text in _fields(entry):
            counts: dict[str, int] = defaultdict(int)
            for word in words(text):
                counts[word] += 1
            for word, count in counts.items():
                raw[word][place] += boost * (1 + math.log(count))
    rarity = {word: math.log(1 + len(items) / len(places)) for word, places in raw.items()}
    top = max((max(places.values()) * rarity[word] for word, places in raw.items()), default=1.0)
    return {
        word: {place: max(1, min(99, round(99 * weight * rarity[word] / top))) for place, weight in places.items()}
        for word, places in sorted(raw.items())
    }


def index_script(entries: Iterable[Entry]) -> str:
    """Return the index as a script of at most 60 KB; if it is larger the lightest words go first."""
    items = list(entries)
    index = build_index(items)
    slugs = [entry.paper.slug for entry in items]
    order = sorted(index, key=lambda word: max(index[word].values()), reverse=True)
    parts = {
        word: f"{word} " + ",".join(f"{place}.{weight}" for place, weight in index[word].items()) for word in order
    }
    size = 0
    kept = []
    for word in order:
        size += len(parts[word]) + 1
        if size > _LIMIT - 2000:
            break
        kept.append(word)
    text = "|".join(parts[word] for word in sorted(kept))
    return f"window.erlangenIndex={json.dumps({'slugs': slugs, 'words': text}, separators=(',', ':'))};\n"
