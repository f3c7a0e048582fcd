"""One class for each evidence table: a row is one fact with its source.

A field is a column; `None` is an empty cell, which means *not reported* and never zero. What each column and each word means stands in
`data/evidence/README.md`; the open vocabularies (outcome, event, intervention, unit, ...) in `data/evidence/datapackage.json`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Condition = Literal["aga_male", "aga_female", "aga_mixed", "aga", "aa", "aa_and_aga", "alopecia_mixed", "other"]
EvidenceClass = Literal["cell", "cell_free", "drug", "device", "procedure", "natural_history"]
RiskOfBias = Literal["low", "some", "high"]
SourceKind = Literal["abstract", "registry", "review_table", "press", "secondary"]
Role = Literal["treatment", "active_control", "placebo", "no_treatment", "switched", "pooled"]
CountKind = Literal["analysed", "randomised", "unknown"]
Site = Literal["frontal", "vertex", "occipital", "whole", "unknown"]
TimeOrigin = Literal["baseline", "last_treatment", "unknown"]
SpreadKind = Literal["sd", "se", "ci", "unknown"]
ValueKind = Literal["absolute", "change", "percent_change", "difference", "unknown"]
ValueOrigin = Literal["read", "computed", "midpoint"]
Step = Literal["harvest", "injection", "product", "drug", "surgery", "unknown"]
AtRiskUnit = Literal["persons", "procedures", "dose_cases", "complications", "reports", "cases"]
Verdict = Literal["red_flag", "caution", "required", "ok"]


class Row(BaseModel):
    """What every evidence row is: frozen, with no field beyond the table's columns."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Study(Row):
    """A study, a registry entry or a review. Entries with one `same_trial_as` are one family: count it once."""

    study_id: str
    citation: str
    doi: str | None
    pmid: str | None
    pmcid: str | None
    registration: str | None
    country: str | None
    design: str | None
    blinding: str | None
    condition: Condition
    severity: str | None
    n_enrolled: int | None
    n_analysed: int | None
    age_mean: float | None
    age_sd: float | None
    age_range: str | None
    funding: str | None
    risk_of_bias: RiskOfBias
    risk_of_bias_reason: str | None
    evidence_class: EvidenceClass
    same_trial_as: str | None
    read: SourceKind
    source_url: str
    notes: str | None


class Arm(Row):
    """An arm of a study; `role` says what it is for. A `pooled` arm overlaps the arms it pools, a `switched` arm is never a placebo."""

    study_id: str
    arm_id: str
    role: Role
    intervention: str
    treatment_class: str
    route: str | None
    dose: float | None
    dose_unit: str | None
    dose_text: str | None
    sessions: int | None
    interval_days: float | None
    concomitant: str | None
    n: int | None
    n_kind: CountKind
    pct_female: float | None
    notes: str | None


class Outcome(Row):
    """One measured or stated result of an arm. Only rows with `use` enter a synthesis; the others say in `use_reason` why not."""

    row_id: str
    study_id: str
    arm_id: str
    outcome: str
    site: Site
    unit: str
    area_cm2: float | None
    time_weeks: float | None
    time_origin: TimeOrigin
    n: int | None
    n_kind: CountKind
    mean: float | None
    sd: float | None
    se: float | None
    plus_minus: float | None
    spread_kind: SpreadKind | None
    ci_low: float | None
    ci_high: float | None
    value_kind: ValueKind
    value_origin: ValueOrigin
    p_value: str | None
    p_compared_with: str | None
    use: bool
    use_reason: str | None
    duplicate_of: str | None
    source_kind: SourceKind
    location: str
    source_url: str
    quote: str | None
    notes: str | None


class AdverseEvent(Row):
    """One harm in one arm. Only rows with `use` give a rate of their own; never sum the events of an arm."""

    row_id: str
    study_id: str
    arm_id: str
    event: str
    event_as_reported: str
    step: Step
    relatedness: str
    n_with_event: int | None
    count_origin: str | None
    n_at_risk: int | None
    at_risk_unit: AtRiskUnit
    percent: float | None
    percent_low: float | None
    percent_high: float | None
    percent_interval: str | None
    effect_kind: str | None
    effect: float | None
    effect_low: float | None
    effect_high: float | None
    severity: str | None
    duration: str | None
    use: bool
    use_reason: str | None
    source_kind: SourceKind
    location: str
    source_url: str
    quote: str
    notes: str | None


class Cost(Row):
    """One advertised or published price, in the `currency` and `year` (None: a page without a date) of its source."""

    row_id: str
    treatment: str
    item: str
    currency: str
    year: int | None
    low: float | None
    typical: float | None
    high: float | None
    unit: str
    country: str
    source_citation: str
    source_url: str
    quote: str
    notes: str | None


class Parameter(Row):
    """One number of biology, processing, transport or drug action, in its `unit`, for its `population`."""

    row_id: str
    parameter: str
    symbol: str
    value: float | None
    sd: float | None
    sd_kind: str | None
    low: float | None
    high: float | None
    unit: str
    population: str | None
    method: str | None
    source_citation: str
    doi: str | None
    source_url: str | None
    source_quality: str
    mark: str
    location: str | None
    quote: str
    notes: str | None


class VettingRule(Row):
    """One claim a clinic makes: what it is worth, why, how to check it, and as of when (`as_of`: law changes)."""

    rule_id: str
    jurisdiction: str
    as_of: str
    claim_or_fact_to_check: str
    verdict: Verdict
    why: str
    how_to_check: str
    source_citation: str
    source_url: str
    quote: str
