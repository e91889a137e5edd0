"""No global state is read or written; children do not depend on how work is split."""

import numpy as np
import pytest

from erlangen.errors import DomainError
from erlangen.random import as_generator, spawn


@pytest.mark.parametrize("seed", [0, 2**70, np.int64(5), np.uint8(5)])
def test_seeds_are_those_of_numpy(seed):
    expected = np.random.default_rng(int(seed)).random(5)
    assert np.array_equal(as_generator(seed).random(5), expected)


def test_generators_pass_through_and_sequences_seed():
    generator = np.random.default_rng(1)
    assert as_generator(generator) is generator
    sequence = np.random.SeedSequence(9)
    assert as_generator(sequence).random() == np.random.default_rng(np.random.SeedSequence(9)).random()


def test_no_seed_is_fresh_entropy():
    assert as_generator().random() != as_generator(None).random()


def test_a_legacy_state_seeds_from_its_stream_and_moves_on():
    one, two = np.random.RandomState(3), np.random.RandomState(3)
    first = as_generator(one).random()
    assert first == as_generator(two).random()
    assert first != as_generator(one).random()


def test_the_global_state_is_neither_read_nor_written():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    as_generator(0).random()
    spawn(0, 3)
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize(
    ("rng", "text"),
    [
        (-1, r"rng: a seed must be >= 0, got -1 \(pass a non-negative integer\)"),
        (True, "rng: expected None, .* got bool"),
        (np.True_, "got bool"),
        (1.0, "got float"),
        ("7", "got str"),
        ([1], "got list"),
    ],
)
def test_what_is_no_seed_is_refused(rng, text):
    with pytest.raises(DomainError, match=text):
        as_generator(rng)


def test_children_are_fixed_by_the_seed_and_differ_from_each_other():
    one, two = ([g.random(4) for g in spawn(7, 3)] for _ in range(2))
    assert np.array_equal(one, two)
    assert len({tuple(row) for row in one}) == 3
    assert np.array_equal(one[:2], [g.random(4) for g in spawn(7, 2)])
    sequence = np.random.SeedSequence(7).spawn(3)
    assert np.array_equal(one, [np.random.default_rng(child).random(4) for child in sequence])


def test_spawning_twice_from_one_generator_gives_new_children():
    generator = np.random.default_rng(0)
    assert spawn(generator, 1)[0].random() != spawn(generator, 1)[0].random()


def test_the_number_of_children():
    assert spawn(0, 0) == []
    for n in (-1, 1.5, True):
        with pytest.raises(DomainError, match="n"):
            spawn(0, n)
