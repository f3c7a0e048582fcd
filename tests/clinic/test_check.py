"""An offer is judged by the rules of its place and no other; what was not shown is missing; there is no way to be called safe."""

from __future__ import annotations

import datetime

import pytest
from clinic.offers import EXOSOMES, PAID, PRP, RAISED, SVF, TOLD_ONLY, TRIAL, an_offer, says

from anagen.clinic.check import ASK, NOT_AGREED, NOTHING_WRONG, OTHER_LANGUAGE, STOP, VERDICTS, check
from anagen.clinic.claims import claims_in
from anagen.clinic.facts import facts_of, reads
from anagen.clinic.kinds import rows
from anagen.clinic.offer import NUMBERS, PLACES, Offer, Papers, as_offer
from anagen.clinic.rules import UNDATED, rules
from anagen.treatments import TREATMENTS

TODAY = datetime.date(2026, 11, 24)
COUNTRIES = [place for place in PLACES if "-" not in place or place in ("US-FL", "US-TX", "US-UT", "US-CA", "US-OH")]
GOOD_PEOPLE = [
    {
        "name": "Dr. D. Example",
        "role": ["diagnoses", "harvests", "injects", "follows_up"],
        "profession": "physician",
        "npi": "1234567893",
        "licence": "1",
        "boards": ["American Board of Dermatology"],
    }
]


def verdicts(offer: object) -> dict[str, str]:
    """The verdict of each rule that an offer raises."""
    return {one.rule.rule_id: one.verdict for one in check(offer, TODAY).findings if one.rule}  # type: ignore[arg-type]


def test_every_rule_is_reached_or_only_told() -> None:
    assert set(RAISED) | set(TOLD_ONLY) == set(rules())
    assert not set(RAISED) & set(TOLD_ONLY)
    assert {one.rule for one in reads() if one.kind == "tell"} == set(TOLD_ONLY)


@pytest.mark.parametrize("rule_id", RAISED)
def test_each_rule_is_raised_by_its_offer(rule_id: str) -> None:
    verdict, offer = RAISED[rule_id]
    found = next(one for one in check(offer, TODAY).findings if one.rule and one.rule.rule_id == rule_id)
    assert found.verdict == verdict
    assert found.because
    assert all(one.words for one in found.because), "the words of the offer, or what it does not show"
    assert found.rule is not None
    assert found.rule.url.startswith("http")
    assert found.rule.quote


@pytest.mark.parametrize("rule_id", RAISED)
def test_no_rule_is_raised_by_an_offer_that_has_nothing(rule_id: str) -> None:
    """The twin: to do nothing, at a clinic that asks for no money, raises none of them."""
    _, offer = RAISED[rule_id]
    empty = as_offer({"clinic": "A", "jurisdiction": offer.jurisdiction, "treatment": "nothing"}, "a")
    assert verdicts(empty).get(rule_id) is None


@pytest.mark.parametrize(("rule_id", "place"), TOLD_ONLY.items())
def test_what_is_only_told_is_told_and_judges_nothing(rule_id: str, place: str) -> None:
    found = check(an_offer(place), TODAY)
    assert rule_id in {one.rule.rule_id for one in found.told if one.rule}
    assert rule_id not in verdicts(an_offer(place))


@pytest.mark.parametrize("place", COUNTRIES)
@pytest.mark.parametrize("given", [SVF, EXOSOMES, PRP], ids=["svf", "exosomes", "prp"])
def test_only_rules_of_the_place_are_used(place: str, given: dict[str, object]) -> None:
    advert = " ".join(offer.advert for _, offer in RAISED.values())
    found = check(an_offer(place, **given, advert=advert, price=PAID), TODAY)
    raised = [one.rule for one in (*found.findings, *found.told) if one.rule]
    assert len(raised) > 5
    assert [one.rule_id for one in raised if not one.holds_in(place)] == []
    assert all(any(each in ("global", place, place.split("-")[0]) for each in one.places) for one in raised)


@pytest.mark.parametrize("treatment", [name for name in TREATMENTS if name not in ("nothing", "wait")])
@pytest.mark.parametrize("place", ["US", "EU", "other"])
def test_with_nothing_shown_nothing_is_well(treatment: str, place: str) -> None:
    found = check(an_offer(place, treatment), TODAY)
    assert found.summary in (STOP, ASK)
    assert found.of("missing")
    assert found.of("ok") == ()


