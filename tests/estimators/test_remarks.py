"""A remark points at the line that called the package."""

import pytest

from erlangen.errors import DomainWarning
from erlangen.estimators import HeatGeodesicEmbedding
from erlangen.estimators.remarks import remark


def test_the_line_is_that_of_the_caller():
    with pytest.warns(DomainWarning, match="mind the gap") as caught:
        remark("mind the gap")
    assert caught[0].filename == __file__


@pytest.mark.parametrize("call", ["fit", "fit_transform"])
def test_through_an_estimator(call):
    with pytest.warns(DomainWarning, match="2 components") as caught:
        getattr(HeatGeodesicEmbedding(1, n_neighbors=1), call)([[0.0], [1.0], [2.0], [50.0], [51.0]])
    assert caught[0].filename == __file__ or "sklearn" in caught[0].filename
