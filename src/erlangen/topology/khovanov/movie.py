"""Movies of link diagrams and the maps between Khovanov complexes that their surfaces induce.

Definition: births, deaths and saddles act by unit, counit, product and coproduct of A at every smoothing; a dot is X (Bar-Natan, math/0410495, sec. 8).
Convention: a surface S with d dots has degree chi(S) - 2 d in q; saddles join oriented edges, so that h stays; complexes are whole cubes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import final

from erlangen.errors import DomainError, ResourceLimitError
from erlangen.exact import ChainMap, Ring, SparseMatrix
from erlangen.exact.ring import RingLike, parse_ring
from erlangen.topology.diagrams.link import Link
from erlangen.topology.khovanov.cube import Cube, Labels, Vertex, cube_memory, surgery

__all__ = ["Movie"]

Crossing = tuple[int, int, int, int]
Images = Callable[[Vertex, Labels], Iterator[tuple[Labels, int]]]


@dataclass(frozen=True)
class _Frame:
    """A diagram whose edges and loops keep their labels through a movie."""

    crossings: tuple[Crossing, ...]
    loops: tuple[int, ...]
    signs: tuple[int, ...]

    def cube(self) -> Cube:
        return Cube(self.crossings, self.loops, self.signs.count(-1))

    def edges(self) -> set[int]:
        return {edge for crossing in self.crossings for edge in crossing}

    def fresh(self) -> int:
        return 1 + max([*self.edges(), *self.loops], default=-1)

    def link(self) -> Link:
        return Link.from_pd(self.crossings, signs=self.signs, n_unknots=len(self.loops))

    def head(self, edge: int) -> tuple[int, int]:
        """Return crossing and slot at which an edge ends: slot 0, or the one where the over strand comes in."""
        for c, (crossing, sign) in enumerate(zip(self.crossings, self.signs, strict=True)):
            for slot in (0, 3 if sign > 0 else 1):
                if crossing[slot] == edge:
                    return c, slot
        message = f"{edge} is no edge of the diagram"
        raise DomainError(message, hint=f"edges are {sorted(self.edges())}, loops {list(self.loops)}")

    def with_heads_exchanged(self, a: int, b: int) -> _Frame:
        """Return the diagram in which a ends where b did, and b where a did."""
        table = [list(crossing) for crossing in self.crossings]
        for edge, (c, slot) in ((b, self.head(a)), (a, self.head(b))):
            table[c][slot] = edge
        return _Frame(tuple((i, j, k, m) for i, j, k, m in table), self.loops, self.signs)


def _check_planar(frame: _Frame, a: int, b: int) -> None:
    try:
        frame.link()
    except DomainError as error:
        message = f"edges {a} and {b} do not run along one face in opposite directions: a saddle between them leaves the plane"
        raise DomainError(message, hint="choose edges of one face, see Link.faces") from error


@final
class Movie:
    """A movie that begins with a link; every step gives a new movie.

    Every frame is the whole cube of resolutions, as the scan keeps no homotopy equivalences along which maps could be carried to a
    simplified complex. A step at 8, 9, 10 crossings takes 0.2, 0.5, 1.1 CPU s and each crossing more doubles or trebles that; so
    diagrams of more than ``most_crossings`` are refused.

    Edges have the labels of the link's crossings, and keep them: after ``saddle(a, b)`` edge a ends where b did. The link's split
    unknots are the loops 2 n, 2 n + 1, …; ``birth()`` and ``saddle(a, a)`` add a loop with the next label.

    Parameters
    ----------
    link : Link
        The first frame.
    ring : Ring or str
    deformed : bool
        At H = 1, where maps are filtered, instead of H = 0.
    max_memory : float, optional
        Bytes for the cubes of resolutions, which double with each crossing.
    most_crossings : int
        Refuse larger diagrams.

    Raises
    ------
    ResourceLimitError
        If a diagram has more crossings, or a cube needs more memory.

    Examples
    --------
    A torus, as a movie from the empty link to itself, is multiplication by 2; a sphere is 0, with a dot 1.

    >>> empty = Link()
    >>> torus = Movie(empty).birth().saddle(0, 0).saddle(0, 1).death(0)
    >>> torus.chain_map.matrix(0), torus.euler_characteristic
    (SparseMatrix({(0, 0): 2}, (1, 1), Z), 0)
    >>> sphere, dotted = Movie(empty).birth().death(0), Movie(empty).birth().dot(0).death(0)
    >>> bool(sphere.chain_map), dotted.chain_map == Movie(empty).chain_map
    (False, True)
    """

    __slots__ = ("_cube", "_frame", "_limit", "chain_map", "deformed", "euler_characteristic", "ring")

    def __init__(
        self,
        link: Link,
        ring: RingLike = "Z",
        *,
        deformed: bool = False,
        max_memory: float | None = None,
        most_crossings: int = 14,
    ) -> None:
        n = link.n_crossings
        if n > most_crossings:
            message = (
                f"a movie of {n} crossings has frames of 2^{n} resolutions, more than the 2^{most_crossings} taken here"
            )
            hint = "cut the movie down with simplify(link) or by tangles, or raise most_crossings: each one more doubles time and memory"
            raise ResourceLimitError(message, hint=hint)
        self.ring: Ring = parse_ring(ring)
        self.deformed, self._limit = deformed, max_memory
        cube_memory(n, link.n_unknots, max_memory)
        self._frame = _Frame(link.crossings, tuple(range(2 * n, 2 * n + link.n_unknots)), link.signs)
        self._cube = self._frame.cube()
        self.chain_map = ChainMap.identity(self._cube.complex(self.ring, deformed))
        self.euler_characteristic = 0

    @property
    def link(self) -> Link:
        """The last frame, brought into normal form."""
        return self._frame.link()

    @property
    def crossings(self) -> tuple[Crossing, ...]:
        """The crossings of the last frame, with the movie's labels."""
        return self._frame.crossings

    @property
    def loops(self) -> tuple[int, ...]:
        """The labels of the circles without crossings in the last frame."""
        return self._frame.loops

    def _step(self, frame: _Frame, images: Images, chi: int) -> Movie:
        """Return the movie with one frame more."""
        cube_memory(len(frame.crossings), len(frame.loops), self._limit)
        new: Movie = object.__new__(Movie)
        new.ring, new.deformed, new._limit, new._frame = self.ring, self.deformed, self._limit, frame
        new._cube = frame.cube()
        entries: dict[int, dict[tuple[int, int], int]] = {h: {} for h in self._cube.labels}
        for vertex, states in self._cube.states.items():
            part = entries[self._cube.degree(vertex)]
            for labels in states:
                for image, sign in images(vertex, labels):
                    part[new._cube.place[vertex, image], self._cube.place[vertex, labels]] = sign
        target = new._cube.complex(self.ring, self.deformed)
        matrices = {
            h: SparseMatrix(part, (len(new._cube.labels[h]), len(self._cube.labels[h])), self.ring)
            for h, part in entries.items()
        }
        new.chain_map = ChainMap(self.chain_map.target, target, matrices) @ self.chain_map
        new.euler_characteristic = self.euler_characteristic + chi
        return new

    def birth(self) -> Movie:
        """Return the movie after a circle is born, which gets the next label."""
        frame = _Frame(self.crossings, (*self.loops, self._frame.fresh()), self._frame.signs)
        return self._step(frame, lambda vertex, labels: iter([((*labels, 0), 1)]), 1)

    def death(self, loop: int) -> Movie:
        """Return the movie after a circle without crossings has died.

        Raises
        ------
        DomainError
            If there is no such circle.
        """
        if loop not in self.loops:
            message = f"{loop} is no circle without crossings"
            raise DomainError(message, hint=f"the loops are {list(self.loops)}")
        frame = _Frame(self.crossings, tuple(x for x in self.loops if x != loop), self._frame.signs)

        def images(vertex: Vertex, labels: Labels) -> Iterator[tuple[Labels, int]]:
            place = self._cube.circles[vertex].index(frozenset([loop]))
            if labels[place]:
                yield labels[:place] + labels[place + 1 :], 1

        return self._step(frame, images, 1)

    def dot(self, edge: int) -> Movie:
        """Return the movie after multiplication by X at an edge or loop; the Euler characteristic stays.

        Raises
        ------
        DomainError
            If there is no such edge or loop.
        """
        self._known(edge)

        def images(vertex: Vertex, labels: Labels) -> Iterator[tuple[Labels, int]]:
            place = next(n for n, circle in enumerate(self._cube.circles[vertex]) if edge in circle)
            if not labels[place] or self.deformed:
                yield (*labels[:place], 1, *labels[place + 1 :]), 1

        return self._step(self._frame, images, 0)

    def _known(self, edge: int) -> None:
        if edge not in self.loops and edge not in self._frame.edges():
            message = f"{edge} is neither an edge nor a loop of the diagram"
            raise DomainError(message, hint=f"edges are {sorted(self._frame.edges())}, loops {list(self.loops)}")

    def saddle(self, a: int, b: int) -> Movie:
        """Return the movie after a saddle between two edges or loops; from an edge or loop to itself it splits a circle off.

        Raises
        ------
        DomainError
            If an edge does not exist, or the edges do not run along one face in opposite directions, so that the saddle leaves the plane.
        """
        self._known(a)
        self._known(b)
        frame = self._frame
        if a == b:
            after = _Frame(frame.crossings, (*self.loops, frame.fresh()), frame.signs)
            touched = (a, frame.fresh())
        elif a in self.loops or b in self.loops:
            gone = b if b in self.loops else a
            after = _Frame(frame.crossings, tuple(x for x in self.loops if x != gone), frame.signs)
            touched = (a, b)
        else:
            after, touched = frame.with_heads_exchanged(a, b), (a, b)
            _check_planar(after, a, b)
        circles = after.cube().circles

        def images(vertex: Vertex, labels: Labels) -> Iterator[tuple[Labels, int]]:
            return surgery(self._cube.circles[vertex], circles[vertex], labels, touched, self.deformed)

        return self._step(after, images, -1)

    def __repr__(self) -> str:
        return f"<Movie from {self.chain_map.source} to {self.chain_map.target}, chi = {self.euler_characteristic}>"