@pytest.mark.parametrize("treatment", [name for name in TREATMENTS if name not in ("nothing", "wait")])
def test_all_papers_do_not_help_where_the_law_was_not_read(treatment: str) -> None:
    """With everything shown, an offer passes only where the rules that were read decide its path."""
    shown = dict.fromkeys([name for name in Papers.model_fields if name != "warning_letter"], True)
    for place in COUNTRIES:
        found = check(an_offer(place, treatment, shown=shown, people=GOOD_PEOPLE, price={"currency": "USD", "total": 0}), TODAY)
        assert found.summary != NOTHING_WRONG or (found.path.known and found.place_known), place
        assert not (place in ("other", "SG", "MX") and found.summary == NOTHING_WRONG)


@pytest.mark.parametrize("blank", [False, "", "  "])
def test_blank_and_false_papers_count_as_not_shown(blank: object) -> None:
    assert verdicts(an_offer(**SVF, shown=dict.fromkeys(Papers.model_fields, blank))) == verdicts(an_offer(**SVF))


@pytest.mark.parametrize(
    "given",
    ["none", "No.", "n/a", "N.A.", "not given", "Pending", "unknown", "-", "?", "keine", "Ninguno", "TBD", "applied for", "on file"],
)
def test_a_text_that_says_there_is_none_shows_nothing(given: str) -> None:
    """No word takes the red flag away; `on file` is a word without a number, so the ethics board alone is taken by it."""
    shown = {name: given for name in Papers.model_fields if given != "on file" or name in NUMBERS}
    assert verdicts(an_offer(**SVF, shown=shown)) == verdicts(an_offer(**SVF))
    assert verdicts(an_offer(**SVF, shown={**shown, "irb": "Some University"}))["us_svf_is_drug"] == "red_flag"
    injects = [{"role": ["injects"], "profession": "technician", "licence": given}]
    assert verdicts(an_offer(treatment="prp", people=injects))["unlicensed_spa"] == "red_flag"


@pytest.mark.parametrize("name", ["maker", "lot"])
def test_a_maker_or_a_lot_that_is_unknown_is_not_shown(name: str) -> None:
    product = {**EXOSOMES["product"], "maker": "Example Labs", "lot": "A1"}
    shown = {"lot_tests": True}
    assert verdicts(an_offer(treatment="exosomes", product=product, shown=shown))["exosome_maker_transparency"] == "ok"
    unknown = {**product, name: "unknown"}
    assert verdicts(an_offer(treatment="exosomes", product=unknown, shown=shown))["exosome_maker_transparency"] == "missing"


@pytest.mark.parametrize("ind", ["12345", "IND 12345", True])
def test_a_number_that_was_named_is_still_to_be_looked_up(ind: object) -> None:
    shown = {"ind_number": ind, "irb": "Some University"}
    assert verdicts(an_offer(**SVF, shown=shown))["us_svf_is_drug"] == "caution"
    assert verdicts(an_offer(**EXOSOMES, shown=shown))["us_exosome_none"] == "caution"


def test_a_place_without_rules_says_so() -> None:
    found = check(an_offer("other"), TODAY)
    assert not found.place_known
    assert any("No rule was read for this place" in one.about for one in found.findings)
    assert found.summary == ASK


def test_an_honest_free_trial_has_nothing_wrong_and_is_still_not_called_safe() -> None:
    shown = {
        **TRIAL,
        **dict.fromkeys(["consent_form", "serious_harms_listed", "evidence_limits", "licence_check", "price_in_writing"], True),
    }
    found = check(an_offer("US-OH", **SVF, shown=shown, people=GOOD_PEOPLE, price={"currency": "USD", "total": 0}), TODAY)
    assert found.summary == NOTHING_WRONG
    assert found.of("red_flag") == found.of("missing") == ()
    assert "does not make it safe" in found.summary
    for paper in shown:
        less = {name: value for name, value in shown.items() if name != paper}
        again = check(an_offer("US-OH", **SVF, shown=less, people=GOOD_PEOPLE, price={"currency": "USD", "total": 0}), TODAY)
        assert again.summary != NOTHING_WRONG, paper
    assert "us_charged_outside_trial" not in verdicts(an_offer("US-OH", **SVF, shown=shown))
    paid = verdicts(an_offer("US-OH", **SVF, shown=shown, price=PAID))
    assert paid["us_charged_outside_trial"] == "caution"


