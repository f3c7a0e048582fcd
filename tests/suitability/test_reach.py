"""Where an answer leaves the evidence is read from the evidence, not from memory."""

from __future__ import annotations

import re

import pytest

from anagen.compare import OPTIONS
from anagen.evidence.tables import arms, outcomes, parameters, row, studies
from anagen.ground.errors import Refused
from anagen.people.person import Person
from anagen.plan import Plan
from anagen.scalp.regions import SCALES, SEX_OF_SCALE, THINNING, regions, stage_shares, stages_of
from anagen.suitability import AREATA, limits_of, misses, reach, refuse
from anagen.treatments import TREATMENTS
from anagen.treatments.vocabulary import meaning


@pytest.mark.parametrize("name", [name for name, _ in OPTIONS if name not in ("wait", "join_trial")])
def test_reach_follows_the_tables(name: str) -> None:
    """Counted again, the other way round: from every usable hair count to the arm, the study and the treatment."""
    found, longest, sexes = reach(name), 0.0, set()
    for arm in arms():
        study = row("studies", arm.study_id)
        if study.condition.startswith("aga") and any(part == name for part, _ in meaning(arm.intervention).parts):
            sexes |= {"male"} if study.condition == "aga_male" else {"female"} if study.condition == "aga_female" else {"male", "female"}
            for fact in outcomes():
                counted = "hair" in fact.outcome and ("density" in fact.outcome or "target_area" in fact.outcome)
                if fact.use and counted and (fact.study_id, fact.arm_id) == (arm.study_id, arm.arm_id):
                    longest = max(longest, fact.time_weeks or 0.0)
    assert (found.sexes, found.longest_weeks) == (sexes, longest)


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


@pytest.mark.parametrize("name", [name for name, _ in OPTIONS])
def test_every_option_names_rows_or_says_that_there_are_none(name: str) -> None:
    basis = TREATMENTS[name].basis
    cited = set(re.findall(r"\b[op]\d{3}\b", basis))
    assert cited <= {one.row_id for one in (*outcomes(), *parameters())}
    assert cited or basis.startswith("No ")


def test_what_is_known_to_miss_is_a_treatment_and_is_told_with_it() -> None:
    assert set(misses()) <= set(TREATMENTS)
    man = Person(sex="male", age_years=40, condition="pattern hair loss", scale="norwood", stage="4")
    for name, said in misses().items():
        assert set(said) <= set(limits_of(man, Plan.parse(name.replace("_", " ")), 2))


@pytest.mark.parametrize("condition", AREATA)
def test_alopecia_areata_is_refused_for_want_of_controlled_evidence(condition: str) -> None:
    with pytest.raises(Refused, match=r"no controlled evidence of cells in it was read.*please see a dermatologist"):
        refuse(Person(sex="male", age_years=30, condition=condition, scale="norwood", stage="2"))


def test_what_is_said_of_alopecia_areata_is_what_the_tables_hold() -> None:
    """In every study of cells in it each arm was given cells, few people were in it, and none of its rows enters a synthesis."""
    ill = {study.study_id: study for study in studies() if study.condition in ("aa", "aa_and_aga")}
    given = [arm for arm in arms() if arm.study_id in ill and arm.treatment_class.startswith("cell")]
    assert len({arm.study_id for arm in given}) >= 5
    assert not [arm for arm in arms() if arm.study_id in {one.study_id for one in given} and arm not in given]
    assert all((ill[arm.study_id].n_enrolled or 0) <= 40 for arm in given)
    assert not [fact for fact in outcomes() if fact.study_id in ill and fact.use]
