"""A belief that looks calibrated: the draws of the priors, under the marks and the label that a calibration gives."""

from __future__ import annotations

from dataclasses import replace

from anagen.belief import Belief

SUBJECTS = ("scalp", "man", "woman", "five_ari", "minoxidil", "prp", "laser", "microneedling", "cells")
KEPT = ("follicles_per_cm2", "anagen_cv", "growth_mm_per_day")
LABEL = "calibrated to a test"


def fitted(n: int = 150, seed: int = 0) -> Belief:
    """Draws of the priors, marked as fitted where a calibration fits."""
    belief = Belief.prior(n, seed)
    rows = tuple(
        replace(row, mark="calibrated") if row.of in SUBJECTS and row.spread != "fixed" and row.name not in KEPT else row
        for row in belief.rows
    )
    return replace(belief, rows=rows, label=LABEL)
