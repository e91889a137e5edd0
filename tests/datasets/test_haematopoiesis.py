"""Oracles: the Boolean rules written out again, their attractors under random updates, the published four fates."""

import itertools

import numpy as np
import pytest

from erlangen.datasets import time_course
from erlangen.datasets.haematopoiesis import FACTORS, FATES, regulation
from erlangen.errors import DomainError


def boolean(s):
    """Table 1 of the paper, with and, or, not."""
    gata2, gata1, fog1, eklf, fli1, scl, cebpa, pu1, cjun, egrnab, gfi1 = s
    return (
        gata2 and not (gata1 and fog1) and not pu1,
        (gata1 or gata2 or fli1) and not pu1,
        gata1,
        gata1 and not fli1,
        gata1 and not eklf,
        gata1 and not pu1,
        cebpa and not (gata1 and fog1 and scl),
        (cebpa or pu1) and not (gata1 or gata2),
        pu1 and not gfi1,
        (pu1 and cjun) and not gfi1,
        cebpa and not egrnab,
    )


def state(*on):
    return tuple(factor in on for factor in FACTORS)


def test_the_regulation_is_the_boolean_network_on_all_2048_states():
    states = list(itertools.product((False, True), repeat=11))
    exact = [[float(x) for x in boolean(s)] for s in states]
    assert np.array_equal(regulation(np.array(states, dtype=float)), exact)


def test_the_regulation_is_multilinear_between_the_corners():
    rng = np.random.default_rng(0)
    for i in range(11):
        low = rng.random((20, 11))
        high, middle = low.copy(), low.copy()
        high[:, i] = rng.random(20)
        middle[:, i] = (low[:, i] + high[:, i]) / 2
        assert np.allclose(regulation(middle), (regulation(low) + regulation(high)) / 2, atol=1e-15)


def test_the_fates_are_the_fixed_points_that_random_updates_reach_from_the_progenitor():
    reached, border = {state("GATA-2", "C/EBPα", "PU.1")}, [state("GATA-2", "C/EBPα", "PU.1")]
    while border:
        s = border.pop()
        image = boolean(s)
        for i in range(11):
            after = (*s[:i], bool(image[i]), *s[i + 1 :])
            if after not in reached:
                reached.add(after)
                border.append(after)
    fixed = {s for s in reached if tuple(map(bool, boolean(s))) == s and any(s)}
    assert fixed == {state(*on) for on in FATES.values()}


def test_runs_start_in_the_progenitor_and_end_in_their_fate():
    course = time_course(1600, rng=0, noise=0.0)
    runs = course.X.reshape(10, 160, 11)
    assert np.array_equal(runs[:, 0], np.tile(np.array(state("GATA-2", "C/EBPα", "PU.1"), dtype=float), (10, 1)))
    assert course.X.min() >= 0
    assert course.X.max() <= 1
    for r, run in enumerate(runs):
        assert np.all(course.labels[160 * r : 160 * (r + 1)] == r % 4)
        ends = state(*FATES[course.label_names[r % 4]])
        assert np.array_equal(run[-1] > 0.5, ends)


def test_bins_are_equal_parts_in_order_and_none_keeps_the_steps():
    course = time_course(640, 5, rng=0)
    assert np.bincount(course.times.astype(int)).tolist() == [128] * 5
    assert np.all(np.diff(course.times.reshape(4, 160), axis=1) >= 0)
    assert np.array_equal(time_course(640, None, rng=0).times, np.tile(np.arange(160.0), 4))


def test_noise_of_measurement_is_added_and_the_seed_fixes_all():
    clean, noisy = (time_course(640, noise=s, rng=4) for s in (0.0, 0.05))
    assert (noisy.X - clean.X).std() == pytest.approx(0.05, rel=0.05)
    assert np.array_equal(noisy.X, time_course(640, noise=0.05, rng=4).X)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"n": 641}, "n = 641 is no multiple of steps = 160"),
        ({"bins": 161}, "bins must be an integer"),
        ({"duration": 0.0}, "duration"),
        ({"noise": -1.0}, "noise"),
        ({"heterogeneity": 0.0, "fluctuation": 0.0}, "ended as erythrocyte or megakaryocyte or monocyte"),
    ],
)
def test_what_cannot_be_made_is_refused(arguments, match):
    with pytest.raises(DomainError, match=match):
        time_course(**{"rng": 0, **arguments})
