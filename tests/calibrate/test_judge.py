"""A folder of new studies: every row has its line, nothing is looked at before it is predicted, and what is wrong costs its own row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from calibrate.made_up import Cells, rows, write

from anagen.calibrate import judge as room
from anagen.calibrate.baselines import Pooled, TimeCourse
from anagen.calibrate.fact import Facts
from anagen.calibrate.folder import read
from anagen.calibrate.judge import MODEL, SEEN, Judgement, Predictor, before, blind, judge, shipped_facts
from anagen.calibrate.scores import Prediction
from anagen.evidence import studies
from anagen.evidence.check import check
from anagen.ground.errors import BadFile

KNOWN = shipped_facts()
PLAIN: dict[str, Predictor] = {"pooled": Pooled.fit(KNOWN).predict, "time_course": TimeCourse.fit(KNOWN).predict}
"""The baselines, fitted once; they need no JAX."""

Change = Callable[[dict[str, list[Cells]]], Any]


def folder(tmp_path: Path, change: Change | None = None) -> Path:
    tables = rows()
    if change is not None:
        change(tables)
    return write(tmp_path / "new", tables)


def judged(tmp_path: Path, change: Change | None = None) -> Judgement:
    return judge(folder(tmp_path, change), PLAIN)


def why(found: Judgement) -> dict[str, str]:
    return {line.row: line.why for line in found.lines}


def cell(table: str, name: str, **changed: object) -> Change:
    """A change of one row, named by its first column (an arm by study/arm)."""

    def change(tables: dict[str, list[Cells]]) -> None:
        key = {"studies": "{study_id}", "arms": "{study_id}/{arm_id}", "outcomes": "{row_id}"}[table]
        next(cells for cells in tables[table] if key.format(**cells) == name).update(changed)

    return change


def test_the_made_up_studies_keep_every_rule(tmp_path: Path) -> None:
    assert check(folder(tmp_path)) == []


def test_every_row_after_treatment_has_one_line(tmp_path: Path) -> None:
    found = judged(tmp_path)
    wanted = [row.row_id for row in read(tmp_path / "new").outcomes if not before(row)]
    assert [line.row for line in found.lines] == wanted
    assert len(wanted) == 32
    predicted = [line for line in found.lines if line.place is not None]
    for made in found.predictions.values():
        assert [made[line.place].rows[-1] for line in predicted if line.place is not None] == [line.row for line in predicted]
    left = {line.row: line.why for line in found.lines if not line.counted}
    assert left == {
        "x032": "no link from this outcome to a count of hairs",
        "x036": "the same fact as another row",
        "x037": "not pattern hair loss",
    }


def test_what_was_measured_is_told_in_the_unit_of_its_fact(tmp_path: Path) -> None:
    found = judged(tmp_path)
    seen = {one.rows[-1]: one for one in found.main}
    assert seen["x014"].observed == pytest.approx(196 - 171)  # a level with its own beginning is a change
    assert seen["x034"].observed == pytest.approx(62 / 5.1)
    assert (seen["x005"].control, seen["x005"].observed) == ("placebo", 18.4)
    assert (seen["x033"].kind, seen["x033"].observed) == ("level", 201.0)  # no beginning of that arm was read
    said = {row: one.said for row, one in seen.items() if one.said}
    assert said == {"x020": "not_significant", "x026": "not_significant", "x029": "significant"}  # x026 by its exact p of 0.21


def other_values(tables: dict[str, list[Cells]]) -> None:
    """Every number after treatment another one, statements turned round."""
    for number, cells in enumerate(tables["outcomes"]):
        if cells.get("mean") is not None and cells["time_weeks"]:
            cells["mean"] = 60.0 - 2.5 * cells["mean"] + number
        if cells.get("p_value") in ("significant", "not_significant"):
            cells["p_value"] = "significant" if cells["p_value"] == "not_significant" else "not_significant"


def ends(found: Judgement) -> list[tuple[float, float]]:
    return [one.interval(0.8) for made in found.predictions.values() for one in made]


def test_nothing_after_treatment_moves_a_prediction(tmp_path: Path) -> None:
    first, second = judged(tmp_path / "a"), judged(tmp_path / "b", other_values)
    assert ends(first) == ends(second)
    assert [one.chance_significant for one in first.main] == [one.chance_significant for one in second.main]
    moved = [a.observed != b.observed for a, b in zip(first.main, second.main, strict=True) if not a.said]
    assert all(moved)
    assert first.scores["pooled"].log_score > second.scores["pooled"].log_score


def peeking(facts: Facts) -> list[Prediction]:
    """A predictor that moves towards the value where it can see one."""
    return [
        one if np.isnan(fact.value) else replace(one, mean=one.mean * 0.9 + fact.value * 0.1)
        for one, fact in zip(PLAIN["pooled"](facts), facts.facts, strict=True)
    ]


def test_a_predictor_that_would_look_sees_nothing(tmp_path: Path) -> None:
    first, second = (judge(folder(tmp_path / name, change), {"peeking": peeking}) for name, change in (("a", None), ("b", other_values)))
    assert ends(first) == ends(second)


def test_a_predictor_that_looks_is_caught_where_values_are_not_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: without blind facts the same comparison fails."""
    monkeypatch.setattr(room, "blind", lambda it: room.rows_as_facts(it.studies, it.arms, it.usable))
    first, second = (judge(folder(tmp_path / name, change), {"peeking": peeking}) for name, change in (("a", None), ("b", other_values)))
    assert ends(first) != ends(second)


