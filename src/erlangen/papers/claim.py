"""What a paper says, in a form a run can be held against.

Definition: a claim names the metric that measures it, the paper's value, a tolerance and the rule by which the two are compared.
Convention: tolerances are absolute, in the unit of the metric; ``better`` is the sign of better.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Claim", "Rule"]


class Rule(StrEnum):
    """How the measured value ``v`` is held against the paper's ``p`` with tolerance ``e``.

    - ``equal``: ``|v - p| <= e``;
    - ``at-least``: ``v >= p - e``; ``at-most``: ``v <= p + e``;
    - ``theorem``: ``v`` is true, or a number with ``|v - p| <= e`` (``p = 0`` if not given: a largest violation);
    - ``direction``: ``v`` is true, or a number strictly on the better side of ``threshold``; ``scale`` says what is smaller than in the paper;
    - ``unavailable``: nothing is measured; ``reason`` says why.
    """

    EQUAL = "equal"
    AT_LEAST = "at-least"
    AT_MOST = "at-most"
    THEOREM = "theorem"
    DIRECTION = "direction"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Claim:
    """One claim of a paper.

    Parameters
    ----------
    id : str
        Unique in its paper.
    text : str
        The claim in a sentence.
    source : str
        Table, figure, theorem or section.
    metric : str
        Name of the run's metric; empty for ``unavailable``.
    paper_value : float or None
    tolerance : float
        Absolute, >= 0.
    rule : Rule
    unit : str
    reason : str
        Why it is not reproducible here (``unavailable``).
    scale : str
        What is smaller than in the paper (``direction``).
    better : str
        ``"higher"``, ``"lower"`` or ``""`` where neither is better.
    threshold : float
        What a ``direction`` must be better than.
    presets : tuple of str
        The presets that can decide it; empty = every one.
    instances : str
        Metric that counts the instances a theorem was checked on.
    """

    id: str
    text: str
    source: str
    metric: str = ""
    paper_value: float | None = None
    tolerance: float = 0.0
    rule: Rule = Rule.EQUAL
    unit: str = ""
    reason: str = ""
    scale: str = ""
    better: str = ""
    threshold: float = 0.0
    presets: tuple[str, ...] = ()
    instances: str = ""