def test_one_red_flag_is_enough_however_much_is_shown() -> None:
    shown = dict.fromkeys([name for name in Papers.model_fields if name not in ("warning_letter", "approval_number")], True)
    whole = an_offer("US-OH", **SVF, shown=shown, people=GOOD_PEOPLE, price={"currency": "USD", "total": 0}, advert="No risk, guaranteed.")
    assert check(whole, TODAY).summary == STOP


def test_the_name_of_a_milder_treatment_hides_no_cells() -> None:
    hidden = an_offer(treatment="prp", product={"source": "fat", "processing": "enzymatic"}, price=PAID)
    assert {"us_svf_is_drug", "us_charged_outside_trial", "us_ind_number"} <= set(verdicts(hidden))
    assert verdicts(says("We offer SVF from your own fat.", treatment="prp"))["us_svf_is_drug"] == "red_flag"


@pytest.mark.parametrize(
    ("offer", "kind", "agrees"),
    [
        (an_offer(treatment="prp", product={"source": "fat"}), "cells", False),
        (an_offer(treatment="exosomes", product={"processing": "culture", "source": "cord"}), "cells", False),
        (an_offer(treatment="svf", product={"processing": "cell_free"}), "cells", False),
        (says("We offer SVF from your own fat.", treatment="prp"), "cells", False),
        (says("We offer exosomes for your hair.", treatment="microneedling"), "cell_free", False),
        (says("It is your own fat, on the same day, so no FDA approval is needed.", treatment="prp"), "cells", False),
        (says("They are your own cells, so there is no risk.", treatment="prp"), "cells", False),
        (says("We offer SVF from your own fat.", **SVF), "cells", True),
        (an_offer(**EXOSOMES), "cell_free", True),
        (an_offer(**PRP), "prp", True),
        (an_offer(treatment="join_trial", product=SVF["product"]), "cells", True),
    ],
)
def test_the_strictest_of_treatment_product_and_advert_is_taken_and_a_difference_said(offer: Offer, kind: str, agrees: bool) -> None:
    facts = facts_of(offer, claims_in(offer.advert))
    assert (facts["kind"].value, facts["agrees"].value) == (kind, agrees)
    found = check(offer, TODAY)
    said = [one for one in found.of("missing") if one.about == NOT_AGREED]
    assert bool(said) is not agrees
    if said:
        assert "; " in said[0].because[0].words[0], "at least two that differ"
    assert found.path.steps[0].answer == kind


def test_what_a_milder_name_would_mean_is_not_taken_for_the_stricter_product() -> None:
    assert facts_of(an_offer(treatment="prp", product={"source": "fat"}))["processing"].value is None


def test_a_dose_into_a_vein_asks_for_a_doctor_as_a_needle_does() -> None:
    people = [{"role": ["diagnoses", "follows_up", "harvests"], "profession": "physician"}]
    for route, verdict in (("iv", "missing"), ("injected", "missing"), ("topical", "ok")):
        offer = an_offer("other", "adsc", product={"route": route}, people=people)
        assert verdicts(offer)["who_does_it"] == verdict, route


@pytest.mark.parametrize(
    ("profession", "verdict"), [("physician", "ok"), ("nurse", "missing"), ("technician", "red_flag"), ("unknown", "missing")]
)
def test_who_injects_matters(profession: str, verdict: str) -> None:
    people = [{"role": ["diagnoses", "follows_up"], "profession": "physician"}, {"role": ["injects"], "profession": profession}]
    assert verdicts(an_offer("other", **PRP, people=people))["who_does_it"] == verdict


@pytest.mark.parametrize(("npi", "verdict"), [("1234567893", "ok"), ("1234567890", "missing"), ("", "missing"), (1234567893, "ok")])
def test_an_npi_is_held_to_its_check_digit(npi: object, verdict: str) -> None:
    assert verdicts(an_offer(people=[{"npi": npi}]))["us_npi_format"] == verdict


def test_rules_tell_their_age() -> None:
    dated = rules()["us_scotus_cert_denied"]
    assert dated.age(datetime.date(2026, 10, 14)) == ""
    assert "more than 12 months" in dated.age(datetime.date(2026, 10, 15))
    assert rules()["us_abms"].age(TODAY) == UNDATED
    for one in check(RAISED["us_svf_is_drug"][1], TODAY).findings:
        if one.rule and (one.rule.since is None or (TODAY - one.rule.since).days > 366):
            assert one.age


