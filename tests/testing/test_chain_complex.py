"""The battery of chain complexes on triangulated surfaces of known homology; every sabotage is caught."""

import itertools

import numpy as np
import pytest
import scipy.sparse

from erlangen.testing import betti_numbers, check_complex, laws_of


class Simplicial:
    """The simplicial complex spanned by its top simplices, ordered by vertices."""

    def __init__(self, tops):
        faces = {
            tuple(sorted(s)) for top in tops for k in range(1, len(top) + 1) for s in itertools.combinations(top, k)
        }
        self.simplices = [sorted(s for s in faces if len(s) == k + 1) for k in range(max(map(len, faces)))]

    @property
    def modules(self):
        return [len(s) for s in self.simplices]

    @property
    def euler_characteristic(self):
        return sum((-1) ** k * len(s) for k, s in enumerate(self.simplices))

    def differential(self, k):
        place = {s: i for i, s in enumerate(self.simplices[k - 1])}
        matrix = np.zeros((len(place), len(self.simplices[k])), dtype=int)
        for j, simplex in enumerate(self.simplices[k]):
            for i in range(k + 1):
                matrix[place[simplex[:i] + simplex[i + 1 :]], j] = (-1) ** i
        return matrix


class Cochains(Simplicial):
    """The same complex with transposed differentials, of degree +1, as sparse matrices."""

    degree = 1

    def differential(self, k):
        return scipy.sparse.csr_array(super().differential(k + 1).T)


def grid(flip):
    """A 4 x 4 grid of squares with opposite sides glued, one pair reversed if ``flip``: Klein bottle or torus."""

    def vertex(i, j):
        wraps, i = divmod(i, 4)
        return (i, (-j if flip and wraps else j) % 4)

    for i, j in itertools.product(range(4), range(4)):
        a, b, c, d = vertex(i, j), vertex(i + 1, j), vertex(i, j + 1), vertex(i + 1, j + 1)
        yield from ((a, b, d), (a, c, d))


# The six-vertex projective plane (Kühnel, Tight Polyhedral Submanifolds and Tight Triangulations, §2).
PROJECTIVE = [
    (0, 1, 4),
    (0, 1, 5),
    (0, 2, 3),
    (0, 2, 4),
    (0, 3, 5),
    (1, 2, 3),
    (1, 2, 5),
    (1, 3, 4),
    (2, 4, 5),
    (3, 4, 5),
]
SPHERE = list(itertools.combinations(range(4), 3))

SPACES = {
    "sphere": (SPHERE, {0: 1, 2: 1}, {}, {0: 1, 1: 0, 2: 1}),
    "torus": (list(grid(False)), {0: 1, 1: 2, 2: 1}, {}, {0: 1, 1: 2, 2: 1}),
    "Klein bottle": (list(grid(True)), {0: 1, 1: 1}, {1: [2]}, {0: 1, 1: 2, 2: 1}),
    "projective plane": (PROJECTIVE, {0: 1}, {1: [2]}, {0: 1, 1: 1, 2: 1}),
}


@pytest.mark.parametrize("name", SPACES)
def test_surfaces_have_their_homology(name):
    tops, betti, torsion, over_two = SPACES[name]
    surface = Simplicial(tops)
    check_complex(surface, betti=betti, torsion=torsion).raise_if_failed()
    assert betti_numbers(surface, prime=2) == over_two
    assert {k: n for k, n in betti_numbers(surface).items() if n} == betti
    assert {k: n for k, n in betti_numbers(surface, prime=3).items() if n} == betti


@pytest.mark.parametrize("name", SPACES)
def test_cohomology_shifts_torsion_up(name):
    """H^k = Z^b_k + torsion of H_{k-1} (universal coefficients, Hatcher 3.3)."""
    tops, betti, torsion, over_two = SPACES[name]
    shifted = {k + 1: factors for k, factors in torsion.items()}
    check_complex(Cochains(tops), betti=betti, torsion=shifted).raise_if_failed()
    assert betti_numbers(Cochains(tops), prime=2) == over_two


class Two:
    """Z --n--> Z in degrees 1 and 0, or any matrices given."""

    def __init__(self, *matrices):
        self.matrices = [np.array(m) for m in matrices]

    @property
    def modules(self):
        return {0: len(self.matrices[0]), **{k + 1: m.shape[1] for k, m in enumerate(self.matrices)}}

    def differential(self, k):
        return self.matrices[k - 1]


def test_moves_see_integral_homology():
    """Z/4 and Z/2 have equal Betti numbers over every field, and differ."""
    assert check_complex(Two([[2]]), moves=[Two([[-2]]), Two([[2, 0], [0, 1]])]).passed
    report = check_complex(Two([[2]]), moves=[Two([[4]])])
    assert "torsion {0: (4,)}" in report["invariance under moves"].detail
    assert not check_complex(Two([[5]]), moves=[Two([[1]])]).passed
    assert check_complex(Simplicial(SPHERE), moves=[Simplicial(itertools.product("ab", "cd", "ef"))]).passed


def test_big_integers_stay_exact():
    big = 2**70
    check_complex(Two([[big]]), betti={}, torsion={0: [big]}).raise_if_failed()
    square = Two(np.array([[big, -big]], dtype=object), np.array([[1], [1]], dtype=object))
    assert check_complex(square, only="d after d is zero").passed


class Claims(Simplicial):
    def __init__(self, tops=SPHERE):
        super().__init__(tops)

    def betti(self, k):
        return {0: 1, 2: 1}.get(k, 0)


def signless(self, k):
    return np.abs(Simplicial.differential(self, k))


def flaky():
    rng = np.random.default_rng(0)
    return lambda self, k: Simplicial.differential(self, k) * rng.choice([-1, 1])


SABOTAGE = {
    "shapes": {"differential": lambda self, k: Simplicial.differential(self, k).T},
    "integer entries": {"differential": lambda self, k: Simplicial.differential(self, k) / 2},
    "d after d is zero": {"differential": signless},
    "differentials are stable": {"differential": flaky()},
    "Euler characteristic": {"euler_characteristic": 3},
    "homology has dimensions": {
        "differential": lambda self, k: np.eye(*Simplicial.differential(self, k).shape, dtype=int)
    },
    "Betti numbers": {"differential": lambda self, k: 0 * Simplicial.differential(self, k)},
    "torsion": {"differential": lambda self, k: 2 * Simplicial.differential(self, k)},
    "betti agrees with elimination": {"betti": lambda self, k: 1},
    "invariance under moves": {"differential": lambda self, k: 3 * Simplicial.differential(self, k)},
}


def test_every_law_has_a_sabotage():
    assert set(SABOTAGE) == set(laws_of(check_complex))


def test_a_complex_with_claims_passes_without_skips():
    report = check_complex(Claims(), betti={0: 1, 2: 1}, torsion={}, moves=[Simplicial(SPHERE)])
    assert not report.raise_if_failed().skipped


@pytest.mark.parametrize("law", SABOTAGE)
def test_sabotage_is_caught(law):
    broken = type("Broken", (Claims,), SABOTAGE[law])()
    options = {"betti": {0: 1, 2: 1}, "torsion": {}, "moves": [Simplicial(SPHERE)]}
    assert not check_complex(broken, **options, only=[law]).passed


def test_the_first_bad_entry_of_the_square_is_named():
    report = check_complex(Two([[1, 1]], [[1], [2]]))
    assert report["d after d is zero"].detail == "(differential(1) differential(2))[0, 0] = 3"
    assert report["d after d is zero"].residual == 3
