"""The whole odd cube of a small diagram over Z, as an oracle: Ozsvath, Rasmussen, Szabo (0710.4300).

A vertex u has the exterior algebra of its circles; a merge identifies two circles, a split multiplies by x_i - x_j on the left
(X[i, j, k, l]: circles through i and j). The sign of edge j at u is the product over the crossings m > j of u of the sign of the
face (j, m) at the vertex below m: minus one for commuting faces and those of type X, plus one for anticommuting ones and type Y.
Reduced: the circle through edge 0 is set to 0.
"""

from itertools import combinations

import pytest

from erlangen.exact import SparseMatrix

ARCS = (((0, 1), (2, 3)), ((0, 3), (1, 2)))


class OddCube:
    def __init__(self, link):
        self.link = link
        self.n = link.n_crossings
        self.parity = self._checkerboard()
        self._circles, self._signs = {}, {}

    def _checkerboard(self):
        """For each crossing 0 if slot 0 comes in when all edges run with black on their left, else 1."""
        parity = {}
        for start in range(self.n):
            stack = [] if start in parity else [start]
            parity.setdefault(start, 0)
            while stack:
                c = stack.pop()
                for s in range(4):
                    d, t = divmod(self.link.partners[4 * c + s], 4)
                    wanted = (parity[c] + s + 1 + t) % 2
                    if d not in parity:
                        parity[d] = wanted
                        stack.append(d)
                    assert parity[d] == wanted
        return parity

    def circles(self, u):
        """Least edge of the circle of each edge at vertex u (a bit mask)."""
        if u not in self._circles:
            parent = list(range(2 * self.n))

            def root(x):
                while parent[x] != x:
                    x = parent[x]
                return x

            for c, row in enumerate(self.link.crossings):
                for a, b in ARCS[u >> c & 1]:
                    low, high = sorted((root(row[a]), root(row[b])))
                    parent[high] = low
            self._circles[u] = [root(x) for x in range(2 * self.n)]
        return self._circles[u]

    def splits(self, u, c):
        i, _, k, _ = self.link.crossings[c]
        circles = self.circles(u)
        return circles[i] == circles[k]

    def form(self, u, c):
        """Name the two circles of x_i - x_j at a vertex."""
        i, j, _, _ = self.link.crossings[c]
        return self.circles(u)[i], self.circles(u)[j]

    def face_sign(self, u, c, d):
        """1 if the two ways around a face commute (or type X), else -1."""
        first = self.splits(u, c) + self.splits(u | 1 << c, d)
        assert first == self.splits(u, d) + self.splits(u | 1 << d, c)
        if first != 1:
            return 1 if first == 0 else -1
        end = u | 1 << c | 1 << d
        one = self.form(end, c if self.splits(u, c) else d)
        two = self.form(end, d if self.splits(u, d) else c)
        if one[0] != one[1]:
            assert sorted(one) == sorted(two)
            return 1 if one == two else -1
        assert two[0] == two[1]
        return self._interleaved(u, c, d)

    def _interleaved(self, u, c, d):
        """Type X (1): along the circle with black on its left: tail of the black arrow, tail of the white, head of the black, head."""
        black, white = (c, d) if self.parity[c] == 0 else (d, c)
        assert self.parity[black] == 0
        assert self.parity[white] == 1
        seen = []
        start = (black, 0)  # coming in through slot 0 of the black crossing, the tail of its arrow
        c, s = start
        while True:
            if c in (black, white):
                seen.append((c, "tail" if s in (0, 1) else "head"))
            partner = {a: b for pair in ARCS[u >> c & 1] for a, b in (pair, pair[::-1])}[s]
            c, s = divmod(self.link.partners[4 * c + partner], 4)
            if (c, s) == start:
                break
        assert len(seen) == 4
        return 1 if seen[1] == (white, "tail") else -1

    def sign(self, u, j):
        """The sign of edge j at u, all faces anticommuting."""
        total, below = 1, 0
        for m in range(self.n):
            if m > j and u >> m & 1:
                key = below, j, m
                if key not in self._signs:
                    self._signs[key] = -self.face_sign(below, j, m)
                total *= self._signs[key]
            below |= u & 1 << m
        return total

    def basis(self, u):
        """The monomials of a vertex, without the circle through edge 0."""
        circles = self.circles(u)
        names = sorted(set(circles) - {circles[0]})
        return [dotted for k in range(len(names) + 1) for dotted in combinations(names, k)]

    def apply(self, u, j, monomial):
        """The image of a monomial under edge j at u."""
        end = u | 1 << j
        after = self.circles(end)
        factors = [((after[x], 1),) for x in monomial]
        if self.splits(u, j):
            a, b = self.form(end, j)
            factors.insert(0, ((a, 1), (b, -1)))
        return {mono: self.sign(u, j) * c for mono, c in wedge(factors, after[0]).items()}

    def differentials(self):
        """{(h, q): basis} and the matrices {(h, q): SparseMatrix to (h + 1, q)}, q in the reduced normalisation."""
        h0, q0 = -self.link.n_minus, self.link.n_plus - 2 * self.link.n_minus
        spaces = {}
        for u in range(1 << self.n):
            h = u.bit_count()
            for mono in self.basis(u):
                q = len(set(self.circles(u))) - 1 - 2 * len(mono)
                spaces.setdefault((h + h0, q + h + q0), {})[u, mono] = len(spaces.get((h + h0, q + h + q0), {}))
        matrices = {}
        for (h, q), basis in spaces.items():
            target = spaces.get((h + 1, q), {})
            entries = {}
            for (u, mono), column in basis.items():
                for j in range(self.n):
                    if not u >> j & 1:
                        for image, c in self.apply(u, j, mono).items():
                            entries[target[u | 1 << j, image], column] = c
            matrices[h, q] = len(target), len(basis), entries
        return spaces, matrices

    def homology(self):
        """{(h, q): (rank, sorted elementary divisors > 1)}."""
        spaces, matrices = self.differentials()
        divisors = {}
        for place, (rows, columns, entries) in matrices.items():
            divisors[place] = SparseMatrix(entries, (rows, columns)).elementary_divisors()
        found = {}
        for (h, q), basis in spaces.items():
            arriving = divisors.get((h - 1, q), [])
            rank = len(basis) - len(divisors[h, q]) - len(arriving)
            torsion = sorted(d for d in arriving if d > 1)
            if rank or torsion:
                found[h, q] = rank, torsion
        return found


def wedge(factors, zero):
    """Multiply out linear forms ((name, coefficient), ...), the name ``zero`` being set to 0: {sorted names: coefficient}."""
    total = {(): 1}
    for form in factors:
        larger = {}
        for mono, c in total.items():
            for name, e in form:
                if name in mono or name == zero:
                    continue
                place = sum(other < name for other in mono)
                key = (*mono[:place], name, *mono[place:])
                larger[key] = larger.get(key, 0) + c * e * (-1) ** (len(mono) - place)
        total = {mono: c for mono, c in larger.items() if c}
    return total


@pytest.fixture(scope="session")
def odd_cube():
    return OddCube
