from __future__ import annotations

import json
import os
import subprocess
import sys

from erlangen.gallery.server.limits import Limits, resident_bytes

_PROGRAM = """
import json, os, resource, sys
from erlangen.gallery.server.limits import Limits, lower
lower(Limits(**json.loads(sys.argv[1])))
kinds = ("CPU", "FSIZE", "AS", "CORE")
print(json.dumps([*(resource.getrlimit(getattr(resource, f"RLIMIT_{kind}"))[0] for kind in kinds), os.nice(0)]))
"""


def _lowered(limits: Limits, program: str = _PROGRAM) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program, json.dumps(limits.to_json())], capture_output=True, text=True)


def test_a_process_lowers_itself():
    found = json.loads(_lowered(Limits(cpu_seconds=11, file_bytes=1 << 20, address=1 << 32, nice=3)).stdout)
    assert found == [11, 1 << 20, 1 << 32, 0, os.nice(0) + 3]


def test_without_a_limit_of_address_space_none_is_set():
    assert json.loads(_lowered(Limits(address=None)).stdout)[2] == -1


def test_memory_beyond_the_limit_is_refused_by_the_system():
    program = _PROGRAM.partition("kinds")[0] + "bytearray(2 << 30)"
    found = _lowered(Limits(address=1 << 30), program)
    assert found.returncode != 0
    assert "MemoryError" in found.stderr


def test_the_limits_of_this_machine_leave_room_for_torch():
    limits = Limits.of_machine()
    assert limits.resident >= 2 << 30
    assert limits.address is None or limits.address >= 4 << 30
    assert limits.nice > 0


def test_the_numerical_packages_work_within_the_limits_of_this_machine():
    work = (
        "import torch, scipy.linalg, sklearn.neighbors, numpy\n"
        "square = torch.eye(300, dtype=torch.float64) @ torch.ones(300, 300, dtype=torch.float64)\n"
        "scipy.linalg.eigh(square.numpy() + numpy.eye(300))\n"
        "sklearn.neighbors.NearestNeighbors(n_jobs=2).fit(square.numpy()).kneighbors()\n"
        "print('done')"
    )
    found = _lowered(Limits.of_machine(), _PROGRAM.partition("kinds")[0] + work)
    assert found.stdout == "done\n", found.stderr


def test_resident_memory_of_this_process():
    assert 10 << 20 < resident_bytes(os.getpid()) < 1 << 36
