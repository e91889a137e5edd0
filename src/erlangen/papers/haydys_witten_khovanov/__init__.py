"""From the Haydys–Witten equations to symplectic Khovanov homology; built so far: Khovanov homology itself, the target of the paper.

Definition: see the manifest and the notes beside this file.
Convention: public names of the library only.
"""
