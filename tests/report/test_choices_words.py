"""What a person weighs, in phrases: other people's harms say so, what nobody counted is not zero, and each reason stands once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from anagen import Belief, Person, compare
from anagen.choices import Choice, Choices, choices
from anagen.costs import costs
from anagen.people.person import read_person
from anagen.report import choices_words as phrase
from anagen.report.costs_text import told

NEEDLES = ("prp", "svf", "adsc", "bone_marrow", "hfsc_micrograft", "conditioned_medium")


@cache
def found(sex: str = "male") -> Choices:
    scale, stage = ("norwood", "4") if sex == "male" else ("ludwig", "2")
    person = Person(sex=sex, age_years=40, condition="pattern hair loss", scale=scale, stage=stage)  # type: ignore[arg-type]
    return choices(compare(person, Belief.prior(n=100), years=2))


def row(name: str, sex: str = "male") -> Choice:
    return next(one for one in found(sex).rows if one.option.name == name)


@pytest.mark.parametrize("name", NEEDLES)
def test_needles_hurt_though_their_own_trials_did_not_count_it(name: str) -> None:
    first = phrase.worst(row(name), "male")
    assert "pain" in first
    assert any(said in first for said in phrase.BORROWED.values()), "it is told that others were counted"
    assert phrase.SERIOUS in first


def test_none_counted_is_not_known_and_never_zero() -> None:
    told = phrase.harms(row("finasteride_topical"), "male")
    assert told == ("its own harms are not known: none was counted",)
    assert "nobody of 46 had it; up to 77 may" in phrase.harms(row("laser"), "male")[0]


def test_serious_reports_of_unlike_things_are_counted_apart() -> None:
    told = next(one for one in phrase.harms(row("svf"), "male") if one.startswith(phrase.SERIOUS))
    assert "1 of taking the tissue, 11 of other products" in told


def test_what_was_counted_in_women_alone_comes_last_for_a_man() -> None:
    one = row("minoxidil_topical_2").harms[0]
    women = next(event for event in (*one.often, *one.seldom) if [who for who, _ in event.who] == ["women"])
    assert phrase.harm(women, "male").endswith("; counted in women only")
    assert "only" not in phrase.harm(women, "female")
    assert "women only" not in phrase.harms(row("minoxidil_topical_2"), "male")[0]


def test_a_count_of_several_doses_together_and_placebo_in_some_trials_say_so() -> None:
    one = row("minoxidil_topical_2").harms[0]
    both = next(event for event in (*one.often, *one.seldom) if event.doses)
    assert "together" in phrase.harm(both, "male")
    drug = row("finasteride").harms[0]
    apart = next(event for event in (*drug.often, *drug.seldom) if event.placebo_apart)
    assert "in some of these trials" in phrase.harm(apart, "male")
    whole = next(event for event in (*drug.often, *drug.seldom) if event.on_placebo and not event.placebo_apart)
    assert "in some of these trials" not in phrase.harm(whole, "male")


def test_a_range_that_tells_nothing_gives_way_to_the_trials() -> None:
    told = next(one for one in phrase.harms(row("finasteride"), "male") if "any sexual problem" in one)
    assert "36 of 945 and 10 of 40" in told
    assert "0.0079" not in told
    assert "placebo 21" in told


@cache
def taking() -> Choices:
    person = read_person(Path(__file__).resolve().parents[2] / "examples" / "man-on-finasteride.toml")
    return choices(compare(person, Belief.prior(n=100), years=2))


def test_of_who_takes_something_harm_and_cost_are_of_what_is_added() -> None:
    rows = {one.option.name: one for one in taking().rows}
    assert "sexual" not in phrase.worst(rows["transplant_fut"], "male")
    told = phrase.harms(rows["transplant_fut"], "male")
    assert told[-1].startswith("as now, finasteride 1 mg a day: ")
    assert "sexual" in phrase.worst(rows["go on"], "male")
    kept = "as now, finasteride 1 mg a day: at least USD 240 to 840 (about 600); at least CAD 64"
    assert phrase.cost(rows["hfsc_micrograft"]) == ("what is added: not known: no price was read", kept)
    assert phrase.cost(rows["conditioned_medium"])[0].startswith(
        "what is added: at least JPY 400,000 to 1,000,000 (about 500,000) as a course"
    )
    assert phrase.cost(rows["dutasteride"])[-1].startswith("in place of finasteride 1 mg a day: at least USD 240")
    assert phrase.cost_in_short(rows["transplant_fue"]) == "at least USD 3,000 to 24,000; also read in EUR, GBP"
    assert "finasteride 1 mg a day: at least USD 240 to 840" in phrase.kept(taking()).lower().replace("usd", "USD")
    assert phrase.kept(found()) == ""
    assert phrase.visible_gain(rows["svf"]).endswith("(if you go on as now: 0)")
    assert phrase.asks(rows["svf"]).startswith("none; as now: one pill a day")
    assert "rows a009" in " ".join(phrase.sources(rows["svf"], "male"))


def test_an_option_whose_addition_was_never_counted_says_not_known() -> None:
    man = read_person(Path(__file__).resolve().parents[2] / "examples" / "man-on-finasteride.toml")
    rows = choices(compare(man, Belief.prior(n=100), years=1, options=["finasteride; join trial"])).rows
    assert phrase.worst(rows[-1], "male") == phrase.NOT_KNOWN


def test_a_bill_without_a_part_says_which() -> None:
    both = costs("prp; conditioned medium", 24)
    assert told(both.bill("INR")) == "at least INR 15,000 to 60,000, without conditioned medium of cells: no price of it in INR was read"
    assert "without" not in told(costs("prp", 24).bill("USD"))


def test_each_harm_says_over_what_time_it_was_counted() -> None:
    assert phrase.harms(row("prp"), "male")[0].partition("; counted")[0].endswith("time: 3 sessions")
    assert "time: 52 weeks and mean exposure 204.7 days" in phrase.harms(row("dutasteride"), "male")[0]
    assert "time: not told" in phrase.harms(row("finasteride"), "male")[0]


def test_each_reason_stands_once_with_all_its_options() -> None:
    told = dict(phrase.strict(found()))
    reasons = [why for said in told.values() for _, why in said]
    assert len(reasons) == len(set(reasons))
    cells = next(titles for titles, why in told["ask first"] if "no cell treatment for hair is approved" in why)
    assert len(cells) == 5


def test_every_thing_that_matters_is_told_of_every_option() -> None:
    for one in found().rows:
        for what in phrase.MATTERS:
            assert phrase.matter(one, what, "male")
    assert phrase.cost(row("nothing")) == ("0",)
    assert phrase.cost(row("microneedling")) == ("not known: no price was read",)
    assert phrase.cost(row("svf"))[0].startswith("at least USD")
    assert phrase.needles(row("finasteride")) == "none"
    assert phrase.visits(row("join_trial")) == "not known"
