"""Ratios against named peers: both sides in their own processes, interleaved, correctness first.

Definition: a case is a folder of ``bench/cases`` with ``case.toml``, ``ours.py``, ``theirs.py`` and ``data.py`` (or a file it shares);
a record is the JSON kept in ``benchmarks/``.
Convention: a ratio is the peer's time over ours in the same round (above 1 we are faster); its spread is given by the quartiles.
"""

from erlangen.bench.case import Case, case, cases
from erlangen.bench.course import Course, course, courses, run_course, write_course
from erlangen.bench.measure import measure
from erlangen.bench.peers import Peer, build_peers, peer_python, peers
from erlangen.bench.record import Record, read_records, write_record

__all__ = [
    "Case",
    "Course",
    "Peer",
    "Record",
    "build_peers",
    "case",
    "cases",
    "course",
    "courses",
    "measure",
    "peer_python",
    "peers",
    "read_records",
    "run_course",
    "write_course",
    "write_record",
]
