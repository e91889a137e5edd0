"""The engine: comparison relative to scale, refusals, and one fault that never hides another law."""

import numpy as np
import pytest
import torch

from erlangen import testing
from erlangen.errors import DomainError, ShapeError
from erlangen.testing import check_operator, laws_of
from erlangen.testing.laws import Measurement, NotApplicable, agree, describe, holds, magnitude, refuses, run_laws

BATTERIES = [getattr(testing, name) for name in testing.__all__ if name.startswith("check_")]


def test_agreement_is_relative_to_each_sample():
    found = agree([[3.0, 4.0], [300.0, 400.0]], [[3.0, 4.0], [300.0, 401.0]], 1e-3)
    assert found.residual == pytest.approx(1 / np.hypot(300, 401))
    assert found.detail == "worst at sample 1"
    assert agree([1e-14], [2e-14], 0.1).residual == pytest.approx(0.5)
    assert agree([1e-14], [2e-14], 0.1, scale=1.0).residual == pytest.approx(1e-14)
    assert agree([1e300], [-1e300], 0.1).residual == np.inf  # the squares overflow: never let through


@pytest.mark.parametrize(
    ("a", "b"), [([np.nan], [0.0]), ([np.nan], [np.nan]), ([np.inf], [np.inf]), ([0.0], [np.inf]), ([1.0, 2.0], [1.0])]
)
def test_not_finite_or_misshapen_never_agrees(a, b):
    assert agree(a, b, 1e9).residual == np.inf


def test_exact_agreement_and_kinds():
    assert agree(torch.ones(2), np.ones(2, np.float32), 0.0).residual == 0.0
    assert agree(np.array([1j]), np.array([1.0]), 0.0).residual == pytest.approx(np.sqrt(2))
    assert agree(np.array([True]), np.array([False]), 0.0).residual == 1.0
    assert agree(2.0, 2.0, 0.0).residual == 0.0


def test_nothing_to_compare_is_not_agreement():
    with pytest.raises(NotApplicable, match="nothing to compare"):
        agree(np.zeros((0, 3)), np.zeros((0, 3)), 1.0)
    assert agree(np.zeros((0, 3)), np.zeros((1, 3)), 1.0).residual == np.inf


def test_magnitude_is_the_norm_of_every_sample():
    assert np.allclose(magnitude(np.array([[[3.0], [4.0]], [[0.0], [5j]]])), [5.0, 5.0])
    assert magnitude(-2.0) == [2.0]
    assert magnitude(np.float32([1e30, 1e30])[None]) == pytest.approx(np.sqrt(2) * 1e30, rel=1e-6)


def raising(error):
    def call():
        raise error

    return call


@pytest.mark.parametrize(
    ("call", "residual", "detail"),
    [
        (raising(ValueError("t must be > 0")), 0.0, ""),
        (raising(ShapeError("wrong shape")), 0.0, ""),
        (raising(ZeroDivisionError("division")), 0.0, ""),
        (raising(ValueError("")), 1.0, "without a message"),
        (raising(IndexError("out of bounds")), 1.0, "raised IndexError"),
        (raising(np.linalg.LinAlgError("did not converge")), 1.0, "crashed in a solver"),
        (lambda: 1.0, 1.0, "was accepted"),
    ],
)
def test_refusals(call, residual, detail):
    found = refuses(call, "t = -1")
    assert found.residual == residual
    assert detail in found.detail


def test_engine_measures_skips_and_survives():
    def skip(case):
        reason = "not here"
        raise NotApplicable(reason)

    laws = {
        "good": lambda case: Measurement(1e-12, 1e-9),
        "bad": lambda case: holds(False, "no"),
        "nan": lambda case: Measurement(float("nan"), 1.0),
        "fault": lambda case: 1 / 0,
        "skip": skip,
    }
    report = run_laws("thing", laws, lambda: None)
    assert [result.law for result in report.failed] == ["bad", "nan", "fault"]
    assert report["fault"].detail == "raised ZeroDivisionError: division by zero"
    assert dict(report.skipped) == {"skip": "not here"}
    assert [result.law for result in run_laws("thing", laws, lambda: None, only="good")] == ["good"]
    assert [result.law for result in run_laws("thing", laws, lambda: None, only=["bad", "good"])] == ["bad", "good"]
    with pytest.raises(DomainError, match="there is no law 'unknown'"):
        run_laws("thing", laws, lambda: None, only=["unknown"])


def test_a_case_that_cannot_be_built_fails_and_skips_all():
    report = run_laws("thing", {"good": lambda case: holds(True)}, raising(RuntimeError("no")), only=["good"])
    assert not report.passed
    assert "RuntimeError: no" in report.results[0].detail
    assert set(report.skipped) == {"good"}


@pytest.mark.parametrize("battery", BATTERIES, ids=lambda battery: battery.__name__)
def test_every_battery_names_its_laws(battery):
    names = laws_of(battery)
    assert len(names) == len(set(names)) > 2


def test_an_unknown_battery_is_refused():
    with pytest.raises(DomainError, match="'len' is not a law battery"):
        laws_of(len)


def test_subjects_are_named_in_one_line():
    assert describe(np.eye(2)) == "array([[1., 0.], [0., 1.]])"
    assert describe(object()) == "object"
    assert describe(["x" * 90]) == "list"
    assert describe("Linear") == "Linear"
    assert check_operator(np.eye(2), only="shape").subject == "array([[1., 0.], [0., 1.]])"
