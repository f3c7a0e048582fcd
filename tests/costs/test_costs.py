"""Plans priced: hand-counted bills, what holds for every plan, and that no currency is ever mixed with another."""

from __future__ import annotations

from datetime import date
from math import inf, isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.costs import HORIZONS, Bill, Costs, Line, Money, Rate, Rates, costs
from anagen.costs.bill import ZERO, paid
from anagen.costs.ladder import ladder
from anagen.evidence.tables import row
from anagen.ground.errors import BadInput, BadParameter, UnknownName

ITEMS = (
    "finasteride", "finasteride 0.2 mg from week 12", "dutasteride from week 30 until week 70", "minoxidil 5% taken 60% of the time",
    "oral minoxidil", "laser", "laser from week 10 until week 40", "prp", "prp every 10 weeks until week 200", "svf at weeks 0, 26 and 90",
    "adsc", "bone marrow at week 5", "exosomes", "conditioned medium 14 sessions every 3 weeks", "conditioned medium", "transplant",
    "transplant fut 1500 grafts at week 60", "microneedling", "hfsc micrograft",
)  # fmt: skip
DAY = date(2026, 1, 1)
RATES = Rates((Rate("JPY", "USD", 0.01, DAY, "x"), Rate("EUR", "USD", 1.25, DAY, "x"), Rate("INR", "USD", 0.0125, DAY, "x")))
CURRENCIES = ("USD", "EUR", "GBP", "INR", "JPY", "CAD")


@st.composite
def plans(draw: st.DrawFn) -> str:
    """Any plan of some items that can stand beside each other."""
    from anagen.plan import Plan

    found: list[str] = []
    for item in draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=5, unique=True)):
        try:
            Plan.parse("; ".join([*found, item]))
        except BadInput:
            continue
        found.append(item)
    return "; ".join(found)


def line(found: Costs, currency: str, option: str, part: str | None = None) -> Line:
    """One line of a bill."""
    return next(one for one in found.bill(currency).lines if one.option == option and part in (None, one.part))


@given(plan=plans(), months=st.integers(1, 120), more=st.integers(1, 60), discount=st.sampled_from([0.0, 0.03, 1.0]))
@settings(max_examples=150, deadline=None)
def test_more_months_never_cost_less(plan: str, months: int, more: int, discount: float) -> None:
    short, long = (costs(plan, length, discount=discount, travel_per_visit=(50, "USD")) for length in (months, months + more))
    assert {bill.currency for bill in short.bills} <= {bill.currency for bill in long.bills} or short.free
    for bill in short.bills:
        before, after = bill.total, long.bill(bill.currency).total
        slack = 1 + 1e-12  # sums of floats in another order
        assert before.low <= after.low * slack
        assert before.high <= after.high * slack
    assert short.visits <= long.visits


@given(plan=plans(), months=st.integers(1, 70), target=st.sampled_from([None, *CURRENCIES]), given_rates=st.booleans())
@settings(max_examples=150, deadline=None)
def test_lines_add_up_hang_on_rows_and_never_mix_currencies(plan: str, months: int, target: str | None, given_rates: bool) -> None:
    found = costs(plan, months, target, RATES if given_rates and target else None, travel_per_visit=(80, "EUR"))
    for bill in found.bills:
        total = bill.total
        assert total.low == pytest.approx(sum(one.money.low for one in bill.lines))
        assert total.high == pytest.approx(sum(one.money.high for one in bill.lines))
        if total.typical is not None:
            assert total.low * (1 - 1e-12) <= total.typical <= total.high * (1 + 1e-12)
        for one in bill.lines:
            assert one.currency == bill.currency
            origin = one.currency if one.rate is None else one.rate.source_currency
            assert {row("costs", key).currency for key in one.rows} <= {origin}
            assert bool(one.rows) == (one.mark == "read")
            assert (one.rate is None) == (one.before is None)
            assert {row("costs", key).year for key in one.rows} == set(one.years)
        assert (given_rates and target) or not bill.rates


@given(plan=plans(), discount=st.floats(0.001, 1))
@settings(max_examples=80, deadline=None)
def test_later_money_never_counts_more(plan: str, discount: float) -> None:
    for bill in costs(plan, 60, discount=discount).bills:
        full = costs(plan, 60).bill(bill.currency).total
        assert bill.total.low <= full.low * (1 + 1e-12)
        assert bill.total.high <= full.high * (1 + 1e-12)


def test_a_bill_of_two_currencies_cannot_be() -> None:
    lines = tuple(Line("prp", "session", "", 1, "session", code, ZERO) for code in ("USD", "EUR"))
    with pytest.raises(BadInput, match="cannot hold a line in EUR"):
        Bill("USD", lines, ())


