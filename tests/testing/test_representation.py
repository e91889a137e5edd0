"""The battery of representations on the symmetric group S3 and on rotations."""

import itertools

import numpy as np
import pytest

from erlangen.testing import check_representation, commutant_dimension, laws_of


class S3:
    """The permutations of three letters as arrays."""

    elements = np.array(list(itertools.permutations(range(3))))
    identity = np.arange(3)

    def compose(self, a, b):
        return np.take_along_axis(a, b, axis=-1)

    def inverse(self, a):
        return np.argsort(a, axis=-1)

    def sample(self, n, rng):
        return self.elements[np.random.default_rng(rng).integers(6, size=n)]


class Permutation:
    """The natural representation, trivial + standard."""

    dim = 3
    unitary = True

    def matrix(self, g):
        return np.swapaxes(np.eye(3)[g], -1, -2)

    def character(self, g):
        return np.sum(g == np.arange(3), axis=-1).astype(float)

    def decompose(self):
        return [(Trivial(), 1), (Standard(), 1)]


class Trivial:
    dim = 1

    def matrix(self, g):
        return np.ones((len(g), 1, 1))

    def character(self, g):
        return np.ones(len(g))


class Standard:
    """The two-dimensional irreducible representation: permutations of a triangle."""

    dim = 2
    unitary = True
    frame = np.array([[1.0, -1, 0], [1, 1, -2]]) / np.sqrt([[2.0], [6.0]])

    def matrix(self, g):
        return self.frame @ Permutation().matrix(g) @ self.frame.T

    def character(self, g):
        return Permutation().character(g) - 1

    def decompose(self):
        return [(self, 1)]


class Plane(Standard):
    """The same on the plane with a wrong claim."""


QUADRATURE = (S3.elements, np.ones(6))


def test_good_representations_pass():
    report = check_representation(Standard(), S3(), irreducible=True, quadrature=QUADRATURE).raise_if_failed()
    assert not report.skipped
    check_representation(Permutation(), S3(), irreducible=False, n=16).raise_if_failed()


def test_skips_say_what_is_missing():
    report = check_representation(Trivial(), S3())
    assert report.passed
    assert "irreducible" in report.skipped["Schur's lemma"]


def test_commutant_of_known_representations():
    natural, standard = Permutation().matrix(S3.elements), Standard().matrix(S3.elements)
    assert commutant_dimension(natural) == 2
    assert commutant_dimension(standard) == 1
    double = np.kron(np.eye(2), standard)
    assert commutant_dimension(double) == 4


def conjugated(self, g):
    p = np.array([[1.0, 0.4], [0.0, 1.0]])
    return p @ Standard.matrix(self, g) @ np.linalg.inv(p)


SABOTAGE = {
    "shape": {"dim": 3},
    "the identity acts as one": {"matrix": lambda self, g: 2 * Standard.matrix(self, g)},
    "homomorphism": {"matrix": lambda self, g: np.swapaxes(Standard.matrix(self, g), -1, -2)},
    "inverses": {"matrix": lambda self, g: Standard.matrix(self, g) + 1e-6},
    "character is the trace": {"character": lambda self, g: Permutation().character(g)},
    "character is a class function": {"character": lambda self, g: g[:, 0].astype(float)},
    "unitary": {"matrix": conjugated},
    "Schur's lemma": {"matrix": lambda self, g: np.stack([np.eye(2)] * len(g))},
    "decompose keeps the dimension": {"decompose": lambda self: [(Trivial(), 1)]},
    "decompose keeps the character": {"decompose": lambda self: [(Trivial(), 2)]},
    "decompose counts the commutant": {"decompose": lambda self: [(Trivial(), 1), (Trivial(), 1)]},
    "orthogonality of matrix coefficients": {"matrix": conjugated},
}


def test_every_law_has_a_sabotage():
    assert set(SABOTAGE) == set(laws_of(check_representation))


@pytest.mark.parametrize("law", SABOTAGE)
def test_sabotage_is_caught(law):
    broken = type("Broken", (Standard,), SABOTAGE[law])()
    assert not check_representation(broken, S3(), irreducible=True, quadrature=QUADRATURE, only=[law]).passed


def test_a_large_representation_skips_the_commutant():
    class Large:
        dim = 25

        def matrix(self, g):
            return np.broadcast_to(np.eye(25), (len(g), 25, 25))

        def character(self, g):
            return np.full(len(g), 25.0)

    assert "too large" in check_representation(Large(), S3(), irreducible=False).skipped["Schur's lemma"]
