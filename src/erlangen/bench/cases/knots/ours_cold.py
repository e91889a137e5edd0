"""Our side from a cold start: a new interpreter each round, imports included.

Definition: ``ours.py`` in a process of its own, the diagrams and the answer as JSON over pipes.
Convention: its processor time and peak memory are those of the process; compiled modules are kept between rounds, as an installation has them.
"""

import json
import os
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
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, input=json.dumps(data), capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout)