def test_blind_facts_hold_no_number_and_no_statement(tmp_path: Path) -> None:
    facts = blind(read(folder(tmp_path)))
    assert all(np.isnan(fact.value) and fact.said == "" for fact in facts.facts)
    assert {one.value for one in facts.baselines} == {201.0, 171.0, 148.0, 66.0}  # levels before treatment may be known
    spread = {fact.rows[-1]: fact.se for fact in facts.facts}
    assert spread["x003"] == 2.1
    assert spread["x008"] == pytest.approx((17.3 - 1.1) / (2 * 1.959964))
    assert spread["x005"] is None  # from a p value a spread can be read only with the number


def test_a_level_at_the_last_session_is_not_a_beginning(tmp_path: Path) -> None:
    late = cell("outcomes", "x027", time_origin="last_treatment")  # the level of exo, four sessions
    facts = blind(read(folder(tmp_path, late)))
    assert 148.0 not in {one.value for one in facts.baselines}


@pytest.mark.parametrize(
    ("change", "rows_lost", "reason"),
    [
        (cell("arms", "made_up_05/laser", intervention="lazer"), {"x016"}, "'lazer' is not in the vocabulary"),
        (cell("arms", "made_up_05/laser", role="hero"), {"x016"}, "arms.csv, line 9, column role: 'hero'"),
        (cell("arms", "made_up_01/placebo", n="many"), {"x004", "x005"}, "arms.csv, line 3, column n: 'many'"),
        (cell("studies", "made_up_02", condition="baldness"), {"x006", "x007", "x008"}, "studies.csv, line 3, column condition"),
        (cell("outcomes", "x012", time_weeks="soon"), {"x012"}, "outcomes.csv, line 13, column time_weeks: 'soon'"),
        (cell("outcomes", "x012", unit="furlongs"), {"x012"}, "no number on a scale"),
        (cell("outcomes", "x012", arm_id="nobody"), {"x012"}, "its study or arm is not in the tables"),
        (cell("arms", "made_up_02/dut", intervention="dutasteride_oral_other_dose", dose=""), {"x006", "x008"}, "without a dose"),
        (
            cell("studies", "made_up_03", doi=next(s.doi for s in studies() if s.study_id == "olsen_2007")),
            {"x009", "x010", "x011", "x012"},
            SEEN,
        ),
        (cell("studies", "made_up_03", same_trial_as="kaufman_1998"), {"x009", "x010", "x011", "x012"}, SEEN),
    ],
)
def test_what_is_wrong_costs_its_own_rows(tmp_path: Path, change: Change, rows_lost: set[str], reason: str) -> None:
    whole, found = judged(tmp_path / "whole"), judged(tmp_path / "broken", change)
    lost = {line.row for line in found.lines if line.place is None} - {"x032", "x037"}
    assert lost == rows_lost
    assert {line.row for line in found.lines} == {line.row for line in whole.lines}
    assert any(reason in why(found)[row] for row in rows_lost)
    assert all(why(found)[row] for row in rows_lost)


@pytest.mark.parametrize(
    "change",
    [cell("outcomes", "x012", source_kind="rumour"), cell("studies", "made_up_02", read="dreamt"), cell("outcomes", "x012", site="moon")],
)
def test_a_wrong_word_where_nothing_stands_on_it_costs_nothing(tmp_path: Path, change: Change) -> None:
    whole, found = judged(tmp_path / "whole"), judged(tmp_path / "broken", change)
    assert ends(whole) == ends(found)
    assert len(found.warnings) == 1


