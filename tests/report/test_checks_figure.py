"""The calibration drawn against its own facts: a dot for each number, where it belongs, and the same in words."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from anagen.report.checks_figure import INK, LEFT, OUT, SPAN, WIDTH, draw, write

SVG = "{http://www.w3.org/2000/svg}"
WRITTEN = 0.05 + 1e-9  # places are written to a tenth


def check(observed: float, **cells: Any) -> dict[str, Any]:
    """A number with a model's interval from 0 to 10, its 80 % from 2 to 8."""
    made: dict[str, Any] = {
        "trial": "a_1999",
        "arm": "drug",
        "control": None,
        "output": "visible",
        "week": 24.0,
        "observed": observed,
        "q2.5": 0.0,
        "q10": 2.0,
        "q50": 5.0,
        "q90": 8.0,
        "q97.5": 10.0,
    }
    return {**made, **cells}


CHECKS = [
    check(5.0),
    check(0.0),  # on the edge is inside
    check(10.1),
    check(-300.0, trial="b_2001", control="sham", output="anagen_share", week=103.6),
]


def dots(checks: list[dict[str, Any]]) -> list[ET.Element]:
    return list(ET.fromstring(draw(checks)).iter(f"{SVG}circle"))


def words(checks: list[dict[str, Any]]) -> list[str]:
    return [text.text or "" for text in ET.fromstring(draw(checks)).iter(f"{SVG}text")]


def x(value: float) -> float:
    """Where a value of `check` stands: -SPAN to SPAN half-widths of its interval over the plot."""
    return LEFT + ((value - 5) / 5 + SPAN) / (2 * SPAN) * (WIDTH - LEFT - 16)


def test_those_who_cannot_see_it_are_told_the_same() -> None:
    root = ET.fromstring(draw(CHECKS))
    by_id = {one.get("id"): one for one in root.iter() if one.get("id")}
    assert root.get("role") == "img"
    said = [by_id[name].text or "" for name in (root.get("aria-labelledby") or "").split()]
    assert [by_id[name].tag for name in (root.get("aria-labelledby") or "").split()] == [f"{SVG}title", f"{SVG}desc"]
    assert all(said)
    assert "4 numbers" in said[1]
    assert "2 lie outside 95 percent" in said[1]


def test_one_dot_a_number_red_only_outside() -> None:
    assert [dot.get("fill") for dot in dots(CHECKS)] == [INK, INK, OUT, OUT]
    assert len({dot.get("cy") for dot in dots(CHECKS)}) == len(CHECKS)


def test_each_mark_stands_where_its_number_is_and_none_leaves_the_plot() -> None:
    places = [float(dot.get("cx") or "") for dot in dots(CHECKS)]
    assert places == pytest.approx([x(5.0), x(0.0), x(10.1), LEFT], abs=WRITTEN)  # the last is far off: at the edge
    lines = [line for line in ET.fromstring(draw(CHECKS[:1])).iter(f"{SVG}line") if line.get("stroke") != "#e4e4e4"]
    ends = [[float(line.get(end) or "") for end in ("x1", "x2")] for line in lines]
    assert ends == [pytest.approx([x(0.0), x(10.0)], abs=WRITTEN), pytest.approx([x(2.0), x(8.0)], abs=WRITTEN)]


def test_everything_lies_inside_the_picture() -> None:
    root = ET.fromstring(draw(CHECKS * 20))
    _, _, wide, high = map(float, (root.get("viewBox") or "").split())
    assert max(float(one.get("cy") or 0) for one in root.iter()) < high
    assert all(0 <= float(one.get("cx") or 0) <= wide for one in root.iter())


def test_a_trial_is_named_once_and_each_number_says_what_it_is() -> None:
    said = words(CHECKS)
    assert said.count("a_1999") == said.count("b_2001") == 1
    assert "drug, visible, week 24" in said
    assert "drug - sham, anagen share, week 104" in said


def test_no_name_can_break_the_drawing() -> None:
    bad = '<b>&"x"'
    said = words([check(1.0, trial=bad, arm=bad, control=bad)])
    assert bad in said
    assert any(bad in one and one != bad for one in said)
    long = "a" * 200
    assert max(map(len, words([check(1.0, trial=long, arm=long)]))) < 200
    assert re.search(r"<b>", draw([check(1.0, trial=bad)])) is None


def test_a_model_that_is_sure_can_be_drawn_too() -> None:
    sure = dict.fromkeys(("q2.5", "q10", "q50", "q90", "q97.5"), 5.0)
    assert [dot.get("fill") for dot in dots([check(5.0, **sure), check(5.1, **sure)])] == [INK, OUT]


def test_it_is_written_beside_its_report(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(json.dumps({"checks": CHECKS, "facts": 4}), encoding="utf-8")
    assert write(tmp_path) == {"checks": CHECKS, "facts": 4}
    assert (tmp_path / "checks.svg").read_text(encoding="utf-8") == draw(CHECKS)
