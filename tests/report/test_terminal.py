"""What a terminal says of an answer beyond its numbers: how sure, fitted to what, and that a match with a fitted trial proves nothing."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

import pytest
from fitted import LABEL, fitted
from rich.console import Console

from anagen.compare import Comparison, compare
from anagen.people.person import read_person
from anagen.report import terminal, words
from anagen.report.terminal import show, show_forecast

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NO_PROOF = "a close match here is no proof"


def _flat(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def _shown(answer: Comparison, width: int = 80) -> str:
    out = Console(file=io.StringIO(), width=width)
    show(answer, out)
    return str(out.file.getvalue())  # type: ignore[attr-defined]


def test_each_option_has_a_word_for_how_sure_it_is(answer: Comparison, woman: Comparison) -> None:
    text = _shown(answer)
    assert f"These numbers are {LABEL}." in text
    assert max(map(len, text.splitlines())) <= 80
    rows = [line for line in text.splitlines() if re.search(r" \d+/\d+/\d+ ", line)]
    levels = [option.known().grounds.certainty.level for group in answer.groups if group.name != "trial" for option in group.options]
    assert len(rows) == len(levels)
    for row, level in zip(rows, levels, strict=True):
        assert f" {level.split()[0]}" in row
    assert "These numbers are prior, not yet calibrated." in _shown(woman)


WIDTHS = [20, 40, 50, 60, 80, 100, 120]
NUMBERS = re.compile(r"[+−]?\d+ to [+−]?\d+|\d+/\d+/\d+|(?<![\d.,])[+−]\d+|\bo\d+\b|moderate|known|very low")


def _numbers(text: str, until: str) -> Counter[str]:
    """Every number and word of the tables, with how often it stands there."""
    return Counter(NUMBERS.findall(" ".join(text.split()).split("hairs per cm²", 1)[1].split(until)[0]))


@pytest.mark.parametrize("width", WIDTHS)
def test_no_number_is_ever_cut(answer: Comparison, woman: Comparison, width: int) -> None:
    for one in (answer, woman):
        wide, text = _shown(one, 200), _shown(one, width)
        assert "…" not in text
        assert max(map(len, text.splitlines())) <= max(width, 40)  # an address is never broken
        until = "A change"
        assert _numbers(wide, until).total() > 20
        assert _numbers(text, until) == _numbers(wide, until)
    part = "Published results"
    published = [Counter(NUMBERS.findall(" ".join(shown.split()).split(part)[1])) for shown in (_shown(answer, 200), _shown(answer, width))]
    assert published[0] == published[1]
    assert published[0].total() > 6


@pytest.mark.parametrize("width", WIDTHS)
def test_no_number_of_a_forecast_is_ever_cut(answer: Comparison, width: int) -> None:
    asked = compare(answer.person, fitted(), 0.5, ["svf", "finasteride"])
    texts = []
    for columns in (200, width):
        out = Console(file=io.StringIO(), width=columns)
        show_forecast(asked, *asked.options[1:], out)
        texts.append(out.file.getvalue())  # type: ignore[attr-defined]
    until = "Out of 100"
    assert "…" not in texts[1]
    assert _numbers(texts[0], until).total() > 50
    assert _numbers(texts[1], until) == _numbers(texts[0], until)


def test_who_takes_something_reads_each_option_against_going_on(taking: Comparison) -> None:
    text = _shown(taking)
    assert "more hairs per cm² than if you go on as now" in _flat(text)
    assert "If a range touches or crosses 0, we can not tell if the option gives more hair than to go on as now." in _flat(text)
    gain = taking.option("bone_marrow").gain(taking.option("go on"), region=taking.main_region, weeks=[13])
    row = next(line for line in text.splitlines() if line.startswith("Add own bone-marrow"))
    assert re.findall(r"(?<=\s)[+−]?\d+(?=\s)", row)[0] == words.number(gain.median[0], signed=True)
    assert "too high" in text, "moved hair has not grown yet"
    assert max(map(len, text.splitlines())) <= 80


def test_a_forecast_says_where_it_is_too_high(answer: Comparison) -> None:
    asked = compare(answer.person, fitted(), 1, ["transplant", "finasteride"])
    out = Console(file=io.StringIO(), width=80)
    show_forecast(asked, *asked.options[1:], out)
    numbers = out.file.getvalue().partition("Where it leaves the evidence")[0]  # type: ignore[attr-defined]
    assert numbers.count("too high") == 3 * 2 * len(asked.regions), "hairs, thick hairs and gain, at two moments"


def test_a_match_with_a_trial_that_was_fitted_is_no_proof(answer: Comparison) -> None:
    assert NO_PROOF in _flat(_shown(answer))
    from anagen.belief import Belief

    told = compare(answer.person, Belief.prior(n=150), 1, ["finasteride"])
    assert told.published
    assert NO_PROOF not in _flat(_shown(told))


def test_a_forecast_shows_each_result_and_assumption_once_for_both_plans() -> None:
    asked = compare(read_person(EXAMPLES / "man-norwood-3v.toml"), fitted(), 0.25, ["svf; finasteride", "finasteride"])
    out = Console(file=io.StringIO(), width=80)
    show_forecast(asked, *asked.options[1:], out)
    raw = out.file.getvalue()  # type: ignore[attr-defined]
    text = _flat(raw)
    assert max(map(len, raw.splitlines())) <= 80
    mine = asked.options[1].known().grounds
    assert f"How sure the evidence is: {mine.certainty.level}" in text
    assert raw.count("Finasteride 1 mg a day: moderate") == 1
    for part in mine.parts:
        assert part.basis in text
        assert words.behind(part)[0].upper() + words.behind(part)[1:] in text
        for one in part.entries:
            assert one.study.study_id in text
    assert "exosomes (14 results of 6 trials)" in text
    for name in {one.study.study_id for one in mine.untreated.entries}:
        assert name in text


def test_it_says_what_each_option_is_once(answer: Comparison) -> None:
    text = _flat(_shown(answer))
    for option in answer.options:
        for name in option.plan.names:
            assert text.count(words.what_each_is()[name]) == 1
    assert text.count("- Transplant: ") == 1


@pytest.mark.parametrize("people", ["10/78/12", "33/33/34", "41 (30 to 52)/59 (48 to 70)/0 (0 to 3)"])
@pytest.mark.parametrize("width", [40, 80])
def test_people_are_never_cut_however_long(woman: Comparison, monkeypatch: pytest.MonkeyPatch, people: str, width: int) -> None:
    monkeypatch.setattr(terminal, "_people", lambda *_: people)
    text = _flat(_shown(woman, width))
    assert text.count(people) == len(woman.forecasts)
    assert "…" not in text
