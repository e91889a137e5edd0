"""The tetrominoes: connected, of unit steps, told apart by rotations, one pair joined by reflections."""

import itertools

import numpy as np

from erlangen.datasets import tetrominoes


def congruent(a, b, proper):
    """Whether some isometry of the cubic lattice (with determinant one if ``proper``) and a translation takes a to b."""
    target = {tuple(p) for p in (b - b.min(0)).round().astype(int)}
    for axes in itertools.permutations(range(3)):
        for signs in itertools.product((1, -1), repeat=3):
            turn = np.eye(3)[list(axes)] * np.array(signs)
            if proper and np.linalg.det(turn) < 0:
                continue
            moved = a @ turn.T
            if {tuple(p) for p in (moved - moved.min(0)).round().astype(int)} == target:
                return True
    return False


def test_eight_shapes_and_one_chiral_pair():
    names, shapes = tetrominoes()
    for shape in shapes:
        steps = np.abs(shape[:, None] - shape).sum(-1) == 1
        assert (np.linalg.matrix_power(steps + np.eye(4), 3) > 0).all()
    pairs = list(itertools.combinations(range(8), 2))
    assert not [(names[i], names[j]) for i, j in pairs if congruent(shapes[i], shapes[j], True)]
    assert [(names[i], names[j]) for i, j in pairs if congruent(shapes[i], shapes[j], False)] == [
        ("chiral-1", "chiral-2")
    ]
