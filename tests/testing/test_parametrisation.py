"""Batteries as pytest cases: one test a law, skipped with the reason where the law does not apply."""

import numpy as np
import pytest

from erlangen.errors import LawError
from erlangen.testing import check_operator, laws_of, parametrize_with_laws
from erlangen.testing.parametrisation import LawCase


@parametrize_with_laws(check_operator, np.eye(3), rng=3)
def test_laws_run_one_by_one(law):
    if law.law.startswith(("tag", "agreement")):
        with pytest.raises(pytest.skip.Exception, match=r"does not claim|has no to_dense|has no tags"):
            law()
    else:
        report = law()
        assert [result.law for result in report] == [law.law]


def test_every_law_is_a_case_named_after_it():
    mark = parametrize_with_laws(check_operator, np.eye(3)).mark
    assert mark.kwargs["ids"] == list(laws_of(check_operator))
    assert [case.law for case in mark.args[1]] == list(laws_of(check_operator))


def test_a_broken_law_raises():
    class Crooked:
        shape, dtype = (2, 2), np.dtype(float)

        def matmul(self, x):
            return np.abs(x)

        def adjoint(self):
            return self

    with pytest.raises(LawError, match="Crooked breaks 1 of 1 laws; linearity"):
        LawCase(check_operator, "linearity", (Crooked(),), {})()