def test_findings_come_worst_first_and_once_a_rule() -> None:
    found = check(RAISED["us_fl_scope"][1], TODAY)
    order = [VERDICTS.index(one.verdict) for one in found.findings]
    assert order == sorted(order)
    names = [one.rule.rule_id for one in found.findings if one.rule]
    assert len(names) == len(set(names))


def test_a_claim_that_no_rule_of_the_place_judges_is_shown_as_such() -> None:
    found = check(says("We are an FDA-approved facility.", "UK", "prp"), TODAY)
    assert any(one.rule is None and one.because[0].name == "fda_approved_facility" for one in found.of("not known"))
    assert not found.of("red_flag")


FOREIGN = {
    "French": "Notre clinique vous propose des cellules souches issues de votre propre graisse, sans risque ni effets secondaires.",
    "Italian": "La nostra clinica offre cellule staminali dal vostro grasso, senza rischi e senza effetti collaterali.",
    "Portuguese": "A nossa clínica oferece células-tronco da sua própria gordura, sem riscos e sem efeitos colaterais.",
    "Dutch": "Onze kliniek biedt stamcellen uit uw eigen vet, zonder risico en zonder bijwerkingen.",
    "Japanese": "当院の毛髪再生医療は副作用がなく、効果を保証します。",
    "Arabic": "تقدم عيادتنا علاج الشعر بالخلايا الجذعية بدون مخاطر.",
    "Korean": "저희 병원의 줄기세포 탈모 치료는 부작용이 없습니다.",
}


@pytest.mark.parametrize("language", FOREIGN)
def test_an_advert_in_another_language_does_not_pass_for_one_without_claims(language: str) -> None:
    shown = {
        **TRIAL,
        **dict.fromkeys(["consent_form", "serious_harms_listed", "evidence_limits", "licence_check", "price_in_writing"], True),
    }
    whole = {**SVF, "shown": shown, "people": GOOD_PEOPLE, "price": {"currency": "USD", "total": 0}}
    assert check(an_offer("US-OH", **whole), TODAY).summary == NOTHING_WRONG
    found = check(an_offer("US-OH", **whole, advert=FOREIGN[language]), TODAY)
    assert OTHER_LANGUAGE in {one.about for one in found.findings}
    assert found.summary in (ASK, STOP)
    ours = "We study whether cells from your own fat help. It is not known if they do, and taking part costs you nothing."
    assert check(an_offer("US-OH", **whole, advert=ours), TODAY).summary == NOTHING_WRONG


def test_a_free_trial_with_a_price_a_session_is_not_free() -> None:
    free = {"currency": "USD", "total": 0}
    assert verdicts(an_offer(price=free, shown={"price_in_writing": True}))["price_all_in"] == "ok"
    assert verdicts(an_offer(price={**free, "per_session": 500}, shown={"price_in_writing": True}))["price_all_in"] == "missing"


def test_a_denied_claim_is_no_claim() -> None:
    assert "us_fda_approved_facility" not in verdicts(says("No facility is FDA-approved."))
    assert "cheap_and_guaranteed" not in verdicts(says("Results are not guaranteed."))


def test_questions_follow_the_findings() -> None:
    names = {one.name for one in check(RAISED["us_svf_is_drug"][1], TODAY).questions}
    assert {"product", "approval", "evidence", "instead", "time", "later_trial"} <= names
    bare = {one.name for one in check(an_offer("other", "nothing"), TODAY).questions}
    assert "later_trial" not in bare
    asked = {word for row in rows("questions.csv") for word in row["rules"].split()} - {"*", "path"}
    assert asked <= set(rules())
    assert {rule for rule, (verdict, _) in RAISED.items() if verdict != "ok"} - asked == set(), "each finding leads to a question"


def test_many_claims_keep_few_quotes() -> None:
    advert = " ".join(f"Result number {number} is guaranteed." for number in range(60))
    finding = next(one for one in check(says(advert), TODAY).findings if one.rule and one.rule.rule_id == "cheap_and_guaranteed")
    assert len(finding.because[0].words) == 6
    assert finding.because[0].words[-1] == "and 55 more"
