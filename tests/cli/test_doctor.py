import json

import numpy as np
import pytest
import scipy.special

from erlangen.cli import health, self_test


def test_the_shape_of_the_document(document):
    found = document("doctor", "--no-self-test")
    assert set(found) == {"ok", "seconds", "checks"}
    assert found["ok"] is True
    names = {(check["group"], check["name"]) for check in found["checks"]}
    for wanted in [
        ("versions", "erlangen"),
        ("versions", "torch"),
        ("kernels", "native"),
        ("machine", "blas"),
        ("machine", "devices"),
        ("store", "integrity"),
    ]:
        assert wanted in names
    assert all(check["status"] in ("ok", "warning", "fail") and check["answer"] for check in found["checks"])


def test_the_whole_doctor_is_well_within_twenty_seconds(shell):
    done = shell("doctor", "--json")
    found = json.loads(done.stdout)
    assert [check for check in found["checks"] if check["status"] == "fail"] == []
    assert done.returncode == 0
    tests = [check for check in found["checks"] if check["group"] == "self-test"]
    assert len(tests) == len(self_test.SELF_TESTS)
    assert found["seconds"] < 20


def test_twins_serve_where_nothing_was_compiled(call, monkeypatch):
    monkeypatch.setattr("erlangen.native.available", lambda: False)
    assert "Python twins serve" in call("doctor", "--no-self-test").stdout


def test_a_store_that_is_damaged_fails_and_hides_nothing_else(call, home):
    home.mkdir(parents=True)
    (home / "runs.sqlite").write_bytes(b"no database" * 500)
    result = call("doctor", "--no-self-test", code=1)
    line = next(line for line in result.stdout.splitlines() if line.startswith("store: integrity"))
    assert "fail" in line
    assert "store: writable" in result.stdout
    assert "1 of " in result.stdout


def test_a_question_that_raises_is_an_answer():
    check = health.guarded("g", "n", lambda: 1 / 0)
    assert (check.status, check.answer, check.ok) == ("fail", "ZeroDivisionError: division by zero", False)


@pytest.mark.parametrize("name", list(self_test.SELF_TESTS))
def test_each_self_test_passes(name):
    status, answer = self_test.SELF_TESTS[name]()
    assert status == "ok", answer


def test_a_wrong_kernel_is_noticed(monkeypatch):
    right = self_test.operators.heat_kernel
    monkeypatch.setattr(self_test.operators, "heat_kernel", lambda *a, **k: 1.001 * np.asarray(right(*a, **k)))
    for name in ("heat near the source", "heat is conserved"):
        assert self_test.SELF_TESTS[name]()[0] == "fail"


def test_the_constant_of_the_cycle():
    exact = np.log(scipy.special.ive(50, 2.0))
    assert pytest.approx(exact, rel=1e-11) == self_test._LOG_HOP_50
