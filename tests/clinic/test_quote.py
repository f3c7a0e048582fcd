"""A price made comparable: what is added up, what is missing, and where it stands, each number by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.clinic.check import check
from anagen.clinic.facts import facts_of
from anagen.clinic.offer import PARTS, Offer, as_offer, read_offer
from anagen.clinic.price_parts import quote_parts, words_of
from anagen.clinic.quote import RULES, Quote, normalised, position
from anagen.evidence.tables import row
from anagen.treatments import TREATMENTS

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "clinic"
ALL = [part for part in PARTS]


def an_offer(price: dict[str, Any] | None, treatment: str = "svf", jurisdiction: str = "US", **more: Any) -> Offer:
    given = {"clinic": "A", "jurisdiction": jurisdiction, "treatment": treatment, **more}
    return as_offer(given if price is None else given | {"price": {"currency": "USD", **price}}, "a.toml")


def quoted(price: dict[str, Any] | None, treatment: str = "svf", **more: Any) -> Quote:
    return normalised(an_offer(price, treatment, **more))


def test_every_part_is_a_row_with_a_question_and_a_rule() -> None:
    assert sorted(one.part for one in quote_parts()) == sorted({*PARTS, "sessions"} - {"travel"})
    for one in quote_parts():
        assert row("vetting_rules", one.source)
        assert one.question.endswith("?")
        if one.mark == "read":
            rule = row("vetting_rules", one.source)
            named = f"{rule.claim_or_fact_to_check} {rule.how_to_check}".lower()
            word = {"processing": "processing", "sessions": "sessions"}.get(one.part, one.part.removesuffix("s"))
            assert word in named, f"{one.part} is marked as read in {one.source}"


def test_all_in_is_the_course_and_its_boosters() -> None:
    found = quoted(
        {
            "total": 9000,
            "sessions": 3,
            "boosters": 2,
            "booster_price": 1500,
            "area_cm2": 100,
            "million_cells": 45,
            "includes": ALL[:6] + ALL[7:],
        }
    )
    amounts = [found.course, found.all_in, found.per_session, found.per_cm2, found.per_million_cells, found.booster]
    assert [one and (one.value, one.at_least) for one in amounts] == [
        (9000, False),
        (12000, False),
        (3000, False),
        (90, False),
        (200, False),
        (1500, False),
    ]
    assert found.missing == ()
    assert found.contradictions == ()


def test_boosters_in_the_price_are_not_added_and_those_not_shown_make_it_at_least() -> None:
    inside = quoted({"total": 9000, "sessions": 3, "boosters": 2, "includes": ALL}).all_in
    none = quoted({"total": 9000, "sessions": 3, "boosters": 0, "includes": ALL[:6] + ALL[7:]}).all_in
    unknown = quoted({"total": 9000, "sessions": 3, "includes": ALL[:6] + ALL[7:]})
    assert None not in (inside, none, unknown.all_in, unknown.course)
    assert [(one.value, one.at_least) for one in (inside, none, unknown.all_in, unknown.course) if one] == [
        *((9000, False), (9000, False), (9000, True), (9000, False))
    ]  # fmt: skip
    assert [one.part for one in unknown.missing] == ["boosters"]


def test_numbers_that_cannot_both_be_are_said_and_the_larger_is_used() -> None:
    found = quoted({"total": 9000, "per_session": 4000, "sessions": 3, "deposit": 20000})
    assert found.course is not None
    assert found.course.value == 12000
    assert found.contradictions == (
        "3 sessions at 4,000 make 12,000, and the total says 9,000.",
        "The deposit, 20,000, is more than the price, 12,000.",
    )
    assert any("3 sessions at 4,000" in question for question in found.questions)
    assert quoted({"total": 10000, "per_session": 3333.33, "sessions": 3}).contradictions == (), "rounded"
    assert len(quoted({"total": 9000, "boosters": 2, "booster_price": 100, "includes": ["boosters"]}).contradictions) == 1
    assert len(quoted({"total": 9000, "boosters": 0, "includes": ["boosters"]}).contradictions) == 1


def test_a_price_of_one_session_alone_is_at_least() -> None:
    found = quoted({"per_session": 4000, "includes": ALL})
    assert found.course is not None
    assert (found.course.value, found.course.at_least) == (4000, True)
    assert [one.part for one in found.missing] == ["sessions"]


def test_no_price_has_every_part_missing_and_stands_beside_nothing() -> None:
    found = quoted(None)
    assert (found.course, found.all_in, found.currency, found.beside, found.why_none) == (None, None, None, (), "The offer shows no price.")
    assert {"sessions", "harvest", "boosters", "complications"} <= {one.part for one in found.missing}


def test_prices_stand_beside_rows_of_their_currency_and_unit_only() -> None:
    prp = quoted({"total": 2700, "sessions": 3}, "prp")
    assert {(one.cost.row_id, one.of, one.position) for one in prp.beside} == {
        ("k022", "session", "inside"), ("k023", "session", "inside"), ("k024", "session", "above"), ("k025", "course", "inside"),
    }  # fmt: skip
    assert all(one.cost.currency == "USD" for one in prp.beside)
    rupees = normalised(
        as_offer(
            {"clinic": "A", "jurisdiction": "other", "treatment": "prp", "price": {"currency": "INR", "per_session": 4000, "sessions": 1}},
            "a.toml",
        )
    )
    assert [(one.cost.row_id, one.position) for one in rupees.beside] == [("k026", "below")]
    francs = normalised(
        as_offer({"clinic": "A", "jurisdiction": "other", "treatment": "prp", "price": {"currency": "CHF", "total": 900}}, "a.toml")
    )
    assert francs.beside == ()
    assert francs.why_none.startswith(
        "No published price in CHF was read for this treatment. Prices in INR, USD were read; none is converted"
    )


def test_a_course_stands_beside_a_course_of_as_many_sessions_only() -> None:
    found = {
        sessions: {
            one.cost.row_id
            for one in normalised(an_offer({"currency": "JPY", "total": 900000, "sessions": sessions}, "conditioned_medium")).beside
        }
        for sessions in (4, 6, 8)
    }
    assert found == {4: {"k016", "k020"}, 6: {"k016", "k017", "k020", "k021"}, 8: {"k016", "k020", "k021"}}


@given(st.floats(1, 1e6), st.floats(1, 1e6))
def test_a_larger_price_never_stands_lower(one: float, other: float) -> None:
    order = ["below", "inside", "above"]
    low, high = sorted((one, other))
    for cost in (row("costs", name) for name in ("k002", "k010", "k022")):
        assert order.index(position(low, cost)) <= order.index(position(high, cost))


def test_rows_that_are_not_for_hair_stand_beside_nothing_and_say_so() -> None:
    found = quoted({"total": 8900, "sessions": 1})
    assert {one.cost.row_id for one in found.beside} == {"k002"}
    assert ("k011", "not for hair") in {(cost.row_id, why) for cost, why in found.left_out}


def test_terms_are_those_of_the_rules() -> None:
    hard = quoted(
        {
            "total": 300,
            "sessions": 3,
            "refund": "none",
            "deposit": 100,
            "deposit_refundable": False,
            "pay_on_consultation_day": True,
            "includes": ["travel"],
        },
        "prp",
        advert="Results are guaranteed!",
    )
    said = {term.rule: term.said for term in hard.terms}
    assert list(said) == ["price_all_in", "no_refund", "cheap_and_guaranteed"]
    assert "No money is given back. A deposit of 100 is asked; it is not given back. You are to pay" in said["no_refund"]
    assert "a guaranteed result, and travel in the price, and a price below each one that was read" in said["cheap_and_guaranteed"]
    soft = quoted(
        {"total": 2700, "sessions": 3, "refund": "full", "boosters": 0, "includes": ALL[:6] + ALL[7:9]},
        "prp",
        advert="Results are not guaranteed.",
    )
    assert [(term.rule, term.said) for term in soft.terms if term.rule != "price_all_in"] == [("no_refund", "All money is given back.")]
    assert {one.rule_id for one in hard.rules} == set(RULES)
    assert "us_review_incentive" in {term.rule for term in quoted({"total": 1, "discount_for_review": True}).terms}


@pytest.mark.parametrize(
    ("back", "check_says", "quote_says"),
    [
        (False, "The deposit is not given back.", "it is not given back."),
        (None, "It was not shown if you get the deposit back.", "if it is given back is not shown."),
        (True, "", "it is given back."),
    ],
)
def test_the_check_and_the_quote_say_the_same_of_a_deposit(back: bool | None, check_says: str, quote_says: str) -> None:
    offer = an_offer({"total": 900, "refund": "full", "deposit": 100, "deposit_refundable": back}, jurisdiction="UK")
    said = " ".join(term.said for term in normalised(offer).terms if term.rule == "no_refund")
    assert said.endswith(f"A deposit of 100 is asked; {quote_says}")
    found = [each.says for one in check(offer).findings if one.rule and one.rule.rule_id == "no_refund" for each in one.because]
    assert found == [check_says] * bool(check_says)


def test_one_row_alone_makes_no_price_a_lure() -> None:
    assert "cheap_and_guaranteed" not in {term.rule for term in quoted({"total": 100, "sessions": 1}).terms}


def test_a_price_of_nothing_has_no_parts() -> None:
    found = quoted({"total": 0})
    assert found.course is not None
    assert found.all_in is not None
    assert (found.all_in.value, found.all_in.at_least, found.course.at_least) == (0, False, False)
    assert "boosters" not in found.all_in.how
    assert (found.free, found.missing, found.terms) == (True, (), ())
    open_end = quoted({"total": 0, "boosters": 2})
    assert open_end.all_in is not None
    assert (open_end.free, open_end.all_in.at_least) == (False, True), "boosters that are advised may cost"
    assert "boosters" in {part.part for part in open_end.missing}
    assert quoted({"total": 0, "boosters": 2, "booster_price": 0}).free
    assert quoted({"total": 0, "boosters": 2, "includes": ["boosters"]}).free
    assert quoted({"total": 0, "deposit": 500}).missing


def test_it_names_the_parts_that_the_check_names() -> None:
    """`clinic check` and `clinic quote` must not tell a person two things; sessions are asked for here alone."""
    for path in sorted(EXAMPLES.glob("*.toml")):
        offer = read_offer(path)
        words = facts_of(offer)["price_whole"].words
        ours = {one.words for one in normalised(offer).missing} - {words_of("sessions")}
        theirs = set(words.removeprefix("price.includes does not name: ").split(", ")) - {"the total"} if "not name" in words else set()
        if offer.price is not None:
            assert ours - theirs <= set(), path.name
            assert theirs - ours <= {"boosters"}, f"{path.name}: a booster with a number and a price is shown"


amounts = st.none() | st.floats(0, 1e12)
prices = st.fixed_dictionaries(
    {
        "total": amounts, "per_session": amounts, "sessions": st.none() | st.integers(1, 1000),
        "boosters": st.none() | st.integers(0, 1000),
        "booster_price": amounts, "deposit": amounts, "area_cm2": st.none() | st.floats(1e-3, 2000),
        "million_cells": st.none() | st.floats(1e-3, 1e6),
        "includes": st.none() | st.lists(st.sampled_from(ALL), unique=True), "currency": st.sampled_from(["USD", "JPY", "GBP", "XXX"]),
    }
)  # fmt: skip


@given(prices, st.sampled_from(sorted(TREATMENTS)))
@settings(max_examples=200, deadline=None)
def test_any_price_can_be_read_and_the_whole_is_never_less_than_a_part(price: dict[str, Any], treatment: str) -> None:
    found = quoted({name: value for name, value in price.items() if value is not None}, treatment)
    if found.course is not None:
        assert found.all_in is not None
        assert found.all_in.value >= found.course.value
        assert found.course.value >= max(price["total"] or 0, price["per_session"] or 0) * (1 - 1e-9)
        assert found.all_in.at_least or not found.course.at_least
    else:
        assert price["total"] is price["per_session"] is None
    assert {one.part for one in found.missing}.isdisjoint(one.part for one in found.not_needed)
    assert all(one.cost.currency == price["currency"] for one in found.beside)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_has_a_quote(path: Path) -> None:
    assert normalised(read_offer(path)).clinic


def test_what_is_free_but_for_those_who_take_part_is_not_free() -> None:
    assert normalised(an_offer({"total": 0, "participant_pays": True})).missing


def test_a_session_that_costs_a_little_more_than_the_total_is_the_larger_of_the_two() -> None:
    found = quoted({"total": 1000, "per_session": 1004})
    assert found.course is not None
    assert (found.course.value, found.contradictions) == (1004, ())


@pytest.mark.parametrize("treatment", ["svf", "exosomes", "prp", "hfsc_micrograft", "laser", "transplant_fue"])
@pytest.mark.parametrize("includes", [[], ["consultation", "harvest", "boosters"], list(PARTS)])
@pytest.mark.parametrize("more", [{}, {"sessions": 3}, {"boosters": 0}, {"boosters": 2, "booster_price": 900}])
def test_the_check_and_the_quote_miss_the_same_parts(treatment: str, includes: list[str], more: dict[str, Any]) -> None:
    """One table says what a price must name; the check says it of its rule, the quote part by part."""
    price = {"currency": "USD", "total": 5000, "includes": includes} | more
    offer = as_offer({"clinic": "A", "jurisdiction": "US", "treatment": treatment, "price": price}, "a.toml")
    missing = [part.words for part in normalised(offer).missing]
    whole = facts_of(offer)["price_whole"]
    assert whole.value is (not missing)
    if missing:
        assert whole.words == f"price.includes does not name: {', '.join(missing)}"
