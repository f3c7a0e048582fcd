"""Every published number that the rest stands on: typed rows with their source and quote, and the checks they pass."""

from anagen.evidence.check import Problem, check
from anagen.evidence.tables import (
    adverse_events,
    arms,
    costs,
    evidence_hash,
    outcomes,
    parameters,
    row,
    studies,
    vetting_rules,
)

__all__ = [
    "Problem",
    "adverse_events",
    "arms",
    "check",
    "costs",
    "evidence_hash",
    "outcomes",
    "parameters",
    "row",
    "studies",
    "vetting_rules",
]
