"""Batteries ask NumPy and torch objects in their own kind and compare in NumPy."""

import numpy as np
import pytest
import torch

from erlangen.testing.arrays import central_difference, eps_of, is_tensor, like, normal_like, rows, to_array, value_of

KINDS = [np.zeros(2), np.zeros(2, np.float32), torch.zeros(2), torch.zeros(2, dtype=torch.float64)]


@pytest.mark.parametrize("reference", KINDS, ids=lambda a: f"{type(a).__name__}-{a.dtype}")
def test_like_enters_the_kind_and_to_array_leaves_it(reference):
    values = like([0.25, 0.5], reference)
    assert type(values) is type(reference)
    assert values.dtype == reference.dtype
    assert is_tensor(values) == isinstance(reference, torch.Tensor)
    assert np.array_equal(to_array(values), [0.25, 0.5])
    assert normal_like(reference, np.random.default_rng(0)).dtype == reference.dtype


def test_to_array_detaches_and_resolves_conjugates():
    leaf = torch.tensor([1.0 + 2.0j], requires_grad=True)
    assert to_array(leaf.conj())[0] == 1 - 2j


def test_eps_is_that_of_the_coarsest_floating_array():
    assert eps_of(np.zeros(1), np.zeros(1, np.float32)) == np.finfo(np.float32).eps
    assert eps_of(torch.zeros(1)) == np.finfo(np.float32).eps
    assert eps_of(np.zeros(1, np.complex64)) == np.finfo(np.float32).eps
    assert eps_of(np.arange(3)) == np.finfo(np.float64).eps
    assert eps_of() == np.finfo(np.float64).eps


def test_rows_multiplies_sample_by_sample():
    samples = torch.ones(2, 3, 3)
    assert torch.equal(rows([2.0, 3.0], samples)[:, 0, 0], torch.tensor([2.0, 3.0]))


def test_value_of_reads_attributes_and_calls_methods():
    class Owner:
        size = 3

        def dim(self):
            return 4

    assert (value_of(Owner(), "size"), value_of(Owner(), "dim")) == (3, 4)


def test_central_difference_is_of_second_order_and_in_double_precision():
    slope = central_difference(lambda t: np.sin(np.array([1.0 + t])), 1e-4)
    assert abs(slope[0] - np.cos(1.0)) < np.cos(1.0) * 1e-8 / 6 * 1.01 + 1e-11
    assert central_difference(lambda t: torch.full((2,), t), 0.5).dtype == np.float64
    assert central_difference(lambda t: np.array([1j * t]), 0.5)[0] == 1j
