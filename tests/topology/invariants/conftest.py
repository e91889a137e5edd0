"""Rows of KnotInfo and LinkInfo with their diagrams."""

import ast

import pytest

from erlangen.topology import Link


def listed(text):
    return ast.literal_eval(text.replace("{", "[").replace("}", "]"))


@pytest.fixture(scope="session")
def knots():
    """Return a function that gives the knots with at most so many crossings, the unknot left out."""
    rows = pytest.importorskip("database_knotinfo").link_list()[3:]

    def up_to(n, first=3):
        return [(row, Link.from_pd(row["pd_notation"])) for row in rows if first <= int(row["crossing_number"]) <= n]

    return up_to


@pytest.fixture(scope="session")
def links():
    """Return a function that gives the oriented links with at most so many crossings."""
    rows = pytest.importorskip("database_knotinfo").link_list(proper_links=True)[2:]

    def up_to(n, first=2):
        return [
            (row, Link.from_pd(listed(row["pd_notation_vector"])))
            for row in rows
            if first <= int(row["crossing_number"]) <= n
        ]

    return up_to
