"""Did you mean …: the nearest of the names, or all of them."""

import pytest

from erlangen.papers.suggestion import suggestion


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("qick", ["quick", "full"], "did you mean 'quick'?"),
        ("QUICK", ["quick", "full"], "did you mean 'quick'?"),
        ("zzz", ["quick", "full"], "choose one of quick, full"),
        (3, ["quick"], "choose one of quick"),
        ("x", [], "there is none to choose from"),
        ("knn", iter(["decay", "knn2"]), "did you mean 'knn2'?"),
    ],
)
def test_the_nearest_or_all(name, options, expected):
    assert suggestion(name, options) == expected
