"""An answer as data: the JSON that `--json` prints, built through models, so that it fits its published JSON Schema.

The schemas lie in `data/schema/`; `write_schemas` makes them. Keys may be added; none is renamed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel

from anagen import __version__
from anagen.chances import Kind
from anagen.choices import Choices, choices
from anagen.compare import NOT_A_DEVICE, Comparison, Option
from anagen.forecast import BANDS, BANDS_HOLD, OUTPUTS, Band
from anagen.people.person import Person
from anagen.report import choices_data, sources_data
from anagen.report.choices_data import ChoicesOf
from anagen.report.procedure_schema import TherapyOf
from anagen.report.sources_data import GroundsOf, Model, Number, SourcesOf
from anagen.scalp.outputs import OUTPUTS as KNOWN
from anagen.treatments.join_trial import JoinTrial

Output = Literal["visible", "terminal", "calibre"]
_INNERMOST = re.compile(r"\{\n\s+([^{}\[\]]*?)\n\s*\}")


class Range(Model):
    """The middle forecast at one week, and the central ranges that hold 50, 80 and 95 % of forecasts."""

    week: int
    median: Number
    low_50: Number
    high_50: Number
    low_80: Number
    high_80: Number
    low_95: Number
    high_95: Number


class ChancesAt(Model):
    """Out of `people` like this one, by `week`, against today: visible gain, neither, visible loss (they add up); `fewer`: fewer hairs.

    `ranges`: how far `gain`, `loss` and `fewer` are open for what is not known, 95 %; empty where too few draws fit the person.
    """

    week: int
    people: int
    gain: int
    neither: int
    loss: int
    fewer: int
    ranges: dict[Kind, tuple[int, int]]


class StepOf(Model):
    """One treatment of a plan, at a dose in its own unit."""

    treatment: str
    dose: Number
    unit: str


class OptionOf(Model):
    """One option. `plan`: the sentence that gives it again. Without a forecast, `forecast`, `gain`, `chances` and `grounds` are null.

    `forecast`: region -> output -> one range a moment; `gain`: region -> hairs/cm2 more than with the option `nothing`, one range a
    moment; `gain_over_now`: the same over going on with what is taken today (null: nothing is taken); `chances`: region -> one
    entry a moment after today; `too_high_weeks`: moments whose numbers are known to be too high. `basis`: what the forecast stands
    on; `beyond`: where it leaves the evidence; `grounds`: where its numbers come from, by names of `sources`, and how sure they are.
    """

    name: str
    title: str
    group: str
    plan: str
    steps: list[StepOf]
    basis: str
    beyond: list[str]
    too_high_weeks: list[int]
    forecast: dict[str, dict[Output, list[Range]]] | None
    gain: dict[str, list[Range]] | None
    gain_over_now: dict[str, list[Range]] | None
    chances: dict[str, list[ChancesAt]] | None
    grounds: GroundsOf | None


class BeliefOf(Model):
    """Where the numbers come from: `draws` tried, those that fit the person, and how many equal ones these are worth.

    `ruled_by`: what is known of the person and was used; `evidence_hash`: of the tables that the belief came from.
    """

    label: str
    made_by: str
    evidence_hash: str
    draws: int
    draws_that_fit: int
    effective_draws: Number
    seed: int
    ruled_by: list[str]


class MomentOf(Model):
    """A time at which every option is read."""

    label: str
    week: int


class PublishedOf(Model):
    """A published result, brought to hairs/cm2, beside our forecast of the same thing; `against` null: against the start."""

    row: str
    study: str
    citation: str
    url: str
    quote: str
    week: int
    arm: str
    against: str | None
    n: int | None
    per_cm2: Number
    per_cm2_range: tuple[Number, Number] | None
    ours: Range


class JoinTrialOf(Model):
    """The option that nobody can forecast: what it is, where trials are listed, what to ask."""

    what: str
    where: list[str]
    ask: list[str]


class Head(Model):
    """What every answer carries. `main_region`: the one that a person asks about; `visible_change`: the share that counts as visible.

    `sources`: the results, unknowns and parts that the options stand on.
    """

    anagen: str
    not_a_device: str
    bands_hold: str
    page: str | None
    person: Person
    belief: BeliefOf
    units: dict[Output, str]
    regions: dict[str, str]
    main_region: str
    moments: list[MomentOf]
    visible_change: Number
    sources: SourcesOf


class ComparisonOf(Head):
    """The answer of `anagen compare --json`: every option, side by side."""

    kind: Literal["comparison"] = "comparison"
    groups: dict[str, str]
    options: list[OptionOf]
    choices: ChoicesOf
    join_trial: JoinTrialOf
    published: list[PublishedOf]


class ForecastOf(Head):
    """The answer of `anagen forecast --json`: one plan against another, or against nothing.

    `gain`: region -> output -> what the plan gives over `against`, one range a moment, hairs/cm2 or um.
    """

    kind: Literal["forecast"] = "forecast"
    plan: OptionOf
    against: OptionOf
    gain: dict[str, dict[Output, list[Range]]]


def comparison(answer: Comparison, page: str | None = None, weighed: Choices | None = None) -> ComparisonOf:
    """A comparison as data; `page`: where its page was written; `weighed`: its choices, where they are at hand."""
    published = [
        PublishedOf(
            row=one.row_id,
            study=one.study,
            citation=one.citation,
            url=one.url,
            quote=one.quote,
            week=one.week,
            arm=one.arm,
            against=one.against,
            n=one.n,
            per_cm2=round(one.per_cm2, 3),
            per_cm2_range=one.per_cm2_range,
            ours=_ranges(one.ours, [one.week])[0],
        )
        for one in answer.published
    ]
    found = {
        "groups": {group.name: group.title for group in answer.groups},
        "options": [_option(answer, option) for option in answer.options],
        "choices": choices_data.choices(weighed or choices(answer)),
        "join_trial": JoinTrialOf(what=JoinTrial.what, where=list(JoinTrial.where), ask=list(JoinTrial.ask)),
        "published": published,
    }
    return ComparisonOf.model_validate(_head(answer, page) | found)


def forecast(answer: Comparison, plan: Option, against: Option, page: str | None = None) -> ForecastOf:
    """One plan against another, as data."""
    weeks = answer.read_weeks
    gain = {region: {output: _ranges(plan.gain(against, output, region, weeks), weeks) for output in OUTPUTS} for region in answer.regions}
    return ForecastOf.model_validate(
        {**_head(answer, page), "plan": _option(answer, plan), "against": _option(answer, against), "gain": gain}
    )


def text(made: Model) -> str:
    """JSON, each innermost object on one line, with no number that is not one."""
    whole = json.dumps(made.model_dump(mode="json"), indent=1, allow_nan=False, ensure_ascii=False)
    return _INNERMOST.sub(lambda found: "{" + re.sub(r"\n\s+", " ", found[1]) + "}", whole) + "\n"


def schemas() -> dict[str, str]:
    """The JSON Schemas by file name: what a person's file may hold, and what `--json` prints."""
    kinds: dict[str, type[BaseModel]] = {"person": Person, "comparison": ComparisonOf, "forecast": ForecastOf, "therapy": TherapyOf}
    made = {}
    for name, kind in kinds.items():
        schema = kind.model_json_schema(mode="serialization" if name in ("comparison", "forecast") else "validation")
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        made[f"{name}.schema.json"] = json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
    return made


