"""Scalar functions on eigenvalues: values, domains, overflow."""

import math

import numpy as np
import pytest

from erlangen.errors import DomainError, NotSPDError
from erlangen.linalg.scalar_image import scalar_image


@pytest.mark.parametrize(
    ("f", "exact"),
    [
        ("log", math.log),
        ("sqrt", math.sqrt),
        ("exp", math.exp),
        ("inv-sqrt", lambda x: x**-0.5),
        ("inverse", lambda x: 1 / x),
        (0.3, lambda x: x**0.3),
        (-2, lambda x: x**-2),
    ],
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_values(f, exact, dtype):
    x = np.array([0.25, 1.0, 7.5], dtype=dtype)
    image = scalar_image(f).checked(x, "A")
    assert image.dtype == dtype
    assert np.allclose(image, [exact(float(v)) for v in x], rtol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("f", ["log", "inv-sqrt", "inverse", 0.5])
@pytest.mark.parametrize("least", [0.0, -1e-30, -1.0])
def test_functions_of_definite_matrices_refuse_what_is_not_above_zero(f, least):
    with pytest.raises(NotSPDError, match=r"B\[2\] is not positive definite") as told:
        scalar_image(f).checked(np.array([least, 1.0, 2.0]), "B[2]", (2,))
    assert told.value.index == (2,)
    assert told.value.smallest_eigenvalue == least
    assert told.value.rank == 2


def test_the_root_forgives_rounding_below_zero_and_no_more():
    assert np.array_equal(scalar_image("sqrt").checked(np.array([-1e-16, 1.0]), "A"), [0.0, 1.0])
    with pytest.raises(NotSPDError, match="semidefinite"):
        scalar_image("sqrt").checked(np.array([-1e-14, 1.0]), "A")


def test_overflow_and_unknown_names_are_refused():
    with pytest.raises(DomainError, match="exp of the eigenvalue 800 is not finite"):
        scalar_image("exp").checked(np.array([1.0, 800.0]), "A")
    for wrong in ("tan", None, np.inf):
        with pytest.raises(DomainError, match="f"):
            scalar_image(wrong)
