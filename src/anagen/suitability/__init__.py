"""Who must not be answered with a number, for whom an option is not, and where an answer leaves the evidence.

`refuse` is the gate ahead of every forecast; `suitable` judges every option for one person by the tables in `data/suitability/`;
`limits_of` says where a forecast leaves the evidence.
"""

from __future__ import annotations

from anagen.suitability.gate import AREATA, LEAST_AGE_YEARS, not_asked, refuse
from anagen.suitability.reach import NEITHER, Reach, fits, limits_of, misses, reach, too_high, tried_together
from anagen.suitability.tables import ASK_FIRST, DO_NOT, NOT_STUDIED, PRECEDENCE, STUDIED
from anagen.suitability.verdict import OptionVerdict, Reason, Suitability, suitable

__all__ = [
    "AREATA",
    "ASK_FIRST",
    "DO_NOT",
    "LEAST_AGE_YEARS",
    "NEITHER",
    "NOT_STUDIED",
    "PRECEDENCE",
    "STUDIED",
    "OptionVerdict",
    "Reach",
    "Reason",
    "Suitability",
    "fits",
    "limits_of",
    "misses",
    "not_asked",
    "reach",
    "refuse",
    "suitable",
    "too_high",
    "tried_together",
]
