"""What the words of a row commit it to: the rules that the README of the tables states and a schema cannot.

A rule within a row sees that row; a rule across tables sees them all. Both read typed cells, with None for an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

Cells = Mapping[str, Any]
Tables = Mapping[str, Sequence[Cells]]

SPREAD_COLUMNS = {"sd": {"sd"}, "se": {"se"}, "ci": {"ci_low", "ci_high"}, "unknown": {"plus_minus"}}
SHARES = ("percent_of_participants", "percent_of_sites")


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


def _outside(r: Cells, column: str) -> bool:
    return r[column] is not None and not 0 <= r[column] <= 100


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


USE = (
    Within("use_reason", "use", "use = yes beside a reason not to use it", lambda r: _used(r) and r["use_reason"] is not None),
    Within("use_reason", "use", "use = no without its reason", lambda r: not _used(r) and r["use_reason"] is None),
)

WITHIN: Mapping[str, tuple[Within, ...]] = {
    "studies": (Within("same_trial_as", "family", "an entry cannot belong to itself", lambda r: r["same_trial_as"] == r["study_id"]),),
    "arms": (
        Within("dose_unit", "unit", "a dose and its unit stand together", lambda r: (r["dose"] is None) != (r["dose_unit"] is None)),
        Within("pct_female", "percent", "a percent lies in 0 to 100", lambda r: _outside(r, "pct_female")),
    ),
    "outcomes": (
        *USE,
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
        Within(
            "notes", "formula", "a number that was not read needs its formula", lambda r: r["value_origin"] != "read" and r["notes"] is None
        ),
    ),
    "adverse_events": (
        *USE,
        Within(
            "n_with_event",
            "use",
            "use = yes gives no rate: neither a percent nor a count with its denominator",
            lambda r: _used(r) and r["percent"] is None and (r["n_with_event"] is None or not r["n_at_risk"]),
        ),
        Within("n_with_event", "order", "more people with the event than at risk", lambda r: _falls(r, "n_with_event", "n_at_risk")),
        Within("percent", "percent", "a percent lies in 0 to 100", lambda r: _outside(r, "percent")),
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
        Within("typical", "number", "a price needs a low, a typical or a high", _misses("low", "typical", "high")),
        Within("typical", "order", "low, typical and high are not in order", lambda r: _falls(r, "low", "typical", "high")),
    ),
    "parameters": (
        Within("value", "number", "a parameter needs a value, a low or a high", _misses("value", "low", "high")),
        Within("value", "order", "the value lies outside its own range", lambda r: _falls(r, "low", "value", "high")),
        Within("sd_kind", "spread", "an sd and its kind stand together", lambda r: (r["sd"] is None) != (r["sd_kind"] is None)),
    ),
    "vetting_rules": (
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


ACROSS: tuple[tuple[str, Across], ...] = (
    ("studies", Across("same_trial_as", "family", _not_head)),
    ("arms", Across("treatment_class", "class", _second_class)),
    ("outcomes", Across("p_compared_with", "comparison", _unknown_comparison)),
    ("outcomes", Across("use", "areata", _areata_used)),
)
