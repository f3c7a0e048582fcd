"""What the words of a row commit it to: the rules that the README of the tables states and a schema cannot.

A rule within a row sees that row; a rule across tables sees them all. Both read typed cells, with None for an empty one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

Cells = Mapping[str, Any]
Tables = Mapping[str, Sequence[Cells]]

KEPT = "wording not kept"
"""What the notes say of a row whose source was read but whose words were not written down."""

SPREAD_COLUMNS = {"sd": {"sd"}, "se": {"se"}, "ci": {"ci_low", "ci_high"}, "unknown": {"plus_minus"}}
SHARES = ("percent_of_participants", "percent_of_sites")
SIGNED = ("score", "grade")
"""Units of scales that may begin below zero."""

RELATIVE = ("percent", "percentage_points", "none")
_COUNTS = ("hairs_per_area", "hairs_per_cm2")
UNITS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("anagen_hair_density", "donor_hair_density", "donor_hair_extracted", "hair_density"), _COUNTS),
    **dict.fromkeys(("telogen_hair_density", "terminal_hair_density", "terminal_hair_density_direction", "vellus_hair_density"), _COUNTS),
    **dict.fromkeys(("hair_count_gain_responders", "hair_count_target_area", "terminal_hair_count_target_area"), _COUNTS),
    "follicle_density_histology": ("follicles_per_mm2",),
    "follicular_unit_density": ("follicular_units_per_cm2",),
    "hair_diameter": ("um",),
    "cumulative_thickness": ("mm_per_cm2", "um_per_cm2", "um2_per_cm2", "trichoscan_unit"),
    **dict.fromkeys(("hair_loss_count", "pull_test"), ("hairs",)),
    "hairs_per_graft": ("hairs_per_graft",),
    **dict.fromkeys(("norwood_grade", "sinclair_grade"), ("grade",)),
    **dict.fromkeys(("clinical_improvement_score", "hair_growth_satisfaction_score", "hair_shedding_score"), ("score",)),
    **dict.fromkeys(("salt_score", "visual_analog_scale"), ("score",)),
    **dict.fromkeys(("diastolic_bp", "systolic_bp"), ("mmHg",)),
    "pulse_rate": ("per_min",),
}
"""The units that an outcome is measured in; besides, any may be told in `RELATIVE` ones, and one named `..._percent` as a share too."""


class Within(NamedTuple):
    """A rule of one row: the column to look at, the rule's name, what is wrong, and whether a row breaks it."""

    column: str
    name: str
    what: str
    breaks: Callable[[Cells], bool]


class Across(NamedTuple):
    """A rule between tables: `breaks` gives what is wrong with a row, or the empty string."""

    column: str
    name: str
    breaks: Callable[[Cells, Tables], str]


def _used(r: Cells) -> bool:
    return bool(r["use"] == "yes")


def _falls(r: Cells, *columns: str) -> bool:
    """Whether the filled cells of these columns are not in rising order."""
    values = [r[column] for column in columns if r[column] is not None]
    return values != sorted(values)


def _misses(*columns: str) -> Callable[[Cells], bool]:
    """Whether none of these cells is filled."""
    return lambda r: all(r[column] is None for column in columns)


def _wrong_spread(r: Cells) -> bool:
    """The kind names a filled column; SD and a +- of unknown kind stand only under their own name."""
    kind = r["spread_kind"]
    if kind is not None and not all(r[column] is not None for column in SPREAD_COLUMNS[kind]):
        return True
    return (r["sd"] is not None and kind != "sd") or (r["plus_minus"] is not None and kind != "unknown")


def _wrong_percent(r: Cells) -> bool:
    """The printed percent is the count over those at risk, to the whole percent and the whole person."""
    if None in (r["percent"], r["n_with_event"]) or not r["n_at_risk"]:
        return False
    return bool(abs(100 * r["n_with_event"] / r["n_at_risk"] - r["percent"]) > 0.5 + 50 / r["n_at_risk"])


