from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET

from erlangen.gallery.benchmark import Benchmark
from erlangen.gallery.charts import ratio_chart


def _x(ratio, low=0.5, high=20.0):
    chart = ratio_chart(Benchmark("c", "C", None, "rival", "1", ratio, ratio, ratio), low, high)
    return float(re.search(r'<circle class="median" cx="([\d.]+)"', chart).group(1))


def test_the_axis_is_logarithmic():
    assert math.isclose(_x(4) - _x(2), _x(2) - _x(1), abs_tol=0.2)
    assert math.isclose(_x(10) - _x(1), (336 * math.log(10) / math.log(40)), abs_tol=0.2)


def test_a_ratio_beyond_the_axis_stays_on_the_sheet():
    assert 0 <= _x(1e9) <= 360


def test_well_formed_with_its_numbers_in_words():
    root = ET.fromstring(str(ratio_chart(Benchmark("c", "C", None, 'r"<', "1", 4.0, 3.0, 5.0, goal=2.0), 0.5, 10)))
    assert root.get("aria-label") == '4 times as fast as r"< 1, quartiles 3 to 5'
    assert any("goal" in (path.get("class") or "") for path in root)
