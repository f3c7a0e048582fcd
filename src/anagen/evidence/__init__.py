"""Every published number that the rest stands on: typed rows with their source and quote, and the checks they pass."""

from anagen.evidence.base import Evidence
from anagen.evidence.check import Problem, check, check_extra
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
    "Evidence",
    "Problem",
    "adverse_events",
    "arms",
    "check",
    "check_extra",
    "costs",
    "evidence_hash",
    "outcomes",
    "parameters",
    "row",
    "studies",
    "vetting_rules",
]
