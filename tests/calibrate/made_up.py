"""Twelve studies that nobody did, in the form of the evidence tables, with numbers written by hand: to read, predict and break."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from anagen.evidence.tables import SHIPPED, TABLES

Cells = dict[str, Any]

STUDY: Cells = {
    "design": "rct_parallel",
    "blinding": "double",
    "condition": "aga_male",
    "risk_of_bias": "low",
    "evidence_class": "drug",
    "read": "abstract",
    "source_url": "https://example.org/made-up",
}
ARM: Cells = {"role": "treatment", "n_kind": "analysed", "n": 60, "pct_female": 0}
OUTCOME: Cells = {
    "outcome": "hair_density",
    "site": "vertex",
    "unit": "hairs_per_cm2",
    "time_weeks": 24,
    "time_origin": "baseline",
    "n_kind": "unknown",
    "value_kind": "change",
    "value_origin": "read",
    "use": "yes",
    "source_kind": "abstract",
    "location": "made up",
    "source_url": "https://example.org/made-up",
    "quote": "made up",
}
PLACEBO: Cells = {"role": "placebo", "intervention": "placebo", "treatment_class": "control", "route": "oral"}
VEHICLE: Cells = {"role": "placebo", "intervention": "vehicle", "treatment_class": "control", "route": "topical"}
SHAM: Cells = {"role": "placebo", "intervention": "sham_device", "treatment_class": "control", "route": "light"}
FINASTERIDE: Cells = {
    "intervention": "finasteride_oral_1",
    "treatment_class": "five_ari",
    "route": "oral",
    "dose": 1,
    "dose_unit": "mg/day",
}
FOAM: Cells = {"intervention": "minoxidil_topical_5", "treatment_class": "minoxidil", "route": "topical", "dose": 5, "dose_unit": "%"}
LASER: Cells = {"intervention": "lllt", "treatment_class": "light", "route": "light"}
PRP: Cells = {
    "intervention": "prp",
    "treatment_class": "platelet",
    "route": "subcutaneous_injection",
    "sessions": 3,
    "interval_days": 30,
}
NEEDLES: Cells = {"intervention": "microneedling_minoxidil", "treatment_class": "microneedling", "route": "topical"}
ORAL: Cells = {"intervention": "minoxidil_oral", "treatment_class": "minoxidil", "route": "oral", "dose": 5, "dose_unit": "mg/day"}
DUTASTERIDE: Cells = {
    "intervention": "dutasteride_oral_0_5",
    "treatment_class": "five_ari",
    "route": "oral",
    "dose": 0.5,
    "dose_unit": "mg/day",
}
SVF: Cells = {"intervention": "svf", "treatment_class": "cell_adipose", "route": "intradermal_injection", "sessions": 1}
EXOSOMES: Cells = {
    "intervention": "exosome_unspecified",
    "treatment_class": "cell_free",
    "route": "intradermal_injection",
    "sessions": 4,
    "interval_days": 21,
}
BEFORE: Cells = {"time_weeks": 0, "value_kind": "absolute"}
AFTER: Cells = {"value_kind": "absolute"}
PERCENT: Cells = {"unit": "percent", "value_kind": "percent_change"}
SAID: Cells = {"use": "no", "use_reason": "no_number", "value_kind": "difference"}
WIDTH: Cells = {"outcome": "hair_diameter", "unit": "um"}

TRIALS: tuple[tuple[Cells, dict[str, Cells], tuple[Cells, ...]], ...] = (
    (
        {},
        {"fin": FINASTERIDE, "placebo": PLACEBO},
        (
            {"arm_id": "fin", "mean": 198, **BEFORE},
            {"arm_id": "placebo", "mean": 204, **BEFORE},
            {"arm_id": "fin", "mean": 11.2, "se": 2.1, "spread_kind": "se"},
            {"arm_id": "placebo", "mean": -3.1, "se": 2.2, "spread_kind": "se"},
            {"arm_id": "fin", "mean": 18.4, "value_kind": "difference", "time_weeks": 52, "p_value": "0.004", "p_compared_with": "placebo"},
        ),
    ),
    (
        {"risk_of_bias": "some"},
        {"dut": {**DUTASTERIDE, "n": 40}, "fin": {**FINASTERIDE, "role": "active_control", "n": 41}},
        (
            {"arm_id": "dut", "mean": 19.5},
            {"arm_id": "fin", "mean": 10.3},
            {"arm_id": "dut", "mean": 9.2, "ci_low": 1.1, "ci_high": 17.3, "spread_kind": "ci", "value_kind": "difference"}
            | {"p_compared_with": "fin"},
        ),
    ),
    (
        {"condition": "aga_female"},
        {"foam": {**FOAM, "pct_female": 100}, "vehicle": {**VEHICLE, "pct_female": 100}},
        (
            {"arm_id": "foam", "mean": 13.8, "time_weeks": 12},
            {"arm_id": "vehicle", "mean": 3.3, "time_weeks": 12},
            {"arm_id": "foam", "mean": 16.2, "outcome": "terminal_hair_density"},
            {"arm_id": "vehicle", "mean": 4.9, "outcome": "terminal_hair_density"},
        ),
    ),
    (
        {"design": "single_arm", "risk_of_bias": "high"},
        {"oral": {**ORAL, "n": 25}},
        (
            {"arm_id": "oral", "mean": 171, **BEFORE},
            {"arm_id": "oral", "mean": 196, **AFTER},
            {"arm_id": "oral", "mean": 12.0, **PERCENT, "time_weeks": 12},
        ),
    ),
    (
        {"evidence_class": "device"},
        {"laser": LASER, "sham": SHAM},
        (
            {"arm_id": "laser", "mean": 16.0, "sd": 14.0, "spread_kind": "sd", "outcome": "terminal_hair_density"},
            {"arm_id": "sham", "mean": 2.0, "sd": 13.0, "spread_kind": "sd", "outcome": "terminal_hair_density"},
        ),
    ),
    (
        {"evidence_class": "procedure", "risk_of_bias": "some", "design": "rct_split_scalp"},
        {"prp": {**PRP, "n": 20}, "saline": {**VEHICLE, "intervention": "saline", "route": "subcutaneous_injection", "n": 20}},
        (
            {"arm_id": "prp", "mean": 17.0, **PERCENT},
            {"arm_id": "saline", "mean": 2.5, **PERCENT},
            {"arm_id": "prp", **WIDTH, "p_value": "not_significant", "p_compared_with": "saline", **SAID},
        ),
    ),
    (
        {"evidence_class": "procedure", "risk_of_bias": "high"},
        {"needles": {**NEEDLES, "n": 30}, "foam": {**FOAM, "role": "active_control", "n": 30}},
        (
            {"arm_id": "needles", "mean": 29.0, "time_weeks": 12},
            {"arm_id": "foam", "mean": 14.0, "time_weeks": 12},
            {"arm_id": "needles", "mean": 5.0, **WIDTH},
            {"arm_id": "foam", "mean": 3.0, **WIDTH},
        ),
    ),
    (
        {"evidence_class": "cell", "risk_of_bias": "some"},
        {"svf": {**SVF, "n": 18}, "untreated": {"role": "no_treatment", "intervention": "no_treatment", "treatment_class": "control"}},
        (
            {"arm_id": "svf", "mean": 9.0, "value_kind": "difference", "p_compared_with": "untreated"},
            {"arm_id": "svf", **SAID, "p_value": "0.21", "p_compared_with": "untreated", "time_weeks": 52},
        ),
    ),
    (
        {"evidence_class": "cell_free", "design": "case_series", "risk_of_bias": "high", "condition": "aga_mixed"},
        {"exo": {**EXOSOMES, "n": 22, "pct_female": 40}},
        (
            {"arm_id": "exo", "mean": 148, **BEFORE},
            {"arm_id": "exo", "mean": 165, **AFTER, "time_weeks": 12},
            {"arm_id": "exo", **SAID, "value_kind": "change", **WIDTH, "p_value": "significant", "p_compared_with": "baseline"},
        ),
    ),
    (
        {},
        {"fin": FINASTERIDE, "placebo": PLACEBO},
        (
            {"arm_id": "fin", "mean": 66.0, "outcome": "anagen_percent", **BEFORE, "unit": "percent"},
            {"arm_id": "fin", "mean": 71.0, "outcome": "anagen_percent", **AFTER, "unit": "percent"},
            {
                "arm_id": "fin",
                "mean": 48.0,
                "outcome": "global_photo_improved_percent",
                "unit": "percent_of_participants",
                "n": 60,
                **AFTER,
            },
            {"arm_id": "placebo", "mean": 201.0, **AFTER},
        ),
    ),
    (
        {"risk_of_bias": "some"},
        {"foam": FOAM, "vehicle": VEHICLE},
        (
            {"arm_id": "foam", "mean": 62.0, "unit": "hairs_per_area", "area_cm2": 5.1},
            {"arm_id": "vehicle", "mean": 10.0, "unit": "hairs_per_area", "area_cm2": 5.1},
            {"arm_id": "foam", "mean": 61.0, "unit": "hairs_per_area", "area_cm2": 5.1, "use": "no", "use_reason": "duplicate"}
            | {"duplicate_of": "x034"},
        ),
    ),
    (
        {"condition": "aa", "risk_of_bias": "some"},
        {"prp": PRP},
        ({"arm_id": "prp", "mean": 30.0, "use": "no", "use_reason": "alopecia_areata"},),
    ),
)
"""Each trial: what differs from `STUDY`, its arms, and its outcomes."""


def rows() -> dict[str, list[Cells]]:
    """The rows of the three tables, to be changed before they are written."""
    found: dict[str, list[Cells]] = {"studies": [], "arms": [], "outcomes": []}
    for number, (study, arms, outcomes) in enumerate(TRIALS, start=1):
        name = f"made_up_{number:02}"
        found["studies"].append({**STUDY, "study_id": name, "citation": f"Nobody, made up, {number}", "n_analysed": 120, **study})
        found["arms"] += [{"study_id": name, "arm_id": arm, **ARM, **cells} for arm, cells in arms.items()]
        for cells in outcomes:
            row_id = f"x{len(found['outcomes']) + 1:03}"
            found["outcomes"].append({"row_id": row_id, "study_id": name, **OUTCOME, **cells})
    return found


def write(folder: Path, tables: dict[str, list[Cells]] | None = None) -> Path:
    """The tables as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, cells in (tables or rows()).items():
        header = (SHIPPED / TABLES[table]).read_text(encoding="utf-8").splitlines()[0].split(",")
        with (folder / TABLES[table]).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(cells)
    return folder
