"""The pictures show what they say: their formulas held against NumPy and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.linalg import polar as scipy_polar
from scipy.linalg import sqrtm

from erlangen.gallery.thumbnails.asymptotic_symmetries import _place as conformal
from erlangen.gallery.thumbnails.augmented_covariance_eeg import _covariance
from erlangen.gallery.thumbnails.canvas import Canvas, _thin
from erlangen.gallery.thumbnails.contours import level_lines
from erlangen.gallery.thumbnails.gbwbn_spd import bures_wasserstein_mean
from erlangen.gallery.thumbnails.grassmann_class_representation import _basis
from erlangen.gallery.thumbnails.haydys_witten_khovanov import _curve
from erlangen.gallery.thumbnails.heat_geodesic_embedding import _angle, _arc
from erlangen.gallery.thumbnails.lie_group_decompositions import polar
from erlangen.gallery.thumbnails.space import Camera


def _matrix(entries):
    a, b, c = entries
    return np.array([[a, b], [b, c]])


def test_the_mean_of_ellipses_solves_its_equation():
    weights, matrices = (0.2, 0.5, 0.3), ((5.0, 1.0, 0.7), (0.9, -0.2, 0.9), (2.0, 1.1, 1.5))
    mean = _matrix(bures_wasserstein_mean(weights, matrices))
    root = sqrtm(mean)
    again = sum(w * sqrtm(root @ _matrix(x) @ root) for w, x in zip(weights, matrices, strict=True))
    np.testing.assert_allclose(again, mean, atol=1e-9)


@pytest.mark.parametrize("a", [[[1.25, 0.65], [-0.35, 0.95]], [[0.2, -2.0], [3.0, 0.1]]])
def test_polar_factors_are_those_of_scipy(a):
    stretch, angle = polar(tuple(map(tuple, a)))
    rotation, wanted = scipy_polar(np.array(a), side="left")
    np.testing.assert_allclose(stretch, wanted, atol=1e-9)
    assert math.isclose(math.cos(angle), rotation[0, 0], abs_tol=1e-12)


def test_the_arc_length_of_the_roll_is_its_integral_and_is_inverted():
    s = np.linspace(0, 4.0 * np.pi, 200_001)
    assert math.isclose(_arc(s[-1]), np.trapezoid(np.sqrt(1 + s**2), s), rel_tol=1e-9)
    assert all(math.isclose(_angle(_arc(x)), x, rel_tol=1e-12) for x in (5.0, 8.0, 14.0))


def test_light_rays_are_at_forty_five_degrees_in_the_conformal_diagram():
    (x0, y0), (x1, y1) = conformal(0.0, 0.0), conformal(2.0, 2.0)
    assert math.isclose(x1 - x0, -(y1 - y0), rel_tol=1e-12)


def test_the_knot_is_closed_and_over_and_under_alternate():
    assert np.allclose(_curve(0.0), _curve(2 * math.pi))
    heights = [_curve(math.pi / 6 + k * math.pi / 3)[2] for k in range(6)]
    assert [round(h) for h in heights] == [1, -1, 1, -1, 1, -1]


def test_the_covariance_of_lags_is_symmetric_as_a_block_matrix():
    for first in range(4):
        for second in range(4):
            for lag in range(-6, 7):
                assert math.isclose(_covariance(first, second, lag), _covariance(second, first, -lag), abs_tol=1e-12)


def test_planes_are_given_by_orthonormal_pairs():
    e, f = map(np.array, _basis((1.0, 0.45, 0.55), (-0.35, 0.75, -0.75)))
    np.testing.assert_allclose([e @ e, f @ f, e @ f], [1, 1, 0], atol=1e-12)


def test_the_camera_is_a_rotation():
    camera = Camera(0.7, 0.4, 1.0, (0.0, 0.0))
    turn = np.array([[u, -v, d] for u, v, d in (camera.see(*axis) for axis in np.eye(3))])
    np.testing.assert_allclose(turn.T @ turn, np.eye(3), atol=1e-12)


def test_level_lines_of_a_circle_lie_on_it_and_close():
    (chain,) = level_lines(lambda x, y: x * x + y * y, 0.43, (-1, -1, 1, 1), 40)
    radii = [math.hypot(x, y) for x, y in chain]
    assert max(abs(r - math.sqrt(0.43)) for r in radii) < 2e-3
    assert chain[0] == chain[-1]


def test_thinning_moves_no_point_further_than_the_tolerance():
    points = [(10.0 * k, 40 * math.sin(k / 9)) for k in range(100)]
    kept = _thin(points)
    assert len(kept) < 40
    xs, ys = zip(*kept, strict=True)
    assert max(abs(np.interp(x, xs, ys) - y) for x, y in points) < 3.0


def test_a_label_is_escaped():
    sheet = Canvas()
    sheet.text(1, 2, "<&>")
    assert "&lt;&amp;&gt;" in sheet.svg('"')
    assert 'aria-label="&quot;"' in sheet.svg('"')
