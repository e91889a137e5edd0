"""Evaluation of classifiers by subject and session, and the tests that compare them.

Definition: splitters name who is trained on and who is tested; ``evaluate`` fills a table; ``paired_test`` compares two of its pipelines.
Convention: columns and protocols are MOABB's.
"""

from __future__ import annotations

from erlangen.estimators.evaluation.cross_session import CrossSession
from erlangen.estimators.evaluation.cross_subject import CrossSubject
from erlangen.estimators.evaluation.evaluate import evaluate
from erlangen.estimators.evaluation.paired_test import (
    PairedTest,
    paired_test,
    permutation_test,
    standardised_mean_difference,
    stouffer,
)
from erlangen.estimators.evaluation.result_table import ResultTable
from erlangen.estimators.evaluation.within_session import WithinSession

__all__ = [
    "CrossSession",
    "CrossSubject",
    "PairedTest",
    "ResultTable",
    "WithinSession",
    "evaluate",
    "paired_test",
    "permutation_test",
    "standardised_mean_difference",
    "stouffer",
]
