"""What a forecast would take, where the tissue or the dose falls short; and whose range of doses it stands on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fitted import fitted

from anagen.belief import Belief
from anagen.ground.errors import BadParameter
from anagen.procedure import Procedure, carry_out
from anagen.report.procedure_words import stages
from anagen.therapy.extract import Lipoaspirate
from anagen.therapy.process import Recipe
from anagen.therapy.protocol import Protocol, read_protocol
from anagen.therapy.regenerate import served

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "therapy"


@pytest.fixture(scope="module")
def belief() -> Belief:
    return fitted()


def plan(name: str, **fields: object) -> Protocol:
    """An example with nothing beside it, some of its injection changed."""
    read = read_protocol(EXAMPLES / f"{name}.toml")
    return read.model_copy(update={"against": (), "years": 0.5, "injection": read.injection.model_copy(update=fields)})


def done(belief: Belief, protocol: Protocol) -> Procedure:
    return carry_out(protocol, belief, draws=60)


def test_a_smaller_area_counts_all_that_the_tissue_gives(belief: Belief) -> None:
    little = done(belief, plan("svf-mechanical", dose_per_cm2=1e4))
    there = float(np.median(little.product.live_cells))
    assert f"this tissue gives so much on about {there / 5e5:.2g} cm²" in little.needed
    capped = done(belief, plan("svf-enzymatic", dose_per_cm2=3e5))
    each = float(np.median(capped.product.live_cells)) / capped.injected.area_cm2
    assert (
        capped.needed == f"A forecast needs at least 500,000 cells/cm2: draw up more; this tissue gives about {float(f'{each:.2g}'):,.7g}."
    )


def test_medium_that_falls_short_is_a_smaller_dose_as_cells_are(belief: Belief) -> None:
    full = done(belief, plan("conditioned-medium"))
    poor = {"source": Lipoaspirate(volume_ml=10), "recipe": Recipe(name="conditioned_medium", passage=0)}
    little = done(belief, plan("conditioned-medium").model_copy(update=poor))
    assert full.option is not None
    assert little.option is None
    there = little.product.holds["medium_ml"] / served(little.protocol, little.unknowns) - little.injected.dead_volume_ml
    assert little.dose.draws == pytest.approx(np.clip(there, 0, little.injected.volume_ml))
    assert re.match(r"No forecast: one session gives [\d.]+ mL, and trials gave 2 to 3.5.", little.dose.why_not)
    assert re.match(r"For a forecast it takes 2 mL a session. For [\d.]+ mL of medium .* of lipoaspirate are needed", little.needed)


def test_growth_that_ends_before_the_last_passage_is_told_and_traced(belief: Belief) -> None:
    early, late = (
        done(belief, plan("adsc-cultured", dose_per_cm2=1e4).model_copy(update={"recipe": Recipe(name="culture_adsc", passage=p)}))
        for p in (0, 4)
    )
    ended = float(np.mean(late.product.stages[-4].lost_share >= 0))
    assert 0.5 < ended < 1
    said = f"In {100 * ended:.0f} % of the draws cells have stopped growing before passage 4: there this passage only loses cells"
    assert any(one.startswith(said) for one in late.beyond)
    assert not any("stopped growing" in one for one in early.beyond)
    assert f"no growth in {100 * ended:.0f} %" in [how for what, how, _ in stages(late) if what == "grown, passage 4"]
    for one, bound in ((early, False), (late, True)):
        behind = next(q for q in one.quantities if q.name == "doublings").rows
        assert ("doublings_limit" in [row.name for row in behind]) == bound


def test_a_range_of_doses_that_is_borrowed_is_told_as_such(belief: Belief) -> None:
    grown, fresh = (done(belief, plan(name)) for name in ("adsc-cultured", "svf-enzymatic"))
    assert "No trial of such a product states its dose: the range of doses is borrowed from fresh fat cells." in grown.beyond
    assert not any("borrowed" in said for said in fresh.beyond)
    assert done(belief, plan("marrow-concentrate", dose_per_cm2=1e4)).dose.why_not.endswith(
        "trials of fresh fat cells, whose range stands in because none of its own states a dose, gave 500,000 to 1,000,000."
    )


@pytest.mark.parametrize("draws", ["a", 3, 60.0, True, None])
def test_draws_that_are_no_whole_number_or_too_few_are_one_sentence(belief: Belief, draws: Any) -> None:
    with pytest.raises(BadParameter, match=r"draws is .*; allowed: a whole number from 50 up"):
        carry_out(EXAMPLES / "svf-enzymatic.toml", belief, draws=draws)


def test_what_is_no_protocol_is_one_sentence(belief: Belief) -> None:
    wrong: Any = 5
    with pytest.raises(BadParameter, match="protocol is 5; allowed: a protocol, or the path of its file"):
        carry_out(wrong, belief)
