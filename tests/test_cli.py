"""The command line: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from anagen import __version__
from anagen.belief import PRIOR, Belief
from anagen.cli import main
from anagen.compare import BANDS_HOLD, NOT_A_DEVICE, compare
from anagen.ground.errors import BadEvidence
from anagen.people.person import read_person

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "man-norwood-3v.toml"
FAST = ["compare", str(EXAMPLE), "--draws", "100", "--years", "1"]
RANGE = {"week", "median", "low_50", "high_50", "low_80", "high_80", "low_95", "high_95"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in, 80 columns wide, with no wish for colour."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def flat(text: str) -> str:
    return " ".join(text.split())


def test_compare_prints_the_answer_and_writes_the_page_here(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(EXAMPLE), "--draws", "100"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert os.listdir(here) == ["man-norwood-3v-report.html"]
    said = flat(out)
    for part in ("man, 33 years", "Norwood stage 3v", "172 hairs/cm²", PRIOR, BANDS_HOLD, NOT_A_DEVICE, "man-norwood-3v-report.html"):
        assert part in said
    answer = compare(read_person(EXAMPLE), Belief.prior(n=100))
    for option in answer.options:
        band = option.band("visible")
        row = next(line for line in out.splitlines() if line.startswith(option.treatment.title.split(" ")[0]))
        assert [int(number) for number in re.findall(r"(?<=  )\d+(?=\s|$)", row)][-4:] == [
            round(float(band.median[w])) for w in (0, 52, 104, 261)
        ]
        for week in (0, 52, 104, 261):
            assert f"{band.low[0.95][week]:.0f} to {band.high[0.95][week]:.0f}" in out
    for one in answer.published:
        assert one.row_id in out
        assert one.study in out
        assert f"{one.per_cm2:+.0f}".replace("-", "−") in out
    assert max(map(len, out.splitlines())) <= 80


def test_json_is_all_there_is_on_stdout_and_its_keys_stay(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FAST, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert os.listdir(here) == []
    found = json.loads(out)
    assert set(found) == {
        "anagen", "not_a_device", "bands_hold", "page", "person", "belief", "units", "moments", "options", "published",
    }  # fmt: skip
    assert found["belief"].keys() == {"label", "draws", "draws_that_fit", "seed"}
    assert (found["belief"]["label"], found["page"], found["anagen"]) == (PRIOR, None, __version__)
    assert found["moments"] == [{"label": "today", "week": 0}, {"label": "6 months", "week": 26}, {"label": "1 year", "week": 52}]
    answer = compare(read_person(EXAMPLE), Belief.prior(n=100), years=1)
    for entry, option in zip(found["options"], answer.options, strict=True):
        assert entry.keys() == {"name", "title", "dose", "unit", "forecast", "gain"}
        assert entry["forecast"].keys() == found["units"].keys() == {"visible", "terminal", "calibre", "shed"}
        for ranges, band in ((entry["forecast"]["visible"], option.band("visible")), (entry["gain"], option.gain(answer.nothing))):
            assert [one["week"] for one in ranges] == [0, 26, 52]
            for one in ranges:
                assert one.keys() == RANGE
                assert one["median"] == pytest.approx(float(band.median[one["week"]]), abs=6e-4)
                assert one["low_95"] == pytest.approx(float(band.low[0.95][one["week"]]), abs=6e-4)
                assert one["high_50"] == pytest.approx(float(band.high[0.5][one["week"]]), abs=6e-4)
    published = {"row", "study", "citation", "url", "quote", "week", "arm", "against", "n", "per_cm2", "per_cm2_range", "ours"}
    assert [one["row"] for one in found["published"]] == ["o023"]
    assert all(one.keys() == published and one["ours"].keys() == RANGE for one in found["published"])


def test_json_may_come_with_a_page(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FAST, "--json", "--page", "out.html"]) == 0
    assert json.loads(capsys.readouterr().out)["page"] == "out.html"
    assert (here / "out.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_no_page_writes_none(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FAST, "--no-page"]) == 0
    assert os.listdir(here) == []
    assert "The page" not in capsys.readouterr().out


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
        ([*FAST[:2], "--draws", "10"], "--draws is 10; allowed: a whole number from 100 up."),
        ([*FAST[:2], "--page", "no/where.html"], "there is no folder no to write it in."),
        ([*FAST[:2], "--page", "a.html", "--no-page"], "--page and --no-page cannot both be given."),
        ([*FAST[:2], "--yeers", "2"], "Did you mean --years?"),
        ([*FAST[:2], "--years", "two"], "unable to convert"),
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


def test_ctrl_c_from_outside(here: Path) -> None:
    """The real signal, as soon as the work has begun (its own line on a terminal tells)."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "anagen", "compare", str(EXAMPLE), "--draws", "20000"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=follower, text=True, env=os.environ | {"TERM": "xterm"})
    os.close(follower)
    seen, deadline = b"", time.monotonic() + 60
    while b"scalps" not in seen and time.monotonic() < deadline:
        if select.select([leader], [], [], 0.2)[0]:
            seen += os.read(leader, 4096)
    assert b"Following 20000 possible scalps" in seen
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
    command = f"{sys.executable} -m anagen {' '.join(FAST)} --json | head -c 10"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == '{\n "anagen'
    assert done.stderr == ""


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"anagen {__version__}"
    for arguments in (["--help"], ["compare", "--help"], []):
        assert main(arguments) == 0
        out = capsys.readouterr().out
        assert "anagen compare me.toml --years 2" in out
        assert NOT_A_DEVICE in flat(out)
    assert main(["compare", "--help"]) == 0
    out = capsys.readouterr().out
    for option in ("--years", "--draws", "--seed", "--page", "--no-page", "--json"):
        assert option in out


def test_help_brings_in_nothing_heavy() -> None:
    heavy = "[name for name in ('numpy', 'scipy', 'pydantic', 'jinja2') if name in sys.modules]"
    code = f"import sys; from anagen.cli import main; main(['--help']); print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