def _wrong_unit(r: Cells) -> bool:
    outcome, unit = r["outcome"], r["unit"]
    if outcome in UNITS:
        return unit not in UNITS[outcome] + RELATIVE
    return outcome.endswith("_percent") and unit not in SHARES + RELATIVE


def _impossible(r: Cells) -> bool:
    """A share lies in 0 to 100 %, points and changes of shares within 100, a fall is at most 100 %, and no level is below zero."""
    values = [r[column] for column in ("mean", "ci_low", "ci_high") if r[column] is not None]
    unit, kind = r["unit"], r["value_kind"]
    if unit in (*SHARES, "percentage_points"):
        low, high = (0, 100) if kind == "absolute" else (-100, 100)
        return any(not low <= value <= high for value in values)
    if kind == "percent_change":
        return any(value < -100 for value in values)
    return kind == "absolute" and unit not in SIGNED and any(value < 0 for value in values)


def _bounds(column: str, low: float, high: float = math.inf, open_low: bool = False) -> Within:
    """A number, where there is one, lies in [low, high], or in (low, high] where `open_low`."""
    said = f"above {low:g}" if open_low else f"at least {low:g}"
    said += "" if high == math.inf else f" and at most {high:g}"

    def breaks(r: Cells) -> bool:
        value = r[column]
        return value is not None and not (low < value <= high or (value == low and not open_low))

    return Within(column, "range", f"it must be {said}", breaks)


def _form(column: str, pattern: str, said: str) -> Within:
    """A text, where there is one, has this form."""
    return Within(column, "form", said, lambda r: r[column] is not None and not re.fullmatch(pattern, r[column]))


def _id(column: str) -> Within:
    return _form(column, r"[A-Za-z0-9_.-]+", "a name holds only letters, digits, `_`, `.` and `-`")


def _above_zero(*columns: str) -> tuple[Within, ...]:
    return tuple(_bounds(column, 0, open_low=True) for column in columns)


LINK = _form("source_url", r"https?://\S+", "an address begins with http:// or https:// and has no space")
DOI = _form("doi", r"10\.\d{4,9}/\S+", "a DOI begins with 10. and has no space")

USE = (
    Within("use_reason", "use", "use = yes beside a reason not to use it", lambda r: _used(r) and r["use_reason"] is not None),
    Within("use_reason", "use", "use = no without its reason", lambda r: not _used(r) and r["use_reason"] is None),
)

