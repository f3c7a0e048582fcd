"""Every rule fires, none contradicts another, and no fact makes an answer milder: over each fact, and each pair of facts."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from suitability.someone import someone

from anagen.ground.errors import Refused
from anagen.people.person import Person
from anagen.suitability import ASK_FIRST, DO_NOT, NOT_STUDIED, PRECEDENCE, STUDIED, not_asked, reach, refuse, suitable
from anagen.suitability.facts import closed, facts_of
from anagen.suitability.tables import cautions, facts, limits, words
from anagen.suitability.trials import match
from anagen.suitability.verdict import judge, rules_for, strictest
from anagen.treatments import TREATMENTS

FACTS = tuple(facts())
SEXED = ("man", "woman")


def both(*told: str) -> list[Person]:
    """The man and the woman who have these facts, where there is one."""
    return [one for sex in ("male", "female") for one in [someone(*told, sex=sex)] if one is not None]


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_is_true_of_somebody_and_each_of_its_rules_fires(fact: str) -> None:
    people = both(fact)
    people = [one for one in people if fact in facts_of(one)]
    assert people, fact
    fired = {reason.rule_id for one in people for option in suitable(one).options for reason in option.reasons}
    assert {rule.rule_id for rule in cautions() if rule.fact == fact} <= fired


def test_every_rule_fires() -> None:
    fired = {reason.rule_id for fact in FACTS for one in both(fact) for option in suitable(one).options for reason in option.reasons}
    assert fired - {""} == {rule.rule_id for rule in cautions()}


@pytest.mark.parametrize("fact", FACTS)
def test_every_option_has_one_verdict_the_strictest_of_its_reasons(fact: str) -> None:
    for person in both(fact):
        found = suitable(person)
        assert [one.option for one in found.options] == list(TREATMENTS)
        assert sum(map(len, found.by_verdict().values())) == len(TREATMENTS)
        for one in found.options:
            said = [reason.verdict for reason in one.reasons]
            assert one.verdict == min(said, key=PRECEDENCE.index)
            assert said == sorted(said, key=PRECEDENCE.index)
            assert one.verdict in PRECEDENCE
            assert all(reason.says and reason.source and reason.mark for reason in one.reasons)
            assert sum(not reason.rule_id for reason in one.reasons) == 1, "the trials speak once"
            if one.verdict == STUDIED:
                assert not [reason for reason in one.reasons if reason.verdict != STUDIED]
                assert any(trial.had_people_like_you for trial in one.trials)


def decided(option: str, told: frozenset[str], trials: str) -> str:
    return strictest([trials, *(rule.verdict for rule in rules_for(option, told))])


@pytest.mark.parametrize("option", TREATMENTS)
def test_no_fact_ever_makes_a_verdict_milder(option: str) -> None:
    """Every pair of facts, with all that each sets, for either answer of the trials: 4 verdicts, 70 facts, every option."""
    alone = {fact: frozenset(closed({fact: ""})) for fact in FACTS}
    for trials in (STUDIED, NOT_STUDIED):
        single = {fact: decided(option, told, trials) for fact, told in alone.items()}
        for one, two in itertools.combinations(FACTS, 2):
            together = decided(option, alone[one] | alone[two], trials)
            assert PRECEDENCE.index(together) <= min(PRECEDENCE.index(single[one]), PRECEDENCE.index(single[two]))
            assert together == strictest([single[one], single[two]]), "two facts together ask for no more than the stricter of them"


def test_real_people_with_two_facts_are_never_answered_more_mildly_than_with_one() -> None:
    """The same through whole files, trials included: every pair that one person can have, of either sex."""
    told = [fact for fact in FACTS if fact not in (*SEXED, "anyone", "obesity", "too_little_fat", "platelets_below_150000")]
    for sex in ("male", "female"):
        answers: dict[str, dict[str, int]] = {}
        made = {fact: someone(fact, sex=sex) for fact in told}
        made = {fact: one for fact, one in made.items() if one is not None and one.sex == sex}
        for fact, one in made.items():
            answers[fact] = {option: PRECEDENCE.index(judge(option, one, facts_of(one)).verdict) for option in SOME}
        pairs = 0
        for one, two in itertools.combinations(made, 2):
            person = someone(one, two, sex=sex)
            if person is None:
                continue
            pairs += 1
            held = facts_of(person)
            assert {one, two} <= set(held)
            for option in SOME:
                verdict = PRECEDENCE.index(judge(option, person, held).verdict)
                assert verdict <= min(answers[one][option], answers[two][option]), (one, two, option)
        assert pairs > 1500


SOME = ("minoxidil_topical", "prp", "svf", "transplant_fue")
"""One option of each kind of step: the rules of all are gone through above without the trials."""


def test_a_sign_stops_the_numbers_and_says_whom_to_see_and_when() -> None:
    from anagen.people.signs import asked_of

    for sex in ("male", "female"):
        for sign in asked_of(sex):
            person = someone(sex=sex, signs=(sign.sign,))
            assert person is not None
            with pytest.raises(Refused) as caught:
                refuse(person)
            said = str(caught.value)
            assert sign.sign in said
            assert f"please see {sign.see} {sign.urgency}" in said
            assert "\n" not in said
            found = suitable(person)
            assert found.refused == said
            assert not found.by_verdict()[STUDIED], "nobody in a trial had it"


def test_the_most_urgent_sign_leads() -> None:
    person = someone(signs=("poor diet", "chest pain, fast heartbeat or swelling", "round patches"))
    assert person is not None
    assert [one.urgency for one in suitable(person).signs] == ["today", "soon", "soon"]
    with pytest.raises(Refused, match=r"^signs has 'chest pain.*' \(and 'poor diet', 'round patches'\).* today: if you use minoxidil"):
        refuse(person)


@pytest.mark.parametrize("disease", ["lichen planopilaris", "Alopecia areata since 2019", "telogen effluvium"])
def test_another_hair_disease_among_the_conditions_stops_the_numbers(disease: str) -> None:
    person = someone(conditions=(disease,))
    assert person is not None
    with pytest.raises(Refused, match=r"another kind of hair loss than pattern hair loss.*please see a dermatologist"):
        refuse(person)


def test_asked_and_none_is_not_the_same_as_not_asked() -> None:
    asked = someone()
    assert asked is not None
    unasked = asked.model_copy(update={"signs": None})
    refuse(asked)
    refuse(unasked)
    assert (suitable(asked).signs_asked, suitable(asked).to_ask) == (True, ())
    assert not suitable(unasked).signs_asked
    assert len(suitable(unasked).to_ask) >= 15
    assert "signs that need a diagnosis first" in (not_asked(unasked) or "")
    assert not_asked(asked) is None


@pytest.mark.parametrize(
    ("fields", "option", "verdict"),
    [
        ({"sex": "female", "pregnant": True}, "finasteride", DO_NOT),
        ({"sex": "female", "may_become_pregnant": None}, "dutasteride", DO_NOT),
        ({"sex": "female", "may_become_pregnant": None, "age_years": 60}, "dutasteride", ASK_FIRST),
        ({"conditions": ("pheochromocytoma",)}, "minoxidil_oral", DO_NOT),
        ({"conditions": ("heart disease",)}, "minoxidil_topical", ASK_FIRST),
        ({"medicines": ("apixaban",)}, "prp", DO_NOT),
        ({"medicines": ("apixaban",)}, "bone_marrow", ASK_FIRST),
        ({"conditions": ("PSA test",)}, "finasteride", ASK_FIRST),
        ({"conditions": ("blood donor",)}, "dutasteride", ASK_FIRST),
        ({"conditions": ("lidocaine allergy",)}, "svf", ASK_FIRST),
        ({"bmi": 40}, "svf", ASK_FIRST),
        ({"bmi": 39.9}, "svf", STUDIED),
        ({"bmi": 18.4}, "svf", ASK_FIRST),
        ({"platelets_per_ul": 99_999}, "prp", DO_NOT),
        ({"platelets_per_ul": 100_000}, "prp", STUDIED),
        ({"platelets_per_ul": 149_999}, "hfsc_micrograft", ASK_FIRST),
        ({"medicines": ("doxycycline",)}, "laser", ASK_FIRST),
        ({"conditions": ("lymphoma",)}, "prp", DO_NOT),
        ({"signs": ("smooth shiny skin",)}, "wait", DO_NOT),
        ({"signs": ("smooth shiny skin",)}, "transplant_fue", DO_NOT),
        ({"signs": ("round patches",)}, "minoxidil_topical", DO_NOT),
        ({}, "exosomes", DO_NOT),
        ({}, "join_trial", ASK_FIRST),
        ({}, "finasteride", STUDIED),
        ({}, "bone_marrow", NOT_STUDIED),
        ({"stage": "6"}, "finasteride", NOT_STUDIED),
        ({"age_years": 75}, "finasteride", NOT_STUDIED),
        ({"age_years": 85}, "svf", NOT_STUDIED),
        ({"sex": "female"}, "transplant_fut", NOT_STUDIED),
        ({"medicines": ("finasteride",)}, "svf", NOT_STUDIED),
    ],
)
def test_by_hand(fields: dict[str, Any], option: str, verdict: str) -> None:
    person = someone(sex=fields.get("sex", "male"))
    assert person is not None
    person = Person(**person.model_dump() | fields)
    found = suitable(person).of(option)
    if option in ("svf", "bone_marrow"):  # no cell treatment is approved, whoever asks: what is judged here is the rest
        assert strictest(reason.verdict for reason in found.reasons) == found.verdict == strictest((ASK_FIRST, verdict))
        assert strictest(reason.verdict for reason in found.reasons if reason.fact != "anyone") == verdict, found
    else:
        assert found.verdict == verdict, found


@pytest.mark.parametrize(("until_years", "verdict"), [(0.0, NOT_STUDIED), (0.9, NOT_STUDIED), (1.1, STUDIED)])
def test_the_wash_out_of_the_main_trial_counts(until_years: float, verdict: str) -> None:
    """STYLE let nobody in who had taken finasteride within 12 months."""
    person = someone(treatments=({"what": "finasteride 1 mg daily", "since_years": 4, "until_years": until_years},))
    assert person is not None
    assert match("svf", person).verdict == verdict


def test_minoxidil_half_a_year_ago_is_long_enough_for_the_main_trial() -> None:
    for until, verdict in ((0.3, NOT_STUDIED), (0.6, STUDIED)):
        person = someone(treatments=({"what": "minoxidil 5%", "since_years": 4, "until_years": until},))
        assert person is not None
        assert match("svf", person).verdict == verdict


@pytest.mark.parametrize("option", [name for name in TREATMENTS if name not in ("nothing", "wait", "join_trial")])
@pytest.mark.parametrize("sex", ["male", "female"])
def test_studied_never_contradicts_where_a_forecast_leaves_the_evidence(option: str, sex: str) -> None:
    """Who is said to be studied is of a sex, an age and a stage that `limits_of` does not call outside the trials."""
    scale, stages = ("norwood", ("1", "3v", "5a", "6", "7")) if sex == "male" else ("ludwig", ("1", "2", "3"))
    for age, stage in itertools.product((18, 30, 45, 64, 65, 80, 95), stages):
        person = Person(sex=sex, age_years=age, condition="aga", scale=scale, stage=stage, signs=())  # type: ignore[arg-type]
        if match(option, person).verdict == STUDIED:
            known = reach(option)
            assert sex in known.sexes
            assert known.oldest_years is None or age <= known.oldest_years
            assert stage not in ("6", "7")
            assert (sex, stage) != ("female", "3")


@pytest.mark.parametrize(
    ("text", "read", "unknown"),
    [
        ("Warfarin", ["anticoagulant"], []),
        ("taking WARFARIN 5 mg daily", ["anticoagulant"], []),
        ("aspirin and warfarin", ["aspirin", "anticoagulant"], []),
        ("aspirin, metoprolol; insulinoma", ["aspirin", "high_blood_pressure"], [("insulinoma", "")]),
        ("warfarn", [], [("warfarn", "warfarin")]),
        ("no heart disease", [], [("no heart disease", "heart disease")]),
        ("no family history", ["no_family_history"], []),
        ("past cancer", ["past_cancer"], []),
        ("skin cancer of the scalp", ["scalp_cancer"], []),
        ("Crohn's disease", ["autoimmune_disease"], []),
        ("topical finasteride", ["takes_finasteride_topical"], []),
        ("none", [], []),
        ("<b>\x00</b>", [], [("<b>\x00<", ""), ("b>", "")]),
    ],
)
def test_free_words_are_read_or_said_to_be_unknown(text: str, read: list[str], unknown: list[tuple[str, str]]) -> None:
    from anagen.suitability.facts import read_words

    person = someone(conditions=(text,))
    assert person is not None
    found = read_words(person)
    assert [fact for _, fact in found.read] == read
    assert list(found.unknown) == unknown
    if unknown:
        assert "unknown_word" in facts_of(person)
        assert suitable(person).of("laser").verdict == ASK_FIRST


def test_every_known_word_is_read_as_itself() -> None:
    for word, fact in words().items():
        person = someone(conditions=(word.title(),))
        assert person is not None
        held = facts_of(person)
        assert fact in held, word
        assert "unknown_word" not in held, word


def test_what_a_number_makes_true_says_the_number_and_whose_limit_it_is() -> None:
    person = someone(bmi=31)
    assert person is not None
    assert facts_of(person)["obesity"] == "bmi 31, at least 30, a limit of our own"
    person = someone(platelets_per_ul=90_000)
    assert person is not None
    assert facts_of(person)["thrombocytopenia"] == "platelets_per_ul 90000, below 100000"
    woman = someone(sex="female", may_become_pregnant=None)
    assert woman is not None
    woman = woman.model_copy(update={"may_become_pregnant": None})
    assert facts_of(woman)["may_become_pregnant"] == "your file does not say; taken as yes below 55 years"


def test_who_was_in_is_told_for_each_option() -> None:
    man = someone()
    assert man is not None
    found = suitable(man)
    assert found.of("prp").who.startswith("men and women; ages 18 to 86; stages Hamilton II-V")
    assert "stopped before: any hair treatment for 26 weeks, finasteride for 52 weeks" in found.of("svf").who
    assert found.of("cell_extract").who == "men and women; ages not told; stages not told; what had to be stopped before: not told"
    assert found.of("finasteride_topical").who == "nobody: no trial in pattern hair loss was read"
    said = found.of("dutasteride").reasons[0].says
    assert said.endswith("Stages are not told: mild to moderate loss is assumed.")


def test_what_a_fact_sets_is_followed_to_its_end() -> None:
    assert list(closed({"blood_cancer": "x"})) == ["active_cancer", "past_cancer", "blood_cancer"]


@pytest.mark.parametrize("told", [{"signs": ("poor diet",)}, {"pregnant": True}, {"breastfeeding": True}])
def test_no_trial_is_taken_to_have_had_people_of_whom_this_is_true(told: dict[str, Any]) -> None:
    plain, person = someone(sex="female"), someone(sex="female", **told)
    assert plain is not None
    assert person is not None
    assert match("minoxidil_topical", plain).verdict == STUDIED
    assert match("minoxidil_topical", person).verdict == NOT_STUDIED


def test_two_reports_of_one_trial_are_counted_once() -> None:
    """kaufman_1998 and kaufman_2002 are the same 1,553 men."""
    from anagen.evidence.tables import row

    man = someone(age_years=33)
    assert man is not None
    assert row("studies", "kaufman_2002").same_trial_as or row("studies", "kaufman_1998").same_trial_as
    found = match("finasteride", man)
    fit = [trial for trial in found.trials if trial.had_people_like_you]
    assert {"kaufman_1998", "kaufman_2002"} <= {trial.study_id for trial in fit}
    count = int(found.says.split("(")[1].split()[0].replace(",", ""))
    assert count == sum(trial.people or 0 for trial in fit) - 1553


def test_every_limit_holds_on_its_own_side_only() -> None:
    for limit in limits():
        assert limit.holds(limit.value) == (limit.is_ == "at least")
        assert limit.holds(limit.value - 1) == (limit.is_ == "below")


def test_these_checks_can_fail() -> None:
    """A twin of `strictest` that takes the mildest is caught by the pairs above."""
    mildest = max((STUDIED, DO_NOT), key=PRECEDENCE.index)
    assert mildest != strictest((STUDIED, DO_NOT))
    assert rules_for("prp", {"anticoagulant"})
    assert not rules_for("prp", {"photosensitising"})
