"""Frames and potentials for the command: reading, fitting, dynamics, the report.

Definition: each module is loaded by the commands of ``erlangen potential`` when it is wanted.
Convention: refusals name the file, the frame, the key and the element; options by their names on the command line.
"""
