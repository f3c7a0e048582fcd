"""The harms of a plan: every number walks back to its rows, what was not counted is not known, and no event is counted twice."""

from __future__ import annotations

import pytest

from anagen.evidence import Evidence
from anagen.evidence.rare import clopper_pearson
from anagen.evidence.rows import AdverseEvent
from anagen.ground.errors import BadInput, Refused, UnknownName
from anagen.people.person import Person
from anagen.risks import OptionRisks, Risks, risks, risks_of_options
from anagen.suitability import NEITHER
from anagen.synthesis import harms
from anagen.treatments import TREATMENTS


@pytest.fixture(scope="module")
def every() -> dict[str, Risks]:
    return {found.options[0].name: found for found in risks_of_options(draws=200)}


def options(every: dict[str, Risks]) -> list[OptionRisks]:
    return [found.options[0] for found in every.values()]


def test_every_option_is_there(every: dict[str, Risks]) -> None:
    assert list(every) == [name for name in TREATMENTS if name not in NEITHER]


def test_every_number_is_that_of_its_rows(every: dict[str, Risks]) -> None:
    base = Evidence.shipped()
    for option in options(every):
        for event in option.events:
            rows = [row for row in map(base.row, event.rows) if isinstance(row, AdverseEvent)]
            assert rows
            assert all(row.use for row in rows), "a row without use gives no rate"
            assert {row.event for row in rows} == {event.event}
            if event.events is None:
                assert event.chance == pytest.approx((rows[0].percent or 0) / 100)
                assert rows[0].n_with_event is None
            else:
                roles = {(row.row_id): base.arm(row.study_id, row.arm_id).role for row in rows}
                treated = [row for row in rows if roles[row.row_id] not in ("placebo", "no_treatment")]
                assert event.events == sum(row.n_with_event or 0 for row in treated)
                assert event.people == sum(row.n_at_risk or 0 for row in treated)
                assert sum(one[1] for one in event.counts) == event.events


def test_none_of_n_is_shown_with_its_exact_upper_end(every: dict[str, Risks]) -> None:
    none = [event for option in options(every) for event in option.events if event.events == 0]
    assert len(none) >= 8
    for event in none:
        assert event.chance is None
        assert event.people
        assert event.high == pytest.approx(1 - 0.025 ** (1 / event.people))


def test_own_events_are_those_of_the_synthesis() -> None:
    found = risks("finasteride").options[0]
    own = {(one.event, one.unit): one for one in found.events}
    for harm in harms("finasteride").harms:
        assert harm.rate is not None
        mine = own[harm.event, harm.unit]
        assert (mine.low, mine.high, mine.on_placebo, mine.excess) == (harm.rate.low, harm.rate.high, harm.placebo, harm.excess)
    assert own["decreased libido", "persons"].excess is not None


def test_a_share_without_a_count_has_the_exact_range_of_its_people() -> None:
    event = next(one for one in risks("svf").options[0].events if one.rows == ("a175",))
    assert (event.chance, event.people, event.events) == (0.25, 702, None)
    assert (event.low, event.high) == clopper_pearson(175.5, 702)  # type: ignore[arg-type]


def test_options_without_a_count_say_so_and_never_zero(every: dict[str, Risks]) -> None:
    silent = {option.name for option in options(every) if not option.counted}
    assert silent == {"finasteride_topical", "spironolactone", "adsc", "bone_marrow", "conditioned_medium", "cell_extract"}
    for name in silent:
        assert any("not known" in said for said in every[name].options[0].said), name
    for name in ("finasteride_topical", "spironolactone", "cell_extract"):
        assert every[name].total is None
        assert every[name].options[0].unknown_steps


def test_harvests_are_those_of_other_people_and_as_many_as_the_plan_needs() -> None:
    found = risks("svf at weeks 0 and 12").options[0]
    assert found.times == {"harvest": 2, "injection": 2, "product": 2}
    assert {one.whose for one in found.events if one.step == "harvest"} == {"other procedure"}
    assert any("other patients" in said for said in found.said)
    assert risks("adsc").options[0].times["harvest"] == 1, "one harvest is grown for all sessions"
    assert "harvest" not in risks("exosomes").options[0].times
    assert all(one.step != "harvest" for one in risks("finasteride").options[0].events)


