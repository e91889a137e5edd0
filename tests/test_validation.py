"""Each check returns its argument in the form needed, or names argument, index, law, number and remedy."""

import builtins
import fractions
import io
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erlangen import validation as v
from erlangen.errors import DomainError, MissingDependencyError, ResourceLimitError, ShapeError

quiet = settings(deadline=None, derandomize=True, max_examples=60)


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2), np.int8(2), fractions.Fraction(2)])
def test_real_numbers_of_every_kind_become_floats(value):
    found = v.check_real(value, "t")
    assert found == 2.0
    assert type(found) is float


@quiet
@given(st.floats(allow_nan=True, allow_infinity=True), st.booleans(), st.booleans())
def test_an_interval_lets_in_exactly_its_members(x, open_low, open_high):
    inside = (x > -1 if open_low else x >= -1) and (x < 2 if open_high else x <= 2)
    if inside:
        assert v.check_real(x, "x", low=-1, high=2, open_low=open_low, open_high=open_high) == x
    else:
        with pytest.raises(DomainError, match="x must be a finite number in"):
            v.check_real(x, "x", low=-1, high=2, open_low=open_low, open_high=open_high)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.nan, r"t must be a finite number in \(0, inf\], got t=nan"),
        (np.inf, r"got t=inf \(choose a value inside the interval\)"),
        (0.0, r"got t=0 "),
        (True, r"got True of type bool \(pass a plain number\)"),
        (np.True_, "bool"),
        ("1", "of type str"),
        (1j, "of type complex"),
        (np.ones(1), "of type ndarray"),
        (None, "of type NoneType"),
    ],
)
def test_a_bad_real_number_is_named_with_its_law_and_remedy(value, text):
    with pytest.raises(DomainError, match=text):
        v.check_real(value, "t", low=0, open_low=True)


def test_a_real_number_too_large_for_a_float_is_refused():
    with pytest.raises(DomainError, match="t must be a finite number"):
        v.check_real(10**400, "t")


@quiet
@given(st.integers(-5, 15))
def test_integers_inside_the_range_and_no_others(k):
    if 1 <= k <= 10:
        assert v.check_integer(np.int64(k), "k", low=1, high=10) == k
    else:
        with pytest.raises(DomainError, match=rf"k must be an integer in \[1, 10\], got k={k} \(choose"):
            v.check_integer(k, "k", low=1, high=10)


@pytest.mark.parametrize("value", [1.0, True, "1", None, np.float64(1), np.ones(1, dtype=int)])
def test_what_is_no_integer_is_refused(value):
    with pytest.raises(DomainError, match=r"k must be an integer in \[-inf, inf\], got .* of type .*\(pass an int\)"):
        v.check_integer(value, "k")


@pytest.mark.parametrize("value", ["Euler", None, 1, ["euler"]])
def test_a_choice_lists_what_there_is(value):
    assert v.check_choice("euler", "method", iter(["auto", "euler"])) == "euler"
    with pytest.raises(DomainError, match=r"method must be one of 'auto', 'euler'; got .* \(choose one of"):
        v.check_choice(value, "method", ["auto", "euler"])


def test_shapes_with_wild_axes():
    v.check_shape(np.zeros((3, 4)), "X", (None, 4))
    for shape in ((None, 5), (None,), (3, 4, 1)):
        with pytest.raises(ShapeError, match=r"X must have shape \(.*\), got \(3, 4\) \(check the order"):
            v.check_shape(np.zeros((3, 4)), "X", shape)


@quiet
@given(st.lists(st.sampled_from([0.0, 1.0, np.nan, np.inf, -np.inf]), min_size=1, max_size=6))
def test_the_first_entry_that_is_not_finite_is_named_and_all_are_counted(entries):
    a = np.array(entries).reshape(1, -1)
    bad = np.flatnonzero(~np.isfinite(a[0]))
    if bad.size == 0:
        v.check_finite(a, "x")
    else:
        text = rf"x\[0, {bad[0]}\] = .*; {bad.size} of {a.size} entries .* \(remove or impute"
        with pytest.raises(DomainError, match=text):
            v.check_finite(a, "x")