def write_schemas(folder: Path) -> None:
    """Write every schema into a folder."""
    for name, schema in schemas().items():
        (folder / name).write_text(schema, encoding="utf-8")


def _head(answer: Comparison, page: str | None) -> dict[str, object]:
    weeks, start = answer.read_weeks, answer.start
    return {
        "anagen": __version__,
        "not_a_device": NOT_A_DEVICE,
        "bands_hold": BANDS_HOLD,
        "page": page,
        "person": answer.person,
        "belief": BeliefOf(
            label=answer.belief.label,
            made_by=answer.belief.made_by,
            evidence_hash=answer.belief.evidence_hash,
            draws=answer.belief.size,
            draws_that_fit=int(start.which.size),
            effective_draws=round(start.effective_draws, 1),
            seed=answer.belief.seed,
            ruled_by=list(start.ruled_by),
        ),
        "units": {name: KNOWN[name].unit for name in OUTPUTS},
        "regions": answer.regions,
        "main_region": answer.main_region,
        "moments": [
            MomentOf(label=label, week=week)
            for label, week in zip(["today", *(moment.label for moment in answer.moments)], weeks, strict=True)
        ],
        "visible_change": answer.nothing.chances(weeks[-1]).visible,
        "sources": sources_data.sources(option.known().grounds for option in answer.forecasts),
    }


def _option(answer: Comparison, option: Option) -> OptionOf:
    weeks, known, found = answer.read_weeks, option.forecast is not None, answer.regions
    made = {
        "name": option.name,
        "title": option.title,
        "group": option.group,
        "plan": str(option.plan),
        "steps": [StepOf(treatment=step.name, dose=step.treatment.dose, unit=step.treatment.unit) for step in option.plan.steps],
        "basis": option.basis,
        "beyond": option.beyond,
        "too_high_weeks": [week for week in weeks if option.too_high(week)],
        "forecast": {name: {out: _ranges(option.band(out, name, weeks), weeks) for out in OUTPUTS} for name in found} if known else None,
        "gain": {name: _ranges(option.gain(answer.nothing, region=name, weeks=weeks), weeks) for name in found} if known else None,
        "gain_over_now": {name: _ranges(option.gain(answer.base, region=name, weeks=weeks), weeks) for name in found}
        if known and answer.base is not answer.nothing
        else None,
        "chances": {name: [_chances(option, week, name) for week in weeks[1:]] for name in found} if known else None,
        "grounds": None if option.grounds is None else sources_data.grounds(option.grounds),
    }
    return OptionOf.model_validate(made)


def _chances(option: Option, week: int, region: str) -> ChancesAt:
    made = option.chances(week, region)
    return ChancesAt.model_validate({name: getattr(made, name) for name in ChancesAt.model_fields})


def _ranges(band: Band, weeks: Sequence[int]) -> list[Range]:
    """One range for each of the weeks at which the band was read."""
    columns = {"median": band.median}
    for share in BANDS:
        columns |= {f"low_{share * 100:.0f}": band.low[share], f"high_{share * 100:.0f}": band.high[share]}
    rows = {name: np.round(column.astype(float), 3).tolist() for name, column in columns.items()}
    return [Range.model_validate({"week": week} | {name: row[at] for name, row in rows.items()}) for at, week in enumerate(weeks)]


__all__ = ["ComparisonOf", "ForecastOf", "comparison", "forecast", "schemas", "text", "write_schemas"]
