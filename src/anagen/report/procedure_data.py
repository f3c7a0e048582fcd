"""A therapy carried out as data, for `--json`. Every object that holds numbers says where they come from.

`from`: names of `rows` (`enzymatic_svf.yield_per_g`) or ids of evidence rows (`k002`); or `mark`: `given` by the protocol.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from anagen import __version__
from anagen.compare import NOT_A_DEVICE
from anagen.forecast import BANDS_HOLD, OUTPUTS, Band
from anagen.procedure import side_by_side
from anagen.report.procedure_schema import TherapyOf
from anagen.report.procedure_words import harvest_events
from anagen.report.risks_data import per
from anagen.report.tornado import as_json
from anagen.scalp.outputs import OUTPUTS as KNOWN

if TYPE_CHECKING:
    from anagen.compare import Comparison, Option
    from anagen.ground.rows import Row
    from anagen.procedure import Line, Procedure
    from anagen.risks import Event
    from anagen.therapy.sensitivity import Drivers
    from anagen.therapy.spacing import Tradeoff
    from anagen.therapy.steps import Quantity

Data = dict[str, Any]
GIVEN = "given"


def therapy(done: Sequence[Procedure], page: str | None = None, drivers: Drivers | None = None) -> Data:
    """All of one or more protocols for one person, as the published schema has it. page: where its page was written."""
    rows: dict[str, Row] = {}
    answer = done[0].answer
    data = {
        "kind": "therapy",
        "anagen": __version__,
        "not_a_device": NOT_A_DEVICE,
        "bands_hold": BANDS_HOLD,
        "page": page,
        "person": {"mark": GIVEN, **answer.person.model_dump(mode="json")},
        "not_asked": done[0].not_asked,
        "not_recognised": [word for word, _ in done[0].suits.unknown],
        "moments": {"mark": GIVEN, "weeks": {moment.label: moment.week for moment in answer.moments}},
        "units": {name: KNOWN[name].unit for name in OUTPUTS},
        "protocols": [_protocol(one, rows) for one in done],
        "against": [_forecast(option, answer, done[0].region, rows) for option in done[0].against],
        "side_by_side": [_line(line, answer, rows) for line in side_by_side(done)],
    }
    data["rows"] = {name: {"mark": row.mark} | asdict(row) for name, row in sorted(rows.items())}
    if drivers is not None:
        data["drivers"] = as_json(drivers)
    TherapyOf.model_validate(data)
    return data


def _protocol(one: Procedure, rows: dict[str, Row]) -> Data:
    done, need = one.injected, one.need
    given = {"mark": GIVEN, **one.protocol.model_dump(mode="json", exclude={"who"}, exclude_none=True)}
    grid = {
        "needles_a_session": int(done.points_of_session.max()),
        "needles_of_session": done.points_of_session.tolist(),
        "needles_in_all": done.needles_in_all,
        "volume_ml_in_all": _short(done.volume_ml_in_all),
        "area_cm2": _short(done.area_cm2),
        "spacing_cm": done.grid.spacing_cm,
        "volume_ml_per_point": _short(done.volume_ml_per_point),
        "volume_ml": _short(done.volume_ml),
        "depth_mm": done.depth_mm,
        "syringes": done.syringes,
        "points_cm": np.round(done.grid.points_cm, 3).tolist(),
        "session": done.grid.session.tolist(),
        "from": _names((row for row in done.rows if row.spread == "fixed"), rows),
    }
    return {
        "title": one.title,
        "mode": one.mode,
        "hypothesis": [{"said": said.said, "from": _names(said.rows, rows)} for said in one.field.assumptions] if one.field else None,
        "given": given,
        "own_batches": [
            {"row": f"{c.before.of}.{c.before.name}", "mark": GIVEN, "records": c.n, "mean": _short(c.mean), "used": one.uses(c)}
            | {
                name: {"value": row.value, "low_95": row.low, "high_95": row.high}
                for name, row in (("before", c.before), ("after", c.after))
            }
            for c in one.changes
        ],
        "measured": [
            {"row": f"{c.before.of}.{c.before.name}", "mark": GIVEN, "value": c.after.value, "in_place_of": c.before.value}
            for c in one.measured
        ],
        "suitability": {
            "option": one.verdict.option,
            "verdict": one.verdict.verdict,
            "reasons": [{"verdict": r.verdict, "says": r.says, "ask": r.ask, "source": r.source} for r in one.verdict.reasons],
        },
        "steps": {
            step: [_quantity(q, rows) for q in one.quantities if q.step == step] for step in ("extract", "process", "inject", "regenerate")
        },
        "harvest_harms": [_harm(event) for event in harvest_events(one)[1]],
        "grid": grid,
        "tradeoff": None if one.tradeoff is None else _tradeoff(one.tradeoff, rows),
        "need": None
        if need is None
        else {
            "wanted": _short(need.wanted),
            "of": need.of,
            "limit": need.limit,
            "because": one.later or None,
            "amounts": [asdict(amount) | {"amount": None if amount.amount is None else _short(amount.amount)} for amount in need.amounts],
            "from": _names(need.rows, rows),
        },
        "dose": {
            "treatment": one.dose.treatment,
            "value": _short(one.dose.value),
            "unit": one.dose.unit,
            "met_share": one.dose.met_share,
            "why_no_forecast": one.why_not or None,
            "from": _names((row for q in one.quantities if q.name == "dose" for row in q.rows), rows) or _names(one.product.rows, rows),
        },
        "release": [
            {"name": c.name, "result": c.result, "allowed": c.allowed, "stated": c.stated, "chance": c.chance}
            | {"from": _names((*c.rows, *(one.product.rows if c.chance is not None else ())), rows)}
            for c in one.release
        ],
        "may_not_be_given": one.failed or None,
        "sessions_within": {"mark": GIVEN, "weeks": [_short(week) for week in one.session_weeks], "count": one.within},
        "standing": [
            {"jurisdiction": s.jurisdiction, "regulated_as": s.regulated_as, "rules": [r.rule_id for r in s.rules], "as_of": s.as_of}
            for s in one.standing
        ],
        "plan": None if one.plan is None else str(one.plan),
        "forecast": None
        if one.option is None
        else _forecast(one.option, one.answer, one.region, rows, one.field.rows if one.field else ()),
        "treated": _treated(one),
        "beyond": list(one.beyond),
    }


def _tradeoff(found: Tradeoff, rows: dict[str, Row]) -> Data:
    """Every grid that was tried, at the middle of all unknowns, and the one of fewest needles."""
    columns = (found.spacing_cm, found.needles, found.coverage, found.volume_ml, found.minutes)
    curve = [
        {"spacing_cm": _short(a), "needles": int(b), "reached_share": _short(c), "volume_ml": _short(d), "minutes": _short(e)}
        for a, b, c, d, e in zip(*columns, strict=True)
    ]
    return {"wanted_share": found.wanted, "best": curve[found.best], "curve": curve, "from": _names(found.rows, rows)}


def _treated(one: Procedure) -> Data:
    """Which share of each region is treated, and the mean gain over all of the forecast's, whose other skin goes on as now."""
    weeks, base = one.answer.read_weeks, _now(one.answer)
    gain = one.gain(weeks, over_region=True)
    over_now = base and one.gain(weeks, True, base)
    return {
        "region": one.region,
        "share": None if one.treated_share is None else _short(one.treated_share),
        "regions": {name: _short(share) for name, share in one.place.treated.items()},
        "off_the_map": _short(one.place.outside),
        "area_cm2": _short(one.injected.area_cm2),
        "gain_over_region": gain and _course(gain, weeks),
        "gain_over_region_over_now": over_now and _course(over_now, weeks),
        "mark": GIVEN,
    }