def test_no_event_is_counted_twice_and_no_union_beside_its_part(every: dict[str, Risks]) -> None:
    for found in every.values():
        if found.total:
            places = [(item.option, item.event.step, item.part) for item in found.total.items]
            assert len(places) == len(set(places))
            assert all(item.event.word.kind == "single" for item in found.total.items)
            assert not set(places) & set(found.missing)


def test_the_nearest_harvest_is_counted_before_a_farther_one() -> None:
    total = risks("svf").total
    assert total is not None
    used = {(item.event.step, item.part): item.event for item in total.items}
    assert used["harvest", "pain"].rows == ("a175",), "small harvest under numbing"
    assert used["harvest", "infection"].rows == ("a168",), "which did not count infection; all sizes did"
    skin = risks("hfsc suspension").total
    assert skin is not None
    infection = next(item.event for item in skin.items if item.part == "infection")
    assert infection.rows == ("a187",), "not the people in hospital"


def test_needles_of_one_week_are_one_session() -> None:
    def needles(plan: str) -> list[tuple[str, int]]:
        total = risks(plan, draws=200).total
        assert total is not None
        return [(item.option, item.times) for item in total.items if item.event.step == "injection"]

    assert needles("prp at weeks 0 and 4; microneedling 2 sessions every 4 weeks") == [("microneedling and prp", 2)]
    assert needles("prp at weeks 0 and 4; microneedling 2 sessions every 4 weeks from week 1") == [("prp and microneedling", 4)]


def test_people_are_never_mixed_with_doses() -> None:
    found = risks("minoxidil oral").options[0]
    assert {one.unit for one in found.events if one.event == "hypertrichosis"} == {"persons", "dose_cases"}
    assert "2,469" not in f"{found.who}"
    total = risks("minoxidil oral").total
    assert total is not None
    assert total.items[0].event.unit == "persons"


def test_serious_reports_are_those_that_touch_the_option(every: dict[str, Risks]) -> None:
    assert {one.harm_id for one in every["prp"].options[0].serious} == {"h06", "h12"}
    assert {one.harm_id for one in every["bone_marrow"].options[0].serious} == {"h05", "h13", "h14", "h17"}
    assert every["finasteride"].options[0].serious == ()
    assert {group: len(found) for group, found in every["svf"].options[0].reports.items()} == {"harvest": 1, "other": 11}
    assert {one.harm_id for one in every["exosomes"].options[0].reports["skin"]} == {"h11", "h18", "h19"}
    assert set(every["prp"].options[0].reports) == {"skin"}
    for found in every.values():
        (option,) = found.options
        grouped = [one for reports in option.reports.values() for one in reports]
        assert sorted(one.harm_id for one in grouped) == sorted(one.harm_id for one in option.serious)
    years = [int(one.year or 0) for one in every["svf"].options[0].serious]
    assert years == sorted(years, reverse=True)


def test_how_harm_was_looked_for(every: dict[str, Risks]) -> None:
    svf, fin = every["svf"].options[0].looked, every["finasteride"].options[0].looked
    assert "32 of 70" in svf.fact
    assert fin.fact == ""
    assert svf.said_how is None
    for option in options(every):
        assert 0 <= option.looked.counted <= option.looked.at_all <= option.looked.trials
    own = {study for event in every["finasteride"].options[0].events for study in event.studies}
    assert fin.counted >= len(own)
    assert fin.counted < fin.trials


def test_a_woman_hears_that_only_men_were_counted() -> None:
    her = Person(sex="female", age_years=45, condition="pattern hair loss", scale="ludwig", stage="2")
    assert any("Only men were counted" in said for said in risks("dutasteride", her).options[0].said)
    assert not any("Only" in said for said in risks("dutasteride").options[0].said)
    assert "finasteride" not in {found.options[0].name for found in risks_of_options(person=her, draws=200)}


