"""Array kind in = array kind out; dtype, device and gradient follow the input; the caller's memory is shared, never written."""

from collections import namedtuple

import numpy as np
import pytest
import torch

from erlangen.edges import array_edge, to_numpy, to_tensor, torch_generator
from erlangen.errors import DomainError, ShapeError

Pair = namedtuple("Pair", ["value", "name"])


@array_edge("a", "b")
def product(a, b=None, *, scale=1.0):
    return scale * (a if b is None else a * b)


class ForeignArray:
    """An array of another library: all it offers is DLPack."""

    def __init__(self, array):
        self._array = array

    def __dlpack__(self, **kwargs):
        return self._array.__dlpack__(**kwargs)

    def __dlpack_device__(self):
        return self._array.__dlpack_device__()


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.float16, np.float16),
        (np.complex64, np.complex64),
        (np.int8, np.float64),
        (np.uint8, np.float64),
        (np.uint16, np.float64),
        (np.uint32, np.float64),
        (np.uint64, np.float64),
        (bool, np.float64),
    ],
)
def test_numpy_in_numpy_out_and_the_dtype_is_kept(dtype, expected):
    found = product(np.ones((2, 3), dtype=dtype))
    assert isinstance(found, np.ndarray)
    assert found.dtype == expected
    assert np.array_equal(found, np.ones((2, 3)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.complex64])
def test_torch_in_torch_out_and_the_dtype_is_kept(dtype):
    found = product(torch.ones(2, dtype=dtype))
    assert isinstance(found, torch.Tensor)
    assert found.dtype == dtype


def test_integers_of_torch_become_float64():
    assert product(torch.arange(3)).dtype == torch.float64


@pytest.mark.parametrize("value", [[[1, 2], [3, 4]], ((1.0, 2.0), (3.0, 4.0)), [np.ones(2), np.ones(2)]])
def test_lists_become_float64_arrays(value):
    found = product(value)
    assert found.dtype == np.float64
    assert np.array_equal(found, np.asarray(value))


@pytest.mark.parametrize("value", [3, 3.0, np.float64(3), np.array(3.0)])
def test_numbers_become_arrays_without_axes(value):
    found = product(value)
    assert np.shape(found) == ()
    assert found == 3


def test_one_tensor_makes_the_result_a_tensor():
    found = product(np.ones(2, dtype=np.float64), torch.full((2,), 2.0, dtype=torch.float64))
    assert isinstance(found, torch.Tensor)
    assert isinstance(product(a=np.ones(2), b=torch.ones(2)), torch.Tensor)
    assert isinstance(product(np.ones(2), np.ones(2)), np.ndarray)
    assert isinstance(product(np.ones(2), None, scale=2.0), np.ndarray)


def test_the_gradient_passes_through_to_second_order():
    a = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(product, (a, a.detach() + 1))
    (slope,) = torch.autograd.grad(product(a, a).sum(), a, create_graph=True)
    (second,) = torch.autograd.grad(slope.sum(), a)
    assert second.tolist() == [2, 2]


def test_a_tensor_that_wants_gradients_leaves_as_an_array():
    assert np.array_equal(to_numpy(torch.ones(2, requires_grad=True)), [1, 1])


def test_memory_is_shared_where_it_can_be():
    array = np.ones((2, 2))
    tensor = to_tensor(array, "a")
    array[0, 0] = 5
    assert tensor[0, 0] == 5
    foreign = to_tensor(ForeignArray(array), "a")
    array[0, 0] = 6
    assert foreign[0, 0] == 6


@pytest.mark.parametrize("view", [lambda a: a[::-1], lambda a: a.T, lambda a: a[:, ::2], lambda a: a[..., None]])
def test_views_of_every_stride_are_read_right(view):
    a = view(np.arange(12.0).reshape(3, 4))
    assert np.array_equal(product(a), a)


def test_a_read_only_array_is_read_without_warning_and_stays_as_it_was(recwarn):
    array = np.arange(3.0)
    array.flags.writeable = False
    tensor = to_tensor(array, "a")
    tensor[0] = 9
    assert array[0] == 0
    assert not recwarn.list


def test_big_endian_arrays_are_read_right():
    assert np.array_equal(product(np.arange(3, dtype=">f8")), [0, 1, 2])
    assert product(np.arange(3, dtype=">f4")).dtype == np.float32


def test_long_doubles_become_doubles():
    assert product(np.ones(2, dtype=np.longdouble)).dtype == np.float64
    assert product(np.ones(2, dtype=np.clongdouble)).dtype == np.complex128


def test_empty_arrays_keep_their_shape():
    assert product(np.zeros((0, 3))).shape == (0, 3)


@pytest.mark.parametrize("foreign", [ForeignArray(np.arange(3.0)), ForeignArray(np.arange(3))])
def test_a_foreign_array_gives_a_numpy_array(foreign):
    found = product(foreign)
    assert isinstance(found, np.ndarray)
    assert found.dtype == np.float64
    assert found.tolist() == [0, 1, 2]


@pytest.mark.parametrize("value", ["abc", np.array(["a"]), [None], np.array([1, None]), {"a": 1}, [[1, 2], [3]]])
def test_what_holds_no_numbers_is_refused_by_name(value):
    with pytest.raises((DomainError, ShapeError), match=r"^a .*numbers"):
        product(value)


def test_results_are_converted_at_every_depth():
    found = to_numpy({"x": [torch.ones(1), (torch.zeros(1), "y")], "p": Pair(torch.ones(2), "n"), "k": 3})
    assert isinstance(found["x"][0], np.ndarray)
    assert isinstance(found["x"][1][0], np.ndarray)
    assert found["x"][1][1] == "y"
    assert isinstance(found["p"], Pair)
    assert isinstance(found["p"].value, np.ndarray)
    assert found["k"] == 3


def test_lazy_conjugates_leave_as_they_are_meant():
    assert np.array_equal(to_numpy(torch.tensor([1 + 2j]).conj()), [1 - 2j])
    assert np.array_equal(to_numpy(torch.tensor([1 + 2j]).conj().imag), [-2])


def test_half_precision_of_the_brain_kind_leaves_as_float32():
    assert to_numpy(torch.ones(2, dtype=torch.bfloat16)).dtype == np.float32


def test_the_wrapped_function_keeps_its_name_and_signature():
    assert product.__name__ == "product"
    assert product.__wrapped__(torch.ones(1)) == 1
    with pytest.raises(TypeError, match=r"missing.* argument:? 'a'"):
        product()


def test_an_argument_that_does_not_exist_is_refused_at_once():
    with pytest.raises(DomainError, match=r"array_edge: f has no argument 'z' \(name arguments"):

        @array_edge("z")
        def f(a):
            return a


def test_torch_generators_follow_the_seed_and_pass_through():
    draw = [torch.rand(3, generator=torch_generator(seed)) for seed in (0, 0, 1)]
    assert torch.equal(draw[0], draw[1])
    assert not torch.equal(draw[0], draw[2])
    generator = torch.Generator()
    assert torch_generator(generator) is generator
    state = torch.get_rng_state()
    torch_generator(5)
    assert torch.equal(torch.get_rng_state(), state)
