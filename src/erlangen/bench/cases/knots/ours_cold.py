"""Our side from a cold start: a new interpreter each round, imports included.

Definition: ``ours.py`` in a process of its own, the diagrams and the answer as JSON over pipes.
Convention: its processor time and peak memory are those of the process.
"""

import json
import subprocess
import sys
from pathlib import Path

_CODE = """
import json, sys
sys.path.insert(0, sys.argv[1])
import ours
print(json.dumps(ours.run(json.load(sys.stdin))))
"""


def run(data):
    """Return the groups of the diagrams."""
    command = [sys.executable, "-c", _CODE, str(Path(__file__).parent)]
    done = subprocess.run(command, input=json.dumps(data), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
