"""Where numbers come from, as data: results, unknowns and parts once, and each option by their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from anagen.ground.rows import priors
from anagen.grounds.unknowns import said

if TYPE_CHECKING:
    from anagen.evidence.certainty import Certainty
    from anagen.ground.rows import Row
    from anagen.grounds import Entry, Grounds, Part

Number = Annotated[float, Field(allow_inf_nan=False)]
Level = Literal["high", "moderate", "low", "very low", "not known"]


class Model(BaseModel):
    """Written for a program: frozen, no other keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReasonOf(Model):
    """What one domain of GRADE took away: `down` steps (0: none), and why."""

    domain: str
    down: int
    why: str


class CertaintyOf(Model):
    """How sure the evidence is: `level`, what it `means`, from `start` down by the `reasons`; trials and people it was judged on."""

    level: Level
    means: str
    start: Level
    reasons: list[ReasonOf]
    studies: int
    people: int | None


class ResultOf(Model):
    """One result that the calibration read. `value` is null where it was only said; its range where the spread was not read.

    `found`: it in words. `n_origin`: `read`, `shared` (the trial's people over its arms) or `assumed`; then `people` is null.
    """

    rows: list[str]
    trial: str
    study: str
    citation: str
    given: str
    against: str
    counted: str
    week: Number
    value: Number | None
    unit: str
    low_95: Number | None
    high_95: Number | None
    said: str | None
    found: str
    people: int | None
    n_origin: str
    risk_of_bias: str
    url: str


class UnknownOf(Model):
    """One unknown: what it is, the middle and central 95 % that are believed, its mark and source, and its stated prior."""

    what: str
    value: Number
    low: Number
    high: Number
    unit: str
    mark: str
    source: str
    who: str
    notes: str
    prior_value: Number | None
    prior_low: Number | None
    prior_high: Number | None


class PartOf(Model):
    """What one treatment, or the course without any (`nothing`), stands on; `results`, `shared_results` and `unknowns` by name.

    `shared_results` are those of other treatments that share its unknowns. `assumes`: what the model takes to be so.
    """

    treatment: str
    basis: str
    certainty: CertaintyOf
    trials: int
    people: int
    trials_without_people: int
    who: str
    results: list[str]
    shared_results: list[str]
    unknowns: list[str]
    assumes: list[str]


class SourcesOf(Model):
    """All results, unknowns and parts that the options of an answer stand on, by name.

    `calibrated`: whether the belief was fitted to the results; `why_not`: where it was not, why none is listed.
    """

    calibrated: bool
    why_not: str
    results: dict[str, ResultOf]
    unknowns: dict[str, UnknownOf]
    parts: dict[str, PartOf]


class GroundsOf(Model):
    """What one option stands on: how sure, trials and people behind it, its `parts` by name, what is taken to be so, what to cite.

    `studies` are ids of `anagen evidence show`, `parameters` its rows, `methods` keys of `--cite`.
    """

    certainty: CertaintyOf
    trials: int
    people: int
    who: str
    parts: list[str]
    assumes: list[str]
    studies: list[str]
    parameters: list[str]
    methods: list[str]


def sources(every: Iterable[Grounds]) -> SourcesOf:
    """What some grounds have in common, each thing once."""
    found = list(every)
    parts = {part.title: part for grounds in found for part in grounds.all_parts}
    entries = {_name(one): one for part in parts.values() for one in (*part.entries, *part.kin)}
    rows = {f"{row.of}.{row.name}": row for part in parts.values() for row in part.rows}
    return SourcesOf(
        calibrated=found[0].calibrated,
        why_not=found[0].why_not,
        results={name: _result(one) for name, one in entries.items()},
        unknowns={name: _unknown(row) for name, row in rows.items()},
        parts={title: _part(part) for title, part in parts.items()},
    )


def grounds(found: Grounds) -> GroundsOf:
    """What one option stands on."""
    return GroundsOf(
        certainty=_certainty(found.certainty),
        trials=found.trials,
        people=found.people,
        who=found.who,
        parts=[part.title for part in found.all_parts],
        assumes=[one.said for one in found.structure],
        studies=[study.study_id for study in found.studies],
        parameters=[one.row_id for one in found.parameters],
        methods=list(found.methods),
    )


def _name(one: Entry) -> str:
    return "+".join(one.rows)


def _certainty(found: Certainty) -> CertaintyOf:
    return CertaintyOf(
        level=found.level,
        means=found.means,
        start=found.start,
        reasons=[ReasonOf(domain=one.domain, down=one.down, why=one.why) for one in found.reasons],
        studies=found.studies,
        people=found.people,
    )


def _part(part: Part) -> PartOf:
    return PartOf(
        treatment=part.name,
        basis=part.basis,
        certainty=_certainty(part.certainty),
        trials=part.trials,
        people=part.people,
        trials_without_people=part.unread,
        who=part.who,
        results=[_name(one) for one in part.entries],
        shared_results=[_name(one) for one in part.kin],
        unknowns=[f"{row.of}.{row.name}" for row in part.rows],
        assumes=[one.said for one in part.structure],
    )


def _result(one: Entry) -> ResultOf:
    low, high = one.range or (None, None)
    return ResultOf(
        rows=list(one.rows),
        trial=one.trial,
        study=one.study.study_id,
        citation=one.study.citation,
        given=one.given,
        against=one.against,
        counted=one.counted,
        week=one.week,
        value=None if one.said else one.value,
        unit=one.unit,
        low_95=None if low is None else round(low, 3),
        high_95=None if high is None else round(high, 3),
        said=one.size if one.said else None,
        found=one.found,
        people=one.people,
        n_origin=one.n_origin,
        risk_of_bias=one.study.risk_of_bias,
        url=one.url,
    )


def _unknown(row: Row) -> UnknownOf:
    prior = next((one for one in priors() if (one.of, one.name) == (row.of, row.name)), None)
    before = (None, None, None) if prior is None else (prior.value, prior.low, prior.high)
    return UnknownOf(
        what=said(row),
        value=_short(row.value),
        low=_short(row.low),
        high=_short(row.high),
        unit=row.unit,
        mark=row.mark,
        source=row.source,
        who=row.who,
        notes=row.notes,
        prior_value=before[0],
        prior_low=before[1],
        prior_high=before[2],
    )


def _short(value: float) -> float:
    """Six digits: draws say no more."""
    return float(f"{value:.6g}")


__all__ = ["GroundsOf", "SourcesOf", "grounds", "sources"]