def test_a_scalar_that_is_not_finite_and_integers():
    v.check_finite(np.arange(3), "x")
    with pytest.raises(DomainError, match="x = nan is not finite; 1 of 1"):
        v.check_finite(np.array(np.nan), "x")


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        ([[1, 2]], np.float64),
        (np.ones((1, 2), np.float32), np.float32),
        (np.ones((1, 2), np.float16), np.float64),
        (np.ones((1, 2), bool), np.float64),
        (np.array([[1, 2.5]], dtype=object), np.float64),
        (np.ones((1, 2), np.float64).astype(">f8"), np.float64),
    ],
)
def test_matrices_become_floats_and_keep_their_precision(value, dtype):
    found = v.check_matrix(value, "X")
    assert found.dtype == dtype
    assert found.dtype.isnative
    assert np.array_equal(found, np.asarray(value, dtype=np.float64))


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        ([[1, 2], [3]], ShapeError, r"X is not a rectangular array: .*\(give every row the same length\)"),
        ([[1j, 2]], DomainError, r"X is complex \(complex128\)"),
        ([["a", "b"]], DomainError, r"X has dtype <U1; numbers are needed"),
        (np.array([[1, "a"]], dtype=object), DomainError, "X holds objects that are not numbers"),
        (np.array([[None, 1.0]]), DomainError, "X holds objects|not finite"),
        (np.array([["2020-01-01"]], dtype="M8[D]"), DomainError, "X has dtype datetime64"),
        ([1, 2], ShapeError, r"X must have two axes \(n, p\), got shape \(2,\) \(reshape"),
        (np.zeros((0, 2)), ShapeError, "X must be at least 1 x 1, got 0 x 2"),
        ([[1, np.nan]], DomainError, r"X\[0, 1\] = nan is not finite"),
    ],
)
def test_what_is_no_matrix_is_refused(value, error, text):
    with pytest.raises(error, match=text):
        v.check_matrix(value, "X")


def test_rows_and_columns_asked_for():
    with pytest.raises(ShapeError, match="X must be at least 3 x 1, got 2 x 2"):
        v.check_matrix(np.eye(2), "X", min_rows=3)
    assert v.check_matrix(np.eye(2), "X", min_rows=2, min_columns=2).shape == (2, 2)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (4, 3, 2)])
def test_what_is_not_square_is_refused(shape):
    assert v.check_square(np.zeros((7, 2, 2)), "A") == 2
    with pytest.raises(ShapeError, match=r"A must be square in its last two axes, got shape \(.*\(pass an array"):
        v.check_square(np.zeros(shape), "A")


def test_the_worst_asymmetric_pair_of_a_batch_is_named():
    A = np.zeros((2, 3, 3))
    A[0, 0, 1], A[1, 2, 0] = 1e-3, 5.0
    with pytest.raises(DomainError, match=r"\|A\[1, 0, 2\] - A\[1, 2, 0\]\| = 5 > 1.1e-13 \(symmetrise it"):
        v.check_symmetric(A, "A")
    v.check_symmetric(A, "A", rtol=1.0)
    v.check_symmetric(np.zeros((0, 3, 3)), "A")


@pytest.mark.parametrize("scale", [1e-14, 1.0, 1e14])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_symmetry_is_relative_to_scale_and_dtype(scale, dtype):
    eps = np.finfo(dtype).eps
    A = (scale * np.ones((2, 2))).astype(dtype)
    A[0, 1] *= 1 + 20 * eps
    v.check_symmetric(A, "A")
    A[0, 1] *= 1 + 200 * eps
    with pytest.raises(DomainError, match="not symmetric"):
        v.check_symmetric(A, "A")


def test_nan_is_not_symmetric():
    with pytest.raises(DomainError, match="not symmetric"):
        v.check_symmetric(np.array([[0.0, np.nan], [0.0, 0.0]]), "A")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.00 KiB"),
        (1024**2, "1.00 MiB"),
        (1024**3, "1.00 GiB"),
        (3 * 1024**5, "3072.00 TiB"),
    ],
)
def test_bytes_as_a_person_reads_them(count, text):
    assert v.format_bytes(count) == text


def test_memory_is_refused_above_the_limit_with_both_numbers():
    v.check_memory(100, "x", limit=100)
    with pytest.raises(
        ResourceLimitError, match=r"x needs about 101 B, the limit is 100 B \(use landmarks\)"
    ) as caught:
        v.check_memory(101, "x", limit=100, hint="use landmarks")
    assert (caught.value.estimate, caught.value.limit) == (101, 100)
    with pytest.raises(ResourceLimitError):
        v.check_memory(float("nan"), "x", limit=100)
    with pytest.raises(ResourceLimitError):
        v.check_memory(1e18, "x")


def test_the_memory_at_hand_is_the_least_of_machine_and_group(monkeypatch):
    files = {
        "/proc/meminfo": "MemTotal: 9 kB\nMemAvailable:   1000 kB\n",
        "/sys/fs/cgroup/memory.max": "5000000\n",
        "/sys/fs/cgroup/memory.current": "4500000\n",
    }

    def fake(path, *args, **kwargs):
        if path not in files:
            raise FileNotFoundError(path)
        return io.StringIO(files[path])

    monkeypatch.setattr(builtins, "open", fake)
    assert v.available_memory() == 500_000
    files["/sys/fs/cgroup/memory.max"] = "max\n"
    assert v.available_memory() == 1_024_000
    files["/sys/fs/cgroup/memory.max"] = "4000000\n"
    assert v.available_memory() == 0
    files.clear()
    assert v.available_memory() == os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def test_a_missing_third_party_is_named_with_the_line_that_installs_it():
    text = r"reading cells needs no_such_module_, which is not installed \(pip install 'erlangen\[cells\]'\)"
    with pytest.raises(MissingDependencyError, match=text):
        v.require("no_such_module_", extra="cells", purpose="reading cells")
