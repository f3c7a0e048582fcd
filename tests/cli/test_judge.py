"""`anagen judge`: what it prints and writes is what was judged; what is wrong is one sentence and nothing is left behind."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest
from calibrate.made_up import rows, write

from anagen.calibrate import judge as room
from anagen.calibrate.baselines import Pooled, TimeCourse
from anagen.cli import main
from anagen.report.judge_data import judgement

Out = pytest.CaptureFixture[str]


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> dict[str, room.Predictor]:
    """Baselines in the place of the calibrated model, so that no JAX is needed."""
    known = room.shipped_facts()
    chosen: dict[str, room.Predictor] = {room.MODEL: TimeCourse.fit(known).predict, "pooled": Pooled.fit(known).predict}
    monkeypatch.setattr(room, "predictors", lambda seed: chosen)
    return chosen


def refused(capsys: Out, *arguments: str) -> str:
    assert main(["judge", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"anagen: [^\n]+\n", err)
    return err


def test_rows_and_scores_are_printed(plain: dict[str, room.Predictor], here: Path, capsys: Out) -> None:
    write(here / "new")
    assert main(["judge", "new"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "\x1b" not in out
    assert "made_up_07" in out
    assert "Scores of 26 rows of 11 trials" in out
    assert max(map(len, out.splitlines())) <= 80
    assert os.listdir(here) == ["new"]


def test_json_is_the_judgement_and_nothing_else(plain: dict[str, room.Predictor], here: Path, capsys: Out) -> None:
    write(here / "new")
    assert main(["judge", "new", "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out) == judgement(room.judge("new", plain))


def test_files_are_written(plain: dict[str, room.Predictor], here: Path, capsys: Out) -> None:
    write(here / "new")
    assert main(["judge", "new", "--plot", "p.svg", "--out", "o"]) == 0
    out, _ = capsys.readouterr()
    assert out.endswith("The drawing: p.svg\nThe files: o\n")
    assert sorted(os.listdir("o")) == ["judgement.csv", "judgement.json", "judgement.svg"]
    assert Path("p.svg").read_text(encoding="utf-8") == Path("o/judgement.svg").read_text(encoding="utf-8")
    assert json.loads(Path("o/judgement.json").read_text(encoding="utf-8")) == judgement(room.judge("new", plain))


def test_a_folder_that_is_not_there(here: Path, capsys: Out) -> None:
    assert "nowhere: there is no such folder" in refused(capsys, "nowhere", "--out", "o")
    assert os.listdir(here) == []


def test_a_folder_without_studies(plain: dict[str, room.Predictor], here: Path, capsys: Out) -> None:
    write(here / "new", {**rows(), "studies": []})
    assert "studies.csv: it holds no row" in refused(capsys, "new", "--out", "o")
    assert os.listdir(here) == ["new"]


def test_a_folder_where_nothing_can_be_predicted(plain: dict[str, room.Predictor], here: Path, capsys: Out) -> None:
    tables = rows()
    write(here / "new", {**tables, "outcomes": tables["outcomes"][-1:]})
    assert "no outcome row of it can be predicted" in refused(capsys, "new", "--plot", "p.svg")
    assert os.listdir(here) == ["new"]


def test_places_that_cannot_be_written_are_told_first(here: Path, capsys: Out) -> None:
    write(here / "new")
    (here / "file").write_text("")
    assert "this is a file" in refused(capsys, "new", "--out", "file")
    assert "there is no folder" in refused(capsys, "new", "--out", "no/such")
    assert "there is no folder" in refused(capsys, "new", "--plot", "no/p.svg")
    assert "--seed is -1" in refused(capsys, "new", "--seed", "-1")


def test_without_jax_the_extra_is_named(here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here / "new")
    monkeypatch.setitem(sys.modules, "jax", None)
    for name in [
        name for name in sys.modules if name.startswith("anagen.calibrate.") and name.rsplit(".", 1)[1] in ("predict", "model", "means")
    ]:
        monkeypatch.delitem(sys.modules, name)
    assert "pip install 'anagen[calibrate]'" in refused(capsys, "new")
