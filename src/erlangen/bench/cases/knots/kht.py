"""The peer's side: kht++, reduced Bar-Natan homology over a prime field of a torus knot, given as a braid closure in Morse words.

Definition: caps, p - 1 generators q times, cups; its answer lists F[H] and pairs that H^k joins, with the degrees of the first of the two.
Convention: a process each round, as a user runs it; F[H]/H^k stands at the second of the pair, and as order 2^k among the groups.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

_PART = re.compile(r"^ ?\d+\) h\^ *(-?\d+) q\^ *(-?\d+) δ[^⬮]*⬮(——H(?:\^(\d+))?—>⬮)?$", re.MULTILINE)


def _words(p, q):
    """Return the Morse word of T(p, q), the closing strands to the right of the braid."""
    caps = [f"r{k}" for k in range(1, p)]
    crossings = [f"y{i}" for _ in range(q) for i in range(p - 1)]
    cups = [f"u{k}" for k in range(p - 1, 0, -1)]
    return ".".join(caps + crossings + cups)


def run(data):
    """Return the components of Bar-Natan homology."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "knots" / "torus.kht"
        path.parent.mkdir()
        path.write_text(f"% torus knot\n{_words(*data['torus'])}\n,1\n", encoding="utf-8")
        program = str(Path(sys.prefix) / "source" / "kht++")
        command = [program, f"-c{data['ring'].removeprefix('F')}", "knots/torus.kht"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    return [[_part(*found) for found in _PART.findall(done.stdout)]]


def _part(h, q, joined, power):
    k = int(power or 1) if joined else 0
    return [int(h) + bool(k), int(q) + 2 * k, 2**k if k else 0, 1]
