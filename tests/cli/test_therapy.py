"""`anagen therapy`: what it prints and writes, every number of its JSON walked back to a row, and every mistake in one sentence."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anagen.belief import Belief
from anagen.cli import main
from anagen.compare import NOT_A_DEVICE
from anagen.evidence.tables import row as evidence_row
from anagen.therapy.unknowns import therapy_rows

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "therapy"
SVF = EXAMPLES / "svf-enzymatic.toml"
FAST = ["--draws", "100"]


def flat(text: str) -> str:
    return " ".join(text.split())


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["therapy", *words, "--json", *FAST]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    found: dict[str, Any] = json.loads(out)
    return found


def test_it_prints_the_four_steps_release_law_forecast_and_what_it_is_not(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["therapy", str(SVF), *FAST]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert os.listdir(here) == []
    text = flat(out)
    for part in (
        "Man of 33", "1 Extract", "2 Process", "3 Inject", "4 Regenerate", "CD34+ of all", "Release tests", "not shown", "- KR:",
        "to be 95 % sure", "Cells still there", "Forecast, crown", "Side by side", "Minoxidil 5 %", "k002", "How sure", NOT_A_DEVICE,
    ):  # fmt: skip
        assert part in text, part
    assert "HYPOTHESIS" not in text
    assert max(len(line) for line in out.splitlines()) <= 80


@pytest.mark.parametrize(
    ("file", "option"), [("svf-enzymatic", "svf"), ("marrow-concentrate", "bone_marrow"), ("dsc-cells", "dermal_sheath_cup")]
)
def test_harms_of_taking_tissue_are_those_of_risks_out_of_1000(file: str, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    from anagen.plan import Plan
    from anagen.report.risks_text import thousand
    from anagen.risks import harms_of

    assert main(["therapy", str(EXAMPLES / f"{file}.toml"), *FAST]) == 0
    out = capsys.readouterr().out
    assert not re.search("Donors who|donors with", out)
    told = out[out.index("Harms of taking it: how many of 1,000") : out.index("Who counted:")]
    events = [one for one in harms_of(Plan.parse(option))[0].events if one.step == "harvest" and not one.scattered]
    assert len(events) >= 4
    for one in events:
        shown = (
            f"0, up to {thousand(one.high)}"
            if one.chance is None
            else f"{thousand(one.chance)} ({thousand(one.low)} to {thousand(one.high)})"
        )
        assert shown in told, one.event


def test_several_stand_side_by_side_with_prices_known_or_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["therapy", str(SVF), str(EXAMPLES / "svf-mechanical.toml"), str(EXAMPLES / "tsuboi-low.toml"), *FAST]) == 0
    text = flat(capsys.readouterr().out)
    for part in ("SVF by enzyme", "SVF by force", "No forecast: one session gives", "Tsuboi, DSC cells, 0.3 million: not known", "at home"):
        assert part in text, part


def test_the_field_mode_says_that_it_is_a_hypothesis_and_what_it_assumes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["therapy", str(SVF), "--mode", "field", *FAST]) == 0
    text = flat(capsys.readouterr().out)
    assert "HYPOTHESIS: the field mode" in text
    assert "dose at which a follicle is reached: assumed" in text
    found = asked(capsys, str(SVF), "--mode", "field")["protocols"][0]
    assert found["mode"] == "field"
    assert len(found["hypothesis"]) == 5
    assert asked(capsys, str(SVF))["protocols"][0]["hypothesis"] is None


def test_the_page_and_the_map_are_written_and_stand_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["therapy", str(SVF), "--page", "a.html", "--map", "a.svg", *FAST]) == 0
    assert "a.html" in capsys.readouterr().out
    assert sorted(os.listdir(here)) == ["a.html", "a.svg"]
    html = (here / "a.html").read_text(encoding="utf-8")
    assert (here / "a.svg").read_text(encoding="utf-8").startswith("<svg")
    assert not re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', html)
    assert "<script" not in html
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for part in ("After 24 months, with nothing", "Where the dose reaches", "Injection map", "enzymatic_svf.yield_per_g", NOT_A_DEVICE):
        assert part in html, part
    assert len(re.findall(r'<figure><svg viewBox[^>]*aria-label="[^"]*hairs per cm²', html)) == 6


def numbers(found: Any, origin: Any = None, path: str = "") -> Iterator[tuple[str, float, Any]]:
    """Every number with the nearest origin above it."""
    if isinstance(found, dict):
        own = found.get("from", found.get("mark", origin))
        for name, value in found.items():
            yield from numbers(value, own, f"{path}.{name}")
    elif isinstance(found, list):
        for at, value in enumerate(found):
            yield from numbers(value, origin, f"{path}[{at}]")
    elif isinstance(found, int | float) and not isinstance(found, bool):
        yield path, found, origin


@pytest.mark.parametrize("name", ["svf-enzymatic", "svf-mechanical", "conditioned-medium", "tsuboi-low", "gentile-three-sessions"])
def test_every_number_walks_back_to_a_row_or_is_given_or_assumed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, str(EXAMPLES / f"{name}.toml"))
    rows, ours = found["rows"], {f"{row.of}.{row.name}": row for row in therapy_rows()}
    theirs = {f"{row.of}.{row.name}": row for row in Belief.shipped(100).rows}
    seen = 0
    for path, _, origin in numbers(found):
        seen += 1
        if isinstance(origin, str):
            allowed = {"given", "read", "fitted", "assumed", "calibrated"} | ({"shown above"} if ".side_by_side" in path else set())
            assert origin in allowed, path
            continue
        assert origin, path
        for one in origin:
            if one in rows:
                assert one in ours or one in theirs, path
            else:
                table = "adverse_events" if ".harvest_harms" in path else "costs"
                assert evidence_row(table, one).row_id == one, path
    assert seen > 400
    assert all(protocol["harvest_harms"] for protocol in found["protocols"])
    for key, row in rows.items():
        true = ours.get(key) or theirs[key]
        assert (row["value"], row["mark"], row["source"]) == (true.value, true.mark, true.source)
        assert row["mark"] in ("assumed", "calibrated") or row["source"] != "no source read"


def test_a_number_without_an_origin_is_seen() -> None:
    assert [origin for _, _, origin in numbers({"a": {"from": ["x"], "b": [1]}, "c": 2})] == [["x"], None]


def test_the_table_side_by_side_shows_what_stands_above(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, str(SVF))
    own, others = found["protocols"][0], {one["title"]: one for one in found["against"]}
    line = found["side_by_side"][0]
    assert line["gain"] == own["forecast"]["gain"][1:]
    assert line["needles"] == own["grid"]["needles_a_session"]
    for line in found["side_by_side"][1:]:
        assert line["gain"] == others[line["title"]]["gain"][1:]


def test_no_forecast_is_one_sentence_and_the_steps_are_still_there(capsys: pytest.CaptureFixture[str]) -> None:
    own = asked(capsys, str(EXAMPLES / "svf-mechanical.toml"))["protocols"][0]
    assert own["forecast"] is None
    assert own["dose"]["why_no_forecast"].startswith("No forecast: one session gives")
    assert all(own["steps"][step] for step in ("extract", "process", "inject", "regenerate"))


def test_own_batches_are_shown_before_and_after(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "own.csv").write_text("of,name,value,unit\n" + "enzymatic_svf,yield_per_g,400000,cells/g\n" * 4, encoding="utf-8")
    own = asked(capsys, str(SVF), "--batches", "own.csv")["protocols"][0]["own_batches"][0]
    assert own["before"]["value"] == 707000
    assert own["after"]["value"] < 500000
    assert own["records"] == 4


def test_drivers_say_what_to_measure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["therapy", str(SVF), "--drivers", *FAST]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "What drives this" in out
    assert NOT_A_DEVICE in flat(out)
    assert asked(capsys, str(SVF), "--drivers")["drivers"]


def test_sessions_that_share_points_are_told_one_by_one_and_in_all(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SVF.read_text(encoding="utf-8").replace("../", f"{EXAMPLES.parent}/")
    (here / "shared.toml").write_text(f"{text}sessions = 4\ninterval_days = 30\nshare_points = true\n", encoding="utf-8")
    assert main(["therapy", "shared.toml", *FAST]) == 0
    told = flat(capsys.readouterr().out)
    assert "3 Inject: what the sessions give together" in told
    grid = asked(capsys, "shared.toml")["protocols"][0]["grid"]
    low, high = min(grid["needles_of_session"]), max(grid["needles_of_session"])
    own = f"{low} to {high} points and {low / 10:.1f} to {high / 10:.1f} mL in a session, 50 points and 5.0 mL from"
    assert f"4 sessions, 30 days apart share the points: {own}" in told
    assert (grid["needles_a_session"], grid["needles_in_all"], grid["volume_ml_in_all"]) == (high, 50, 5.0)
    assert sum(grid["needles_of_session"]) == 50


def test_the_fewest_needles_for_a_coverage_are_told_drawn_and_given_as_data(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["therapy", str(SVF), "--coverage", "90", "--page", "a.html", *FAST]) == 0
    told, page = flat(capsys.readouterr().out), (here / "a.html").read_text(encoding="utf-8")
    for part in ("Needles against whom they reach", "grids tried, that of fewest needles to reach 90 % of the follicles has"):
        assert part in told
        assert part in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    text = SVF.read_text(encoding="utf-8").replace("../", f"{EXAMPLES.parent}/")
    (here / "wish.toml").write_text(f"{text}coverage_share = 0.6\n", encoding="utf-8")
    found = asked(capsys, "wish.toml")["protocols"][0]["tradeoff"]
    assert found["wanted_share"] == 0.6
    assert found["best"] in found["curve"]
    assert found["best"]["needles"] == min(one["needles"] for one in found["curve"] if one["reached_share"] >= 0.6)
    assert "inject.reach_level" in found["from"]

    def never(*_: object) -> None:
        raise AssertionError("nobody asked for it")

    monkeypatch.setattr(sys.modules["anagen.procedure.carry_out"], "fewest_needles", never)
    assert asked(capsys, str(SVF))["protocols"][0]["tradeoff"] is None


BAD: dict[str, tuple[str, str, str]] = {
    "negative volume": ("volume_ml = 100", "volume_ml = -5", "volume_ml is -5; allowed: 10 to 200 mL of lipoaspirate in one harvest."),
    "negative injection": ("per_point = 0.1", "per_point = -0.1", "volume_ml_per_point is -0.1; allowed: more than 0 mL."),
    "dose no tissue gives": ("dose_per_cm2 = 1e6", "dose_per_cm2 = 1e9", "it cannot be had); allowed: a dose that one harvest can give."),
    "crossing polygon": (
        'region = "vertex"\narea_cm2 = 40', "points_cm = [[0, 0], [5, 5], [5, 0], [0, 5]]", "edge 1 (0, 0) to (5, 5) crosses edge 3",
    ),
    "polygon in mm": ('region = "vertex"\narea_cm2 = 40', "points_cm = [[-20, -80], [20, -80], [20, -40], [-20, -40]]", "covers 1,600 cm2"),
    "polygon off the head": (
        'region = "vertex"\narea_cm2 = 40', "points_cm = [[98, 98], [102, 98], [102, 102], [98, 102]]", "site lies off the scalp",
    ),
    "needles too close": ("spacing_cm = 1.0", "spacing_cm = 0.001", "spacing_cm is 0.001; allowed: at least 0.3 cm between needles."),
    "too much at a point": ("per_point = 0.1", "per_point = 20", "volume_ml_per_point is 20; allowed: at most 1 mL at a point"),
    "a session without a point": (
        "spacing_cm = 1.0", "sessions = 24\ninterval_days = 30\nshare_points = true\nspacing_cm = 2.5", "get none of the",
    ),
    "points shared by one session": ("spacing_cm = 1.0", "share_points = true", "share_points is given for one session; allowed: with"),
    "a share over 1": ("spacing_cm = 1.0", "coverage_share = 90", "coverage_share is 90; allowed: a share of follicles above 0"),
    "reach of none": ("spacing_cm = 1.0", "coverage_share = 1.0", "coverage of 100% is out of reach; allowed: at most"),
    "spacing over region": ("spacing_cm = 1.0", "spacing_cm = 40", "spacing_cm is 40; allowed: at most"),
    "passage over limit": ('name = "enzymatic_svf"', 'name = "culture_adsc"\npassage = 6', "passage is 6; allowed: 0 to 4"),
    "unit missing": ("volume_ml = 100", "volume = 100", "source: volume has no unit; allowed: volume_ml."),
    "unit in the number": ("spacing_cm = 1.0", 'spacing_cm = "1 cm"', "spacing_cm is '1 cm'; allowed: a number, without its unit."),
    "unknown key": ("spacing_cm", "spacng_cm", "there is no field 'spacng_cm'; did you mean 'spacing_cm'?"),
    "unknown table": ("[recipe]", "[recipes]", "there is no field 'recipes'; did you mean 'recipe'?"),
    "unknown recipe": ("enzymatic_svf", "enzymatic_sfv", "did you mean 'enzymatic_svf'?"),
    "unknown region": ('"vertex"', '"vertx"', "there is no region 'vertx'; did you mean 'vertex'?"),
    "sessions without days": ("spacing_cm = 1.0", "sessions = 3", "interval_days is missing; 3 sessions need the days between them."),
    "years too long": ('title = "', 'years = 9\ntitle = "', "years is 9; allowed: above 0 and at most 5"),
    "lean donor": ("bmi = 26", "bmi = 15", "bmi is 15; allowed: 18.5 to 40"),
    "no person": ("man-norwood-3v", "nobody", "nobody.toml; allowed: a path from the protocol's own folder"),
    "refused person": ("man-norwood-3v", "refused-pregnant", "pregnant is true: "),
    "unknown plan": ('title = "', 'against = ["minoxidyl"]\ntitle = "', "there is no treatment 'minoxidyl'; did you mean 'minoxidil"),
    "no batches": ('title = "', 'batches = "no.csv"\ntitle = "', "no.csv: there is no such file."),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_one_sentence_and_exit_2(name: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, said = BAD[name]
    text = SVF.read_text(encoding="utf-8")
    assert old in text
    (here / "bad.toml").write_text(text.replace(old, new, 1).replace("../", f"{EXAMPLES.parent}/"), encoding="utf-8")
    assert main(["therapy", "bad.toml", "--page", "a.html", *FAST]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.startswith("anagen: ")
    assert err.count("\n") == 1
    assert os.listdir(here) == ["bad.toml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "there is no protocol"),
        (["nowhere.toml"], "nowhere.toml: there is no such file."),
        ([str(SVF), "--mode", "feld"], "there is no mode 'feld'; did you mean 'field'?"),
        ([str(SVF), "--draws", "3"], "--draws is 3; allowed: a whole number from 100 to 20000."),
        ([str(SVF), str(SVF), "--map", "a.svg"], "--map draws one protocol"),
        ([str(SVF), str(SVF), "--drivers"], "--drivers is of one protocol"),
        ([str(SVF), "--page", "no/a.html"], "there is no folder no"),
        ([str(SVF), "--page", "a.x", "--map", "a.x"], "--page and --map name the same file"),
        ([str(SVF), "--page", str(SVF)], "is the protocol itself"),
        ([str(SVF), "--coverage", "0"], "--coverage is 0; allowed: a whole number from 1 to 100."),
        ([str(SVF), "--map", "a.png"], "--map a.png would hold an SVG drawing; give it a name that ends in .svg."),
    ],
)
def test_a_call_that_cannot_be_is_one_sentence(words: list[str], said: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = SVF.read_bytes()
    assert main(["therapy", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
    assert os.listdir(here) == []
    assert SVF.read_bytes() == before
