"""What is asked of a link: theory, ring, reduced or not, basepoint, s, limits.

Definition: a :class:`Question` is a value that goes to worker processes and into the record of a run.
Convention: rings by name (``Z``, ``Q``, ``F2``); bytes for memory; ``odd`` has no basepoint and no s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

from erlangen.cli.knots.byte_count import byte_count

__all__ = ["THEORIES", "Question", "question", "question_options"]

THEORIES = ("even", "odd", "bar-natan")


@dataclass(frozen=True)
class Question:
    """One question about links.

    Parameters
    ----------
    theory : {"even", "odd", "bar-natan"}
    ring : str
    reduced : bool
    basepoint : int or None
    s : bool
        Rasmussen's invariant as well.
    max_memory : int or None
        Bytes.
    """

    theory: str = "even"
    ring: str = "Z"
    reduced: bool = False
    basepoint: int | None = None
    s: bool = False
    max_memory: int | None = None

    def words(self) -> str:
        """Return the question as a heading."""
        names = {"even": "Khovanov homology", "odd": "odd Khovanov homology", "bar-natan": "Bar-Natan homology"}
        kind = (
            "" if self.theory == "odd" else "reduced " if self.reduced or self.theory == "bar-natan" else "unreduced "
        )
        return f"{kind}{names[self.theory]} over {self.ring}"


def question_options(function: Any) -> Any:
    """Add the options that make a :class:`Question`; the command receives them by name."""
    text = "Memory one scan may take, such as 8GiB; refused before the scan where its estimate is larger [default: 60 % of what is free]."
    for option in (
        click.option("--max-memory", metavar="BYTES", callback=_bytes, help=text),
        click.option("--s", "s", is_flag=True, help="Rasmussen's s as well (over Q where the ring is Z)."),
        click.option("--basepoint", type=click.IntRange(0), help="Edge of the reduced theory [default: 0]."),
        click.option("--reduced", is_flag=True, help="The reduced theory."),
        click.option("--odd", is_flag=True, help="Short for --theory odd."),
        click.option(
            "--theory", type=click.Choice(THEORIES), default="even", show_default=True, help="Which homology."
        ),
        click.option("--ring", "-r", default="Z", show_default=True, help="Z, Q, or F2, F3, F5 … (any prime)."),
    ):
        function = option(function)
    return function


def _bytes(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | None:
    """Return a number of bytes."""
    try:
        return None if value is None else byte_count(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def question(options: dict[str, Any]) -> Question:
    """Return the question of a command's options.

    Raises
    ------
    UsageError
        If options contradict one another.
    """
    theory = "odd" if options.pop("odd") else options.pop("theory")
    options.pop("theory", None)
    if theory == "bar-natan" and options["ring"] == "Z":
        options["ring"] = "Q"  # modules over Z[H] are no sums of cyclic ones
    asked = Question(theory=theory, **options)
    if theory == "odd" and (asked.s or asked.basepoint is not None):
        message = "odd Khovanov homology has neither a basepoint nor s of its own; leave --basepoint and --s out"
        raise click.UsageError(message, click.get_current_context())
    return asked
