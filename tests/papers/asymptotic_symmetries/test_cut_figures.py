"""What the figures of cuts draw: fronts move at the speed of light, rays meet where the caustic is drawn."""

import numpy as np
import pytest

from erlangen.papers.asymptotic_symmetries.cut_figures import charges_at_radii, front, light_cones

ANGLES = np.linspace(0, 2 * np.pi, 400, endpoint=False)


@pytest.mark.parametrize(("size", "mode"), [(0.0, 1), (0.6, 1), (0.25, 2), (0.12, 3)])
def test_rays_are_null_and_orthogonal_to_the_fronts(size, mode):
    before, after = (front(size, mode, time, ANGLES) for time in (0.7, 1.1))
    ray = (after - before) / 0.4
    assert np.allclose(np.hypot(*ray.T), 1)
    step = 1e-6
    along = (front(size, mode, 0.7, ANGLES + step) - front(size, mode, 0.7, ANGLES - step)) / (2 * step)
    assert np.max(np.abs(np.sum(along * ray, axis=1))) < 1e-8


@pytest.mark.parametrize(("size", "mode"), [(0.6, 1), (0.25, 2), (0.12, 3)])
def test_they_arrive_on_the_cut(size, mode):
    """The retarded time t - |x| tends to f."""
    time = 1e6
    arrived = time - np.hypot(*front(size, mode, time, ANGLES).T)
    assert np.allclose(arrived, size * np.cos(mode * ANGLES), atol=1e-6)


def test_neighbouring_rays_meet_where_time_is_the_cut_and_its_second_derivative():
    size, mode, angle, step = 0.25, 2, 0.9, 1e-5
    time = size * np.cos(mode * angle) * (1 - mode**2)
    near = front(size, mode, time, np.array([angle - step, angle + step]))
    assert np.hypot(*(near[1] - near[0])) / (2 * step) < 1e-8


@pytest.mark.parametrize("draw", [light_cones, charges_at_radii])
def test_figures_are_drawn(draw):
    pytest.importorskip("matplotlib")
    assert b"<svg" in draw()[:800]
