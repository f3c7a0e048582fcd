"""Harms: which counts are put together, which stand beside, and that nothing is ever added that overlaps."""

from __future__ import annotations

from typing import Any

import pytest
from evidence.made_up import together, trial

from anagen.evidence import Evidence
from anagen.evidence.harms import Harm, harms
from anagen.evidence.rows import Arm

SHIPPED = Evidence.shipped()
BOTH = [{"arm_id": "drug", "n_with_event": 9, "n_at_risk": 100}, {"arm_id": "placebo", "n_with_event": 4, "n_at_risk": 90}]


def treated(arm: Arm) -> bool:
    return arm.intervention == "finasteride_oral_1"


def only(evidence: Evidence) -> Harm:
    [found] = harms(evidence, treated)
    return found


def put(**cells: Any) -> list[dict[str, Any]]:
    return [row | cells for row in BOTH]


def test_placebo_of_the_same_trial_stands_beside() -> None:
    found = only(together(trial("one", [], harms=BOTH), trial("two", [], harms=[BOTH[0] | {"n_with_event": 5}])))
    assert [(one.events, one.people, one.on_placebo, one.placebo_people) for one in found.counts] == [(9, 100, 4, 90), (5, 100, None, None)]
    assert found.rate is not None
    assert found.placebo is not None
    assert found.excess is not None
    assert (found.rate.events, found.rate.people) == (14, 200)
    assert (found.placebo.events, found.placebo.people, found.placebo.k) == (4, 90, 1)
    assert (found.excess.k, found.excess.people) == (1, 190), "only the trial that had both"
    assert found.excess.difference == pytest.approx(9 / 100 - 4 / 90)


def test_events_are_never_added_to_each_other() -> None:
    parts = [
        BOTH[0] | {"event": name, "n_with_event": n} for name, n in (("sexual dysfunction", 9), ("decreased libido", 6), ("headache", 0))
    ]
    found = harms(trial("one", [], harms=parts), treated)
    assert {one.event: one.rate.events for one in found if one.rate} == {"sexual dysfunction": 9, "decreased libido": 6, "headache": 0}
    assert [one.event for one in found] == ["sexual dysfunction", "decreased libido", "headache"], "likeliest first"
    assert found[-1].rate is not None
    assert found[-1].rate.chance is None
    assert found[-1].rate.high > 0.03


def test_denominators_are_not_mixed() -> None:
    rows = [BOTH[0], BOTH[0] | {"at_risk_unit": "procedures", "n_at_risk": 5000}]
    found = harms(trial("one", [], harms=rows), treated)
    assert sorted((one.unit, one.rate.people) for one in found if one.rate) == [("persons", 100), ("procedures", 5000)]


def test_what_is_not_fit_or_not_counted_stays_out() -> None:
    assert harms(trial("one", [], harms=put(use=False, use_reason="overlap")), treated) == ()
    found = only(trial("one", [], harms=put(n_with_event=None, percent=3.0)))
    assert (found.counts, found.rate, found.excess) == ((), None, None)
    assert [why for _, why in found.beside] == ["a share without its count"]


def test_alopecia_areata_and_reviews_stand_beside() -> None:
    single, ill = trial("one", [], harms=BOTH), trial("two", [], harms=BOTH, condition="aa")
    review = trial("three", [], harms=BOTH, design="systematic_review")
    found = only(together(single, ill, review))
    assert [one.study.study_id for one in found.counts] == ["one"]
    assert {row.study_id: why.split(":")[0] for row, why in found.beside} == {"two": "alopecia areata", "three": "a review"}
    assert [one.study.study_id for one in only(together(ill, review)).counts] == ["three"], "a review alone is all there is"


def test_entries_of_one_trial_count_once() -> None:
    label = trial("label", [], harms=[row | {"n_at_risk": 900} for row in BOTH], same_trial_as="one")
    found = only(together(trial("one", [], harms=BOTH), label))
    assert [(one.study.study_id, one.people) for one in found.counts] == [("label", 900)]
    assert [row.study_id for row, _ in found.beside] == ["one"]


def test_arms_of_one_trial_are_together_unless_they_are_the_same_people() -> None:
    arms: dict[str, dict[str, Any]] = {"drug": {}, "more": {}, "placebo": {}}
    rows = [*BOTH, BOTH[0] | {"arm_id": "more", "n_with_event": 3}]
    assert [(one.events, one.people) for one in only(trial("one", [], arms, rows)).counts] == [(12, 200)]
    assert [(one.events, one.people) for one in only(trial("one", [], arms, rows, design="rct_split_scalp")).counts] == [(9, 100)]


def test_the_shipped_counts_are_those_of_their_rows() -> None:
    found = harms(SHIPPED, lambda arm: True)
    assert len(found) > 60
    for one in found:
        for count in one.counts:
            rows = [SHIPPED.row(name) for name in count.rows]
            inert = [row for row in rows if SHIPPED.arm(row.study_id, row.arm_id).role in ("placebo", "no_treatment")]  # type: ignore[union-attr]
            assert all(row.use and row.event == one.event and row.at_risk_unit == one.unit for row in rows)  # type: ignore[union-attr]
            assert count.events <= count.people
            assert inert or count.placebo_people is None