def test_bills_counted_by_hand() -> None:
    drugs = costs("finasteride; minoxidil 5%", 24)
    assert line(drugs, "USD", "finasteride").money == Money(240, 600, 840)  # 10 to 35 a month; 300 a year
    assert line(drugs, "USD", "minoxidil_topical").money == Money(360, 720, 1440)  # 15 to 60 a month; 360 a year
    assert drugs.bill("CAD").unpriced == ("minoxidil_topical",)
    assert line(costs("svf at weeks 0 and 26", 24), "USD", "svf").money == Money(6000, None, 14000)
    assert line(costs("transplant 2000 grafts", 6), "EUR", "transplant_fue").money == Money(1000, None, 12000)  # k031, k033
    assert line(costs("transplant 2000 grafts", 6), "USD", "transplant_fue").money == Money(3000, None, 24000)  # k032; 12 a graft
    assert "EUR" not in {bill.currency for bill in costs("transplant 2700 grafts", 6).bills}, "no operation of so many was read"
    assert line(costs("prp", 6), "USD", "prp").money == Money(1500, 1500, 6000)
    one = line(costs("prp at week 0", 6), "USD", "prp")
    assert one.money == Money(500, 500, 2000)
    assert "k025" not in one.rows, "a course of three prices no single session"
    medium = line(costs("conditioned medium", 6), "JPY", "conditioned_medium")
    assert medium.money == Money(240000, 500000, 1800000)  # 6 x 40,000; k021; 6 x 300,000


def test_a_course_has_its_own_price_where_just_that_course_was_read() -> None:
    assert line(costs("prp", 24), "USD", "prp").course == Money(1500, None, 3500)  # k025: three sessions
    assert line(costs("prp 4 sessions every 4 weeks", 24), "USD", "prp").course is None
    assert line(costs("conditioned medium", 24), "JPY", "conditioned_medium").course == Money(400000, 500000, 1000000)  # k017, k021
    both = costs("prp; finasteride", 24).bill("USD")
    assert both.course == Money(1740, None, 4340)
    assert costs("svf", 24).bill("USD").course is None
    changed = costs("conditioned medium", 24, "USD", RATES).bill("USD")
    assert changed.course == Money(4000, 5000, 10000)
    later = costs("prp from week 52.14", 24, discount=1.0).bill("USD").course
    assert later is not None
    assert later.high == pytest.approx(1750, rel=0.01), "a course is paid when it begins"


def test_what_a_trial_asks_is_not_known_and_what_begins_later_says_so() -> None:
    assert costs("join a trial").visits is None
    assert costs("prp").visits == 3
    late = costs("svf at week 200", 24)
    assert (late.free, late.said) == (True, ("Nothing of it falls within this time.",))


def test_months_that_have_begun_are_paid_and_the_past_is_not() -> None:
    assert line(costs("finasteride from week 12", 24), "USD", "finasteride").count == 22  # (104.28 - 12) / 4.345 = 21.2
    assert line(costs("finasteride since 2 years", 24), "USD", "finasteride").count == 24
    assert line(costs("finasteride until week 4.345", 24), "USD", "finasteride").count == 1
    assert costs("finasteride from week 30", 6).free
    gone = costs("prp since 10 weeks", 24)
    assert gone.free
    assert "what was had before today is not counted" in " ".join(gone.said)


def test_sessions_beyond_the_usual_course_are_boosters() -> None:
    found = costs("prp every 12 weeks until week 104", 24)
    assert (line(found, "USD", "prp").count, line(found, "USD", "prp").boosters) == (9, 6)
    more = line(costs("conditioned medium 8 sessions every 4 weeks", 24), "JPY", "conditioned_medium")
    assert "k018" in more.rows
    assert "k018" not in line(costs("conditioned medium", 24), "JPY", "conditioned_medium").rows
    assert more.boosters == 2


def test_a_device_is_bought_once_or_as_long_as_it_lasts() -> None:
    assert [line(costs("laser", months), "USD", "laser").count for months in HORIZONS] == [1, 1, 1, 1]
    assert [line(costs("laser", months, device_life_months=24), "USD", "laser").count for months in HORIZONS] == [1, 1, 1, 3]
    assert "how long a device lasts" in " ".join(costs("laser").bill("USD").missing)
    assert costs("laser since 1 year").free
    apart = costs("laser until week 10; laser from week 20 until week 30", 12)
    assert line(apart, "USD", "laser").count == 1, "the same device"


