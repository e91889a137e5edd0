"""Whatever is given is read or refused: seeded mutations of codes and texts raise nothing but the errors of the house."""

import random
import warnings

import pytest

from erlangen.errors import DomainWarning, ErlangenError
from erlangen.topology import Link, Tangle, random_link, simplify


def mutated(rows, draw):
    """Change a planar diagram code a little: a label, the order or the start of a crossing, a crossing left out."""
    rows = [list(row) for row in rows]
    for _ in range(draw.randint(0, 3)):
        row = draw.choice(rows)
        kind = draw.randrange(5)
        if kind == 0:
            row[draw.randrange(len(row))] = draw.randint(0, 9)
        elif kind == 1:
            draw.shuffle(row)
        elif kind == 2:
            row[:] = row[1:] + row[:1]
        elif kind == 3 and len(rows) > 1:
            rows.remove(row)
        elif draw.random() < 0.2:
            row.append(3)
    return rows


def typo(text, draw):
    place = draw.randrange(len(text) + 1)
    return text[:place] + draw.choice(" ,;[]X(){}a-1P.") + text[place + draw.randint(0, 1) :]


def inputs(seed):
    """Yield a reader with one argument and its keywords."""
    draw = random.Random(seed)
    link = random_link(draw.randint(1, 7), rng=seed)
    rows = mutated(link.crossings, draw)
    yield Link.from_pd, rows, {}
    yield Link.from_pd, rows, {"oriented": False}
    yield Link.from_pd, rows, {"signs": [draw.choice((1, -1)) for _ in rows]}
    yield Link.from_pd, typo(str(rows), draw), {}
    yield Link.from_pd, typo(link.to_knot_theory(), draw), {}
    entries = [draw.choice((2, -2)) * k for k in draw.sample(range(1, 6), 5)]
    yield Link.from_dt, entries, {}
    yield Link.from_dt, typo(str([entries[:2], entries[2:]]), draw), {}
    yield Link.from_dt, typo(link.to_dt_letters(), draw), {}
    word = [draw.choice((1, -1)) * (k // 2 + 1) for k in draw.sample(range(8), 8)]
    yield Link.from_gauss, [word[:3], word[3:]], {}
    yield Link.from_gauss, typo(str(link.to_gauss()), draw), {}
    yield Link.from_gauss, typo(link.to_signed_gauss(), draw), {}
    letters = [draw.randint(-3, 3) for _ in range(6)]
    yield Link.from_braid, letters, {"strands": draw.choice((None, 3, 5))}
    yield Link.from_plat, letters, {}
    yield Link.from_braid, typo(str(letters), draw), {}
    yield Tangle, rows, {"border": [draw.randint(0, 9) for _ in range(draw.choice((0, 2, 4)))]}


@pytest.mark.parametrize("seed", range(80))
def test_read_or_refused(seed):
    for read, argument, keywords in inputs(seed):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DomainWarning)
            try:
                found = read(argument, **keywords)
            except ErlangenError:
                continue
        assert eval(repr(found), {"Link": Link, "Tangle": Tangle}) == found
        if isinstance(found, Link):
            assert found.genus == 0
            assert sum(map(len, found.components)) == 2 * found.n_crossings
            assert simplify(found, effort=1).n_components == found.n_components