WITHIN: Mapping[str, tuple[Within, ...]] = {
    "studies": (
        Within("same_trial_as", "family", "an entry cannot belong to itself", lambda r: r["same_trial_as"] == r["study_id"]),
        _id("study_id"),
        DOI,
        _form("pmid", r"\d{1,8}", "a PubMed number holds only digits"),
        _form("pmcid", r"PMC\d+", "a PubMed Central number is PMC and digits"),
        LINK,
        _bounds("age_mean", 0, 120),
        *_above_zero("age_sd"),
    ),
    "arms": (
        _id("arm_id"),
        _bounds("dose", 0),
        _bounds("sessions", 1),
        *_above_zero("interval_days"),
        _bounds("pct_female", 0, 100),
        Within("dose_unit", "unit", "a dose and its unit stand together", lambda r: (r["dose"] is None) != (r["dose_unit"] is None)),
        Within(
            "treatment_class",
            "class",
            "a placebo or untreated arm is of the class control",
            lambda r: r["role"] in ("placebo", "no_treatment") and r["treatment_class"] != "control",
        ),
    ),
    "outcomes": (
        *USE,
        _id("row_id"),
        LINK,
        *_above_zero("area_cm2", "sd", "se", "plus_minus"),
        _bounds("n", 1),
        Within("mean", "use", "use = yes without a number", lambda r: _used(r) and r["mean"] is None),
        Within("time_weeks", "use", "use = yes without a time", lambda r: _used(r) and r["time_weeks"] is None),
        Within("unit", "use", "use = yes without a unit", lambda r: _used(r) and r["unit"] == "none"),
        Within("value_kind", "use", "use = yes with an unknown kind of value", lambda r: _used(r) and r["value_kind"] == "unknown"),
        Within("n", "use", "a share without its denominator", lambda r: _used(r) and r["unit"] in SHARES and r["n"] is None),
        Within(
            "area_cm2",
            "use",
            "use = yes for a count in an area of unknown size",
            lambda r: _used(r) and r["unit"] == "hairs_per_area" and r["area_cm2"] is None,
        ),
        Within("use_reason", "number", "no_number beside a number", lambda r: r["use_reason"] == "no_number" and r["mean"] is not None),
        Within(
            "duplicate_of",
            "duplicate",
            "the reason `duplicate` and the row it repeats stand together",
            lambda r: (r["use_reason"] == "duplicate") != (r["duplicate_of"] is not None) or r["duplicate_of"] == r["row_id"],
        ),
        Within("spread_kind", "spread", "spread_kind does not name the column that is filled", _wrong_spread),
        Within("mean", "order", "the number lies outside its own interval", lambda r: _falls(r, "ci_low", "mean", "ci_high")),
        Within("unit", "unit", "the outcome is not measured in this unit", _wrong_unit),
        Within(
            "unit",
            "unit",
            "a change in percent has the unit percent",
            lambda r: r["value_kind"] == "percent_change" and r["unit"] != "percent",
        ),
        Within("mean", "range", "the number cannot be so low or so high in its unit", _impossible),
        Within(
            "time_weeks",
            "time",
            "nothing has changed before the start",
            lambda r: r["time_weeks"] == 0 and r["time_origin"] == "baseline" and r["value_kind"] in ("change", "percent_change"),
        ),
        Within(
            "quote",
            "quote",
            f"a number that was read needs the words read, or `{KEPT}` in notes",
            lambda r: r["quote"] is None and r["value_origin"] == "read" and KEPT not in (r["notes"] or ""),
        ),
        Within(
            "notes", "formula", "a number that was not read needs its formula", lambda r: r["value_origin"] != "read" and r["notes"] is None
        ),
    ),
    "adverse_events": (
        *USE,
        _id("row_id"),
        LINK,
        _bounds("n_at_risk", 1),
        *(_bounds(column, 0, 100) for column in ("percent", "percent_low", "percent_high")),
        *_above_zero("effect", "effect_low", "effect_high"),
        Within(
            "n_with_event",
            "use",
            "use = yes gives no rate: neither a percent nor a count with its denominator",
            lambda r: _used(r) and r["percent"] is None and (r["n_with_event"] is None or not r["n_at_risk"]),
        ),
        Within("n_with_event", "order", "more people with the event than at risk", lambda r: _falls(r, "n_with_event", "n_at_risk")),
        Within("percent", "arithmetic", "the percent is not the count over those at risk", _wrong_percent),
        Within(
            "percent", "order", "the percent lies outside its own interval", lambda r: _falls(r, "percent_low", "percent", "percent_high")
        ),
        Within("effect", "order", "the effect lies outside its own interval", lambda r: _falls(r, "effect_low", "effect", "effect_high")),
        Within(
            "percent_interval",
            "spread",
            "an interval and its kind stand together",
            lambda r: (r["percent_interval"] is None) != (r["percent_low"] is None and r["percent_high"] is None),
        ),
        Within(
            "effect_kind", "spread", "an effect and its kind stand together", lambda r: (r["effect_kind"] is None) != (r["effect"] is None)
        ),
        Within(
            "count_origin",
            "formula",
            "a count and its origin stand together",
            lambda r: (r["count_origin"] is None) != (r["n_with_event"] is None),
        ),
        Within(
            "count_origin",
            "formula",
            "a computed count needs the printed percent, or its formula in notes",
            lambda r: r["count_origin"] == "computed" and r["percent"] is None and r["notes"] is None,
        ),
    ),
    "costs": (
        _id("row_id"),
        LINK,
        *_above_zero("low", "typical", "high"),
        _bounds("year", 1950, 2100),
        Within("typical", "number", "a price needs a low, a typical or a high", _misses("low", "typical", "high")),
        Within("typical", "order", "low, typical and high are not in order", lambda r: _falls(r, "low", "typical", "high")),
    ),
    "parameters": (
        _id("row_id"),
        LINK,
        DOI,
        *_above_zero("sd"),
        Within("value", "number", "a parameter needs a value, a low or a high", _misses("value", "low", "high")),
        Within("value", "order", "the value lies outside its own range", lambda r: _falls(r, "low", "value", "high")),
        Within("sd_kind", "spread", "an sd and its kind stand together", lambda r: (r["sd"] is None) != (r["sd_kind"] is None)),
    ),
    "vetting_rules": (
        _id("rule_id"),
        LINK,
        Within(
            "as_of",
            "date",
            "as_of is a year, month or day, or says it is undated",
            lambda r: not re.match(r"\d{4}(-\d\d){0,2}$|undated", r["as_of"]),
        ),
    ),
}


