"""Every row of `facts.csv` matters: each is held by an offer that would be judged otherwise without it."""

from __future__ import annotations

import pytest
from clinic.offers import EXOSOMES, PAID, PRP, RAISED, SVF, TRIAL, an_offer, says

from anagen.clinic import check as room
from anagen.clinic.check import check
from anagen.clinic.facts import reads
from anagen.clinic.offer import Offer

ROUTE = {"approval_number": "EU/1/00"}
ALSO: list[tuple[str, str | None, Offer]] = [
    ("us_no_stem_cell_for_hair", None, says("This treatment is approved by the FDA.", treatment="finasteride")),
    ("us_micrograft_fda_approved", None, says("This treatment is approved by the FDA.", treatment="exosomes")),
    ("jp_harg_fda_approved", None, says("This treatment is approved by the FDA.", "JP", "finasteride")),
    ("jp_plan_number", None, says("It is legal in Japan.", "JP", "conditioned_medium")),
    ("jp_plan_number", "missing", an_offer("JP", "adsc")),
    ("cheap_and_guaranteed", "caution", says("Book today: the offer ends on Friday.", "other")),
    ("us_scotus_cert_denied", "caution", RAISED["us_scotus_cert_denied"][1]),
    ("us_svf_is_drug", "red_flag", says("We offer SVF from your own fat.", treatment="prp")),
    ("us_exosome_none", "red_flag", says("We offer exosomes for your hair.", treatment="prp")),
    ("us_svf_is_drug", "caution", an_offer(**SVF, shown=TRIAL)),
    ("us_svf_is_drug", "caution", an_offer(treatment="adsc", product=SVF["product"], shown=TRIAL)),
    (
        "us_svf_is_drug",
        "caution",
        says("It is your own fat, on the same day, so no FDA approval is needed.", treatment="adsc", shown=TRIAL),
    ),
    ("us_svf_is_drug", "red_flag", an_offer(treatment="prp", product={"source": "fat", "processing": "enzymatic"})),
    ("us_exosome_none", "caution", an_offer(**EXOSOMES, shown=TRIAL)),
    ("us_exosome_none", "caution", says("We offer exosomes for your hair.", shown=TRIAL)),
    ("us_361_four_tests", "missing", an_offer(treatment="hfsc_micrograft")),
    ("us_many_diseases", "caution", says("The stem cells are also given by IV into a vein.")),
    ("us_charged_outside_trial", None, says("We offer SVF from your own fat.")),
    ("us_charged_outside_trial", "caution", an_offer(**SVF, shown=TRIAL, price=PAID)),
    ("us_charged_outside_trial", "caution", says("We offer SVF from your own fat.", treatment="prp", shown=TRIAL, price=PAID)),
    ("us_charged_outside_trial", "red_flag", says("We offer SVF from your own fat.", treatment="prp", price=PAID)),
    ("us_listing_harm_example", None, says("Our study is on ClinicalTrials.gov.", treatment="prp")),
    ("us_listing_harm_example", "red_flag", says("Our study is on ClinicalTrials.gov.")),
    ("us_warning_letter_search", "red_flag", an_offer(shown={"warning_letter": True})),
    ("us_fl_scope", None, says("Florida law allows our treatment.", "US-FL", "finasteride")),
    ("us_ftc_scia", "caution", says("Hair grows back with no surgery.")),
    ("us_ftc_scia", None, says("Our treatment is clinically proven.", treatment="finasteride")),
    ("us_ftc_rmg", "caution", says("Booster sessions every six months keep your result.")),
    ("us_ftc_rmg", "caution", an_offer(price={**PAID, "boosters": 5})),
    ("us_ftc_rmg", None, an_offer(price={**PAID, "boosters": 2})),
    ("us_npi_selfreport", None, says("Our NPI number is 1234567893.")),
    ("us_npi_deactivated", "not known", says("Our NPI number is 1234567893.")),
    ("who_does_it", "red_flag", an_offer("other", people=[{"role": ["harvests"], "profession": "technician"}])),
    ("unlicensed_spa", "not known", an_offer()),
    ("no_refund", "caution", an_offer("UK", price={"currency": "GBP", "deposit": 100})),
    ("no_refund", "caution", an_offer("UK", price={"currency": "GBP", "deposit": 100, "deposit_refundable": False})),
    ("no_refund", "caution", an_offer("UK", price={"currency": "GBP", "pay_on_consultation_day": True})),
    ("no_refund", None, an_offer("UK", price={"currency": "GBP", "deposit": 100, "deposit_refundable": True})),
    ("eu_unregulated", "not known", says("We offer SVF from your own fat.", "EU", "prp", shown=ROUTE)),
    ("eu_unregulated", "not known", an_offer("EU", **SVF, shown=ROUTE)),
    ("uk_eu_human_exosomes", None, says("Human exosomes, a cosmetic.", "UK", "exosomes", product={"source": "plant"})),
    ("uk_eu_human_exosomes", "missing", an_offer("UK", "exosomes")),
    ("uk_mhra", "missing", an_offer("UK", **EXOSOMES)),
    ("uk_mhra", None, an_offer("UK", "exosomes", product={"source": "cord", "route": "topical"})),
    ("au_advertising", None, says("Watch the testimonials of our patients.", "AU", "finasteride")),
    ("au_advertising", "red_flag", says("Watch the testimonials of our patients.", "AU", "exosomes")),
    ("ca_drugs", "not known", says("We offer SVF from your own fat.", "CA", "prp", shown={"ca_authorisation": "NOL 1"})),
    ("ca_drugs", "not known", an_offer("CA", **SVF, shown={"ca_authorisation": "NOL 1"})),
    ("us_prp_offlabel", "caution", an_offer(**PRP)),
    ("own_cells_safe", "red_flag", an_offer("other", product={"route": "iv"})),
    ("own_cells_safe", "red_flag", says("The stem cells are also given by IV into a vein.", "EU")),
    ("own_cells_safe", "caution", an_offer("other", "prp", product={"route": "iv"})),
    ("own_cells_safe", "caution", says("The exosomes are also given by IV into a vein.", "EU", "exosomes")),
]


