"""Costs as data, for `--json`. Each line names its rows in `rows`; an amount without a highest price has `high` null and `open` true.

`horizons` price the whole plan. For a person who takes something, `added` prices what the plan adds to that, with what it gains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING, Any

from anagen import __version__
from anagen.compare import NOT_A_DEVICE
from anagen.costs.gain import NOTHING
from anagen.costs.price import NOT_A_QUOTE
from anagen.costs.tables import least_gain_per_cm2, left_out, prices

if TYPE_CHECKING:
    from anagen.costs import Bill, Costs, Line, Money, Rate, Worth
    from anagen.outlay import Outlay

Data = dict[str, Any]


def costs(shown: Sequence[Outlay], region: str = "") -> Data:
    """All plans at all horizons; `region`: the place of the gains, empty without a person."""
    rows = {row for one in shown for c in (*one.costs, *one.whole) for bill in c.bills for line in bill.lines for row in line.rows}
    names = {name for one in shown for name in one.plan.names}
    return {
        "kind": "costs",
        "anagen": __version__,
        "not_a_device": NOT_A_DEVICE,
        "not_a_quote": NOT_A_QUOTE,
        "region": region or None,
        "plans": [
            {
                "title": one.title,
                "plan": str(one.plan),
                "horizons": _horizons(one.whole, (), one.against) if one.whole else _horizons(one.costs, one.gains, one.against),
                "against": one.against if one.gains else None,
                "added": {"plan": str(one.costs[0].plan), "horizons": _horizons(one.costs, one.gains, one.against)} if one.whole else None,
                "saved": one.saved,
            }
            for one in shown
        ],
        "rows": {row: one.cost.model_dump(mode="json") for one in prices() if (row := one.row_id) in rows},
        "left_out": [{"row": one.row_id, "why": one.why} for one in left_out(names)],
    }


def _horizons(found: Sequence[Costs], gains: Sequence[Sequence[Worth]], against: str) -> list[Data]:
    return [_horizon(one, gains[at] if gains else (), against == NOTHING) for at, one in enumerate(found)]


def _horizon(one: Costs, gains: Sequence[Worth], nothing: bool) -> Data:
    return {
        "months": one.months,
        "free": one.free,
        "said": list(one.said),
        "visits": one.visits,
        "discount_per_year": one.discount,
        "missing": list(one.missing),
        "bills": [_bill(bill, next((g for g in gains if g.currency == bill.currency), None), nothing) for bill in one.bills],
    }


def _bill(bill: Bill, gain: Worth | None, nothing: bool) -> Data:
    return {
        "currency": bill.currency,
        "total": _money(bill.total) if bill.lines else None,
        "at_least": bill.at_least,
        "as_a_course": _money(bill.course),
        "unpriced": list(bill.unpriced),
        "lines": [_line(line) for line in bill.lines],
        "missing": list(bill.missing),
        "rates": [_rate(one) for one in bill.rates],
        "gain": None if gain is None else _gain(gain, nothing),
    }


def _line(line: Line) -> Data:
    return {
        "option": line.option or None,
        "part": line.part,
        "what": line.what,
        "count": line.count,
        "unit": line.unit,
        "boosters": line.boosters,
        **_money(line.money),
        "mark": line.mark,
        "from": list(line.rows),
        "years": list(line.years),
        "countries": list(line.countries),
        "notes": list(line.notes),
        "converted": None if line.rate is None or line.before is None else {"rate": _rate(line.rate), "before": _money(line.before)},
    }


def _gain(one: Worth, nothing: bool) -> Data:
    """nothing: whether the plan is read against doing nothing."""
    gain, seen = one.per_gain, one.per_visible
    return {
        "no_gain_share": round(gain.no_gain, 6),
        "least_gain_per_cm2": {"value": least_gain_per_cm2(), "mark": "assumed"},
        "mean_gain_per_cm2": gain.gain,
        "middle_gain_per_cm2": gain.middle,
        "per_gained_hair": _money(gain.ratio),
        "per_gained_hair_95": {"low": _open(gain.low), "high": _open(gain.high), "open": not gain.bounded},
        "per_gained_hair_95_where_gained": None if gain.if_gain is None else {"low": gain.if_gain[0], "high": _open(gain.if_gain[1])},
        "visible_gain_share": round(seen.share, 6),
        "visible_gain_share_95": None if seen.share_range is None else list(seen.share_range),
        "visible_gain_share_with_nothing": round(seen.share_without, 6) if nothing else None,
        "visible_gain_share_against": round(seen.share_without, 6),
        "per_person_with_visible_gain": _money(seen.each),
        "per_person_with_visible_gain_at_least": seen.each_at_least,
        "per_person_more_than_with_nothing": _money(seen.more) if nothing else None,
        "per_person_more": _money(seen.more),
        "per_person_more_at_least": seen.more_at_least,
    }


def _money(one: Money | None) -> Any:
    return None if one is None else {"low": one.low, "typical": one.typical, "high": _open(one.high), "open": not isfinite(one.high)}


def _rate(one: Rate) -> Data:
    return {**asdict(one), "day": one.day.isoformat()}


def _open(value: float) -> float | None:
    return value if isfinite(value) else None
