"""`anagen suitability`: what it prints is what was judged, with its source, in words a patient can read, for whoever asks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from report.test_page import grade

from anagen.cli import main
from anagen.people.person import read_person
from anagen.people.signs import asked_of, signs
from anagen.suitability import PRECEDENCE, suitable
from anagen.suitability.tables import cautions, facts, questions
from anagen.treatments import TREATMENTS

Out = pytest.CaptureFixture[str]
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
MAN = 'sex = "male"\nage_years = 40\ncondition = "pattern hair loss"\nscale = "norwood"\nstage = "4"\n'


def written(folder: Path, text: str) -> str:
    (folder / "me.toml").write_text(MAN + text, encoding="utf-8")
    return str(folder / "me.toml")


def printed(capsys: Out, *arguments: str) -> str:
    assert main(["suitability", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_answered_within_80_columns_with_every_reason(path: Path, capsys: Out) -> None:
    out = printed(capsys, str(path))
    assert max(len(line) for line in out.splitlines() if "http" not in line) <= 80
    found = suitable(read_person(path))
    for option in found.options:
        for reason in option.reasons:
            assert flat(reason.says) in flat(out)
            assert not reason.source_url or reason.source_url in out
            assert flat(reason.quote) in flat(out)
    assert "None" not in out


def test_whoever_is_refused_a_number_is_still_answered(capsys: Out) -> None:
    path = next(path for path in EXAMPLES if path.stem == "refused-pregnant")
    out = flat(printed(capsys, str(path)))
    assert "Numbers: none are given. Pregnant is true" in out
    assert "please ask your doctor" in out
    assert "Do not (" in out
    data = json.loads(printed(capsys, str(path), "--json"))
    assert data["numbers"]["given"] is False
    assert "please ask your doctor" in data["numbers"]["why_not"]


def test_a_sign_is_told_with_what_to_do_and_its_source(tmp_path: Path, capsys: Out) -> None:
    path = written(tmp_path, 'signs = ["round patches"]\n')
    out = flat(printed(capsys, path))
    sign = signs()["round patches"]
    assert f"think of {sign.think_of}. See {sign.see} {sign.urgency}. {sign.do}" in out
    assert sign.source_url in out
    assert main(["forecast", path, "--plan", "finasteride"]) == 2
    assert "round patches" in capsys.readouterr().err


def test_signs_not_asked_are_asked(tmp_path: Path, capsys: Out) -> None:
    out = flat(printed(capsys, written(tmp_path, "")))
    assert "nobody has asked you" in out
    for sign in asked_of("male"):
        assert sign.question in out
    for question in questions():
        assert (question.question in out) == (question.sex in ("", "male"))
    out = flat(printed(capsys, written(tmp_path, "signs = []\n")))
    assert "you were asked, and have none" in out


def test_words_are_told_as_they_were_read(tmp_path: Path, capsys: Out) -> None:
    path = written(tmp_path, 'signs = []\nmedicines = ["warfarin 5 mg", "warfarn", "[red]x[/red]"]\n')
    out = flat(printed(capsys, path))
    assert '"warfarin 5 mg" was read as: You take a blood thinner.' in out
    assert '"warfarn" was not recognised, so nothing here takes it into account. Did you mean "warfarin"?' in out
    assert '"[red]x[" was not recognised' in out
    data = json.loads(printed(capsys, path, "--json"))
    assert data["read_as"] == [{"word": "warfarin 5 mg", "says": "You take a blood thinner."}]
    assert data["not_recognised"][0] == {"word": "warfarn", "nearest": "warfarin"}


def test_json_has_every_option_once_with_reasons_and_trials(tmp_path: Path, capsys: Out) -> None:
    path = written(tmp_path, "signs = []\nbmi = 41\n")
    data = json.loads(printed(capsys, path, "--json"))
    assert data["precedence"] == list(PRECEDENCE)
    assert [one["option"] for one in data["options"]] == list(TREATMENTS)
    svf = next(one for one in data["options"] if one["option"] == "svf")
    assert svf["verdict"] == "ask first"
    assert {reason["fact"] for reason in svf["reasons"]} == {"anyone", "bmi_40_or_more", None}
    style = next(trial for trial in svf["trials"] if trial["study_id"] == "kuka_2020")
    assert style["misses"] == ["weight"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('signs = ["round patch"]', "signs: 'round patch' is no sign that we know; did you mean 'round patches'?"),
        ('signs = ["heavy periods"]', "signs: 'heavy periods' is asked of women only, and sex is 'male'"),
        ("breastfeeding = true", "breastfeeding is true but sex is 'male'"),
        ("bmi = 7", "bmi is 7; allowed: a number at least 10"),
        ("platelets_per_ul = -1", "platelets_per_ul is -1; allowed: a number above 0"),
        ('smoker = "sometimes"', "smoker is 'sometimes'"),
        ("signs = [1]", "signs.1 is 1"),
        ("sign = []", "did you mean 'signs'?"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(text: str, said: str, tmp_path: Path, capsys: Out) -> None:
    assert main(["suitability", written(tmp_path, text + "\n")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


def test_what_a_patient_reads_is_read_at_grade_eight_or_lower() -> None:
    told = {
        "reasons": [rule.reason for rule in cautions()],
        "facts": [fact.says for fact in facts().values() if fact.fact != "phaeochromocytoma"],
        "questions": [sign.question for sign in signs().values()],
        "what to do": [sign.do for sign in signs().values()],
        "what is left out": [question.question for question in questions()],
    }
    for what, sentences in told.items():
        assert grade(" ".join(sentences)) <= 8, what
    for sentence in told["reasons"]:
        assert grade(sentence) <= 13, sentence


def test_nothing_printed_uses_a_bare_word_of_chance(capsys: Out) -> None:
    for path in EXAMPLES:
        out = printed(capsys, str(path)).lower()
        assert not re.search(r"\b(rare|rarely|unlikely|very likely|1 in \d)\b", out)
