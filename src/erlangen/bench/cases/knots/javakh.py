"""The peer's side: JavaKh, version 2, of the Knot Atlas; unreduced homology alone.

Definition: one process, ``-Z``, ``-Q`` or ``-m p``, a diagram a line on its input, its answer a polynomial with Z[n] for the groups.
Convention: as released, with its own class files; cold: a process each round; warm: one that lives on. A list Z[0, 2] is a sum.
"""

import re
import subprocess
import sys
from pathlib import Path

_PROCESS = []
_TERM = re.compile(r"(?:(\d+)\*)?q\^(-?\d+)\*t\^(-?\d+)\*Z\[([\d, ]+)\]")


def _start(data):
    ring = {"Z": ["-Z"], "Q": ["-Q"]}.get(data["ring"]) or ["-m", data["ring"].removeprefix("F")]
    place = Path(sys.prefix) / "source" / "KnotTheory" / "JavaKh-v2"
    classes = ":".join(map(str, (place / "bin", *sorted((place / "jars").glob("*.jar")))))
    command = ["java", "-cp", classes, "org.katlas.JavaKh.JavaKh", *ring]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def _ask(process, diagram):
    text = ",".join("X[" + ",".join(map(str, quad)) + "]" for quad in diagram)
    process.stdin.write(f"PD[{text}]\n")
    process.stdin.flush()
    line = next((line for line in process.stdout if "Z[" in line), None)
    if line is None:
        message = "JavaKh ended before it answered"
        raise RuntimeError(message)
    found = _TERM.findall(line)
    return [[int(h), int(q), int(order), int(n or 1)] for n, q, h, orders in found for order in orders.split(",")]


def run(data):
    """Return the groups of the diagrams."""
    process = _start(data) if data["cold"] or not _PROCESS else _PROCESS[0]
    if not data["cold"] and not _PROCESS:
        _PROCESS.append(process)
    for _ in range(data["repeat"]):
        groups = [_ask(process, diagram) for diagram in data["diagrams"]]
    if data["cold"]:
        process.stdin.close()
        process.wait()
    return groups


def child():
    """Return the identifier of the living process, or None."""
    return _PROCESS[0].pid if _PROCESS else None
