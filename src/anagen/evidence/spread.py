"""The standard error of a difference, by the best of what a source gives; what it does not give is filled in and named so.

In this order: a standard error; a 95 % interval; the arms' SDs (or standard errors) with their people; an exact p value of this very
comparison. Else the SD of one person's change is that of the randomised arms that state one, pooled by their people (`pooled_sd`),
held within what the source says of p: `p < 0.001` sets an upper limit to the standard error, `not significant` a lower one.
A +- of unknown kind is never used. Halves of one scalp are taken as if they were different people, which errs to the wide side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from anagen.evidence.contrasts import Change, Unit
    from anagen.evidence.rows import Outcome

How = Literal["se", "ci", "sd", "p", "filled", "bound", "none"]
"""Where a standard error comes from. `filled`: the pooled SD of other trials; `bound`: all that p allows, no people being read."""

SAID: Mapping[How, str] = {
    "se": "standard error read",
    "ci": "from the interval read",
    "sd": "from the arms' SDs",
    "p": "from the exact p value",
    "filled": "filled in: the SD of other trials with this trial's people",
    "bound": "filled in: the largest that its p value allows",
    "none": "not known",
}
LEVEL = 0.05


@dataclass(frozen=True)
class Spread:
    """The SD of one person's change in one unit, pooled over `arms` arms with `people` people, from `rows`."""

    sd: float
    arms: int
    people: float
    rows: tuple[str, ...]


def pooled_sd(changes: Iterable[Change]) -> dict[Unit, Spread]:
    """The SD of one person's change in each unit, pooled over the arms that state one: sqrt(sum (n - 1) sd**2 / sum (n - 1)).

    >>> from anagen.evidence import Evidence
    >>> from anagen.evidence.contrasts import RANDOMISED, changes
    >>> found = pooled_sd(one for one in changes(Evidence.shipped()) if one.study.design in RANDOMISED)["hairs/cm2"]
    >>> round(found.sd, 1), found.arms
    (20.7, 12)
    """
    groups: dict[Unit, list[Change]] = {}
    for change in changes:
        if change.variance is not None and change.n is not None and change.n > 1:
            groups.setdefault(change.unit, []).append(change)
    found = {}
    for unit, group in groups.items():
        freedom = [(change.n or 0.0) - 1 for change in group]
        squares = [(change.variance or 0.0) * (change.n or 0.0) for change in group]
        sd = (sum(f * s for f, s in zip(freedom, squares, strict=True)) / sum(freedom)) ** 0.5
        rows = tuple(row.row_id for change in group for row in change.rows)
        found[unit] = Spread(sd, len(group), sum(change.n or 0.0 for change in group), rows)
    return found


def filled(spreads: Mapping[Unit, Spread], unit: Unit) -> float | None:
    """The SD to fill in for a unit, or None where no trial states one."""
    return spreads[unit].sd if unit in spreads else None


def arm_variance(row: Outcome, n: float | None, scale: float) -> float | None:
    """The variance of an arm's mean change, from what its row states; None where it states nothing that can be used."""
    if row.se is not None:
        return (row.se * scale) ** 2
    if row.ci_low is not None and row.ci_high is not None:
        return ((row.ci_high - row.ci_low) * scale / (2 * _t(LEVEL, n - 1 if n else None))) ** 2
    return (row.sd * scale) ** 2 / n if row.sd is not None and n else None


def between(
    row: Outcome | None,
    scale: float,
    difference: float,
    variances: tuple[float | None, float | None],
    people: tuple[float | None, float | None],
    told: Sequence[Outcome],
    sd: float | None,
) -> tuple[float | None, How, float]:
    """The standard error of a difference, how it was found, and the control's own part of its square.

    row: the difference as the source gives it, if it does, and its scale. variances, people: of the treated and of the control arm.
    told: rows whose p value compares these two arms. sd: of one person's change, to fill in.
    """
    n1, n0 = people
    freedom = n1 + n0 - 2 if n1 and n0 else None
    at = [limit for limit in (_p(other.p_value) for other in told) if limit] if difference else []
    exact = [p for sign, p in at if sign == "="]
    if row is not None and row.se is not None:
        return _shared(row.se * scale, "se", n1, n0)
    if row is not None and row.ci_low is not None and row.ci_high is not None:
        return _shared((row.ci_high - row.ci_low) * scale / (2 * _t(LEVEL, freedom)), "ci", n1, n0)
    if variances[0] is not None and variances[1] is not None:
        return (variances[0] + variances[1]) ** 0.5, "sd", variances[1]
    if exact and exact[0] < 1:
        return _shared(abs(difference) / _t(exact[0], freedom), "p", n1, n0)
    most = min((abs(difference) / _t(p, freedom) for sign, p in at if sign == "<"), default=float("inf"))
    least = max((abs(difference) / _t(p, freedom) for sign, p in at if sign == ">"), default=0.0)
    parts = [v if v is not None else (sd**2 / n if sd is not None and n else None) for v, n in zip(variances, people, strict=True)]
    if parts[0] is not None and parts[1] is not None:
        whole = (parts[0] + parts[1]) ** 0.5
        se = max(min(whole, most), least)
        return se, "filled", parts[1] * (se / whole) ** 2
    return _shared(most, "bound", n1, n0) if 0 < most < float("inf") else (None, "none", 0.0)


def _shared(se: float, how: How, n1: float | None, n0: float | None) -> tuple[float, How, float]:
    """The control's part of a standard error that was read as a whole: as if both arms had one SD."""
    return se, how, se**2 * (n1 / (n1 + n0) if n1 and n0 else 0.5)


def _t(p: float, freedom: float | None) -> float:
    """How many standard errors a two-sided p stands for: by t where the people are known, else by the normal."""
    from scipy.special import ndtri, stdtrit

    return -float(stdtrit(freedom, p / 2) if freedom and freedom > 0 else ndtri(p / 2))


def _p(cell: str | None) -> tuple[Literal["=", "<", ">"], float] | None:
    """What a p cell says: exactly, less than, or more than so much.

    >>> _p("<0.001"), _p("0.27"), _p("not_significant")
    (('<', 0.001), ('=', 0.27), ('>', 0.05))
    """
    if cell in ("significant", "not_significant"):
        return ("<" if cell == "significant" else ">"), LEVEL
    found = re.fullmatch(r"(<=?)?\s*(\d*\.\d+)", cell or "")
    return ("<" if found[1] else "=", float(found[2])) if found else None
