"""`anagen therapy`: what it prints and writes, and every number of its JSON walked back to a row."""

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
from anagen.ground.draws import USUAL_DRAWS
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


def test_drivers_say_what_to_measure(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After the person and the four steps; on the page as the picture with its words for a screen reader, and its sentences."""
    assert main(["therapy", str(SVF), "--drivers", "--page", "a.html", *FAST]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    places = [out.index(part) for part in ("Man of 33", "4  Regenerate", "Side by side", "What drives this", "Bands hold")]
    assert places == sorted(places)
    assert out.count("What drives this") >= 5
    assert NOT_A_DEVICE in flat(out)
    html = (here / "a.html").read_text(encoding="utf-8")
    drawn = html[html.index('<h2 id="drives">') :]
    assert 'role="img" aria-labelledby="drivers-title drivers-desc"' in drawn
    described = re.search(r'<desc id="drivers-desc">([^<]+)</desc>', drawn)
    assert described is not None
    for found in asked(capsys, str(SVF), "--drivers")["drivers"]["outputs"].values():
        assert found["drivers"][0]["said"] in described[1]
    assert re.search(r"<li>Measuring &#34;[^<]+would narrow this answer", drawn)


def test_without_drivers_the_page_has_none(here: Path) -> None:
    assert main(["therapy", str(SVF), "--page", "a.html", *FAST]) == 0
    assert "What drives" not in (here / "a.html").read_text(encoding="utf-8")


def test_page_and_map_are_written_both_or_neither(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not Path("/proc").is_dir():
        pytest.skip("no folder that takes no file")
    assert main(["therapy", str(SVF), "--page", "/proc/x.html", "--map", "a.svg", *FAST]) == 2
    assert "/proc/x.html: " in capsys.readouterr().err
    assert os.listdir(here) == []


def test_the_help_tells_the_draws_that_are_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["therapy", "--help"]) == 0
    assert f"[default: {USUAL_DRAWS}]" in flat(capsys.readouterr().out)


FAILS = "This lot does not pass its release tests and may not be given (viability 62 %, allowed: at least 70 % of cells live)."


def test_a_lot_that_fails_is_said_at_the_test_and_above_the_forecast(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SVF.read_text(encoding="utf-8").replace("../", f"{EXAMPLES.parent}/") + "\n[release]\nviable_share = 0.62\n"
    (here / "lot.toml").write_text(text, encoding="utf-8")
    assert main(["therapy", "lot.toml", "--page", "a.html", *FAST]) == 0
    out = flat(capsys.readouterr().out)
    test, forecast, law = out.index("Release tests:"), out.index("Forecast, crown"), out.index("stands with the law")
    places = [found.start() for found in re.finditer(re.escape(FAILS), out)]
    assert places[0] < out.index("1 Extract")
    assert any(test < place < law for place in places)
    assert any(law < place < forecast for place in places)
    assert "cells that live, 62 %, in place of 90 % (75 to 97)" in out
    html = (here / "a.html").read_text(encoding="utf-8")
    assert html.index(FAILS) < html.index("Side by side")
    assert html.count(FAILS) == 3
    own = asked(capsys, "lot.toml")["protocols"][0]
    assert own["may_not_be_given"].startswith(FAILS)
    assert own["measured"] == [{"row": "enzymatic_svf.viable_share", "mark": "given", "value": 0.62, "in_place_of": 0.9}]
    alive = next(q for q in own["steps"]["process"] if q["name"] == "viable_share")
    assert (alive["median"], alive["low_95"], alive["high_95"], alive["mark"]) == (0.62, 0.62, 0.62, "given")
    assert asked(capsys, str(SVF))["protocols"][0]["may_not_be_given"] is None


def test_what_a_person_told_comes_before_any_number(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As `suitability` judges the option that the protocol makes; whoever was not asked about the signs is told so."""
    text = SVF.read_text(encoding="utf-8").replace("bmi = 26\n", "")
    (here / "q.toml").write_text(text.replace("../man-norwood-3v", f"{EXAMPLES.parent}/man-with-questions"), encoding="utf-8")
    assert main(["therapy", "q.toml", "--page", "a.html", *FAST]) == 0
    out = flat(capsys.readouterr().out)
    said = "Stromal vascular fraction of own fat, for you: ask first. A wound or a needle may bleed for longer."
    assert out.index(said) < out.index("1 Extract")
    assert "No rule knows these words of yours: ezetimibe." in out
    assert "Nobody has asked you" not in out
    html = (here / "a.html").read_text(encoding="utf-8")
    assert html.index(said) < html.index("Side by side")
    found = asked(capsys, "q.toml")
    assert found["not_recognised"] == ["ezetimibe"]
    assert found["protocols"][0]["suitability"]["verdict"] == "ask first"
    assert found["protocols"][0]["given"]["source"]["bmi"] == 31
    assert main(["therapy", str(SVF), *FAST]) == 0
    assert "Nobody has asked you about the signs" in flat(capsys.readouterr().out).split("1 Extract")[0]
    assert asked(capsys, str(SVF))["not_asked"]


def test_harms_of_one_name_are_told_apart_by_whom_they_were_counted_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["therapy", str(EXAMPLES / "hfsc-micrografts.toml"), *FAST]) == 0
    out = flat(capsys.readouterr().out)
    ill, skin = out.index("Counted in ill people in hospital"), out.index("Counted in skin patients")
    assert ill < out.index("Infection, per procedure") < skin < out.index("Infection 2 ")
    assert "micrografts, 3 times" not in out, "the course of this protocol is one session"


def test_prices_of_two_drugs_are_told_apart(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SVF.read_text(encoding="utf-8").replace('title = "', 'against = ["minoxidil 5% and finasteride"]\ntitle = "')
    (here / "two.toml").write_text(text.replace("../", f"{EXAMPLES.parent}/"), encoding="utf-8")
    assert main(["therapy", "two.toml", *FAST]) == 0
    told = flat(capsys.readouterr().out).split("Prices that were read.")[1]
    assert re.search(r"finasteride: USD 10 to 30 per month \(USA; k040\).*minoxidil topical: USD 15 to 40 per month", told)
    line = asked(capsys, "two.toml")["side_by_side"][1]
    assert {one["of"] for one in line["prices"]} == {"finasteride", "minoxidil_topical"}


def test_own_batches_that_the_protocol_does_not_use_change_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "own.csv").write_text("of,name,value,unit\nmarrow,cfuf_share,1e-4,share\n", encoding="utf-8")
    assert main(["therapy", str(SVF), "--batches", "own.csv", *FAST]) == 0
    out = flat(capsys.readouterr().out)
    assert "share of marrow cells that form colonies: this protocol does not use it, so it changes nothing here." in out
    assert "is now" not in out
    assert [one["used"] for one in asked(capsys, str(SVF), "--batches", "own.csv")["protocols"][0]["own_batches"]] == [False]


@pytest.mark.parametrize(
    ("file", "first"),
    [("svf-enzymatic", r"Freed from the fat 7\d\d,000/g \d+,\d00,000 "), ("marrow-concentrate", "In the marrow drawn "),
     ("hfsc-micrografts", "Freed from the scalp "), ("dsc-cells", "In the cups taken ")],
)  # fmt: skip
def test_what_isolation_gives_is_the_first_line_of_the_second_step(file: str, first: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["therapy", str(EXAMPLES / f"{file}.toml"), *FAST]) == 0
    rows = [" ".join(line.split()) for line in capsys.readouterr().out.split("2  Process")[1].splitlines()]
    assert rows[1].startswith("stage cells left")
    assert re.match(first, rows[3])


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
