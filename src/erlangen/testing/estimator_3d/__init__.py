"""The 3-D twin of scikit-learn's ``check_estimator``, for inputs ``(n, channels, time)`` and ``(n, k, k)``.

Definition: the laws stand by theme in ``construction``, ``fitting``, ``inputs``, ``outputs`` and ``targets``; ``battery`` joins them.
Convention: what a law asks of methods it asks of those the estimator has among ``METHODS``.
"""

from __future__ import annotations

from erlangen.testing.estimator_3d.battery import check_estimator_3d

__all__ = ["check_estimator_3d"]
