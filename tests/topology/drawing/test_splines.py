"""Splines and crossings of polygons."""

import numpy as np

from erlangen.topology.drawing.intersections import polygon_crossings
from erlangen.topology.drawing.splines import closed_spline, piece_of, points_on


def test_a_spline_is_twice_differentiable_in_its_knots():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(9, 2))
    curves = closed_spline(points)
    h = np.linalg.norm(np.roll(points, -1, axis=0) - points, axis=1) ** 0.5
    assert np.allclose(curves[:, 0], points)
    end = 6 * (curves[:, 3] - 2 * curves[:, 2] + curves[:, 1]) / (h**2)[:, None]
    start = 6 * (curves[:, 2] - 2 * curves[:, 1] + curves[:, 0]) / (h**2)[:, None]
    assert np.allclose(end, np.roll(start, -1, axis=0))
    leaving, coming = 3 * (curves[:, 1] - curves[:, 0]) / h[:, None], 3 * (curves[:, 3] - curves[:, 2]) / h[:, None]
    assert np.allclose(coming, np.roll(leaving, -1, axis=0))


def test_pieces_lie_on_the_curve():
    turns = 2 * np.pi * np.arange(7) / 7
    curves = closed_spline(np.column_stack([2 * np.cos(turns), np.sin(turns)]))
    dense = points_on(curves, 400)
    for start, end in ((0.25, 0.75), (1.5, 4.25), (5.5, 8.5), (2.0, 3.0), (-0.5, 0.5)):
        piece = piece_of(curves, start, end)
        sampled = points_on(piece, 5)
        assert np.linalg.norm(sampled[:, None] - dense[None], axis=2).min(axis=1).max() < 0.01
        for parameter, point in ((start, piece[0, 0]), (end, piece[-1, 3])):
            k = round(parameter * 400 - 0.5) % len(dense)
            assert np.linalg.norm(dense[k] - point) < 0.02


def test_crossings_of_two_squares():
    square = np.array([[0.0, 0], [2, 0], [2, 2], [0, 2]])
    found = polygon_crossings([square, square + np.array([1.0, 0.5])])
    assert len(found) == 2
    assert {a[0] for a, _ in found} | {b[0] for _, b in found} == {0, 1}
    assert polygon_crossings([square, square + 5.0]) == []


def test_a_star_crosses_itself_five_times():
    turns = 4 * np.pi * np.arange(5) / 5
    assert len(polygon_crossings([np.column_stack([np.cos(turns), np.sin(turns)])])) == 5
