"""A plan priced: a bill for each currency in which prices were read, or one in the currency that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

from anagen.costs.bill import Bill, Line, Money, paid
from anagen.costs.ladder import just, ladder, pooled
from anagen.costs.parts import Part, parts_of, visits
from anagen.costs.rates import Rates, currency_code
from anagen.costs.tables import Price, gaps, of_option, prices
from anagen.ground.errors import BadInput, BadParameter, UnknownName
from anagen.plan import Plan

HORIZONS = (6, 12, 24, 60)
"""Months over which plans are priced."""
LONGEST_MONTHS = 600
NOT_A_QUOTE = "Prices are what pages asked; none is a quote. No inflation is added, and no tax."


@dataclass(frozen=True)
class Costs:
    """What a `plan` costs over so many `months`: a bill a currency, the one that prices most of the plan first.

    `free`: nothing is left to pay, so it is 0 in any currency; `said` says why. `missing`: what no bill holds, where there is no
    bill at all. `visits`: those that are known; None where the plan of a trial sets them. `discount`: a yearly rate, 0 for none.
    """

    plan: Plan
    months: float
    bills: tuple[Bill, ...]
    said: tuple[str, ...]
    missing: tuple[str, ...]
    visits: int | None
    free: bool
    discount: float = 0.0

    def bill(self, currency: str) -> Bill:
        """The bill in one currency. Raises `UnknownName` where there is none."""
        found = next((one for one in self.bills if one.currency == currency), None)
        if found is None:
            raise UnknownName("bill in", currency, [one.currency for one in self.bills])
        return found


def costs(
    plan: Plan | str,
    months: float = 24,
    currency: str | None = None,
    rates: Rates | None = None,
    discount: float = 0.0,
    travel_per_visit: tuple[float, str] | None = None,
    harvest_apart: bool = False,
    device_life_months: float | None = None,
) -> Costs:
    """What a plan costs from today over `months`, from prices that were read, in their own currencies.

    currency: this one only; with `rates`, parts that have no price in it are converted and show their rate. discount: a yearly
    rate r; what is paid in week w counts (1 + r)**(-w / 52.14). travel_per_visit: an amount and its currency. harvest_apart: fat is
    billed apart (pages do not say), at the price of a liposuction. device_life_months: a device is bought again after so long.
    Raises `BadInput` for a plan that cannot be read, rates without a currency, `BadParameter` for a number out of bounds.

    >>> costs("wait").free, costs("microneedling").bills
    (True, ())
    >>> [one.currency for one in costs("prp; conditioned medium").bills]
    ['JPY', 'USD', 'INR']
    """
    plan = plan if isinstance(plan, Plan) else Plan.parse(plan)
    _check(months, currency, rates, discount, travel_per_visit, device_life_months)
    parts, said = parts_of(plan, months, device_life_months)
    priced = [_priced(part, discount, harvest_apart) for part in parts]
    seen = visits(parts)
    if not parts:
        return Costs(plan, months, (), said or ("Nothing of it falls within this time.",), (), 0, True, discount)
    native = {code for lines in priced for code in lines}
    if travel_per_visit is not None and seen and not native:
        native.add(travel_per_visit[1])
    codes = native if currency is None else {currency}
    bills = [_bill(code, parts, priced, rates, travel_per_visit, discount) for code in codes]
    bills.sort(key=lambda bill: (-len({one.option for one in bill.lines}), -sum(len(one.rows) for one in bill.lines), bill.currency))
    missing = () if bills else _bill("", parts, priced, None, None, discount).missing
    return Costs(plan, months, tuple(bills), said, missing, None if any(part.kind == "trial" for part in parts) else seen, False, discount)


def _check(
    months: float,
    currency: str | None,
    rates: Rates | None,
    discount: float,
    travel: tuple[float, str] | None,
    life: float | None,
) -> None:
    if not 0 < months <= LONGEST_MONTHS:
        raise BadParameter("months", f"is {months:g}", f"above 0 and at most {LONGEST_MONTHS}")
    if not 0 <= discount <= 1:
        raise BadParameter("discount", f"is {discount:g}", "a yearly rate from 0 to 1, as 0.03")
    if life is not None and not 1 <= life < float("inf"):
        raise BadParameter("device_life_months", f"is {life:g}", "at least 1 month")
    if currency is not None:
        currency_code(currency)
    elif rates is not None:
        raise BadInput("rates are given, but not the currency to convert to; say which, as in --currency USD.")
    if travel is not None:
        currency_code(travel[1])
        if not (isfinite(travel[0]) and travel[0] >= 0):
            raise BadParameter("travel_per_visit", f"is {travel[0]:g}", "an amount from 0 up")


def _priced(part: Part, discount: float, harvest_apart: bool) -> dict[str, list[Line]]:
    """The lines of one part by currency."""
    found: dict[str, list[Price]] = {}
    for one in of_option(part.treatment.name, part.treatment.dose):
        found.setdefault(one.cost.currency, []).append(one)
    lines: dict[str, list[Line]] = {}
    for code, rows in found.items():
        line = _line(part, code, rows, discount)
        if line is not None:
            lines[code] = [line]
            harvest = [one for one in rows if one.part == "harvest"]
            if harvest_apart and harvest and part.harvest_weeks:
                course = ladder(len(part.harvest_weeks), pooled(harvest))
                money = paid(course, part.harvest_weeks, discount)
                count = len(part.harvest_weeks)
                lines[code].append(_made(part, "harvest", f"taking fat, {_times(count)}", count, "harvest", code, money, harvest))
    return lines


def _line(part: Part, code: str, rows: Sequence[Price], discount: float) -> Line | None:
    kinds = {"session": ("session", "course", "extra"), "operation": ("graft", "operation")}.get(part.kind, (part.kind,))
    by = {kind: [one for one in rows if one.part == kind] for kind in kinds}
    count, name, whole = len(part.weeks), part.treatment.title, None
    if part.kind == "session":
        name = getattr(part.treatment, "what", name)
        what = f"{name}, {count} session{'s' if count > 1 else ''}"
        what += f" ({part.boosters} beyond the usual course)" if part.boosters else ""
        course = ladder(count, pooled(by["session"]), by["course"], pooled(by["extra"]))
        whole = just(count, by["course"])
        if count <= min((one.units_from for one in by["course"]), default=0):
            by["extra"] = []  # no session comes after a course
        by["course"] = [one for one in by["course"] if one.units_from <= count or (course and one.low <= course[-1].low)]
    elif part.kind == "operation":
        grafts = pooled(by["graft"])
        ways = [one for one in (None if grafts is None else grafts.times(part.units), pooled(by["operation"])) if one is not None]
        usual = {one.typical for one in ways if one.typical is not None}
        course = [Money(min(w.low for w in ways), usual.pop() if len(usual) == 1 else None, max(w.high for w in ways))] if ways else []
        what = name
    else:
        course = ladder(count, pooled(by[part.kind]))
        unit = "month" if part.kind == "month" else "device"
        what = f"{name}, {count} {unit}{'s' if count > 1 else ''}"
    used = [one for kind in kinds for one in by[kind]]
    if not course:
        return None
    unit = {"operation": "graft"}.get(part.kind, part.kind)
    made = _made(part, part.kind, what, part.count, unit, code, paid(course, part.weeks, discount), used)
    return made if whole is None else replace(made, course=paid([whole], part.weeks[:1], discount))


def _made(part: Part, kind: str, what: str, count: float, unit: str, code: str, money: Money, used: Sequence[Price]) -> Line:
    rows = [one.cost for one in used]
    years = sorted({row.year for row in rows}, key=lambda year: (year is None, year))
    return Line(
        option=part.treatment.name,
        part=kind,
        what=what,
        count=count,
        unit=unit,
        currency=code,
        money=money,
        rows=tuple(dict.fromkeys(row.row_id for row in rows)),
        years=tuple(years),
        countries=tuple(sorted({row.country for row in rows})),
        notes=(*part.notes, *dict.fromkeys(f"{one.row_id}: {one.why}" for one in used)),
        boosters=part.boosters if kind == "session" else 0,
    )


def _bill(
    code: str,
    parts: Sequence[Part],
    priced: Sequence[dict[str, list[Line]]],
    rates: Rates | None,
    travel: tuple[float, str] | None,
    discount: float,
) -> Bill:
    lines: list[Line] = []
    missing: list[str] = []
    unpriced: list[str] = []
    for part, found in zip(parts, priced, strict=True):
        if code in found:
            lines += found[code]
            continue
        others = sorted(found, key=lambda other: (-_rows(found[other]), other))
        rate = next((one for other in others if (one := (rates or Rates()).find(other, code)) is not None), None)
        if rate is not None:
            lines += [one.converted(rate) for one in found[rate.source_currency]]
        else:
            unpriced.append(part.treatment.name)
            missing.append(_no_price(part, code, found, rates))
    rows = {row for one in lines for row in one.rows}
    had = {one.option for one in lines if one.part == "harvest"}
    for gap in gaps():
        options = [part.treatment.name for part in parts if part.treatment.name in gap.options]
        about = gap.source.split() if gap.source.startswith("k") else []
        if not options or (about and not rows & set(about)) or (gap.part == "harvest" and set(options) <= had):
            continue
        missing.append(gap.said)
    missing += _travel(code, parts, travel, rates, discount, lines)
    return Bill(code, tuple(lines), tuple(dict.fromkeys(missing)), tuple(dict.fromkeys(unpriced)))


def _travel(
    code: str, parts: Sequence[Part], travel: tuple[float, str] | None, rates: Rates | None, discount: float, lines: list[Line]
) -> list[str]:
    """Add the line of travel where it can be told in this currency; what is missing of it comes back, in words."""
    seen = visits(tuple(parts))
    if not seen:
        return []
    if travel is None:
        return [f"travel to {seen} visit{'s' if seen > 1 else ''}, and to others that are not known"]
    weeks = sorted({week for part in parts if part.kind in ("session", "operation") for week in part.weeks})
    weeks = [*[weeks[0]] * (seen - len(weeks)), *weeks]
    money = paid([Money(*[travel[0] * n] * 3) for n in range(1, seen + 1)], weeks, discount)
    line = Line("", "travel", f"travel, {seen} visit{'s' if seen > 1 else ''}", seen, "visit", travel[1], money, mark="given")
    rate = (rates or Rates()).find(travel[1], code)
    if travel[1] != code and rate is None:
        return [f"travel: you gave it in {travel[1]}"]
    lines.append(line if rate is None else line.converted(rate))
    return ["travel to visits that are not known"]


def _no_price(part: Part, code: str, found: dict[str, list[Line]], rates: Rates | None) -> str:
    name = part.treatment.title
    if part.kind == "trial":
        return f"{name}: no price was read; who pays is for the trial to say"
    if found:
        said = f"{name}: no price in {code} was read; read in {', '.join(sorted(found))}"
        return said + (f", and no rate to {code} was given" if rates is not None else "")
    if doses := sorted({one.dose_from for one in prices() if one.use and one.option == part.treatment.name and one.dose_from}):
        return f"{name}: no price of this dose was read; read of {' and '.join(f'{dose:g}' for dose in doses)} {part.treatment.unit}"
    return f"{name}: no price was read"


def _rows(lines: Sequence[Line]) -> int:
    return sum(len(one.rows) for one in lines)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
