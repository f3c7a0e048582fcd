"""A synthesis as data, for `--json`: plain numbers, lists and names; what is not known is null."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from anagen.evidence.spread import SAID

if TYPE_CHECKING:
    from anagen.evidence.certainty import Certainty
    from anagen.evidence.contrasts import Change, Contrast
    from anagen.evidence.harms import Harm
    from anagen.evidence.statements import Statement
    from anagen.synthesis import Harms, Synthesis

Data = dict[str, Any]
COUNTS = ("events", "people", "on_placebo", "placebo_people", "rows")


def synthesis(found: Synthesis) -> Data:
    """All of a synthesis. `trials` and the pooled `weights` are in one order."""
    return {
        "treatment": found.treatment.name,
        "title": found.title,
        "outcome": found.outcome,
        "unit": found.unit,
        "dose": found.dose,
        "against": found.against,
        "week": found.week,
        "trials": [contrast(one) for one in found.contrasts],
        "pooled": asdict(found.pooled) if found.pooled else None,
        "without_each": [asdict(one) for one in found.without],
        "by_risk_of_bias": {name: asdict(one) for name, one in found.by_risk.items()},
        "small_studies": {**asdict(found.small), "said": found.small.said},
        "beside": [{**contrast(one), "why": why} for one, why in found.beside],
        "without_control": [change(one) for one in found.changes],
        "statements": [statement(one) for one in found.statements],
        "certainty": certainty(found.certainty),
        "judged": {"at": found.judged_at, "mean": asdict(found.judged) if found.judged else None},
        "filled_in_with": asdict(found.filled) if found.filled else None,
        "notes": list(found.notes),
    }


def contrast(one: Contrast) -> Data:
    """One difference, with where its standard error comes from and its rows."""
    return {
        "study": one.study.study_id,
        "trial": one.family,
        "year": one.year or None,
        "treated": [arm.arm_id for arm in one.treated],
        "control": one.control.arm_id,
        "doses": one.doses or None,
        "counted": one.measure,
        "unit": one.unit,
        "site": one.site,
        "week": one.week,
        "people": one.people,
        "people_filled_in": one.n_filled,
        "difference": one.difference,
        "standard_error": one.se,
        "standard_error_from": SAID[one.spread],
        "filled_in": one.spread in ("filled", "bound"),
        "randomised": one.randomised,
        "risk_of_bias": one.study.risk_of_bias,
        "rows": list(one.rows),
    }


def change(one: Change) -> Data:
    """An arm's own change, without a control."""
    return {
        "study": one.study.study_id,
        "arm": one.arm.arm_id,
        "with": one.arm.concomitant,
        "counted": one.measure,
        "unit": one.unit,
        "week": one.week,
        "change": one.value,
        "people": None if one.n is None else round(one.n),
        "rows": [row.row_id for row in one.rows],
    }


def statement(one: Statement) -> Data:
    """A result without a number, with the source's own words where they were kept."""
    return {
        "study": one.study.study_id,
        "arm": one.arm.arm_id,
        "control": one.control.arm_id if one.control else None,
        "counted": one.measure,
        "week": one.week,
        "said": one.said,
        "quote": one.row.quote,
        "rows": [one.row.row_id],
    }


def certainty(found: Certainty) -> Data:
    """A level with the reason of each step."""
    return {**asdict(found), "means": found.means}


def harms(found: Harms) -> Data:
    """Every harm: chances are shares from 0 to 1; a chance of null with 0 events is known only to lie below `high`."""
    return {"treatment": found.treatment.name, "title": found.title, "dose": found.dose, "harms": [harm(one) for one in found.harms]}


def harm(one: Harm) -> Data:
    """One harm, with the count of each trial."""
    return {
        "event": one.event,
        "per": one.unit,
        "chance": asdict(one.rate) if one.rate else None,
        "trials_too_far_apart": bool(one.rate and one.rate.scattered),
        "on_placebo": asdict(one.placebo) if one.placebo else None,
        "more_than_placebo": asdict(one.excess) if one.excess else None,
        "trials": [{"study": count.study.study_id, **{name: getattr(count, name) for name in COUNTS}} for count in one.counts],
        "beside": [{"row": row.row_id, "study": row.study_id, "percent": row.percent, "why": why} for row, why in one.beside],
    }
