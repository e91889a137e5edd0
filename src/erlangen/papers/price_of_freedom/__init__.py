"""The price of freedom: expressivity and cost of equivariant tensor products, their claims and figures.

Definition: see the manifest and the notes beside this file.
Convention: public names of the library only.
"""