def _unknown_comparison(r: Cells, tables: Tables) -> str:
    against = r["p_compared_with"]
    if against == r["arm_id"]:
        return "an arm is not compared with itself"
    known = {arm["arm_id"] for arm in tables["arms"] if arm["study_id"] == r["study_id"]}
    if against is None or against == "baseline":
        return "a difference needs the arm it is taken against" if r["value_kind"] == "difference" else ""
    return "" if against in known else f"{against!r} is neither baseline nor an arm of {r['study_id']}"


def _areata_used(r: Cells, tables: Tables) -> str:
    areata = {study["study_id"] for study in tables["studies"] if study["condition"] in ("aa", "aa_and_aga")}
    return "alopecia areata is never pooled with pattern loss" if _used(r) and r["study_id"] in areata else ""


def _second_class(r: Cells, tables: Tables) -> str:
    first = next(arm["treatment_class"] for arm in tables["arms"] if arm["intervention"] == r["intervention"])
    return "" if first == r["treatment_class"] else f"{r['intervention']} is {first} elsewhere"


def _not_head(r: Cells, tables: Tables) -> str:
    heads = {study["study_id"] for study in tables["studies"] if study["same_trial_as"] is None}
    return "" if r["same_trial_as"] is None or r["same_trial_as"] in heads else f"{r['same_trial_as']} itself belongs to another entry"


def _other_sex(r: Cells, tables: Tables) -> str:
    condition = next((study["condition"] for study in tables["studies"] if study["study_id"] == r["study_id"]), None)
    percent = {"aga_male": 0, "aga_female": 100}.get(condition or "")
    return f"{r['study_id']} is of {condition}" if percent is not None and r["pct_female"] not in (None, percent) else ""


def _id_elsewhere(table: str) -> Across:
    """Row ids are names in all tables at once: `row_id` alone finds a fact."""
    others = [other for other in ("outcomes", "adverse_events", "costs", "parameters") if other != table]

    def breaks(r: Cells, tables: Tables) -> str:
        found = next((other for other in others if any(row["row_id"] == r["row_id"] for row in tables[other])), None)
        return f"{r['row_id']} names a row of {found} already" if found else ""

    return Across("row_id", "unique", breaks)


ACROSS: tuple[tuple[str, Across], ...] = (
    ("studies", Across("same_trial_as", "family", _not_head)),
    ("arms", Across("treatment_class", "class", _second_class)),
    ("arms", Across("pct_female", "sex", _other_sex)),
    ("outcomes", Across("p_compared_with", "comparison", _unknown_comparison)),
    ("outcomes", Across("use", "areata", _areata_used)),
    *((table, _id_elsewhere(table)) for table in ("outcomes", "adverse_events", "costs", "parameters")),
)
