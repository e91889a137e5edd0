"""The choice of an embedding: averages over epochs, switches, unusable channels, refusals."""

import numpy as np
import pytest
from joblib import parallel_config

from erlangen.errors import DomainError, DomainWarning
from erlangen.estimators.timeseries import select_embedding
from erlangen.estimators.timeseries.mdop import mdop
from erlangen.estimators.timeseries.selection import theiler_window

rng = np.random.default_rng(0)
EPOCHS = rng.normal(size=(3, 2, 300)).cumsum(axis=-1)
EPOCHS -= 0.02 * np.arange(300)


def standard(x):
    return (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, ddof=1, keepdims=True)


def test_mdop_is_averaged_as_the_release_does():
    chosen = select_embedding(EPOCHS, max_delay=15)
    orders, lags = [], []
    for x in EPOCHS:
        found = mdop([standard(x)], np.arange(16), theiler_window(standard(x)))
        orders.append(len(found.delays))
        lags.append(max(1, round(np.mean(found.delays))))
    assert chosen.order == round(np.mean(orders))
    assert chosen.lag == round(np.mean(lags))
    assert [one.order for one in chosen.epochs] == orders
    assert chosen.delays == tuple(q * chosen.lag for q in range(chosen.order))
    Z = chosen.embedding().fit_transform(EPOCHS)
    assert Z.shape[1] == 2 * chosen.order


def test_pairs_can_be_kept():
    chosen = select_embedding(EPOCHS, max_delay=15, per="pooled", uniform=False)
    assert len(chosen.channels) == len(chosen.delays) == chosen.order
    assert chosen.embedding().fit_transform(EPOCHS).shape[:2] == (3, chosen.order)


def test_processes_change_nothing():
    one = select_embedding(EPOCHS, max_delay=15)
    with parallel_config(backend="threading"):
        two = select_embedding(EPOCHS, max_delay=15, n_jobs=2)
    assert (one.order, one.lag) == (two.order, two.lag)


@pytest.mark.parametrize("method", ["ami+cao", "ami+fnn"])
def test_lorenz_needs_three_dimensions(attractors, method):
    chosen = select_embedding(attractors.lorenz()[None, :1, :3000], method, max_delay=40)
    assert chosen.order == 3
    assert 10 <= chosen.lag <= 20
    assert len(chosen.beta[0]) == 40


def test_first_maximum_rule_reads_the_same_values(attractors):
    signal = attractors.lorenz()[None, :1, :2000]
    plain, released = (
        select_embedding(signal, "ami+cao", max_delay=40, cao_rule=rule) for rule in ("saturation", "first-maximum")
    )
    assert plain.fnn == released.fnn
    E1 = np.array(released.fnn)
    peak = released.order - 1
    assert peak == np.argmax(E1) or (E1[peak] > E1[peak - 1] and E1[peak] > E1[peak + 1])


@pytest.mark.parametrize("method", ["pecuzal", "garcia-almeida"])
def test_single_epochs_and_all_together(method):
    chosen = select_embedding(EPOCHS[:2, :1], method, max_delay=10)
    assert len(chosen.epochs) == 2
    pooled = select_embedding(EPOCHS[:2], method, max_delay=10, per="pooled", uniform=False)
    assert len(pooled.channels) == len(pooled.delays) == pooled.order
    one = select_embedding(EPOCHS[:1], method, max_delay=10, uniform=False)
    twice = select_embedding(EPOCHS[[0, 0]], method, max_delay=10, per="pooled", uniform=False)
    assert (one.channels, one.delays) == (twice.channels, twice.delays)


def test_constant_periodic_and_coarse_channels_are_left_out_and_named():
    coarse = np.round(3 * np.sin(np.arange(300) * 0.1))
    extra = np.stack([np.full(300, 7.0), np.tile(np.sin(np.arange(20) * np.pi / 10), 15), coarse])
    X = np.concatenate([extra[None], EPOCHS[:1]], axis=1)
    with pytest.warns(DomainWarning) as caught:
        chosen = select_embedding(X, max_delay=15, uniform=False)
    assert [str(w.message).split(":")[0] for w in caught] == [
        "channels [0] are constant",
        "channels [1] are perfectly periodic",
        "channels [2] take few values",
    ]
    plain = select_embedding(EPOCHS[:1], max_delay=15, uniform=False)
    assert chosen.delays == plain.delays
    assert chosen.channels == tuple(c + 3 for c in plain.channels)
    assert all(np.isfinite(beta).all() for beta in chosen.beta)
    for channels, remedy in ((extra[:2], "use order 1"), (extra, "add noise")):
        with pytest.warns(DomainWarning), pytest.raises(DomainError, match=remedy):
            select_embedding(channels[None], max_delay=15)


def test_units_do_not_matter():
    small = select_embedding(EPOCHS * 1e-9, max_delay=15)
    plain = select_embedding(EPOCHS, max_delay=15)
    assert (small.order, small.lag) == (plain.order, plain.lag)


@pytest.mark.parametrize(
    ("parameters", "pattern"),
    [
        ({"max_delay": 101}, "max_delay <= 100"),
        ({"method": "mean"}, "method must be one of"),
        ({"per": "trial"}, "per must be one of"),
        ({"theiler": -1}, "theiler must be"),
        ({"theiler": 140, "max_delay": 50}, "Theiler window"),
        ({"uniform": False}, "different non-uniform"),
        ({"cao_rule": "first"}, "cao_rule must be one of"),
        ({"horizon": 0}, "horizon must be"),
    ],
)
def test_refusals(parameters, pattern):
    with pytest.raises(DomainError, match=pattern):
        select_embedding(EPOCHS, **parameters)
