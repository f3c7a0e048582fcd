"""Where a number comes from: the trials, rows and words behind a plan, and how sure they leave us."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fitted import LABEL, fitted

from anagen.belief import Belief
from anagen.ground.errors import UnknownName
from anagen.ground.rows import Row, priors
from anagen.grounds import Grounds, grounds_of, said, structures
from anagen.grounds.cite import methods
from anagen.people.person import Person
from anagen.plan import Plan
from anagen.treatments import TREATMENTS

FITTED = fitted(2)


def _man(**fields: Any) -> Person:
    return Person(**{"sex": "male", "age_years": 40, "condition": "pattern hair loss", "scale": "norwood", "stage": "4", **fields})


def _woman(**fields: Any) -> Person:
    return Person(**{"sex": "female", "age_years": 45, "condition": "pattern hair loss", "scale": "ludwig", "stage": "1", **fields})


def _of(plan: str, person: Person | None = None, belief: Belief = FITTED, before: Plan | None = None) -> Grounds:
    return grounds_of(person or _man(), Plan.parse(plan), before or Plan(), belief)


def test_a_drug_stands_on_its_own_trials_on_its_kin_and_on_the_untreated_course() -> None:
    found = _of("finasteride")
    [part] = found.parts
    assert found.calibrated
    assert found.label == LABEL
    assert {"kaufman_1998", "van_neste_2000", "gubelin_harcha_2014"} <= {one.study.study_id for one in part.entries}
    assert list(part.kin_by_treatment) == ["dutasteride"]
    assert part.who == "men only"
    assert (found.trials, found.people) == (part.trials, part.people)
    assert {one.study.study_id for one in found.untreated.entries} >= {"rushton_1991", "kaufman_2008"}
    assert all(not one.treatments for one in found.untreated.entries)


DRUGS = ("spironolactone", "finasteride")
"""Its cut of scalp DHT, and the one that finasteride 1 mg gives, to which all are held."""
EFFECT = {"anagen_stay", "telogen_stay", "kenogen_stay", "grow"}


@pytest.mark.parametrize(
    ("plan", "rows"),
    [
        ("finasteride", EFFECT | {"shrink", "on_weeks", "off_weeks"}),  # its effects are stated at this dose: no curve of doses
        ("finasteride 5 mg", EFFECT | {"shrink", "on_weeks", "off_weeks", "finasteride_half_mg"}),
        (
            "spironolactone",
            EFFECT | {"shrink", "on_weeks", "off_weeks"} | {f"{drug}_{end}" for drug in DRUGS for end in ("most", "half_mg")},
        ),
        ("minoxidil 5%", EFFECT | {"on_weeks", "off_weeks", "release_weeks"}),
        ("minoxidil 2%", EFFECT | {"on_weeks", "off_weeks", "release_weeks", "half_percent"}),
        ("prp", EFFECT | {"on_weeks", "wane_weeks"}),
        ("laser", EFFECT | {"on_weeks", "wane_weeks"}),
        ("svf", EFFECT | {"on_weeks", "wane_weeks", "strength", "beta", "recruit_per_week", "svf_deviation"}),
        ("cell extract", EFFECT | {"on_weeks", "wane_weeks", "strength", "recruit_per_week", "cell_extract_deviation"}),
        ("transplant fut", {"hairs_per_graft", "survival_fut", "shock", "graft_below"}),
    ],
)
def test_the_rows_of_a_treatment_are_those_on_which_it_hangs(plan: str, rows: set[str]) -> None:
    found = {row.name for row in _of(plan, _woman()).parts[0].rows}
    assert found == (rows if plan.startswith("transplant") else rows | {"response_sd"})


def test_assumptions_of_the_course_follow_who_is_asked_about() -> None:
    def names(person: Person) -> set[str]:
        return {f"{row.of}.{row.name}" for row in _of("nothing", person).untreated.rows}

    man, woman, asian = names(_man()), names(_woman()), names(_man(hair_group="asian"))
    assert "man.shrink" in man - woman
    assert "woman.shrink" in woman - man
    assert {"group_asian.follicles_per_cm2"} == asian - man
    assert {"scalp.follicles_per_cm2"} == man - asian
    counted = _man(measured=[{"region": "vertex", "density_per_cm2": 150}], years_since_onset=5)
    assert names(counted) - man == {"reading.repeat_cv", "person.noticed_share", "person.recall_sd_years"}


def test_every_row_that_may_be_shown_has_words_and_each_mark_a_meaning() -> None:
    from anagen.grounds.unknowns import MARKS

    shown: dict[str, Row] = {}
    for name in TREATMENTS:
        if name != "join_trial":
            for person in (_man(hair_group="african", years_since_onset=3), _woman(measured=[{"region": "vertex", "calibre_um": 50}])):
                found = _of(name.replace("_", " "), person)
                shown |= {f"{row.of}.{row.name}": row for part in found.all_parts for row in part.rows}
    assert len(shown) > 80
    assert all(said(row) for row in shown.values())
    assert {row.mark for row in shown.values()} <= set(MARKS)
    with pytest.raises(UnknownName, match="row with words"):
        said(replace(priors()[0], name="no_such_row"))


def test_structure_is_said_where_it_holds_and_its_methods_are_known() -> None:
    assert {key for one in structures() for key in one.methods} == set(methods())
    subjects = {TREATMENTS[name].subject for name in TREATMENTS} - {""}
    assert {one.of for one in structures()} <= subjects | {"nothing", "female", "treatment", "together", "calibrated", "sessions", "use"}
    assert subjects <= {one.of for one in structures()}, "each kind of treatment says what it takes to be so"
    alone, both = (" ".join(one.said for one in _of(plan).structure) for plan in ("svf", "svf; finasteride"))
    assert "acts as if it were used alone" in both
    assert "acts as if it were used alone" not in alone
    assert any("Women's hair" in one.said for one in _of("svf", _woman()).structure)
    assert not any("Women's hair" in one.said for one in _of("svf").structure)


def test_the_certainty_of_a_plan_is_that_of_its_least_sure_part() -> None:
    assert _of("finasteride").certainty.level == "moderate"
    assert _of("nothing").certainty == _of("wait").certainty == _of("nothing").untreated.certainty
    both = _of("finasteride; svf").certainty
    assert both.level == "very low"
    assert any("No trial of these together was read." in reason.why for reason in both.reasons)
    assert any("least sure" in reason.why for reason in both.reasons)
    known = _of("microneedling; minoxidil 5%").certainty
    assert not any("together" in reason.why for reason in known.reasons)
    # two drugs about which one can be moderately sure, which no trial gave together
    assert _of("dutasteride").certainty.level == _of("minoxidil 5%").certainty.level == "moderate"
    assert _of("dutasteride; minoxidil 5%").certainty.level == "low"
    assert _of("finasteride", _woman()).certainty.level == "low", "no trial had women"


def test_what_was_taken_before_stands_among_the_parts() -> None:
    before = Plan.parse("finasteride since 3 years")
    found = _of("nothing", before=before)
    assert [part.name for part in found.parts] == ["finasteride"]
    assert found.certainty == found.untreated.certainty
    assert "off_weeks" in {row.name for row in found.parts[0].rows}


def test_a_prior_stands_on_no_trial_and_says_so() -> None:
    found = _of("finasteride", belief=Belief.prior(n=2))
    assert not found.calibrated
    assert "not fitted to trials" in found.why_not
    assert all(not part.entries for part in found.all_parts)
    assert not any(one.of == "calibrated" for one in found.structure)
    assert found.studies, "its stated values still come from somewhere"


def test_a_belief_fitted_to_other_evidence_lists_no_results_that_it_did_not_read() -> None:
    found = _of("finasteride", belief=replace(FITTED, evidence_hash="0" * 64))
    assert "other evidence" in found.why_not
    assert found.trials == 0


def test_cells_stand_on_their_class() -> None:
    [marrow] = _of("bone marrow").parts
    assert marrow.entries == ()
    assert len(marrow.kin_by_treatment) > 5
    assert {row.name for row in marrow.rows if row.name.endswith("_deviation")} == {"bone_marrow_deviation"}
    [svf] = _of("svf").parts
    assert {one.study.study_id for one in svf.entries} >= {"kuka_2020", "kim_2021"}
    assert not {one.rows for one in svf.entries} & {one.rows for one in svf.kin}
