"""A paper: what its manifest says, and whether its code is built.

Definition: a folder ``manifest.toml`` [, ``run.py``, ``figures.py``, ``notes.md``]; built iff ``run.py`` is there.
Convention: frozen; presets hold a checked value for every parameter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources.abc import Traversable
from typing import Any

from erlangen.errors import DomainError
from erlangen.papers.claim import Claim
from erlangen.papers.parameter import Parameter, settle
from erlangen.papers.suggestion import suggestion

__all__ = ["SUBJECTS", "Paper"]

SUBJECTS = (
    "groups",
    "representations",
    "manifolds",
    "operators",
    "fields",
    "knots",
    "foliations",
    "learning",
    "kernels",
)

_SPECIAL = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "&%_#$"},
        "~": r"\textasciitilde{}",
        "\\": r"\textbackslash{}",
        "^": r"\textasciicircum{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
    }
)


@dataclass(frozen=True)
class Paper:
    """One paper of the house.

    Parameters
    ----------
    slug, title : str
    authors : tuple of str
        In the order of the paper.
    listed : date
        Day it was listed.
    arxiv : str
        arXiv identifier without version, or ``""``.
    code : str
        Address of the authors' released code, or ``""``.
    subjects : tuple of str
        From ``SUBJECTS``.
    abstract, summary : str
        In our own words; the summary is one line of at most 120 characters.
    formulas : tuple of str
        TeX, without dollar signs.
    built : bool
    claims : tuple of Claim
    presets : dict
        Preset to checked parameters, smallest first.
    parameters : dict
        Name to :class:`Parameter`.
    notes : str
        Text of ``notes.md`` (Markdown), or ``""``.
    venue, key : str
        Where it was published; citation key.
    manifest_hash : str
        Hash of parameters, presets and claims.
    folder : Traversable
    """

    slug: str
    title: str
    authors: tuple[str, ...]
    listed: date
    arxiv: str
    code: str
    subjects: tuple[str, ...]
    abstract: str
    summary: str = ""
    formulas: tuple[str, ...] = ()
    built: bool = False
    claims: tuple[Claim, ...] = ()
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    notes: str = ""
    venue: str = ""
    key: str = ""
    manifest_hash: str = ""
    order: int = 0
    folder: Traversable | None = field(default=None, repr=False, compare=False)

    def settings(self, preset: str = "quick", overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return a checked value for every parameter: those of a preset, with overrides (values or texts).

        Raises
        ------
        DomainError
            If the preset or a name is unknown, or a value out of its range.
        """
        if preset not in self.presets:
            message = f"{self.slug} has no preset {preset!r}"
            raise DomainError(message, hint=suggestion(preset, self.presets))
        return settle(self.parameters, self.presets[preset], overrides)

    def bibtex(self) -> str:
        """Return the BibTeX entry of the paper (UTF-8, ends with a line break)."""
        parts = re.split(r"(\b\w\^\w\b)", self.title)  # a power stands at every other place
        title = "".join(f"${part}$" if i % 2 else part.translate(_SPECIAL) for i, part in enumerate(parts))
        fields = {
            "title": f"{{{title}}}",
            "author": " and ".join(self.authors).translate(_SPECIAL),
            "year": str(self.listed.year),
        }
        if self.arxiv:
            fields |= {"eprint": self.arxiv, "archivePrefix": "arXiv", "url": f"https://arxiv.org/abs/{self.arxiv}"}
        if self.venue:
            fields["note"] = self.venue.translate(_SPECIAL)
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{{self.key or self.slug},\n{lines}\n}}\n"