def _now(answer: Comparison) -> Option | None:
    """To go on as now; None for a person who takes nothing."""
    return None if answer.base is answer.nothing else answer.base


def _quantity(one: Quantity, rows: dict[str, Row]) -> Data:
    """Middle and central 95 %; without a row it is what the protocol gives."""
    low, median, high = (_short(value) for value in np.quantile(one.draws, (0.025, 0.5, 0.975)))
    found = _names(one.rows, rows)
    where = {"from": found} if found else {"mark": GIVEN}
    return {"name": one.name, "median": median, "low_95": low, "high_95": high, "unit": one.unit, **where}


def _harm(one: Event) -> Data:
    """One harm of taking the tissue, out of 1,000; null where nobody had it, or where the source prints no count."""
    return {
        "event": one.event,
        "called": one.word.plain,
        "of_1000": {"chance": per(one.chance), "low": per(one.low), "high": per(one.high)},
        "events": one.events,
        "people": one.people,
        "unit": one.unit,
        "from": list(one.rows),
    }


def _forecast(option: Option, answer: Comparison, region: str, rows: dict[str, Row], more: Iterable[Row] = ()) -> Data:
    weeks, grounds, base = answer.read_weeks, option.known().grounds, _now(answer)
    behind = [row for part in grounds.all_parts for row in part.rows]
    chances = [asdict(option.chances(week, region)) for week in weeks[1:]]
    return {
        "title": option.title,
        "plan": str(option.plan),
        "region": region,
        "outputs": {output: _course(option.band(output, region, weeks), weeks) for output in OUTPUTS},
        "gain": _course(option.gain(answer.nothing, region=region, weeks=weeks), weeks),
        "gain_over_now": base and _course(option.gain(base, region=region, weeks=weeks), weeks),
        "chances": chances,
        "certainty": grounds.certainty.level,
        "because": list(grounds.because),
        "basis": option.basis,
        "from": _names((*behind, *more), rows),
    }


def _line(line: Line, answer: Comparison, rows: dict[str, Row]) -> Data:
    weeks = [moment.week for moment in answer.moments]
    return {
        "title": line.title,
        "mark": "shown above",
        "gain": line.gain and _course(line.gain, weeks),
        "gain_over_now": line.over_now and _now(answer) and _course(line.over_now, weeks),
        "too_high_weeks": [week for week, high in zip(weeks, line.too_high or [False] * len(weeks), strict=True) if high],
        "needles": line.needles,
        "tissue": line.tissue,
        "visits": line.visits,
        "weeks_to_effect": line.weeks_to_effect,
        "prices": [
            {
                "low": c.low,
                "typical": c.typical,
                "high": c.high,
                "currency": c.currency,
                "unit": c.unit,
                "country": c.country,
                "of": name,
                "from": [c.row_id],
            }
            for name, found in line.priced.items()
            for c in found
        ]
        or ("not known" if line.priced else []),
        "certainty": line.certainty,
        "why_no_forecast": line.why_not or None,
    }


def _course(band: Band, weeks: Sequence[int]) -> list[Data]:
    low, high = band.low[0.95], band.high[0.95]
    return [
        {"week": week, "median": _short(band.median[at]), "low_95": _short(low[at]), "high_95": _short(high[at])}
        for at, week in enumerate(weeks)
    ]


def _names(found: Iterable[Row], rows: dict[str, Row]) -> list[str]:
    named = {f"{row.of}.{row.name}": row for row in found}
    rows |= named
    return list(named)


def _short(value: Any) -> float:
    """Five significant digits: more says nothing."""
    return float(f"{float(value):.5g}")
