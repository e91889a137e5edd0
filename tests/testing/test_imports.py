"""The room of batteries loads neither torch nor scikit-learn; both load where an object needs them."""

import json
import subprocess
import sys

import pytest

HEAVY = {"torch", "sklearn", "scipy", "pandas", "pytest"}


def loaded(code):
    """Return which of the heavy packages a fresh process has loaded after ``code``."""
    script = (
        f"import sys, json; sys.path[:] = {sys.path!r}\n{code}\nprint(json.dumps(sorted({HEAVY!r} & set(sys.modules))))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    return set(json.loads(run.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import erlangen.testing",
        "from erlangen.testing import *",
        "import numpy, erlangen.testing as t; t.check_operator(numpy.eye(2)).raise_if_failed()",
    ],
)
def test_nothing_heavy_is_loaded(code):
    assert loaded(code) == set()


def test_the_test_can_see_what_is_loaded():
    assert "scipy" in loaded("import scipy.sparse")
