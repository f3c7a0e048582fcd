"""What is printed, drawn and given as data of a judgement is what was judged."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from calibrate.made_up import write
from rich.console import Console

from anagen.calibrate.baselines import Pooled, TimeCourse
from anagen.calibrate.judge import MODEL, Judgement, judge, shipped_facts
from anagen.calibrate.scores import SHARES
from anagen.report.judge import held, number, show, what
from anagen.report.judge_data import judgement, table, text
from anagen.report.judge_figure import draw

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Judgement:
    """Made-up studies judged by both baselines, one of them in the place of the calibrated model."""
    known = shipped_facts()
    chosen = {MODEL: TimeCourse.fit(known).predict, "pooled": Pooled.fit(known).predict}
    return judge(write(tmp_path_factory.mktemp("judged") / "new"), chosen)


def printed(found: Judgement, width: int = 80) -> str:
    out = io.StringIO()
    show(found, Console(file=out, width=width, no_color=True, highlight=False))
    return out.getvalue()


def flat(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def test_every_row_is_printed_within_80_columns(found: Judgement) -> None:
    out = printed(found)
    assert max(map(len, out.splitlines())) <= 80
    for line in found.lines:
        assert re.search(rf"^(- )?{line.row}\b", out, flags=re.MULTILINE), line.row
        if line.place is None:
            assert f"{line.row} {line.arm} {line.outcome}: not predicted, {line.why}" in flat(out)
    for line in found.lines:
        if line.place is None or found.main[line.place].said:
            continue
        one = found.main[line.place]
        row = next(text for text in out.splitlines() if text.startswith(line.row))
        signed = one.kind != "level"
        low, high = one.interval(0.9)
        wanted = [number(one.median, signed), f"{number(low, signed)}..{number(high, signed)}", number(one.observed, signed), held(one)]
        assert all(part in row for part in wanted), (row, wanted)


def test_scores_and_differences_are_printed(found: Judgement) -> None:
    out = flat(printed(found))
    for one in found.scores.values():
        assert f"{one.crps:.2f} −{-one.log_score:.3f}" in out
    gap = found.differences["pooled"]
    assert (
        f"anagen less pooled, a row: log score {'+' if gap.log_score > 0 else '−'}{abs(gap.log_score):.3f} (SE {gap.log_score_se:.3f})"
        in out
    )
    assert all(name.replace("_", " ") in out for name in found.treatments[MODEL])
    assert f"{found.statements['pooled'].brier.value:.2f} [" in out
    assert out.count("significant") >= 3
    assert "-" not in re.sub(r"(?m)(^| )- ", " ", out.split("Scores of")[1])  # true minus signs in every score


def test_a_judgement_of_statements_alone_is_printed(found: Judgement) -> None:
    spoken = tuple(line for line in found.lines if line.place is None or found.main[line.place].said)
    out = printed(replace(found, lines=spoken, scores={}, differences={}, treatments={}))
    assert "No number to score." in out
    assert "No number to draw." in draw(replace(found, lines=spoken, scores={}))


def test_broken_rules_are_told_but_not_all_at_length(found: Judgement) -> None:
    out = printed(replace(found, warnings=tuple(f"warning {number}" for number in range(5))))
    assert [f"warning {number}" in out for number in range(5)] == [True, True, True, False, False]
    assert "2 more, which `anagen evidence check` lists." in out


def test_names_of_rows(found: Judgement) -> None:
    names = {one.rows[-1]: what(one) for one in found.main}
    assert names["x005"] == "fin − placebo: hairs/cm²"
    assert names["x015"] == "oral: hairs, %"
    assert names["x011"] == "foam: thick hairs/cm²"
    assert names["x023"] == "needles: width, μm"
    assert names["x033"] == "placebo: level of hairs/cm²"


def test_the_narrowest_range_that_holds_is_named(found: Judgement) -> None:
    one = found.main[0]
    ends = [one.quantiles([0.5 + share / 2])[0] for share in SHARES]
    seen = [held(replace(one, observed=float(value))) for value in (one.median, *(end + 0.1 for end in ends))]
    assert seen == ["50 %", "80 %", "90 %", "out"]


def test_data_has_every_row_and_no_number_that_is_none(found: Judgement) -> None:
    data = json.loads(text(found))
    assert data == judgement(found)
    assert [row["row"] for row in data["rows"]] == [line.row for line in found.lines]
    rows = {row["row"]: row for row in data["rows"]}
    assert rows["x037"]["predictions"] == {}
    assert rows["x037"]["why"] == "not pattern hair loss"
    assert rows["x020"]["observed"] is None
    assert rows["x020"]["said"] == "not_significant"
    assert rows["x020"]["predictions"]["pooled"]["crps"] is None
    one = next(it for it in found.predictions["pooled"] if it.rows == ("x003",))
    assert rows["x003"]["predictions"]["pooled"]["range_80%"] == list(one.interval(0.8))
    assert rows["x003"]["predictions"]["pooled"]["log_score"] == one.log_score
    assert data["scores"]["pooled"]["coverage"]["90%"]["value"] == found.scores["pooled"].coverage[0.9].value


def test_the_table_has_a_line_for_each_row_and_predictor(found: Judgement) -> None:
    lines = list(csv.DictReader(io.StringIO(table(found))))
    assert len(lines) == 2 * len(found.main) + sum(line.place is None for line in found.lines)
    one = next(line for line in lines if (line["row"], line["predictor"]) == ("x003", "pooled"))
    wanted = next(it for it in found.predictions["pooled"] if it.rows == ("x003",))
    assert [float(one[name]) for name in ("median", "low_90%", "observed")] == pytest.approx([wanted.median, wanted.interval(0.9)[0], 11.2])


def test_the_figure_draws_every_scored_number_where_it_lies(found: Judgement) -> None:
    root = ET.fromstring(draw(found))
    assert root.get("role") == "img"
    groups = [group for group in root.iter(f"{SVG}g") if group.get("class") == "row"]
    shown = [found.main[line.place] for line in found.lines if line.counted and line.place is not None and not found.main[line.place].said]
    assert len(groups) == len(shown) == 26
    unit = {one.rows: (found.unit[i], found.level[i]) for i, one in enumerate(found.main)}
    drawn, wanted = [], []
    for one, group in zip(shown, groups, strict=True):
        bars = group.findall(f"{SVG}rect")
        share, level = unit[one.rows]
        for bar, part in zip(bars, (0.9, 0.8, 0.5), strict=True):
            low, high = one.interval(part)
            drawn += [float(bar.get("x", "")), float(bar.get("x", "")) + float(bar.get("width", ""))]
            wanted += [(low - level) / share, (high - level) / share]
        inside = group.findall(f"{SVG}circle")
        assert bool(inside) == one.holds(0.9)
    slope, start = np.polyfit(wanted, drawn, 1)
    assert slope > 0
    assert np.abs(np.polyval([slope, start], wanted) - drawn).max() < 0.16  # places are written to a tenth, widths to another
    described = next(root.iter(f"{SVG}desc")).text or ""
    assert described.count("observed") == 26
    outside = [one for one in shown if not one.holds(0.9)]
    assert described.count("outside.") == len(outside)


def test_the_figure_fits_its_paper(found: Judgement) -> None:
    root = ET.fromstring(draw(found))
    width, height = (float(part) for part in root.get("viewBox", "").split()[2:])
    places = [(float(it.get("x", 0)), float(it.get("y", 0))) for it in root.iter(f"{SVG}text")]
    assert all(0 <= x <= width and 0 <= y <= height for x, y in places)


def test_the_figure_is_told_by_words_too(found: Judgement, tmp_path: Path) -> None:
    described = next(ET.fromstring(draw(found)).iter(f"{SVG}desc")).text or ""
    one = next(it for it in found.main if it.rows == ("x003",))
    low, high = (number(end) for end in one.interval(0.9))
    assert (
        f"made_up_01, fin: hairs/cm², week 24: observed +11.2 hairs/cm², predicted {number(one.median)}, 90% range {low} to {high}"
        in described
    )