def test_a_missing_column_that_nothing_stands_on_costs_nothing(tmp_path: Path) -> None:
    place = folder(tmp_path)
    path = place / "outcomes.csv"
    header, *body = path.read_text(encoding="utf-8").splitlines()
    assert header.endswith(",quote,notes")
    path.write_text("\n".join([header.removesuffix(",notes"), *(line.removesuffix(",") for line in body)]) + "\n", encoding="utf-8")
    assert len(judge(place, PLAIN).main) == 30


def test_two_rows_of_one_id_stay_two(tmp_path: Path) -> None:
    found = judged(tmp_path, cell("outcomes", "x012", row_id="x011"))
    assert {line.row for line in found.lines} >= {"x011", "x011 (2)"}
    assert len(found.main) == 30


def test_scores_are_those_of_rows_that_count(tmp_path: Path) -> None:
    found = judged(tmp_path)
    assert {name: (one.rows, one.trials) for name, one in found.scores.items()} == {"pooled": (26, 11), "time_course": (26, 11)}
    assert set(found.differences) == {"time_course"}
    assert sum(one.rows for one in found.treatments["pooled"].values()) == 26
    assert {name: one.statements for name, one in found.statements.items()} == {"pooled": 3, "time_course": 3}
    rest = [line.place for line in found.lines if line.counted and line.place is not None and not found.main[line.place].said]
    assert found.scores["pooled"].log_score == pytest.approx(np.mean([found.main[place].log_score for place in rest]))
    wanted = np.mean([found.main[place].crps / found.unit[place] for place in rest])
    assert found.scores["pooled"].crps == pytest.approx(wanted)


def test_the_main_predictor_is_the_calibrated_model(tmp_path: Path) -> None:
    found = judge(folder(tmp_path), {"pooled": PLAIN["pooled"], MODEL: PLAIN["time_course"]})
    assert found.main is found.predictions[MODEL]
    assert set(found.differences) == {"pooled"}
    assert found.differences["pooled"].log_score == pytest.approx(found.scores[MODEL].log_score - found.scores["pooled"].log_score)


def test_statements_alone_are_scored_too(tmp_path: Path) -> None:
    def only_statements(tables: dict[str, list[Cells]]) -> None:
        tables["outcomes"] = [cells for cells in tables["outcomes"] if cells.get("use_reason") == "no_number"]

    found = judged(tmp_path, only_statements)
    assert found.scores == {}
    assert found.statements["pooled"].statements == 3


def test_what_is_done_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    judge(folder(tmp_path), PLAIN, told=told.append)
    assert told[0] == "Reading the studies"
    assert told[1:3] == [f"Predicting 30 rows of 11 trials: {name}" for name in ("pooled", "time course")]


def nothing_left(tables: dict[str, list[Cells]]) -> None:
    tables["outcomes"] = tables["outcomes"][-1:]


def empty(table: str) -> Change:
    return lambda tables: tables[table].clear()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (empty("studies"), "studies.csv: it holds no row"),
        (empty("outcomes"), "outcomes.csv: it holds no row"),
        (nothing_left, "no outcome row of it can be predicted; of x037: not pattern hair loss."),
    ],
)
def test_a_folder_that_says_nothing_is_refused_in_one_sentence(tmp_path: Path, change: Change, sentence: str) -> None:
    with pytest.raises(BadFile, match="new") as caught:
        judged(tmp_path, change)
    assert sentence in str(caught.value)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    place = folder(tmp_path)
    (place / "arms.csv").unlink()
    with pytest.raises(BadFile, match=r"there is no arms\.csv in it"):
        judge(place, PLAIN)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    place = folder(tmp_path)
    (place / "studies.csv").write_bytes((place / "studies.csv").read_bytes().replace(b"Nobody", b"N\xfcbody"))
    with pytest.raises(BadFile, match=r"studies\.csv: it cannot be read"):
        judge(place, PLAIN)


def test_a_predictor_must_answer_what_was_asked(tmp_path: Path) -> None:
    def lazy(facts: Facts) -> Sequence[Prediction]:
        return PLAIN["pooled"](facts)[:-1]

    with pytest.raises(RuntimeError, match="lazy did not predict"):
        judge(folder(tmp_path), {"lazy": lazy})
