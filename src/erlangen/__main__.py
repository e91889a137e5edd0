"""``python -m erlangen`` is the command ``erlangen``.

Definition: see :mod:`erlangen.cli`.
Convention: exit codes 0 ok, 1 failed reproduction, 2 usage, 3 bad input, 4 resource limit, 130 interrupted.
"""

from erlangen.cli import main

main()
