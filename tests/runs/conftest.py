"""A store in a temporary folder and the smallest specification."""

import pytest

from erlangen.runs import RunSpec, RunStore


@pytest.fixture
def store(tmp_path):
    with RunStore(tmp_path / "runs.sqlite") as opened:
        yield opened


@pytest.fixture
def spec():
    return RunSpec("toy", "quick", {"n": 5}, seed=3, code_version="1", manifest_hash="m")
