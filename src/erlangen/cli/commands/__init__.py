"""The commands, one file each.

Definition: a module of this folder holds one attribute ``command``; the table of :mod:`erlangen.cli.app` names them.
Convention: a command reads options, calls public functions of the rooms below, prints; it computes nothing itself.
"""
