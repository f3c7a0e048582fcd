"""Costs on a terminal, for 80 columns: what each plan comes to over time, line by line, what is missing, and what each gain costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from anagen.compare import NOT_A_DEVICE
from anagen.costs import Bill, Costs, Line, Money, Worth
from anagen.costs.bill import amount
from anagen.costs.gain import STOPPING
from anagen.costs.price import NOT_A_QUOTE
from anagen.costs.tables import least_gain_per_cm2, least_share
from anagen.outlay import Outlay
from anagen.synthesis import plain
from anagen.treatments import treatment

MAIN_MONTHS = 24
MOST_IN_FULL = 3
NONE_READ = "no price read"
EARLY = "moved hair has not grown yet, so nothing is told of its gain"
SAVED = "What you no longer pay for what it takes the place of is taken off. It may be less than what you pay now: that is told as 0."
NO_END = ", with no upper end"
HAIR = f"{least_gain_per_cm2():g} hair/cm²"
PER_HAIR = (
    f"A gain of less than {HAIR} counts as no gain; that limit is assumed. "
    "The cost of a gained hair is all that is paid over all that is gained, by those too who gain nothing. A forecast with no gain "
    "has no price for a hair: where more than 2.5 out of 100 are so, the range has no upper end."
)
NO_PRICE = f"no price: the middle forecast gains less than {HAIR}"
NO_PERSON = "no price: hardly anybody more has one"
NO_MEAN_PRICE = f"no price: the mean gain is less than {HAIR}"


def show(shown: Sequence[Outlay], region: str, console: Console) -> None:
    """Print what some plans cost; `region`: what a person calls the place of the gains, empty without a person."""
    at = _main(shown[0].costs)
    if len(shown) > 1:
        _side(shown, at, region, console)
    if len(shown) <= MOST_IN_FULL:
        for one in shown:
            _plan(one, at, region, console)
    elif region:
        _say(console, "\nFor the parts of one plan, and what is not in its sum, ask for it alone: --plan SENTENCE.")
    _say(console, f"\n{NOT_A_QUOTE}")
    if shown[0].costs[0].discount:
        _say(console, f"Later money counts less: {shown[0].costs[0].discount:.3g} a year, (1 + r) to the power of minus the years.")
    if any(one.gains for one in shown):
        _say(console, PER_HAIR)
    _say(console, f"\n{NOT_A_DEVICE}", "bold")


def _plan(one: Outlay, at: int, region: str, console: Console) -> None:
    _say(console, f"\nPlan: {one.title}", "bold")
    if str(one.plan) != one.title:
        _say(console, f"When: {one.plan}")
    main = one.costs[at]
    if one.kept:
        _say(console, f"What you take now goes on beside it, and costs over {_months(main.months)}: {sums(one.kept[at])}.")
        _say(console, "All below is what is added to that.")
    for sentence in main.said:
        _say(console, sentence)
    if main.free and all(each.free for each in one.costs):
        _say(console, "It costs 0 in any currency.")
        return
    if not main.bills:
        _say(console, "No price was read for it. That is not known, and not 0.", "yellow")
        _missing(main.missing, console)
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("all that is priced")
    for each in one.costs:
        table.add_column(_months(each.months), justify="right", overflow="fold")
    for bill in main.bills:
        table.add_row(bill.currency, *(_cell(each, bill.currency) for each in one.costs))
    console.print(table)
    _converted((bill for each in one.costs for bill in each.bills), console)
    for bill in main.bills:
        if bill.lines:
            _say(console, f"\nIn {bill.currency}, over {_months(main.months)}: {_total(bill)}", "bold cyan")
        else:
            _say(console, f"\nIn {bill.currency}: {NONE_READ}.", "bold cyan")
        for line in bill.lines:
            _say(console, f"- {_line(line)}")
        _missing(bill.missing, console)
    if region and one.gains:
        _gains(one, region, console)


def _total(bill: Bill) -> str:
    said = _ways(bill.total, bill.course, "")
    return f"at least {said.removeprefix('about ')}, for parts are missing" if bill.at_least else said


def _ways(money: Money, course: Money | None, currency: str) -> str:
    """An amount; where just this course has a price of its own, that first."""
    code = f"{currency} " if currency else ""
    return f"{code}{money}" if course in (None, money) else f"{code}{course} as a course; all ways to pay {code}{money}"


def told(bill: Bill) -> str:
    """A bill in words: in its currency, at least, a course first, and what of the plan it does not hold."""
    said = _ways(bill.total, bill.course, bill.currency)
    if bill.at_least:
        said = f"at least {said}".replace(f"{bill.currency} about ", f"{bill.currency} ")
    if bill.unpriced:
        rest = " and ".join(plain(treatment(name)) for name in bill.unpriced)
        said += f", without {rest}: no price of it in {bill.currency} was read"
    return said


def sums(costs: Costs) -> str:
    """What all of it comes to, in each currency by itself."""
    if costs.free:
        return "0"
    priced = [bill for bill in costs.bills if bill.lines]
    return "; ".join(map(told, priced)) or "not known: no price was read"


def _converted(bills: Iterable[Bill], console: Console) -> None:
    """The rates of converted sums."""
    if rates := list(dict.fromkeys(str(rate) for bill in bills for rate in bill.rates)):
        _say(console, f"Converted at {'; '.join(rates)}.")


def _line(line: Line) -> str:
    money = _ways(line.money, line.course, line.currency)
    if line.rate is not None:
        money += f" (converted from {line.rate.source_currency} {line.before}: {line.rate})"
    if line.mark == "given":
        return f"{money}: {line.what}; as you gave it"
    return f"{money}: {line.what}; {', '.join(line.countries)}; {line.year_said} ({', '.join(line.rows)})"


def _missing(missing: Sequence[str], console: Console) -> None:
    if missing:
        _say(console, "Not in the sum, for no price was read or given:", "yellow")
        for what in missing:
            _say(console, f"  - {what}")


def _gains(one: Outlay, region: str, console: Console) -> None:
    _say(console, f"\nWhat that buys, {region}, against {one.against}", "bold cyan")
    if one.saved:
        _say(console, SAVED)
    for costs, found in zip(one.costs, one.gains, strict=True):
        if costs.months in one.early:
            _say(console, f"After {_months(costs.months)}: {EARLY}.", "bold")
        if not found:
            continue
        gain, seen = found[0].per_gain, found[0].per_visible
        _say(console, f"After {_months(costs.months)}: {out_of(gain.no_gain)} out of 100 forecasts gain less than {HAIR}.", "bold")
        range_ = f" (95 % range {' to '.join(map(out_of, seen.share_range))})" if seen.share_range else ""
        without = f"with {one.against.removeprefix('doing ')} {out_of(seen.share_without)}"
        _say(console, f"- A visible gain against today: {out_of(seen.share)} out of 100 people{range_}; {without}.")
        for worth in found:
            _say(console, f"- {worth.currency} for each hair per cm² gained: {per_hair(worth)}.")
            _say(console, f"- {worth.currency} for each person more with a visible gain: {per_person(worth)}.")


def per_hair(worth: Worth) -> str:
    """What a gained hair costs, and within what range, in words."""
    gain = worth.per_gain
    if gain.ratio is None:
        return NO_PRICE if gain.middle < least_gain_per_cm2() else NO_MEAN_PRICE
    end = f"{rough(gain.low)} to {rough(gain.high)}" if gain.bounded else f"from {rough(gain.low)} up{NO_END}"
    inside = ""
    if not gain.bounded and gain.if_gain is not None and isfinite(gain.if_gain[1]):
        inside = f"; where hair is gained: {rough(gain.if_gain[0])} to {rough(gain.if_gain[1])}"
    return f"{ends(gain.ratio)}; 95 % of forecasts: {end}{inside}"


def per_person(worth: Worth) -> str:
    """What a person more with a visible gain costs, in words: only a lower end where hardly any forecast has one."""
    seen = worth.per_visible
    if seen.more is None or seen.share - seen.share_without < least_share():
        return f"above {rough(seen.more_at_least)}{NO_END}" if seen.more_at_least else NO_PERSON
    return ends(seen.more)


def rough(value: float) -> str:
    """An amount to two digits: what comes of a forecast is known no better.

    >>> rough(13148), rough(8.73), rough(0.0)
    ('13,000', '8.70', '0')
    """
    return amount(float(f"{value:.2g}"))


def ends(money: Money) -> str:
    """Both ends of an amount, to two digits."""
    if money.low == money.high:
        return f"about {rough(money.low)}"
    return f"{rough(money.low)} to {rough(money.high)}" if isfinite(money.high) else f"from {rough(money.low)} up"


def _side(shown: Sequence[Outlay], at: int, region: str, console: Console) -> None:
    months = _months(shown[0].costs[at].months)
    kept = {sums(one.kept[at]): one.kept[at].plan for one in shown if one.kept}
    _say(console, f"Side by side over {months}: all that is priced{' of what is added or put in its place' if kept else ''}", "bold")
    for money, plan in kept.items():
        names = " and ".join(step.treatment.title for step in plan.steps)
        _say(console, f"What you take now, {names}, goes on beside what is added to it, and costs as well: {money}.")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("", overflow="fold")
    table.add_column("", overflow="fold")
    if region:
        table.add_column("no gain\nof 100", justify="right")
        table.add_column("per hair\nper cm²", justify="right")
        table.add_column("per visible\ngain", justify="right")
    for one in shown:
        costs = one.costs[at]
        first = costs.bills[0] if costs.bills and costs.bills[0].lines else None
        paid = "0" if costs.free else NONE_READ if first is None else _ways(first.total, first.course, first.currency)
        paid += "*" if first is not None and first.at_least else ""
        paid += " (of a part)" if first is not None and not first.whole else ""
        paid += "".join(f"; also in {bill.currency}" for bill in costs.bills[1:] if bill.lines)
        cells = [one.title, paid]
        if region:
            gained = one.gains[at][:1] if one.gains else ()
            mark = "†" if one.against == STOPPING else "‡" if one.saved else ""
            bought = [(out_of(it.per_gain.no_gain) + mark, _hair(it), _person(it)) for it in gained]
            cells += bought[0] if bought else ("–", "–", "–") if costs.months in one.early else ("", "", "")
        table.add_row(*map(Text, cells))
    console.print(table)
    _converted((bill for one in shown for bill in one.costs[at].bills[:1]), console)
    _say(console, "* At least this: some parts have no price. Of several currencies, the one with most prices is shown.", "dim")
    if kept:
        _say(console, "What it buys is read against going on as now.", "dim")
    if any(one.against == STOPPING for one in shown):
        _say(console, "† Against stopping what you take.", "dim")
    if any(one.costs[at].months in one.early for one in shown):
        _say(console, f"– {EARLY.capitalize()}.", "dim")
    if any(one.saved for one in shown):
        _say(console, f"‡ {SAVED}", "dim")


def _hair(found: Worth) -> str:
    return "no price" if found.per_gain.ratio is None else f"{found.currency} {ends(found.per_gain.ratio)}"


def _person(found: Worth) -> str:
    if (words := per_person(found)) == NO_PERSON:
        return "no price"
    said = f"{found.currency} {words.removesuffix(NO_END)}"
    return said.replace(f"{found.currency} above", f"above {found.currency}")


def _cell(costs: Costs, currency: str) -> Text:
    bill = next((one for one in costs.bills if one.currency == currency), None)
    if bill is None or not bill.lines:
        return Text("0" if costs.free else NONE_READ)
    total = bill.total
    about = "" if total.typical is None or total.low == total.high else f"\nabout {amount(total.typical)}"
    ends = _on_two_lines(total)
    if bill.course not in (None, total):
        return Text.assemble((f"{_on_two_lines(bill.course)}\nas a course", "bold"), (f"\nall ways:\n{ends}{about}", "dim"))
    return Text.assemble((ends, "bold"), (about, "dim"))


def _on_two_lines(money: Money) -> str:
    return str(Money(money.low, None, money.high)).replace(" to ", " to\n").split(";")[0]


def _main(costs: Sequence[Costs]) -> int:
    """The horizon to show line by line: 24 months where it is there, else the last."""
    return next((place for place, one in enumerate(costs) if one.months == MAIN_MONTHS), len(costs) - 1)


def _months(months: float) -> str:
    return f"{months:g} month{'' if months == 1 else 's'}"


def out_of(share: float) -> str:
    """A share out of 100, as a whole number; what is neither none nor all never reads so.

    >>> out_of(0.004), out_of(0.3), out_of(0.999), out_of(0.0)
    ('fewer than 1', '30', 'more than 99', '0')
    """
    if 0 < share < 0.005:
        return "fewer than 1"
    return "more than 99" if 0.995 <= share < 1 - 1e-9 else f"{share * 100:.0f}"


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style))
