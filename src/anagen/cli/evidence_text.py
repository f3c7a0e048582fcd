"""Evidence rows as words on a terminal, for 80 columns."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from anagen.evidence.overview import Line

if TYPE_CHECKING:
    from anagen.evidence import Evidence
    from anagen.evidence.rows import AdverseEvent, Arm, Cost, Outcome, Parameter, Row, Study

UNITS = {
    "hairs_per_cm2": "hairs/cm²",
    "follicles_per_mm2": "follicles/mm²",
    "um": "µm",
    "um_per_cm2": "µm/cm²",
    "um2_per_cm2": "µm²/cm²",
    "mm_per_cm2": "mm/cm²",
    "mm_per_day": "mm/day",
    "percent": "%",
    "percentage_points": "percentage points",
    "percent_of_participants": "% of people",
    "percent_of_sites": "% of sites",
    "hairs_per_graft": "hairs/graft",
    "follicular_units_per_cm2": "follicular units/cm²",
    "per_min": "per minute",
    "trichoscan_unit": "TrichoScan units",
    "none": "",
}
REST = 0
"""The width of the column that takes what is left."""

COLUMNS: dict[str, dict[str, int]] = {
    "studies": {"Study, design": 26, "Condition": 10, "Treatments": REST, "n": 5, "Bias": 4, "Use": 7},
    "arms": {"Study, arm": 24, "Role": 9, "Intervention": 19, "Dose": REST, "n": 5},
    "outcomes": {"Row": 4, "Study, arm": 22, "Outcome": REST, "Week": 6, "Number": 21, "n": 5},
    "adverse_events": {"Row": 4, "Study, arm": 24, "Event": REST, "How many": 23},
    "costs": {"Row": 4, "Treatment": 13, "Item": REST, "Price": 16, "Unit": 13, "Country": 7},
    "parameters": {"Row": 4, "Parameter": 20, "Value": 15, "Unit": 13, "In whom": REST},
    "vetting_rules": {"Rule": 24, "Where": 9, "Verdict": 8, "Claim": REST},
}
FOOTS = {
    "studies": " Bias: the risk of it. Use: results + harms that can be counted.",
    "outcomes": " ×: not used in a synthesis; `show` says why.",
    "adverse_events": " ×: gives no rate of its own; `show` says why.",
}


def show_rows(kind: str, rows: Sequence[Line] | Sequence[Row], console: Console) -> None:
    """Print a table of one kind of row, and below it how many there are."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), expand=True, header_style="bold")
    widths = COLUMNS[kind]
    rest = max(console.width - sum(widths.values()) - len(widths) + 1, 8)
    for head, width in widths.items():
        table.add_column(head, width=width or rest, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_folded(cell, width or rest)) for cell, width in zip(_CELLS[kind](row), widths.values(), strict=True)))
    if rows:
        console.print(table)
    _say(console, f"{len(rows)} {_words(kind)}.{FOOTS.get(kind, '') if rows else ''}")


def _folded(text: str, width: int) -> str:
    """Words of the tables that are too long for their column, broken after an underscore."""
    lines = [""]
    for part in re.findall(r"[^_\s]*_|[^_\s]+|\s", text):
        if part == "\n" or (lines[-1].endswith("_") and len(lines[-1].split(" ")[-1]) + len(part) > width):
            lines.append("")
        lines[-1] += part.strip("\n")
    return "\n".join(lines)


def show_study(evidence: Evidence, console: Console) -> None:
    """Print all that stands of one study: `evidence` holds just that."""
    (study,) = evidence.studies
    _say(console, study.study_id, "bold")
    _say(console, study.citation)
    links = (study.doi and f"doi {study.doi}", study.pmid and f"PubMed {study.pmid}", study.pmcid, study.registration)
    _pairs(
        console,
        {
            "Design": _join(_words(study.design), study.blinding and f"blinding {study.blinding}", study.country),
            "Condition": _join(study.condition, study.severity),
            "People": _join(_count(study.n_enrolled, "enrolled"), _count(study.n_analysed, "analysed"), _age(study)),
            "Risk of bias": _join(study.risk_of_bias, study.risk_of_bias_reason, by=": "),
            "Paid by": study.funding,
            "Part of": study.same_trial_as,
            "Named": _join(*links),
            "Read": f"{_words(study.read)} {study.source_url}",
            "Notes": study.notes,
        },
    )
    for arm in evidence.arms:
        _say(console, "")
        _say(console, f"{arm.arm_id} ({_words(arm.role)}): {_arm(arm)}", "bold cyan")
        if arm.concomitant or arm.notes:
            _say(console, _join(arm.concomitant and f"with {arm.concomitant}", arm.notes), indent=2)
        for rows in (evidence.outcomes, evidence.adverse_events):
            for row in rows:
                if row.arm_id == arm.arm_id:
                    _show_result(row, console)
    _say(console, "")
    _say(console, f"{len(evidence.outcomes)} results, {len(evidence.adverse_events)} harms.")


