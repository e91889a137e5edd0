"""Nothing to make: both sides have the metric in their catalogue.

Definition: the score is 1 where Ricci's tensor was found zero.
Convention: exact zeros, no numbers.
"""


def make():
    """Return nothing."""
    return {}


def score(data, result):
    """Return whether all sixteen components are zero."""
    return {"right": int(result)}
