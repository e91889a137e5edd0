"""Batch normalisation of SPD matrices in Bures–Wasserstein geometry: its claims, what is run for them, and its figures.

Definition: see the manifest and the notes beside this file.
Convention: public names of the library only.
"""
