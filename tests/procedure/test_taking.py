"""A protocol for a person who takes a drug: all is read over going on with it, and what stopping gives is told apart."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from fitted import fitted
from rich.console import Console

from anagen.forecast import Band, still_taken
from anagen.people.person import read_person
from anagen.procedure import Procedure, carry_out, side_by_side
from anagen.procedure.drivers import GROUPS, _Gain
from anagen.report.procedure import render
from anagen.report.procedure_data import therapy
from anagen.report.procedure_frames import close, regions
from anagen.report.procedure_text import show
from anagen.report.tornado import GAINED, OUTPUTS
from anagen.report.words import middle, within
from anagen.therapy.protocol import read_protocol

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
WEEKS = (0, 26, 52, 104)
TWICE = ("finasteride", "finasteride 1 mg daily", "minoxidil 5%")


@pytest.fixture(scope="module")
def done() -> Procedure:
    man = read_person(EXAMPLES / "man-on-finasteride.toml")
    read = read_protocol(EXAMPLES / "therapy" / "svf-enzymatic.toml")
    return carry_out(read.model_copy(update={"who": man, "against": TWICE}), fitted(), draws=60)


def test_the_mean_of_the_region_keeps_its_other_skin_on_the_drug(done: Procedure) -> None:
    share = done.treated_share
    assert share is not None
    assert 0 < share < 1
    treated, now, stopped = (
        one.course("visible", done.region, WEEKS).astype(float)
        for one in (done.forecast, done.answer.base.known(), done.answer.nothing.known())
        if one is not None
    )
    weights, mean = done.answer.start.weights, done.gain(WEEKS, over_region=True)
    skin, over_now = done.gain(WEEKS, against=done.answer.base), done.gain(WEEKS, True, done.answer.base)
    assert mean is not None
    assert skin is not None
    assert over_now is not None
    expected, alone = (Band.of(one, weights).median for one in (share * treated + (1 - share) * now - stopped, share * (treated - stopped)))
    assert expected[-1] > alone[-1] + 1, "going on keeps hair that the share alone leaves out"
    assert mean.median == pytest.approx(expected, abs=1e-3)
    assert over_now.median == pytest.approx(skin.median * share, rel=1e-3, abs=1e-3)


def test_going_on_stands_once_beside_it_and_so_does_stopping(done: Procedure) -> None:
    titles = [line.title for line in side_by_side([done])]
    assert titles[1:3] == ["stop: finasteride 1 mg a day", "go on: finasteride 1 mg a day"]
    assert len(set(titles)) == len(titles) == 4
    assert done.answer.base.plan == still_taken(done.protocol.who)
    own, stop, now, _ = side_by_side([done])
    assert (now.as_now, own.as_now, stop.as_now) == (True, False, False)
    assert (stop.priced, stop.visits, now.weeks_to_effect) == ({}, 0, None)
    assert stop.over_now is not None
    assert stop.over_now.median[-1] < -1
    assert own.gain is not None
    assert own.over_now is not None
    assert own.gain.median[-1] > own.over_now.median[-1] + 1


def test_text_and_page_read_it_over_going_on_and_say_what_stopping_gives(done: Procedure) -> None:
    out = io.StringIO()
    show([done], Console(file=out, width=200))
    text, page = out.getvalue(), render([done])
    for said in (text, page):
        assert "with nothing" not in said
        assert said.count("ore hairs per cm² than if you go on as now") >= 1
        assert "if you stop" in said.lower()
        assert "its other skin goes on as now" in said
        gain = done.gain(WEEKS, against=done.answer.base)
        assert gain is not None
        assert middle(gain, 1, True) in said
        assert within(gain, 1) in said
        assert said.count("as now") >= 4
        assert "Stop: finasteride 1 mg a day: " not in said, "what is stopped has no price"
    assert "dashed: if you go on as now" in page
    assert " go on</tspan>" in page
    assert " nothing</tspan>" not in page
    assert regions(done)[-1].title == close(done)[-1].title == "After 24 months, if you go on as now"


def test_follicles_that_the_dose_does_not_reach_stay_on_the_drug(done: Procedure) -> None:
    field = carry_out(done.protocol, fitted(), "field", draws=60)
    given, now, stopped = (field.frames(of)[-1] for of in (None, field.answer.base, field.answer.nothing))
    missed = ~given.reached
    assert missed.any()
    assert np.array_equal(given.calibre_um[missed], now.calibre_um[missed])
    assert not np.array_equal(now.calibre_um[missed], stopped.calibre_um[missed])


def test_the_json_has_both_gains(done: Procedure) -> None:
    found = therapy([done])
    (own,) = found["protocols"]
    line = found["side_by_side"][0]
    base = done.gain(WEEKS, against=done.answer.base)
    assert base is not None
    assert [one["median"] for one in own["forecast"]["gain_over_now"] if one["week"] in WEEKS] == pytest.approx(
        base.median, rel=1e-4, abs=1e-9
    )
    assert line["gain_over_now"][-1] == own["forecast"]["gain_over_now"][-1] != line["gain"][-1]
    treated = own["treated"]
    assert treated["gain_over_region"][-1]["median"] > treated["gain_over_region_over_now"][-1]["median"] + 1
    assert [one["title"] for one in found["against"]].count("go on: finasteride 1 mg a day") == 1


def test_the_gain_whose_drivers_are_told_is_over_going_on(done: Procedure) -> None:
    """Where no follicle is reached nobody gains: that the drug goes on is no gain of the protocol."""
    gain, one = _Gain(done), np.ones(3)
    scores = {name: np.array([-1.0, 0.0, 1.0]) for name in GROUPS}
    assert gain(5e5 * one, 0 * one, one, scores).tolist() == [0.0] * 3
    assert (gain(5e5 * one, one, one, scores) > 0).all()
    assert OUTPUTS[GAINED][0] == "Hairs gained at 6 months, over going on as now"


def test_the_usual_drugs_are_added_to_what_is_taken() -> None:
    """As `compare` has them: one that acts otherwise is added, and the one that is taken stands once."""
    man = read_person(EXAMPLES / "man-on-finasteride.toml")
    read = read_protocol(EXAMPLES / "therapy" / "svf-enzymatic.toml")
    done = carry_out(read.model_copy(update={"who": man}), fitted(), draws=60)
    titles = [line.title for line in side_by_side([done])]
    assert [title for title in titles if "minoxidil" in title] == ["add minoxidil 5 % on the scalp twice a day"]
    assert sum("finasteride" in title and title.startswith("go on") for title in titles) == 1
    assert not any(title.startswith("switch") for title in titles)
