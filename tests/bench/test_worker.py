"""The worker: one JSON line for each JSON line, figures of the round and not of the process that started it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import erlangen.bench
from erlangen.bench.worker import _forget_peak, _peak, _version

WORKER = Path(erlangen.bench.__file__).with_name("worker.py")
DATA = "def make(size): return size\ndef score(data, result): return {'size': result}\n"
SIDE = """
def run(size):
    block = bytearray(size)
    for i in range(0, size, 4096): block[i] = 1
    print("noise")
    return len(block)
"""


@pytest.fixture
def serve(tmp_path):
    """Start the worker on a side, give it lines, return its answers."""

    def run(*lines, side=SIDE, size=0, package="numpy"):
        for name, text in (("data.py", DATA), ("side.py", side)):
            (tmp_path / name).write_text(text)
        files = [str(tmp_path / "data.py"), str(tmp_path / "side.py")]
        command = [sys.executable, str(WORKER), *files, package, json.dumps({"size": size})]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        assert done.stderr.count("noise") == sum("cpu" in json.loads(line) for line in done.stdout.splitlines())
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


def test_a_score_is_given_where_it_is_asked_for(serve):
    first, second = serve({"score": True}, {"score": False}, size=8)
    assert first["score"] == {"size": 8.0}
    assert "score" not in second
    assert {"cpu", "wall", "peak", "version"} <= second.keys()
    assert second["version"] == _version("numpy")


def test_a_round_that_raises_does_not_end_the_worker(serve):
    side = "calls = []\ndef run(size):\n    calls.append(1)\n    if len(calls) == 1: raise OSError('once')\n    print('noise')\n    return 1\n"
    first, second = serve({}, {}, side=side)
    assert first == {"error": "OSError: once"}
    assert second["wall"] >= 0


def test_a_side_that_cannot_be_loaded_is_an_answer(serve):
    assert serve({}, side="import nosuchmodule\n") == [{"error": "ModuleNotFoundError: No module named 'nosuchmodule'"}]


@pytest.mark.skipif(sys.platform != "linux", reason="the peak begins anew on Linux only")
def test_the_peak_is_that_of_the_round(serve):
    """A large process that starts the worker, and an earlier larger round, do not count."""
    ballast = bytearray(200 * 2**20)
    ballast[::4096] = b"1" * len(ballast[::4096])
    (small,), (large,) = serve({}, size=2**20), serve({}, size=100 * 2**20)
    assert large["peak"] - small["peak"] == pytest.approx(99 * 2**20, rel=0.1)
    assert small["peak"] < 100 * 2**20 < len(ballast)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak begins anew on Linux only")
def test_the_peak_begins_anew():
    block = bytearray(64 * 2**20)
    block[::4096] = b"1" * len(block[::4096])
    high = _peak()
    del block
    _forget_peak()
    assert _peak() < high - 32 * 2**20


def test_a_package_that_is_not_there_has_no_version():
    assert _version("no-such-package-anywhere") == ""


CHILD = """
import subprocess, sys
LIVING = []
WORK = "block = bytearray(%d)\\nfor i in range(0, len(block), 4096): block[i] = 1\\nsum(range(3_000_000))\\n"
def run(size):
    if not KEEP:
        return subprocess.run([sys.executable, "-c", WORK % size], check=True)
    if not LIVING:
        loop = "import sys\\nfor line in sys.stdin:\\n exec(sys.argv[1]); print(1, flush=True)"
        LIVING.append(subprocess.Popen([sys.executable, "-c", loop, WORK % size], stdin=-1, stdout=-1, text=True))
    LIVING[0].stdin.write("go\\n"); LIVING[0].stdin.flush()
    print("noise")
    return LIVING[0].stdout.readline()
def child():
    return LIVING[0].pid if LIVING else None
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a living child is read from /proc")
@pytest.mark.parametrize("keep", [False, True])
def test_a_process_of_the_side_counts(tmp_path, keep):
    """Time and memory spent in a child are the side's, whether it ends in the round or lives on."""
    side = CHILD.replace("KEEP", str(keep))
    (tmp_path / "data.py").write_text(DATA)
    (tmp_path / "side.py").write_text(side)
    command = [sys.executable, str(WORKER), str(tmp_path / "data.py"), str(tmp_path / "side.py"), "numpy"]
    done = subprocess.run(
        [*command, '{"size": 150000000}'], input="{}\n{}\n", capture_output=True, text=True, check=True
    )
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    for answer in (first, second):
        assert answer["cpu"] > 0.02
        assert answer["peak"] > 1.4e8
