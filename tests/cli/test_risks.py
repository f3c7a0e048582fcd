"""`anagen risks`: what it prints is what was computed, in words a patient can read, and never a zero or a number without its range."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from report.test_page import grade

from anagen.cli import main
from anagen.report.risks_overview import blocks
from anagen.report.risks_text import thousand
from anagen.risks import risks, risks_of_options
from anagen.risks.tables import words
from anagen.suitability import NEITHER
from anagen.treatments import TREATMENTS

Out = pytest.CaptureFixture[str]
OPTIONS = [name for name in TREATMENTS if name not in NEITHER]
MAN = 'sex = "male"\nage_years = 40\ncondition = "pattern hair loss"\nscale = "norwood"\nstage = "4"\n'


def printed(capsys: Out, *arguments: str) -> str:
    assert main(["risks", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def flat(text: str) -> str:
    return " ".join(text.split())


def first_column(out: str) -> str:
    """The names of harms, without the numbers beside them."""
    return flat(re.sub(r" +(?:[\d.,]+ \([\d.,]+ to|trials differ +\d|0, up to) .*", "", out))


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_has_an_answer_within_80_columns(name: str, capsys: Out) -> None:
    out = printed(capsys, "--option", name, "--draws", "100")
    lines = [line for line in out.splitlines() if "http" not in line]
    assert max(map(len, lines)) <= 80
    assert "None" not in out
    assert "nan" not in re.findall(r"[a-z]+", out)
    assert not re.search(r"\b1 in \d|times as likely|relative risk|very common|uncommon|safe\b", out)
    option = risks_of_options([name], draws=100)[0].options[0]
    assert all(one.source_url in out for one in option.serious)
    assert ("none was read" in out) == (not option.serious)
    for event in option.events:
        if event.scattered:
            assert all(f"{had:,} of {people:,}" in out for _, had, people in event.counts), event.event
        else:
            assert thousand(event.high) in out, event.event
    assert not re.search(r"\b0\.00\d* to (99\d|1,000)|\(0 to (99\d|1,000)\)", out), "a range of all there is"
    assert flat(option.long_term.said) in flat(out)
    assert option.looked.fact in flat(out)


def test_what_came_to_most_people_comes_first_then_serious_reports_then_the_total(capsys: Out) -> None:
    out = printed(capsys, "--plan", "svf")
    order = [
        out.index(title)
        for title in ("10 or more of", "Fewer than 10 of", "Nobody had it", "Who was counted", "Serious reports", "whole plan")
    ]
    assert order == sorted(order)
    assert "32 of 70 studies" in out
    assert "0, up to 93" in out
    total = risks("svf").total
    assert total is not None
    assert f"{thousand(total.chance.middle)} ({thousand(total.chance.low)} to {thousand(total.chance.high)}) of 1,000 people" in out
    assert "Not in this total" in out
    low, high = thousand(total.least), thousand(total.most)
    last = flat(out[out.index("whole plan") :])
    assert f"From {low} to {high}, however much one harm goes with another (0.3 is taken, which is assumed)." in last
    assert len(re.findall(r"\d \([\d.]+ to ", last)) == 1, "one value with its range: the rest is for --json"
    assert "Pain where the needle went in†: the needles (mild; counted over three sessions)" in first_column(out)


def test_a_drug_has_placebo_and_the_difference_beside(capsys: Out) -> None:
    out = printed(capsys, "--option", "finasteride")
    assert re.search(r"harm +of 1,000 +counted +placebo +more", out)
    assert "17 (1.2 to 33)" in out, "more with any sexual problem than with placebo"
    assert re.search(r"trials differ +12 of 945.*\n.*9 of 40", out), "trials that differ stand beside each other, without a middle"
    assert "(0.0079 to" not in out
    assert "13 to 33)‡" in out, "placebo of one trial beside a count of two says so"
    assert "‡ In the trials with placebo alone" in out
    assert not re.search(r"Stopped because.*‡", out)


def test_a_count_of_several_doses_says_so_and_that_no_placebo_stood_beside(capsys: Out) -> None:
    out = printed(capsys, "--option", "minoxidil_topical", "--draws", "100")
    assert "counted at several doses together, with no placebo beside: of 2 % or 5 % topical minoxidil." in flat(out)
    assert "Any harm at all, which holds others here: the drug (of 2 % or 5 % topical minoxidil)" in first_column(out)


def test_a_whole_that_is_smaller_than_a_part_does_not_hold_it(capsys: Out) -> None:
    out = printed(capsys, "--option", "svf", "--draws", "100")
    assert "holds others" not in out
    assert out.count("“any") == 3
    assert "likely too few" in flat(out)
    assert "Any harm of the skin, which holds others here" in first_column(printed(capsys, "--option", "minoxidil", "--draws", "100"))


def test_without_a_name_every_option_is_a_line(capsys: Out) -> None:
    out = printed(capsys, "--draws", "100")
    assert [name for name in OPTIONS if not re.search(rf"^{name.replace('_', ' ')} ", out, re.MULTILINE)] == []
    assert re.search(r"^spironolactone +not known", out, re.MULTILINE)
    assert "it is not zero" in flat(out)


def test_a_person_is_not_shown_what_is_not_for_them(capsys: Out, here: Path) -> None:
    (here / "me.toml").write_text(MAN, encoding="utf-8")
    assert "spironolactone" not in printed(capsys, "me.toml", "--draws", "100")


def test_json_holds_every_number_out_of_1000_with_its_rows(capsys: Out) -> None:
    data = json.loads(printed(capsys, "--plan", "finasteride; svf at weeks 0 and 12", "--json"))
    assert data["of"] == 1000
    (plan,) = data["plans"]
    found = risks("finasteride; svf at weeks 0 and 12")
    assert [one["name"] for one in plan["options"]] == [one.name for one in found.options]
    for shown, option in zip(plan["options"], found.options, strict=True):
        assert len(shown["serious_reports"]) == len(option.serious)
        for harm, event in zip(shown["harms"], option.events, strict=True):
            assert harm["rows"] == list(event.rows)
            assert harm["of_1000"]["high"] == 1000 * event.high
            assert (harm["of_1000"]["chance"] is None) == (event.chance is None)
    assert found.total is not None
    assert plan["total"]["chance"]["middle"] == 1000 * found.total.chance.middle
    assert {"option": "svf", "step": "harvest", "part": "scarring"} in plan["not_in_total"]


def test_the_same_seed_prints_the_same(capsys: Out) -> None:
    one, two = (printed(capsys, "--option", "prp", "--seed", "7", "--json") for _ in range(2))
    assert one == two
    assert one != printed(capsys, "--option", "prp", "--seed", "8", "--json")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--option", "finastride"], "finasteride"),
        (["--plan", "three cups of tea"], "cups"),
        (["nowhere.toml"], "nowhere.toml"),
        (["--option", "prp", "--draws", "5"], "--draws is 5"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(arguments: list[str], said: str, capsys: Out) -> None:
    assert main(["risks", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


def test_the_prose_is_read_at_grade_eight_or_lower(capsys: Out) -> None:
    """Sentences alone: tables, names of harms and addresses are no prose."""
    for name in ("svf", "finasteride", "prp", "transplant_fut", "exosomes"):
        out = printed(capsys, "--option", name, "--draws", "100")
        kept = [line for line in out.splitlines() if "http" not in line and not re.search(r" {3}|\d \(.* to |~", line)]
        prose = flat(" ".join(line.removeprefix("- ") for line in kept))
        sentences = [part for part in re.split(r"(?<=[.!?]) ", prose) if len(part.split()) > 3 and part.endswith(".")]
        assert len(sentences) > 5
        assert grade(" ".join(sentences)) <= 8, name


def test_small_chances_are_never_printed_as_zero() -> None:
    for share in (1e-6, 3e-5, 0.00046, 0.00997, 0.0123, 0.5):
        shown = float(thousand(share).replace(",", ""))
        assert shown == pytest.approx(1000 * share, rel=0.06)
        assert shown > 0


def test_the_overview_never_sets_totals_of_other_harms_beside_each_other(capsys: Out) -> None:
    out = printed(capsys, "--draws", "100")
    assert max(map(len, out.splitlines())) <= 80
    assert "Compare no total with one of another block" in flat(out)
    blocks = [re.findall(r"^([a-z][a-z ]*?) {2,}(?:[\d.]+ \(|not known)", block, re.MULTILINE) for block in out.split("Counted:")]
    assert ["transplant fue"] in blocks
    assert ["transplant fut"] in blocks
    for found in risks_of_options(draws=100):
        if found.total and found.likelier:
            assert f"{found.likelier[0].word.short} {thousand(found.likelier[0].size)}" in flat(re.sub(r"\d of \d+ +none read", "", out))
    assert re.search(r"^svf .* 0/1/11$", out, re.MULTILINE)


def test_two_harms_of_one_kind_are_not_alike_in_the_overview() -> None:
    """Swelling of the face is not swelling: both are of one of the six, and their totals stand apart."""
    face = risks("transplant fue", draws=100)
    assert face.total is not None
    swelling = words()["oedema"]
    items = [replace(one, event=replace(one.event, word=swelling)) if one.part == "swelling" else one for one in face.total.items]
    other = replace(face, total=replace(face.total, items=tuple(items)))
    assert len(blocks([face, face])) == 1
    assert len(blocks([face, other])) == 2


def test_a_total_says_what_is_likelier_and_what_is_left_out(capsys: Out) -> None:
    assert "likelier than it: inflamed hair roots 70 (61 to 80)" in flat(printed(capsys, "--option", "fue", "--draws", "100"))
    assert "one number: transplant fut, infection (trials differ: 2 of 2,896; 8 of 73)" in flat(printed(capsys, "--option", "fut"))
    out = flat(printed(capsys, "--option", "bone marrow", "--draws", "100"))
    assert "Pain where the needle went in goes in as it was counted, over three sessions: in one it may be less." in out
    assert "goes in as it was counted" not in flat(printed(capsys, "--option", "prp", "--draws", "100"))


def test_each_count_points_at_its_study(capsys: Out) -> None:
    out = printed(capsys, "--option", "dutasteride")
    assert "Counted in [1] tsunemi_2016, [2] choi_2016, [3] tsai_2018." in flat(out)
    assert re.search(r"20 of 120 \[1\].*\n.*66 of 712 \[2\]", out)
    assert "4 of 712 [2]" in out
    assert "Any sexual problem came to fewer than another harm in choi_2016: it was counted beside that one, not over it." in flat(out)
    assert "which holds others" not in out[out.index("Any sexual") : out.index("Any harm at all")]


def test_serious_reports_stand_by_what_they_are_of_and_a_rate_is_a_rate(capsys: Out) -> None:
    out = flat(printed(capsys, "--option", "svf", "--draws", "100"))
    assert "Of this product put into skin: none read" in out
    assert "Of taking the tissue: 1 - No date read: 95 people died" in out
    assert "Rate: 0.19 of 1,000 (0.15 to 0.23); 95 of 496,245 operations of another kind: not yours." in out
    assert "Of other products, other ways in, or not told which: 11 " in out


@pytest.mark.parametrize("name", ["bone marrow", "transplant fue", "minoxidil topical", "Low-level laser"])
def test_a_name_is_found_with_spaces(name: str, capsys: Out) -> None:
    assert "of 1,000" in printed(capsys, "--option", name, "--draws", "100")


def test_an_unknown_name_has_the_nearest_few(capsys: Out) -> None:
    assert main(["risks", "--option", "snake oil"]) == 2
    err = capsys.readouterr().err
    assert err.count(",") <= 5
