"""The integers that the tests of DelayEmbeddings.jl 2.7 assert, on the very series they read.

The series are files 1 (Mackey–Glass), 2 (Rössler) and ``test_time_series_lorenz_standard_N_10000_multivariate.csv`` of the folder ``timeseries`` of
JuliaDynamics/JuliaDynamics on GitHub; put them into ``ERLANGEN_DATA/juliadynamics``. Without them the other tests of this folder integrate such systems anew.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from erlangen.estimators.timeseries.garcia_almeida import garcia_almeida
from erlangen.estimators.timeseries.mdop import mdop
from erlangen.estimators.timeseries.pecuzal import pecuzal
from erlangen.estimators.timeseries.self_information import first_minimum, self_information

FOLDER = Path(os.environ.get("ERLANGEN_DATA", "")) / "juliadynamics"
LORENZ = "test_time_series_lorenz_standard_N_10000_multivariate.csv"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (FOLDER / LORENZ).exists(), reason="the series are not in ERLANGEN_DATA/juliadynamics"),
]


def series(name):
    x = np.loadtxt(FOLDER / name, ndmin=2).T
    return (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, ddof=1, keepdims=True)


def test_mdop_on_mackey_glass():
    s = series("1.csv")
    found = mdop([s], np.arange(101), 57)
    assert len(found.delays) == 5
    assert found.beta[0].max() > 4.1
    assert found.beta[0].argmax() >= 50
    assert np.abs(np.diff(found.delays)).min() >= 10
    coarse = mdop([s], np.arange(1, 100, 4), 57)
    assert len(coarse.delays) == 5
    assert coarse.beta[0].max() > 4.1


def test_mdop_on_roessler():
    r = series("2.csv")
    window = 1 + first_minimum(self_information(r[1], range(1, 101)))
    found = mdop([r], np.arange(27), window, max_cycles=10)
    assert (found.channels, found.delays) == ((2, 1, 1), (0, 0, 26))  # there counted from 1: 3, 2, 2


def test_pecuzal_on_lorenz():
    x = series(LORENZ)
    raw = np.loadtxt(FOLDER / LORENZ).T
    half = raw[:, :5000] - raw[:, :5000].mean(axis=1, keepdims=True)
    half /= half.std(axis=1, ddof=1, keepdims=True)
    window = 1 + first_minimum(self_information(x[0], range(1, 101)))
    one = pecuzal([half[:1]], np.arange(101), window, threshold=0.05)
    assert one.delays == (0, 19, 96, 80)
    assert np.allclose(one.decreases, [-1.06, -0.49, -0.16], atol=0.02)
    assert pecuzal([x[:1]], np.arange(101), window, threshold=0.05).delays == (0, 18, 9)
    three = pecuzal([half], np.arange(101), window)
    assert (three.channels, three.delays) == ((2, 0, 0, 0), (0, 9, 64, 53))
    assert np.allclose(three.decreases, [-1.38, -0.74, -0.08], atol=0.02)


def test_garcia_almeida_on_lorenz():
    x = series(LORENZ)
    far = garcia_almeida([x[:1]], np.arange(101), 17, horizon=17)
    assert len(far.delays) == 3
    assert 15 <= far.delays[1] <= 17
    assert far.fnn[0] >= far.fnn[1] <= far.fnn[2]
    few = garcia_almeida([x[:1]], np.arange(101), 17, horizon=17, threshold=0.1)
    assert few.delays == far.delays[:2]
    near = garcia_almeida([x], np.arange(101), 1, horizon=1)
    assert (near.channels, near.delays) == ((0, 0, 0), (0, 1, 2))
    # With a horizon of 17 the first pair is (3, 2) at delay 5, there as here; there the first series is kept instead of the third.
    assert garcia_almeida([x], np.arange(101), 17, horizon=17).channels[:2] == (2, 1)
