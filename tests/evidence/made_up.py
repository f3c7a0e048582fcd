"""Made-up trials: a study, its arms and its results with only what a test is about; the rest of each row is empty."""

from __future__ import annotations

from typing import Any

from anagen.evidence import Evidence
from anagen.evidence.rows import AdverseEvent, Arm, Outcome, Study

BLANK: dict[type, dict[str, Any]] = {
    Study: {"citation": "made up", "condition": "aga_male", "risk_of_bias": "low", "evidence_class": "drug", "read": "abstract"},
    Arm: {"role": "treatment", "intervention": "finasteride_oral_1", "treatment_class": "five_ari", "n_kind": "analysed"},
    Outcome: {
        "outcome": "hair_density",
        "site": "vertex",
        "unit": "hairs_per_cm2",
        "time_weeks": 52.0,
        "time_origin": "baseline",
        "n_kind": "analysed",
        "value_kind": "change",
        "value_origin": "read",
        "use": True,
        "source_kind": "abstract",
        "location": "abstract",
        "source_url": "https://example.org",
    },
    AdverseEvent: {
        "event": "headache",
        "event_as_reported": "headache",
        "step": "drug",
        "relatedness": "not_stated",
        "at_risk_unit": "persons",
        "use": True,
        "source_kind": "abstract",
        "location": "abstract",
        "source_url": "https://example.org",
        "quote": "made up",
    },
}


def row(kind: type, **cells: Any) -> Any:
    """A row with these cells; what is neither given nor in `BLANK` is empty."""
    empty = dict.fromkeys(kind.model_fields)  # type: ignore[attr-defined]
    return kind(
        **{**empty, **BLANK[kind], "source_url": "https://example.org", **cells} if kind is Study else {**empty, **BLANK[kind], **cells}
    )


def trial(
    name: str,
    results: list[dict[str, Any]],
    arms: dict[str, dict[str, Any]] | None = None,
    harms: list[dict[str, Any]] | None = None,
    **study: Any,
) -> Evidence:
    """One trial of `drug` against `placebo`, unless other arms are given; each result says its arm and its numbers."""
    arms = arms or {"drug": {}, "placebo": {}}
    inert = {"role": "placebo", "intervention": "placebo", "treatment_class": "placebo"}
    made = [row(Arm, study_id=name, arm_id=arm, **((inert if arm.startswith("placebo") else {}) | cells)) for arm, cells in arms.items()]
    told = [row(Outcome, row_id=f"{name}{place}", study_id=name, **cells) for place, cells in enumerate(results)]
    wrong = [row(AdverseEvent, row_id=f"{name}a{place}", study_id=name, **cells) for place, cells in enumerate(harms or [])]
    return Evidence(
        studies=(row(Study, study_id=name, **{"design": "rct_parallel", **study}),),
        arms=tuple(made),
        outcomes=tuple(told),
        adverse_events=tuple(wrong),
    )


def together(*trials: Evidence) -> Evidence:
    """Several trials as one evidence base."""
    names = ("studies", "arms", "outcomes", "adverse_events")
    return Evidence(**{name: tuple(one for trial in trials for one in getattr(trial, name)) for name in names})


def with_sds(name: str = "spread", sd: float = 20.0, n: int = 101) -> Evidence:
    """A trial whose arms state their SD: what others are filled in from."""
    return trial(name, [{"arm_id": "drug", "mean": 10.0, "sd": sd, "n": n}, {"arm_id": "placebo", "mean": 0.0, "sd": sd, "n": n}])
