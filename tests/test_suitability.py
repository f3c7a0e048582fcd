"""Where an answer leaves the evidence is read from the evidence, not from memory."""

from __future__ import annotations

import pytest

from anagen.compare import OPTIONS
from anagen.evidence.tables import arms, outcomes, studies
from anagen.people.person import Person
from anagen.scalp.regions import SCALES, SEX_OF_SCALE, THINNING, regions, stage_shares, stages_of
from anagen.suitability import Reach, reach, refuse
from anagen.treatments import TREATMENTS


@pytest.mark.parametrize("name", [name for name, _ in OPTIONS if name not in ("wait", "join_trial")])
def test_reach_follows_the_tables(name: str) -> None:
    found = reach(name)
    assert isinstance(found, Reach)
    assert found.sexes <= {"male", "female"}
    assert found.longest_weeks <= max(fact.time_weeks or 0 for fact in outcomes())


def test_reach_of_finasteride_is_that_of_its_trials() -> None:
    """By hand: the longest usable count is that of kaufman_2002, the only women those of price_2000 (41 to 60 years)."""
    found = reach("finasteride")
    assert (found.sexes, found.oldest_years, found.longest_weeks) == (frozenset({"male", "female"}), 61.0, 260.7)
    trial = next(study for study in studies() if study.study_id == "kaufman_2002")
    assert trial.condition == "aga_male"
    assert any(arm.study_id == "price_2000" and arm.intervention == "finasteride_oral_1" for arm in arms())


def test_every_stage_of_every_scale_has_all_regions() -> None:
    for scale in SCALES:
        before: dict[str, float] = {}
        for stage in stages_of(scale):
            shares = stage_shares(scale, stage)
            assert set(shares) == set(THINNING)
            assert all(share.mark == "assumed" and share.source for share in shares.values())
            if not stage.endswith(("a", "v")):  # the main line of a scale only loses
                assert all(shares[region].high <= before.get(region, 1.0) for region in THINNING)
                before = {region: share.high for region, share in shares.items()}
    assert set(regions()) == {*THINNING, "occipital"}


@pytest.mark.parametrize("scale", SCALES)
def test_whoever_declares_pattern_loss_and_is_grown_up_is_let_in(scale: str) -> None:
    for stage in stages_of(scale):
        refuse(Person(sex=SEX_OF_SCALE[scale], age_years=18, condition="pattern hair loss", scale=scale, stage=stage))  # type: ignore[arg-type]


def test_every_option_names_what_it_stands_on() -> None:
    assert all(TREATMENTS[name].basis for name, _ in OPTIONS)
