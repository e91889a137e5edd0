"""What the commands of ``erlangen knot`` share.

Definition: reading links from arguments and tables, computing what is asked of one, progress of a scan.
Convention: nothing here prints; the commands do.
"""
