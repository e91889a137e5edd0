"""Links from and to spherogram, SnapPy and Regina: through stand-ins everywhere, through the packages where they are installed."""

from types import SimpleNamespace

import pytest

from erlangen.errors import DomainError, MissingDependencyError
from erlangen.topology import Braid, Link, torus_link

LINKS = [
    Link.from_name("3_1"),
    Link.from_name("4_1"),
    Link.from_name("borromean"),
    Link.from_name("whitehead"),
    torus_link(4, 6),
    Link.from_pd([[1, 1, 2, 2]]),
    *(Braid.random(5, 14, rng=seed).closure() for seed in range(4)),
]


def spherogram_link(pd, signs, circles=0):
    """What spherogram's Link has: PD_code(), crossings with a sign, a number of circles."""
    crossings = [SimpleNamespace(sign=sign) for sign in signs]
    return SimpleNamespace(PD_code=lambda: pd, crossings=crossings, unlinked_unknot_components=circles)


class Strand:
    """What a StrandRef of Regina has."""

    def __init__(self, word, place, signs):
        self.word, self.place, self.signs = word, place, signs

    def crossing(self):
        if not self.word:
            return None
        index = abs(self.word[self.place]) - 1
        return SimpleNamespace(index=lambda: index, sign=lambda: self.signs[index])

    def strand(self):
        return int(self.word[self.place] > 0)

    def next(self):
        return Strand(self.word, (self.place + 1) % len(self.word), self.signs)


def regina_link(signs, words):
    return SimpleNamespace(
        size=lambda: len(signs),
        countComponents=lambda: len(words),
        crossing=lambda index: SimpleNamespace(sign=lambda: signs[index]),
        component=lambda index: Strand(words[index], 0, signs),
    )


@pytest.mark.parametrize("link", LINKS)
def test_reading(link):
    assert Link.from_spherogram(spherogram_link(link.to_pd(0), link.signs, link.n_unknots)) == link
    assert Link.from_regina(regina_link(link.signs, link.to_gauss())) == link


def test_signs_and_circles_are_read():
    # spherogram 2.4.1: Link([(0,2,1,3),(1,2,0,3)]) has signs 1, -1; Regina 7.4: fromData([1,-1], [[1,2],[-1,-2]])
    over = Link.from_spherogram(spherogram_link([(0, 2, 1, 3), (1, 2, 0, 3)], [1, -1]))
    assert over.signs == (1, -1)
    read = Link.from_regina(regina_link([1, -1], [[1, 2], [], [-1, -2]]))
    assert (read.signs, read.n_unknots) == ((1, -1), 1)
    # Regina 7.4: pdData of fromData([1,1], [[1,-2],[-1,2]]) is [[1,4,2,3],[4,1,3,2]]
    assert (
        Link.from_regina(regina_link([1, 1], [[1, -2], [-1, 2]])).signs
        == Link.from_pd([[1, 4, 2, 3], [4, 1, 3, 2]]).signs
    )


def test_strangers_are_refused():
    for read in (Link.from_spherogram, Link.from_regina):
        with pytest.raises(DomainError, match="got str"):
            read("3_1")


def test_packages_that_are_missing_say_how_to_install_them(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr("erlangen.validation.import_module", missing)
    for write in ("to_spherogram", "to_snappy", "to_regina"):
        with pytest.raises(MissingDependencyError, match=r"erlangen\[knot-tools\]"):
            getattr(LINKS[0], write)()


@pytest.mark.parametrize("package", ["spherogram", "snappy"])
def test_spherogram_and_snappy(package, jones):
    pytest.importorskip(package)
    for link in LINKS:
        if link.n_unknots:
            with pytest.raises(DomainError, match="circles"):
                getattr(link, f"to_{package}")()
            continue
        other = getattr(link, f"to_{package}")()
        assert other.writhe() == link.writhe
        back = Link.from_spherogram(other)  # begins components elsewhere
        assert back.signs == link.signs
        assert jones(back) == jones(link)


def test_regina():
    regina = pytest.importorskip("regina")
    for link in [*LINKS, Link(n_unknots=2), Link.from_pd([[0, 2, 1, 3], [1, 2, 0, 3]], signs=[1, -1])]:
        other = link.to_regina()
        assert isinstance(other, regina.Link)
        assert (other.writhe(), other.countComponents()) == (link.writhe, link.n_components)
        assert Link.from_regina(other) == link
        if link in LINKS and link.crossings:
            assert sorted(Link.from_pd(other.pdData()).signs) == sorted(link.signs)
