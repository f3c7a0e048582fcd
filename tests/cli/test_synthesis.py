"""`anagen evidence forest`, `pool`, `harms` and `certainty`: what they print is what the question answered."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from evidence.twins import MINE, own_studies

from anagen.cli import main
from anagen.report.forest import between, signed
from anagen.synthesis import certainty, harms, synthesis
from anagen.treatments import TREATMENTS

Out = pytest.CaptureFixture[str]
ALL = [name for name in TREATMENTS if name != "join_trial"]


def flat(text: str) -> str:
    return " ".join(text.split())


def printed(capsys: Out, *arguments: str) -> str:
    assert main(["evidence", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("name", ["finasteride", "minoxidil", "laser", "cell_extract"])
def test_forest_prints_every_trial_its_mean_and_how_sure_that_is(name: str, capsys: Out) -> None:
    out = printed(capsys, "forest", name)
    found = synthesis(name)
    lines = out.splitlines()
    for one in found.contrasts:
        row = next(line for line in lines if line.startswith(one.study.study_id) and signed(one.difference) in line)
        assert between(one.low, one.high) in row
        assert ("*" in row.split("+")[0]) == (one.spread in ("filled", "bound"))
        assert f"{one.people}" in row.split()
        assert one.study.risk_of_bias in row.lower()
    for _, why in found.beside[:12]:
        assert flat(why) in flat(out)
    if found.pooled and found.pooled.k > 1:
        assert f"{signed(found.pooled.estimate)} " in out
        assert between(found.pooled.low, found.pooled.high) in flat(out)
        assert between(found.pooled.prediction_low or 0, found.pooled.prediction_high or 0) in flat(out)
        assert sum("◆" in line for line in lines) == 1
    assert sum("■" in line for line in lines) == len(found.contrasts)
    assert f": {found.certainty.level} (" in flat(out)
    assert ("There the mean is" in flat(out)) == (found.judged != found.pooled)
    assert all(flat(why) in flat(out) for why in found.certainty.because)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("verb", ["forest", "pool", "harms", "certainty"])
def test_every_treatment_has_an_answer_within_80_columns(verb: str, name: str, capsys: Out) -> None:
    out = printed(capsys, verb, name)
    assert out.strip()
    assert max(map(len, out.splitlines())) <= 80
    assert "None" not in out.replace("None of", "")
    assert "nan" not in re.findall(r"[a-z]+", out)


def test_forest_shows_what_is_not_known_as_such(capsys: Out) -> None:
    out = printed(capsys, "forest", "svf")
    assert "No difference against a control has a number." in out
    assert "Treated people alone, without a control: not an effect" in out
    assert "perez_meza_2017" in out
    assert "Said without a number" in out
    assert "no difference from saline" in out
    assert "very low" in out
    assert "not known" in printed(capsys, "forest", "bone_marrow")


def test_pool_prints_every_number_of_the_pooling(capsys: Out) -> None:
    out, found = printed(capsys, "pool", "minoxidil"), synthesis("minoxidil").pooled
    assert found is not None
    for text in (
        f"{signed(found.estimate)} hairs/cm²",
        f"{found.i2_percent:.0f} %",
        f"{found.tau2:.1f}, 95 % range {found.tau2_low:.1f} to {found.tau2_high:.1f}",
        f"{found.q:.1f} on 4 degrees of freedom",
        between(found.low, found.high),
        "Too few to check: 5, and 10 are needed.",
    ):
        assert text in out
    assert len(re.findall(r"^(?:\w+_\d{4}) +4 ", out, re.MULTILINE)) == 5, "without each of five, four are left"


def test_harms_are_out_of_1000_with_a_range_and_zeros_with_their_limit(capsys: Out) -> None:
    out = printed(capsys, "harms", "laser")
    assert re.search(r"any adverse event +0 \[0, 77\]", out)
    assert "nobody had it" in out
    out = printed(capsys, "harms", "finasteride")
    for one in harms("finasteride").harms:
        assert one.event.split()[0] in out
    assert "17/945" in out
    assert "13 [6.7, 22]" in out
    assert not re.search(r"\brisk ratio|times as\b", out), "no relative risk alone"


def test_trials_too_far_apart_are_told_one_by_one(capsys: Out) -> None:
    out = printed(capsys, "harms", "finasteride")
    far = [one for one in harms("finasteride").harms if one.rate is not None and one.rate.scattered]
    assert "erectile dysfunction" in {one.event for one in far}
    assert out.count("trials differ ") == len(far)
    assert "too far apart" in out
    for count in (count for one in far for count in one.counts):
        assert f"{count.events}/{count.people}" in out
    assert "trials differ" not in printed(capsys, "harms", "laser")
    told = {one["event"]: one["trials_too_far_apart"] for one in json.loads(printed(capsys, "harms", "finasteride", "--json"))["harms"]}
    assert {event for event, apart in told.items() if apart} == {one.event for one in far}


def test_certainty_of_all_and_of_one(capsys: Out) -> None:
    out = printed(capsys, "certainty")
    for name in ALL:
        row = next(line for line in out.splitlines() if line.startswith(name + " "))
        assert certainty(name).level in row
    out = printed(capsys, "certainty", "laser")
    for reason in certainty("laser").reasons:
        assert flat(reason.why) in flat(
            re.sub(r"(?m)^(−\d)?\s+(risk of bias|inconsistency|indirectness|imprecision|publication bias)", "", out)
        )
    assert flat(out).count("−1 ") == sum(reason.down == 1 for reason in certainty("laser").reasons)
    assert "No trial had women." in printed(capsys, "certainty", "finasteride", "--sex", "female")


def test_json_holds_the_same_and_nothing_else(capsys: Out) -> None:
    found = synthesis("finasteride", week=52)
    data = json.loads(printed(capsys, "forest", "finasteride", "--week", "52", "--json"))
    assert data["pooled"]["estimate"] == found.pooled.estimate  # type: ignore[union-attr]
    assert [one["study"] for one in data["trials"]] == [one.study.study_id for one in found.contrasts]
    assert data["pooled"]["weights"] == pytest.approx(found.pooled.weights)  # type: ignore[union-attr]
    assert all(one["rows"] and one["standard_error_from"] for one in data["trials"])
    assert len(data["beside"]) == len(found.beside)
    assert data["certainty"]["level"] == found.certainty.level
    assert json.loads(printed(capsys, "pool", "finasteride", "--week", "52", "--json")) == data
    data = json.loads(printed(capsys, "harms", "laser", "--json"))
    [any_event] = [one for one in data["harms"] if one["event"] == "any adverse event"]
    assert any_event["chance"]["chance"] is None
    assert 0.07 < any_event["chance"]["high"] < 0.08
    assert json.loads(printed(capsys, "certainty", "--json"))["svf"]["level"] == "very low"
    assert json.loads(printed(capsys, "certainty", "svf", "--json"))["reasons"][0]["down"] == 1
    assert json.loads(printed(capsys, "forest", "bone_marrow", "--json"))["pooled"] is None


def test_the_drawing_is_written_whole_and_said(here: Path, capsys: Out) -> None:
    assert "The drawing: forest.svg" in printed(capsys, "forest", "minoxidil", "--svg", "forest.svg")
    root = ET.parse(here / "forest.svg").getroot()
    assert root.tag.endswith("svg")
    assert os.listdir(here) == ["forest.svg"]
    json.loads(printed(capsys, "forest", "svf", "--svg", "empty.svg", "--json"))
    assert ET.parse(here / "empty.svg").getroot().tag.endswith("svg")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["forest", "finastride"], "did you mean 'finasteride'"),
        (["harms", "minoxidl"], "did you mean 'minoxidil'"),
        (["certainty", "lasr"], "did you mean 'laser'"),
        (["pool", "finasteride", "--outcome", "densitty"], "did you mean 'density'"),
        (["forest", "finasteride", "--scale", "um"], "allowed: cm2 or percent"),
        (["forest", "finasteride", "--dose", "much"], "--dose is 'much'"),
        (["forest", "finasteride", "--dose", "900"], "what was studied"),
        (["forest", "finasteride", "--week", "-1"], "--week is -1"),
        (["forest", "finasteride", "--week", "nan"], "--week is nan"),
        (["forest", "finasteride", "--week", "3", "--every-visit"], "cannot both be given"),
        (["forest", "finasteride", "--svg", "no/such/forest.svg"], "there is no folder no/such"),
        (["forest", "finasteride", "--extra", "nowhere"], "nowhere: there is no such folder"),
        (["forest", "finasteride", "--sex", "other"], "male"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence_and_nothing_is_written(arguments: list[str], said: str, here: Path, capsys: Out) -> None:
    assert main(["evidence", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
    assert os.listdir(here) == []


def test_studies_of_one_s_own_stand_among_the_trials(here: Path, capsys: Out) -> None:
    own_studies(here / "mine")
    assert MINE in printed(capsys, "forest", "finasteride", "--extra", "mine")
    assert MINE not in printed(capsys, "forest", "finasteride")


def test_no_colour_where_none_is_wanted_and_the_same_words(here: Path) -> None:
    """A pipe gets plain text, whatever the terminal could do."""
    command = [sys.executable, "-m", "anagen", "evidence", "forest", "laser"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "NO_COLOR": "1", "COLUMNS": "80"})
    assert "\x1b" not in done.stdout
    assert "Mean of 5 comparisons of 4 trials" in done.stdout
