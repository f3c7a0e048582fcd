"""What a person weighs: the same time and people for every option, the gate's verdict, and questions from their own gaps."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from anagen import Belief, Person, compare
from anagen.choices import Choices, choices
from anagen.people.person import MATTERS
from anagen.suitability import PRECEDENCE

MAN: dict[str, Any] = {"sex": "male", "age_years": 40, "condition": "pattern hair loss", "scale": "norwood", "stage": "4"}
WOMAN: dict[str, Any] = {"sex": "female", "age_years": 35, "condition": "pattern hair loss", "scale": "ludwig", "stage": "2"}
COUNTED = {"region": "vertex", "density_per_cm2": 150}


@cache
def prior() -> Belief:
    return Belief.prior(n=100)


def found(who: dict[str, Any], options: list[str] | None = None, years: float = 1.0, **more: Any) -> Choices:
    return choices(compare(Person(**{**who, **more}), prior(), years=years, options=options))


def asked(one: Choices) -> set[str]:
    return {question.gap for question in one.questions}


def test_every_option_is_read_over_one_time_and_of_as_many_people() -> None:
    one = found(MAN)
    assert [row.option.name for row in one.rows] == [option.name for option in one.answer.options]
    assert {row.chances.people for row in one.rows if row.chances} == {100}
    assert {row.costs.months for row in one.rows} == {one.months} == {12}
    assert all(row.verdict in PRECEDENCE for row in one.rows)


def test_the_verdict_on_a_plan_is_the_strictest_of_its_treatments() -> None:
    one = found(MAN, ["prp and finasteride", "finasteride", "prp"], medicines=("warfarin",))
    verdicts = {row.option.name: row.verdict for row in one.rows}
    assert verdicts["prp and finasteride"] == verdicts["prp"] == "do not"
    assert verdicts["finasteride"] != "do not"


def test_what_matters_neither_orders_nor_chooses() -> None:
    plain, named = found(MAN), found(MAN, what_matters=("low cost", "no surgery"))
    assert plain.matters == MATTERS
    assert named.matters == ("low cost", "no surgery")
    assert [row.option.name for row in named.rows] == [row.option.name for row in plain.rows]
    assert [row.verdict for row in named.rows] == [row.verdict for row in plain.rows]


def test_a_longer_look_costs_no_less() -> None:
    short, long = found(MAN, ["finasteride"]), found(MAN, ["finasteride"], years=2)
    cost = [one.rows[1].costs.bill("USD").total.low for one in (short, long)]
    assert cost[1] > cost[0] > 0


def test_doing_nothing_asks_nothing_and_a_trial_is_not_nothing() -> None:
    rows = {row.option.name: row for row in found(MAN).rows}
    assert rows["nothing"].asks_nothing
    assert rows["wait"].asks_nothing
    assert not rows["join_trial"].asks_nothing
    assert rows["nothing"].costs.free
    assert not rows["svf"].costs.free


@pytest.mark.parametrize(
    ("who", "more", "gap", "there"),
    [
        (MAN, {}, "not_counted", True),
        (MAN, {"measured": (COUNTED,)}, "not_counted", False),
        (MAN, {}, "signs_not_asked", True),
        (MAN, {"signs": ()}, "signs_not_asked", False),
        (MAN, {"signs": ()}, "signs_asked", True),
        (MAN, {}, "pregnancy", False),
        (WOMAN, {}, "pregnancy", True),
        (WOMAN, {"age_years": 70}, "pregnancy", False),
        (WOMAN, {"may_become_pregnant": False}, "pregnancy", False),
        (MAN, {"medicines": ("warfarin",)}, "told", True),
        (MAN, {"medicines": ("warfarin",)}, "nothing_told", False),
        (MAN, {"treatments": ({"what": "finasteride", "since_years": 1},)}, "taking", True),
        (MAN, {"treatments": ({"what": "finasteride", "since_years": 2, "until_years": 1},)}, "taking", False),
    ],
)
def test_questions_come_from_this_persons_gaps(who: dict[str, Any], more: dict[str, Any], gap: str, there: bool) -> None:
    assert (gap in asked(found(who, ["finasteride"], **more))) is there


def test_questions_come_from_what_is_not_known_of_the_options() -> None:
    drug, cells = found(MAN, ["dutasteride"]), found(MAN, ["adsc", "microneedling"])
    assert not {"cells", "harms", "price"} & asked(drug)
    assert {"cells", "harms", "price", "unsure"} <= asked(cells)
    told = {one.gap: one.of for one in cells.questions}
    assert told["harms"] == ("cultured fat stem cells",)
    assert told["price"] == ("microneedling",)
    assert "wait" not in asked(found(MAN, []))


def test_of_who_takes_something_what_is_added_stands_by_itself() -> None:
    one = found(MAN, treatments=({"what": "finasteride", "since_years": 3},))
    rows = {row.option.name: row for row in one.rows}
    micrograft = rows["hfsc_micrograft"]
    assert [harm.name for harm in micrograft.harms] == ["hfsc_micrograft"]
    assert [harm.name for harm in micrograft.kept_harms] == ["finasteride"]
    assert micrograft.own_costs.bills == (), "no price of it was read"
    assert [bill.currency for bill in micrograft.kept_costs.bills] == ["USD", "CAD"]
    assert micrograft.costs.bill("USD").total == micrograft.kept_costs.bill("USD").total
    assert rows["dutasteride"].kept_harms == ()
    assert rows["dutasteride"].gone_costs.bill("USD").total == rows["go on"].own_costs.bill("USD").total
    assert micrograft.chances_now == rows["go on"].chances
    named = {question.gap: question.of for question in one.questions}
    assert "follicle micrografts" in named["price"]
    assert "finasteride" not in (*named["price"], *named["harms"], *named["unsure"])


def test_the_visits_of_a_trial_are_not_known() -> None:
    assert next(row for row in found(MAN).rows if row.option.name == "join_trial").visits is None


def test_every_question_is_asked_of_somebody_and_has_its_source() -> None:
    rows = list(csv.DictReader((files("anagen") / "data" / "questions.csv").read_text(encoding="utf-8").splitlines()))
    everybody = [
        found(WOMAN, medicines=("warfarin",), treatments=({"what": "minoxidil", "since_years": 1},)),
        found(MAN, signs=()),
    ]
    assert {row["gap"] for row in rows} == set().union(*map(asked, everybody))
    for row in rows:
        page, section = row["source"].removeprefix("clinic/").split(": ")
        text = (files("anagen") / "data" / "evidence" / "clinic" / page).read_text(encoding="utf-8")
        number, title = section.split(" ", 1)
        assert any(line.startswith(f"## {number}. {title}") for line in text.splitlines()), row["source"]
