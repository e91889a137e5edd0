import math
import warnings

import pytest

from erlangen.errors import ConvergenceWarning
from erlangen.linalg import Certificate


@pytest.mark.parametrize(("residual", "converged"), [(0.0, True), (1e-9, True), (1.1e-9, False), (math.nan, False)])
def test_converged_means_not_above_the_tolerance_and_nan_is_not(residual, converged):
    proof = Certificate("lanczos", 12, residual, 1e-9)
    assert proof.converged is converged
    if converged:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            proof.warn("it", "try more")
    else:
        text = r"it: residual .* > 1e-09 after 12 iterations of lanczos \(try more\)"
        with pytest.warns(ConvergenceWarning, match=text):
            proof.warn("it", "try more")
