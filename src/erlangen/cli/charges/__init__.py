"""What the commands ``charges`` share: reading equations, metrics, vector fields and problems.

Definition: each name is documented where it is defined.
Convention: expressions go through the library's white-listed parser and are never evaluated as Python.
"""