def test_nothing_and_waiting_cost_nothing_and_what_has_no_price_is_not_free() -> None:
    for plan in ("nothing", "wait"):
        found = costs(plan)
        assert found.free
        assert found.bills == ()
        assert "by definition" in found.said[0]
    for plan in ("microneedling", "join a trial", "finasteride 0.2 mg", "hfsc micrograft"):
        found = costs(plan)
        assert not found.free
        assert found.bills == ()
        assert "no price" in found.missing[0]
    assert "of this dose" in costs("finasteride 0.2 mg").missing[0]


def test_harvest_is_missing_unless_it_is_billed_apart() -> None:
    included = costs("svf at weeks 0 and 26").bill("USD")
    assert any(what.startswith("taking the fat") for what in included.missing)
    apart = costs("svf at weeks 0 and 26", harvest_apart=True)
    assert line(apart, "USD", "svf", "harvest").money == Money(6000, None, 16000)  # k055, twice
    assert not any(what.startswith("taking the fat") for what in apart.bill("USD").missing)
    grown = costs("adsc", harvest_apart=True)
    assert line(grown, "USD", "adsc", "harvest").count == 1, "grown cells are taken once"
    assert grown.visits == 4


def test_travel_is_as_given_and_said_where_it_cannot_be_told() -> None:
    found = costs("prp", travel_per_visit=(100, "USD"))
    assert next(one for one in found.bill("USD").lines if one.mark == "given").money == Money(300, 300, 300)
    assert "travel: you gave it in USD" in found.bill("INR").missing
    assert any(what.startswith("travel to 3 visits") for what in costs("prp").bill("USD").missing)
    only = costs("hfsc micrograft", travel_per_visit=(10, "CHF"))
    assert only.bill("CHF").unpriced == ("hfsc_micrograft",)
    assert [one.mark for one in costs("finasteride", travel_per_visit=(100, "USD")).bill("USD").lines] == ["read"]


def test_conversion_is_asked_for_and_shown() -> None:
    assert costs("conditioned medium", currency="USD").bill("USD").lines == ()
    asked = costs("conditioned medium; prp", currency="USD", rates=RATES)
    medium = line(asked, "USD", "conditioned_medium")
    assert medium.money == Money(2400, 5000, 18000)
    assert medium.before == Money(240000, 500000, 1800000)
    assert line(asked, "USD", "prp").rate is None, "what has a price in the currency is not converted"
    assert asked.bill("USD").rates == (RATES.given[0],)
    none = costs("conditioned medium", currency="GBP", rates=RATES).bill("GBP")
    assert "no rate to GBP was given" in none.missing[0]


def test_discounting_by_hand() -> None:
    found = line(costs("svf at weeks 0 and 52.14", 24, discount=0.25), "USD", "svf").money
    assert (found.low, found.high) == pytest.approx((3000 + 3000 / 1.25, 7000 + 7000 / 1.25), rel=1e-3)  # weeks stand on whole days
    assert paid([Money(1, None, inf)], [0.0], 0.1).high == inf


def test_a_ladder_takes_the_cheapest_and_the_dearest_way() -> None:
    from anagen.costs.tables import of_option

    medium = [one for one in of_option("conditioned_medium", 2.0) if one.part == "course"]
    course = ladder(12, None, medium)
    assert course[0].low == 400000, "where only a course is sold, one session costs a course"
    assert course[11] == Money(500000, 500000, 2000000)  # k021 covers up to 12; twice k017
    extra = ladder(8, None, medium, Money(80000, None, 200000))
    assert extra[7].low == 500000, "k021 covers 8; k017 with two more is 560,000"
    assert extra[6].high == 2000000, "k017 twice"
    assert extra[5].high == 1000000
    assert ladder(3, None) == []


@pytest.mark.parametrize("months", [0, -1, 601, float("nan"), inf])
def test_months_are_bounded(months: float) -> None:
    with pytest.raises(BadParameter, match="months is"):
        costs("prp", months)


def test_other_mistakes_are_one_sentence() -> None:
    with pytest.raises(BadInput, match="but not the currency"):
        costs("prp", rates=RATES)
    with pytest.raises(BadInput, match="is not a currency"):
        costs("prp", currency="usd")
    for wrong in ({"discount": -0.1}, {"discount": float("nan")}, {"device_life_months": 0}, {"travel_per_visit": (-1, "USD")}):
        with pytest.raises(BadInput, match="allowed"):
            costs("prp", **wrong)  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="bill in"):
        costs("prp").bill("JPY")
    with pytest.raises(BadInput, match="cannot be"):
        Money(3, None, 2)


def test_every_amount_of_a_price_is_finite_but_where_none_is_shown() -> None:
    for item in ITEMS:
        for bill in costs(item, 60).bills:
            assert isfinite(bill.total.high)
