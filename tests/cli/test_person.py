"""The command line: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from anagen import __version__
from anagen.belief import Belief
from anagen.cli import main
from anagen.compare import NOT_A_DEVICE, compare
from anagen.forecast import BANDS_HOLD
from anagen.ground.errors import BadEvidence
from anagen.people.person import read_person
from anagen.report import words

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "man-norwood-3v.toml"
FAST = ["compare", str(EXAMPLE), "--draws", "100", "--years", "0.5", "--plan", "finasteride", "--plan", "svf; minoxidil 5%"]
FORECAST = ["forecast", str(EXAMPLE), "--draws", "100", "--years", "0.5", "--plan", "prp"]


def flat(text: str) -> str:
    return " ".join(text.split())


def signed(value: float) -> str:
    """A gain as the table writes it."""
    whole = round(float(value))
    return "0" if whole == 0 else f"{whole:+d}".replace("-", "−")


def test_compare_prints_the_answer_and_writes_the_page_here(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(EXAMPLE), "--draws", "100"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert os.listdir(here) == ["man-norwood-3v-report.html"]
    text = flat(out)
    for part in (
        "Man of 33",
        "Norwood-Hamilton 3V",
        "172 hairs/cm²",
        f"These numbers are {Belief.shipped().label}.",
        BANDS_HOLD,
        NOT_A_DEVICE,
        "man-norwood-3v-report.html",
        "15 %",
    ):
        assert part in text
    answer = compare(read_person(EXAMPLE), Belief.shipped(100))
    at = 0
    for group in answer.groups:
        at = out.index(f"\n{group.title[0].upper()}{group.title[1:]}" if group.name != "trial" else "\nJoin a trial", at)
        for option in group.options:
            if option.forecast is None:
                continue
            found = option.chances(104, "vertex")
            row = next(line for line in out[at:].splitlines() if line.lower().startswith(option.title[:8].lower()) and "/" in line)
            assert f"{found.gain}/{found.neither}/{found.loss} {option.known().grounds.certainty.level.split()[0]}" in row
            gain = option.gain(answer.nothing, region="vertex")
            if option is not answer.nothing:
                assert re.findall(r"(?<=  )[+−]?\d+(?= )", row)[:4] == [signed(gain.median[week]) for week in (13, 26, 52, 104)]
            at = out.index(row, at) + len(row)
    notes = re.findall(r"^ ?\d+  (.*)$", out[out.index("Notes: where") :], re.MULTILINE)
    assert len(notes) == len(set(notes)) > 3
    for one in answer.published:
        assert one.row_id in out
        assert one.study in out
        assert f"{one.per_cm2:+.0f}".replace("-", "−") in out
    assert "https://clinicaltrials.gov" in out
    assert max(map(len, out.splitlines())) <= 80


def test_forecast_prints_every_region_and_band_and_writes_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FORECAST, "--against", "minoxidil 5%"]) == 0
    out, err = capsys.readouterr()
    assert (err, os.listdir(here)) == ("", [])
    assert "Plan:    prp 0.1 mL/cm2 3 sessions every 30 days" in out
    assert "Against: minoxidil topical 5% twice a day" in out
    answer = compare(read_person(EXAMPLE), Belief.shipped(100), 0.5, ["prp", "minoxidil 5%"])
    plan, against = answer.options[1:]
    parts = re.split(r"\n(?=Hairs per|Thick hairs|Mean width|More hairs|Out of)", out)[1:5]
    for part, output in zip(parts, ("visible", "terminal", "calibre", None), strict=True):
        for region, title in answer.regions.items():
            band = plan.band(output, region) if output else plan.gain(against, region=region)
            lines = part.splitlines()
            at = next(place for place, line in enumerate(lines) if line.lower().startswith(title[:9]))
            shown = [signed(band.median[week]) if output is None else f"{band.median[week]:.0f}" for week in (0, 13, 26)]
            assert lines[at].split()[-3:] == shown
            block = "\n".join(lines[at : at + 6])
            for share in (0.5, 0.8, 0.95) if output else (0.95,):
                for week in (0, 13, 26):
                    ends = [f"{side[share][week]:.0f}".replace("-", "−") for side in (band.low, band.high)]
                    assert f"{ends[0]} to {ends[1]}".replace("−0", "0") in block
    chances = plan.chances(26, "vertex")
    low, high = chances.ranges["gain"]
    assert f"Plan: {chances.gain} ({low} to {high}) with a visible gain, {chances.neither} with neither" in flat(out)
    for part in (f"These numbers are {Belief.shipped().label}.", BANDS_HOLD, NOT_A_DEVICE, flat(plan.basis)):
        assert part in flat(out)
    assert max(map(len, out.splitlines())) <= 80


def test_a_forecast_is_that_of_the_question(capsys: pytest.CaptureFixture[str]) -> None:
    from anagen.forecast import forecast

    assert main([*FORECAST, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["against"]["plan"] == "nothing"
    mine = forecast(read_person(EXAMPLE), "prp", Belief.shipped(100), 0.5)
    assert not isinstance(mine, tuple)
    assert found["plan"]["forecast"]["whole"]["terminal"][-1]["median"] == pytest.approx(float(mine.band("terminal").median[-1]), abs=6e-4)


def test_a_forecast_may_have_a_page(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FORECAST, "--page", "prp.html", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["page"] == "prp.html"
    assert "Platelet-rich plasma" in (here / "prp.html").read_text(encoding="utf-8")


def test_json_is_all_there_is_on_stdout_and_its_keys_stay(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = {
        "anagen", "not_a_device", "bands_hold", "page", "person", "belief", "units", "regions", "main_region", "moments", "visible_change",
        "sources", "kind",
    }  # fmt: skip
    option = {
        "name", "title", "group", "plan", "steps", "basis", "beyond", "too_high_weeks", "forecast", "gain", "gain_over_now", "chances",
        "grounds",
    }  # fmt: skip
    for command, own in ((FAST, {"groups", "options", "choices", "join_trial", "published"}), (FORECAST, {"plan", "against", "gain"})):
        assert main([*command, "--json"]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        assert os.listdir(here) == []
        found = json.loads(out, parse_constant=lambda constant: pytest.fail(f"{constant} is no number"))
        assert set(found) == head | own
        belief = {"label", "made_by", "evidence_hash", "draws", "draws_that_fit", "effective_draws", "seed", "ruled_by"}
        assert found["belief"].keys() == belief
        assert (found["belief"]["label"], found["page"], found["anagen"]) == (Belief.shipped().label, None, __version__)
        assert found["moments"] == [{"label": "today", "week": 0}, {"label": "3 months", "week": 13}, {"label": "6 months", "week": 26}]
        assert all(one.keys() == option for one in found.get("options", [found.get("plan")]))
    assert found["not_a_device"] == NOT_A_DEVICE


@pytest.mark.parametrize("command", [FAST, FORECAST])
def test_cite_prints_the_sources_as_bibtex_and_nothing_else(here: Path, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert main([*command, "--cite"]) == 0
    out, err = capsys.readouterr()
    assert (err, os.listdir(here)) == ("", [])
    entries = re.findall(r"^@(\w+)\{(\w+),$", out, re.MULTILINE)
    assert len({key for _, key in entries}) == len(entries) > 10
    assert ("article", "whiting_2001") in entries
    assert out.startswith("@")
    assert out.endswith("}\n")


def test_a_forecast_says_how_sure_it_is_and_where_its_numbers_come_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FORECAST, "--against", "finasteride"]) == 0
    out = capsys.readouterr().out
    answer = compare(read_person(EXAMPLE), Belief.shipped(100), 0.5, ["prp", "finasteride"])
    mine, other = (option.known().grounds for option in answer.options[1:])
    assert f"How sure the evidence is: {mine.certainty.level}\n" in out
    text = flat(out.replace("\u00a0", " "))
    for part in (*mine.parts, *other.parts):
        assert part.basis in text
        for row in part.rows:
            assert words.believed(row).split()[0] in text
        names = "".join(line[:22].strip() for line in out.splitlines())  # the first column, where a long name is folded
        assert all(one.study.study_id in names for one in part.entries)
    for why in mine.because:
        assert why in text
    for one in mine.structure:
        assert one.said in text


def test_plans_stand_beside_nothing_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FAST, "--json"]) == 0
    options = json.loads(capsys.readouterr().out)["options"]
    assert [one["name"] for one in options] == ["nothing", "finasteride", "svf; minoxidil 5%"]
    assert [one["group"] for one in options] == ["nothing", "drugs", "cells"]
    assert options[2]["plan"] == "minoxidil topical 5% twice a day; svf 5e5 cells/cm2 at week 0"


def test_json_may_come_with_a_page(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FAST, "--json", "--page", "out.html"]) == 0
    assert json.loads(capsys.readouterr().out)["page"] == "out.html"
    assert (here / "out.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_no_page_writes_none(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FAST, "--no-page"]) == 0
    assert os.listdir(here) == []
    assert "The page" not in capsys.readouterr().out


def test_the_shipped_belief_is_used_whatever_draws_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    shipped = Belief.shipped()
    found = {}
    for own in ([], ["--seed", "3"], ["--draws", "150"]):
        assert main(["forecast", str(EXAMPLE), "--plan", "prp", "--years", "0.25", "--json", *own]) == 0
        found[" ".join(own)] = json.loads(capsys.readouterr().out)["belief"]
    assert (found[""]["draws"], found[""]["label"], found[""]["made_by"]) == (shipped.size, shipped.label, shipped.made_by)
    assert (found["--seed 3"]["draws"], found["--seed 3"]["seed"]) == (500, 3)
    assert (found["--draws 150"]["draws"], found["--draws 150"]["seed"]) == (150, 0)
    assert {one["label"] for one in found.values()} == {shipped.label}, "whatever is drawn, it is the belief that ships"


def test_the_seed_decides_the_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for seed in ("1", "1", "2"):
        assert main([*FAST, "--json", "--seed", seed]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] != printed[2]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["compare", "nobody.toml"], "nobody.toml: there is no such file."),
        ([*FAST[:2], "--years", "7"], "years is 7; allowed: above 0 and at most 5"),
        ([*FAST[:2], "--years", "nan"], "years is nan"),
        ([*FAST[:2], "--draws", "10"], "--draws is 10; allowed: a whole number from 100 to 20000."),
        ([*FAST[:2], "--page", "no/where.html"], "there is no folder no to write it in."),
        ([*FAST[:2], "--page", "a.html", "--no-page"], "--page and --no-page cannot both be given."),
        ([*FAST[:2], "--json", "--cite"], "--json and --cite cannot both be given."),
        ([*FORECAST[:2], "--plan", "prp", "--json", "--cite"], "--json and --cite cannot both be given."),
        ([*FAST[:2], "--yeers", "2"], "Did you mean --years?"),
        ([*FAST[:2], "--years", "two"], "--years is 'two'; allowed: a number."),
        (["compare", "ok.toml", "extra"], "compare takes one file; 'extra' is one too many."),
        ([*FAST[:2], "--plan", "dandelion"], "nor a name like it among the 30 known (`anagen risks` lists all)"),
        ([*FAST[:2], "--plan", "finastride 1 mg daily"], "there is no treatment 'finastride'; did you mean 'finasteride'?"),
        ([*FAST[:2], "--plan", "svf at week 200"], "the time asked for ends in week 104: nothing of it would happen"),
        ([*FORECAST[:2], "--plan", "minoxidil 7%"], "7"),
        ([*FORECAST[:2], "--plan", "join a trial", "--page", "a.html"], "there is no forecast for 'join a trial'"),
        ([*FORECAST[:2], "--plan", "prp", "--against", "pruppeteer"], "pruppeteer"),
        (FORECAST[:2], "--plan"),
        (["compar", str(EXAMPLE)], 'Did you mean "compare"?'),
        (["compare"], "requires an argument"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_written(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("anagen: ")
    assert err.count("\n") == 1
    assert says in err
    assert "Traceback" not in err
    assert os.listdir(here) == []


def test_the_person_file_is_never_overwritten(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = here / "me.toml"
    mine.write_bytes(EXAMPLE.read_bytes())
    assert main(["compare", "me.toml", "--page", "./me.toml"]) == 2
    assert "is the person file itself" in capsys.readouterr().err
    assert mine.read_bytes() == EXAMPLE.read_bytes()


def test_a_fault_of_ours_ends_with_one(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise BadEvidence("outcomes.csv, line 3: broken")

    monkeypatch.setattr("anagen.people.person.read_person", broken)
    assert main(FAST) == 1
    assert capsys.readouterr().err == "anagen: outcomes.csv, line 3: broken\n"
    assert os.listdir(here) == []


def test_ctrl_c_while_the_page_is_made(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    (here / "old.html").write_text("old")
    monkeypatch.setattr("os.fsync", stopped)
    assert main([*FAST, "--page", "old.html"]) == 130
    assert "stopped" in capsys.readouterr().err
    assert os.listdir(here) == ["old.html"]
    assert (here / "old.html").read_text() == "old"


HEARING = """import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("anagen", run_name="__main__", alter_sys=True)
"""
"""`python -m anagen`, where the shell's background jobs were told to be deaf to Ctrl-C as well."""


