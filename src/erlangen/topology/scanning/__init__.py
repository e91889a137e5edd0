"""Scanning: the complex of a link diagram, built and simplified crossing by crossing.

Definition: each name is documented where it is defined (Bar-Natan, math/0606318).
Convention: the link is cut at one edge; q-degrees are those of reduced homology until a theory is read off.
"""

from __future__ import annotations

from erlangen.topology.scanning.scan import scan
from erlangen.topology.scanning.scan_odd import scan_odd
from erlangen.topology.scanning.scan_plan import ScanPlan, scan_plan
from erlangen.topology.scanning.scan_statistics import ScanStatistics
from erlangen.topology.scanning.scanned_complex import ScannedComplex

__all__ = ["ScanPlan", "ScanStatistics", "ScannedComplex", "scan", "scan_odd", "scan_plan"]
