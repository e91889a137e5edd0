"""The tables of knots and links, one link after another.

Definition: KnotInfo's knots up to 13 crossings and LinkInfo's oriented links up to 11.
Convention: each link is named, in the orientation and chirality of its planar diagram code in the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.tables import rows
from erlangen.validation import check_choice, check_integer

__all__ = ["census", "census_rows"]

_CODE = {"knots": "pd_notation", "links": "pd_notation_vector"}


def census(kind: str = "knots", *, low: int = 0, high: int | None = None) -> Iterator[Link]:
    """Yield the links of the table of ``"knots"`` or ``"links"`` with ``low`` to ``high`` crossings, in its order.

    Raises
    ------
    MissingDependencyError
        If the data package of the tables is not installed.

    Examples
    --------
    >>> from itertools import islice
    >>> [knot.name for knot in islice(census(), 4)]
    ['0_1', '3_1', '4_1', '5_1']
    """
    for link, _ in census_rows(kind, (), low=low, high=high):
        yield link


def census_rows(
    kind: str = "knots", columns: Sequence[str] | None = None, *, low: int = 0, high: int | None = None
) -> Iterator[tuple[Link, dict[str, str]]]:
    """Yield the links of a table together with their entries in some columns, or in all, as text.

    Examples
    --------
    >>> link, row = next(census_rows("links", ["linking_matrix"]))
    >>> link.name, row
    ('L2a1{0}', {'linking_matrix': '{{0, -1}, {-1, 0}}'})
    """
    least = check_integer(low, "low", low=0)
    most = 10**9 if high is None else check_integer(high, "high", low=0)
    needed = ("name", "crossing_number", _CODE[check_choice(kind, "kind", _CODE)])
    for row in rows(kind, None if columns is None else (*needed, *columns)):
        if not least <= int(row["crossing_number"]) <= most:
            continue
        code = row[_CODE[kind]]
        link = Link.from_pd(code, n_unknots=int(not code), name=row["name"])
        yield link, row if columns is None else {column: row[column] for column in columns}
