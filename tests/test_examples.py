"""Every example runs, and does what its own comment says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from anagen.cli import main

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
FILES = sorted(EXAMPLES.glob("*.toml"))
REFUSED = "refused-"


def asked(name: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The JSON of one example over half a year."""
    assert main(["compare", str(EXAMPLES / name), "--json", "--years", "0.5"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    found: dict[str, Any] = json.loads(out)
    return found


def test_there_are_examples_and_each_begins_with_a_comment() -> None:
    assert len(FILES) >= 5
    for path in FILES:
        assert path.read_text(encoding="utf-8").startswith("# "), path.name
    assert any(path.name.startswith(REFUSED) for path in FILES)


@pytest.mark.parametrize("path", [path for path in FILES if path.name.startswith(REFUSED)], ids=lambda path: path.name)
def test_what_is_to_be_refused_is_refused_and_writes_nothing(
    path: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "REFUSED" in path.read_text(encoding="utf-8").splitlines()[0]
    for verb in (["compare", str(path)], ["compare", str(path), "--json"], ["forecast", str(path), "--plan", "svf", "--page", "a.html"]):
        assert main(verb) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("anagen: pregnant is true: ")
        assert err.count("\n") == 1
        assert os.listdir(tmp_path) == []


def test_the_woman_has_her_own_list(capsys: pytest.CaptureFixture[str]) -> None:
    names = {one["name"] for one in asked("woman-ludwig-2.toml", capsys)["options"]}
    assert {"nothing", "wait", "join_trial", "spironolactone", "minoxidil_topical_2", "svf", "transplant_fue"} <= names
    assert not names & {"finasteride", "finasteride_topical", "dutasteride"}


def test_the_man_of_the_trial_has_its_results_beside(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(EXAMPLES / "man-norwood-3v.toml"), "--json", "--years", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["study"] for one in found["published"]] == ["kaufman_1998"]
    assert "spironolactone" not in {one["name"] for one in found["options"]}


def test_the_man_who_thinks_of_stopping_can_go_on_stop_switch_or_add(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked("man-on-finasteride.toml", capsys)
    titles = {one["name"]: one["title"] for one in found["options"]}
    assert titles["nothing"] == "stop: finasteride 1 mg a day"
    assert titles["go on"] == "go on: finasteride 1 mg a day"
    assert titles["dutasteride"] == "switch to dutasteride 0.5 mg a day"
    assert titles["minoxidil_topical_5"] == "add minoxidil 5 % on the scalp twice a day"
    assert not {"finasteride", "wait"} & set(titles), "to go on is to wait"
    plans = {one["name"]: one["plan"] for one in found["options"]}
    assert plans["nothing"] == "nothing"
    assert "finasteride 1 mg a day since" in plans["minoxidil_topical_5"]
    assert "finasteride" not in plans["dutasteride"]
    gain = next(one for one in found["options"] if one["name"] == "go on")["gain"]["vertex"][-1]
    assert gain["median"] > 0


def test_the_measured_man_starts_where_he_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    now = next(one for one in asked("measured-phototrichogram.toml", capsys)["options"] if one["name"] == "nothing")["forecast"]["vertex"]
    seen = {"visible": 172, "terminal": 115, "calibre": 51}
    for output, count in seen.items():
        assert now[output][0]["low_95"] < count < now[output][0]["high_95"]
        assert now[output][0]["median"] == pytest.approx(count, rel=0.05)
    stage = next(one for one in asked("man-norwood-3v.toml", capsys)["options"] if one["name"] == "nothing")["forecast"]["vertex"]
    width = [one["terminal"][0]["high_95"] - one["terminal"][0]["low_95"] for one in (now, stage)]
    assert width[0] < width[1] / 2