def test_a_dose_that_nobody_counted_is_said() -> None:
    found = risks("minoxidil topical 2%").options[0]
    assert found.dose == 2
    assert {study for event in found.events for study in event.studies} >= {"olsen_2002"}
    assert risks("minoxidil topical 5%").options[0].events != found.events


def test_trials_too_far_apart_are_ordered_by_the_highest_and_keep_their_numbers(every: dict[str, Risks]) -> None:
    events = [event for option in options(every) for event in option.events]
    far = [event for event in events if event.scattered]
    assert {event.event for event in far} >= {"erectile dysfunction", "infection"}
    for event in events:
        assert event.scattered == (bool(event.tau) and event.k > 1 and event.high - event.low > 0.5)
        shares = [had / people for _, had, people in event.counts]
        assert event.size == (max(shares) if event.scattered else event.chance or 0)
    infection = next(event for event in every["transplant_fut"].options[0].often if event.event == "infection")
    assert infection.counts == (("garg_2021", 2, 2896), ("loganathan_2014", 8, 73))


def test_no_whole_holds_a_part_larger_than_itself(every: dict[str, Risks]) -> None:
    held = 0
    for option in options(every):
        for event in option.events:
            parts = [one.size for one in option.events if one.step == event.step and one.word.kind != "whole"]
            held += option.holds(event)
            if option.holds(event):
                assert event.word.kind == "whole"
                assert all(size <= event.size for size in parts)
                assert parts
                assert not option.apart_in(event)
                whole = {study: had / of for study, had, of in event.counts}
                inside = [one for one in option.events if (one.step, one.unit) == (event.step, event.unit) and one.word.kind != "whole"]
                assert all(had / of <= whole.get(study, 1) for one in inside for study, had, of in one.counts), "in one trial"
    assert held > 2


def test_a_whole_that_a_trial_counts_beside_its_parts_is_no_whole_there(every: dict[str, Risks]) -> None:
    """Choi 2016: “libido decreased (9 subjects, 1.3%) … impotence (7) … sexual function abnormality (4)”."""
    option = every["dutasteride"].options[0]
    whole = next(one for one in option.events if one.event == "sexual dysfunction")
    assert whole.counts[0] == ("choi_2016", 4, 712)
    assert whole.size > max(one.size for one in option.events if one.event in ("decreased libido", "erectile dysfunction"))
    assert option.apart_in(whole) == ("choi_2016",)
    assert not option.holds(whole)
    assert all(option.apart_in(one) == () for one in option.events if one is not whole)


def test_a_harm_likelier_than_the_total_and_not_in_it_is_told(every: dict[str, Risks]) -> None:
    assert every["transplant_fue"].likelier[0].event == "folliculitis"
    assert every["minoxidil_oral"].likelier[0].event == "hypertrichosis"
    assert every["prp"].likelier == ()
    for found in every.values():
        items = [item.event for item in found.total.items] if found.total else []
        told = {one.event for one in found.likelier}
        for event in found.options[0].events:
            if event.word.kind != "stop" and event not in items:
                assert (event.event in told) or event.size <= (found.total.chance.middle if found.total else 0), event.event
        assert not any(event in items for event in found.likelier)


def test_doses_counted_together_are_named(every: dict[str, Risks]) -> None:
    mixed = {event.rows: event.doses for event in every["minoxidil_topical"].options[0].events if event.doses}
    assert mixed == {("a129",): ("2% or 5% topical minoxidil",)}
    assert not any(event.doses for event in every["finasteride"].options[0].events), "a placebo has no dose"


def test_harms_of_is_public() -> None:
    import anagen.risks

    assert "harms_of" in anagen.risks.__all__


def test_nothing_and_waiting_have_no_harm_to_count() -> None:
    for plan in ("nothing", "wait", "join a trial"):
        found = risks(plan)
        assert (found.options, found.total) == ((), None)


def test_bad_input_is_one_sentence() -> None:
    with pytest.raises(UnknownName, match="finasteride"):
        risks_of_options(["finastride"])
    with pytest.raises(BadInput):
        risks("three cups of tea")
    boy = Person(sex="male", age_years=15, condition="pattern hair loss", scale="norwood", stage="2")
    with pytest.raises(Refused):
        risks("prp", boy)