def judged(offer: Offer, rule_id: str) -> object:
    """What one rule says of an offer."""
    return tuple((one.verdict, one.because) for one in check(offer).findings if one.rule and one.rule.rule_id == rule_id)


@pytest.mark.parametrize(("rule_id", "verdict", "offer"), ALSO, ids=[f"{rule}-{verdict}" for rule, verdict, _ in ALSO])
def test_each_case_is_judged_as_it_should(rule_id: str, verdict: str | None, offer: Offer) -> None:
    found = [one.verdict for one in check(offer).findings if one.rule and one.rule.rule_id == rule_id]
    assert found == ([] if verdict is None else [verdict])


def test_without_any_one_row_some_offer_is_judged_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row is left out in turn: a row that nothing holds would be found here."""
    cases: dict[str, list[Offer]] = {}
    for rule_id, (_, offer) in RAISED.items():
        cases.setdefault(rule_id, []).append(offer)
    for rule_id, _, offer in ALSO:
        cases[rule_id].append(offer)
    whole = {rule_id: [judged(offer, rule_id) for offer in offers] for rule_id, offers in cases.items()}
    silent = []
    for left_out in reads():
        if left_out.kind == "tell":
            continue
        rest = tuple(one for one in reads() if one is not left_out)
        monkeypatch.setattr(room, "reads", lambda rest=rest: rest)
        room._of_rule.cache_clear()
        if [judged(offer, left_out.rule) for offer in cases[left_out.rule]] == whole[left_out.rule]:
            silent.append((left_out.rule, left_out.kind, left_out.says))
    monkeypatch.undo()
    room._of_rule.cache_clear()
    assert silent == []