def test_ctrl_c_from_outside(here: Path) -> None:
    """The real signal, as soon as the work has begun (its own line on a terminal tells)."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-c", HEARING, "compare", str(EXAMPLE), "--draws", "5000"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=follower, text=True, env=os.environ | {"TERM": "xterm"})
    os.close(follower)
    seen, deadline = b"", time.monotonic() + 60
    while b"scalps" not in seen and time.monotonic() < deadline:
        if select.select([leader], [], [], 0.2)[0]:
            seen += os.read(leader, 4096)
    assert b"Following 5000 possible scalps" in seen
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    os.close(leader)
    assert process.returncode == 130
    assert out == ""
    assert os.listdir(here) == []


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "anagen", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, timeout=120, check=False)


def test_colour_only_where_it_is_wanted() -> None:
    plain, forced = run(*FAST, "--no-page"), run(*FAST, "--no-page", FORCE_COLOR="1", TERM="xterm-256color")
    refused = run(*FAST, "--no-page", FORCE_COLOR="1", NO_COLOR="1", TERM="xterm-256color")
    assert plain.returncode == forced.returncode == refused.returncode == 0
    assert "\x1b" not in plain.stdout
    colour = r"\x1b\[(?:[\d;]*;)?3[0-7]m"
    assert re.search(colour, forced.stdout)
    assert not re.search(colour, refused.stdout)
    assert plain.stderr == ""


def test_a_narrow_or_ascii_terminal_does_not_break_it() -> None:
    assert run(*FAST, "--no-page", PYTHONIOENCODING="ascii").returncode == 0
    narrow = run(*FAST, "--no-page", COLUMNS="40")
    assert narrow.returncode == 0
    assert flat(narrow.stdout).count(NOT_A_DEVICE) == 1


def test_a_reader_who_goes_away_sees_no_traceback() -> None:
    command = f"{sys.executable} -m anagen {shlex.join(FAST)} --json | head -c 10"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == '{\n "anagen'
    assert done.stderr == ""


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"anagen {__version__}"
    for arguments in (["--help"], ["compare", "--help"], ["forecast", "--help"], []):
        assert main(arguments) == 0
        out = capsys.readouterr().out
        assert 'anagen forecast me.toml --plan "svf"' in out
        assert NOT_A_DEVICE in flat(out)
    assert main(["compare", "--help"]) == 0
    out = capsys.readouterr().out
    for option in ("--plan", "--years", "--draws", "--seed", "--page", "--no-page", "--json", "--cite"):
        assert option in out
    assert main(["forecast", "--help"]) == 0
    out = capsys.readouterr().out
    for option in ("--plan", "--against", "--years", "--draws", "--seed", "--page", "--json", "--cite"):
        assert option in out


def test_help_brings_in_nothing_heavy() -> None:
    heavy = "[name for name in ('numpy', 'scipy', 'pydantic', 'jinja2') if name in sys.modules]"
    code = f"import sys; from anagen.cli import main; main(['--help']); print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
