"""The peer's side: KnotJob, whose answers are read from its output.

Definition: one process, ``-kr`` or ``-ku`` with the ring's flag, a diagram a line on its input.
Convention: as released, with the heap and the collector Java chooses, or $KNOTJOB_JAVA; cold: a process each round, ended before the clock stops;
warm: one that lives on, its processor time and its memory counted through ``child``.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

_PROCESS = []
_TERM = re.compile(r"(?:(\d+) ?)?(?:t(?:\^(-?\d+))? ?)?(?:q(?:\^(-?\d+))?)?$")


def _start(data):
    flag = {"Z": "0", "Q": "1"}.get(data["ring"], data["ring"].removeprefix("F"))
    kind = "-ko" if data.get("odd") else "-kr" if data["reduced"] else "-ku"
    classes = Path(sys.prefix) / "source" / "java" / "build"
    options = os.environ.get("KNOTJOB_JAVA", "").split()
    command = ["java", *options, "-cp", str(classes), "knotjob.KnotJob", "-print-dones", kind + flag]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def _polynomial(text, order):
    entries = []
    for part in text.replace("+", " + ").split(" + "):
        term = " ".join(part.split())
        if term in ("", "0"):
            continue
        n, h, q = _TERM.match(term).groups()
        degree = [int(x) if x else int(letter in term) for letter, x in (("t", h), ("q", q))]
        entries.append([*degree, order, int(n or 1)])
    return entries


def _ask(process, diagram):
    text = ",".join("X[" + ",".join(map(str, quad)) + "]" for quad in diagram)
    process.stdin.write(f"PD[{text}]\n")
    process.stdin.flush()
    entries = []
    for line in process.stdout:
        if line.startswith("computation done"):
            return entries
        head, _, tail = line.partition(":")
        if head.startswith("Torsion of order"):
            entries += _polynomial(tail, int(head.split()[3]))
        elif "omology" in head:
            entries += _polynomial(tail, 0)
    message = "KnotJob ended before it answered"
    raise RuntimeError(message)


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
