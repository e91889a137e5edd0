"""``erlangen covariance``: signals by their covariances.

Definition: ``classify`` scores a pipeline and predicts, ``mean`` averages matrices, ``embedding`` chooses the order and lag of a delay embedding.
Convention: the group loads nothing until one of its commands is named.
"""

from __future__ import annotations

import click

from erlangen.cli.lazy_group import Entry, LazyGroup

__all__ = ["command"]

_ENTRIES = {
    "classify": Entry("erlangen.cli.commands.covariance_classify", "Score a classifier of trials, and predict others."),
    "mean": Entry("erlangen.cli.commands.covariance_mean", "Average covariances, with a certificate."),
    "embedding": Entry("erlangen.cli.commands.covariance_embedding", "Choose order and lag of a delay embedding."),
}


@click.group("covariance", cls=LazyGroup, entries=_ENTRIES)
def command() -> None:
    """Classify signals by their covariances, average covariances, choose a delay embedding."""
