"""Diagrams of links: the value Link, braids and tangles, the codes they are read from, and the moves between them.

Definition: each name is documented where it is defined.
Convention: the end ``4 c + s`` is slot ``s`` of crossing ``c``; slots run anticlockwise from the incoming under edge.
"""