def show_row(row: Row, console: Console) -> None:
    """Print every filled column of one row."""
    _pairs(
        console,
        {
            column: {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            for column, value in row.model_dump().items()
        },
    )


def _show_result(row: Outcome | AdverseEvent, console: Console) -> None:
    """One result or harm: what and how much, the words it stands in, where."""
    from anagen.evidence.rows import Outcome

    if isinstance(row, Outcome):
        said = f"{_join(_words(row.outcome), _known(row.site), _when(row))}: {_number(row)}"
        said = _join(said, row.n is not None and f"n {row.n}", _p(row))
    else:
        said = _join(f"harm: {row.event}, {_harm(row)}", _known(row.step), row.severity, row.duration)
    unused = "" if row.use else f" [not used: {_words(row.use_reason)}]"
    _say(console, f"{row.row_id}  {said}{unused}", indent=2, hang=6)
    _say(console, f"“{row.quote}”" if row.quote else "(wording not kept)", "italic", indent=8)
    _say(console, f"{_words(row.source_kind)}, {row.location}: {row.source_url}", "dim", indent=8)
    if row.notes:
        _say(console, f"Note: {row.notes}", "dim", indent=8)


def _number(row: Outcome) -> str:
    """The number with its sign, unit and spread."""
    if row.mean is None:
        return "no number"
    size = "an area of unknown size" if row.area_cm2 is None else f"{row.area_cm2:g} cm²"
    unit = f"hairs in {size}" if row.unit == "hairs_per_area" else UNITS.get(row.unit, row.unit)
    value = f"{row.mean:g}" if row.value_kind in ("absolute", "unknown") else f"{row.mean:+g}"
    kind = {"percent_change": "of the baseline", "difference": f"against {row.p_compared_with}", "change": "from baseline"}
    said = " ".join(part for part in (value, unit, kind.get(row.value_kind, "")) if part)
    return f"{said} ({_spread(row)})" if row.spread_kind else said


def _spread(row: Outcome) -> str:
    if row.spread_kind == "ci":
        return f"interval {_range(row.ci_low, row.ci_high)}"
    value = {"sd": row.sd, "se": row.se, "unknown": row.plus_minus}[row.spread_kind or "unknown"]
    return f"± {value:g} of unknown kind" if row.spread_kind == "unknown" else f"{(row.spread_kind or '').upper()} {value:g}"


def _p(row: Outcome) -> str:
    against = f" against {row.p_compared_with}" if row.p_compared_with else ""
    return f"p {_words(row.p_value)}{against}" if row.p_value else ""


def _harm(row: AdverseEvent) -> str:
    """The count over those at risk, the printed percent with its interval, or the effect against control."""
    count = None if row.n_with_event is None else f"{row.n_with_event} of {'?' if row.n_at_risk is None else row.n_at_risk}"
    interval = f" ({_range(row.percent_low, row.percent_high)})" if row.percent_interval else ""
    percent = f"{row.percent:g} %" if row.percent is not None else ""
    effect = f"{_words(row.effect_kind)} {row.effect:g}" if row.effect is not None else ""
    return _join(count, f"{percent}{interval}".strip(), effect) or "no count"


def _range(low: float | None, high: float | None) -> str:
    return " to ".join("?" if end is None else f"{end:g}" for end in (low, high))


def _when(row: Outcome) -> str:
    if row.time_weeks is None:
        return "time unknown"
    after = {"baseline": "", "last_treatment": " after the last treatment", "unknown": " from an unknown start"}
    return f"week {row.time_weeks:g}{after[row.time_origin]}"


def _arm(arm: Arm) -> str:
    sessions = arm.sessions and f"{arm.sessions} sessions" + (f" every {arm.interval_days:g} days" if arm.interval_days else "")
    people = arm.n is not None and f"n {arm.n} ({arm.n_kind})"
    women = arm.pct_female is not None and f"{arm.pct_female:g} % women"
    return _join(arm.intervention, _dose(arm), _words(arm.route), sessions, people, women)


def _dose(arm: Arm) -> str:
    return arm.dose_text or ("" if arm.dose is None else f"{arm.dose:g} {arm.dose_unit or ''}".strip())


def _age(study: Study) -> str:
    spread = "" if study.age_sd is None else f" (SD {study.age_sd:g})"
    return "" if study.age_mean is None else f"mean age {study.age_mean:g}{spread}"


def _known(word: str) -> str:
    return "" if word == "unknown" else word


def _count(n: int | None, what: str) -> str | None:
    return None if n is None else f"{n} {what}"


def _words(word: str | None) -> str:
    return (word or "").replace("_", " ").replace("rct", "RCT")


def _join(*parts: Any, by: str = ", ") -> str:
    return by.join(str(part) for part in parts if part)


def _price(cost: Cost) -> str:
    ends = [f"{value:,.0f}" for value in (cost.low, cost.high) if value is not None]
    typical = None if cost.typical is None else f"typically {cost.typical:,.0f}"
    return f"{_join(' to '.join(ends), typical)} {cost.currency}" + (f" ({cost.year})" if cost.year else "")


def _value(row: Parameter) -> str:
    value = None if row.value is None else f"{row.value:g}" + (f" ± {row.sd:g}" if row.sd else "")
    return _join(value, None if row.low is None and row.high is None else _range(row.low, row.high))


def _optional(n: int | None) -> str:
    return "" if n is None else str(n)


def _marked(row: Outcome | AdverseEvent) -> str:
    return row.row_id if row.use else f"{row.row_id}\n×"


_CELLS: dict[str, Any] = {
    "studies": lambda r: (
        f"{r.study_id}\n  {_words(r.design) or 'design not read'}",
        r.condition,
        "\n".join(r.interventions),
        _optional(r.n),
        r.risk_of_bias,
        f"{r.outcomes_used} + {r.adverse_events_used}",
    ),
    "arms": lambda r: (f"{r.study_id}\n{r.arm_id}", _words(r.role), r.intervention, _dose(r), _optional(r.n)),
    "outcomes": lambda r: (
        _marked(r),
        f"{r.study_id}\n{r.arm_id}",
        _words(r.outcome),
        "" if r.time_weeks is None else f"{r.time_weeks:g}",
        _number(r) if r.mean is not None else _join("no number", _p(r)),
        _optional(r.n),
    ),
    "adverse_events": lambda r: (_marked(r), f"{r.study_id}\n{r.arm_id}", r.event, _harm(r)),
    "costs": lambda r: (r.row_id, r.treatment, r.item, _price(r), r.unit, r.country),
    "parameters": lambda r: (r.row_id, r.parameter, _value(r), r.unit, r.population or ""),
    "vetting_rules": lambda r: (r.rule_id, r.jurisdiction, _words(r.verdict), r.claim_or_fact_to_check),
}


def _pairs(console: Console, pairs: Mapping[str, Any]) -> None:
    """Names and what they are, under one another; what is not known is left out."""
    wide = max(map(len, pairs)) + 1
    for name, text in pairs.items():
        if text != "" and text is not None:
            _say(console, f"{name:<{wide}}{text}", hang=wide)


def _say(console: Console, text: str, style: str = "", indent: int = 0, hang: int = 0) -> None:
    """Print words in the width of the console; an address stays in one piece, so that it can be followed."""
    first, later = " " * indent, " " * (indent + hang)
    lines = textwrap.wrap(
        text, console.width, initial_indent=first, subsequent_indent=later, break_long_words=False, break_on_hyphens=False
    )
    for line in lines or [""]:
        console.print(Text(line, style=style), soft_wrap=True)
