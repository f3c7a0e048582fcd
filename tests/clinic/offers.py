"""For each vetting rule an offer that raises it, and what it is then worth; the rules that judge nothing and are only told."""

from __future__ import annotations

from typing import Any

from anagen.clinic.offer import Offer, as_offer

PAID = {"currency": "USD", "total": 5000}
SVF = {"treatment": "svf", "product": {"source": "fat", "processing": "enzymatic", "own": True, "same_day": True, "route": "injected"}}
EXOSOMES = {"treatment": "exosomes", "product": {"source": "cord", "processing": "cell_free", "own": False, "route": "injected"}}
PRP = {"treatment": "prp", "product": {"source": "blood", "processing": "spun", "own": True, "route": "injected"}}
TRIAL = {"ind_number": "12345", "irb": "Some University"}


def an_offer(place: str = "US", treatment: str = "svf", **more: Any) -> Offer:
    """An offer of a made-up clinic."""
    return as_offer({"clinic": "Example", "jurisdiction": place, "treatment": treatment, **more}, "offer.toml")


def says(advert: str, place: str = "US", treatment: str = "svf", **more: Any) -> Offer:
    """An offer with an advert."""
    return an_offer(place, treatment, advert=advert, **more)


TOLD_ONLY = {"us_medwatch": "US", "kr_cost_disclosure": "KR"}
"""Rules that judge nothing, and a place where they are told."""

RAISED: dict[str, tuple[str, Offer]] = {
    "us_fda_approved_facility": ("red_flag", says("We are an FDA-approved facility.")),
    "us_fda_registered": ("red_flag", says("Our lab is registered with the FDA.")),
    "us_fda_certificate": ("red_flag", says("We hold an FDA certificate of registration.")),
    "us_fda_cleared_device": ("caution", an_offer(treatment="laser", shown={"device_510k": "K123456"})),
    "us_micrograft_fda_approved": ("red_flag", says("The FDA has approved this treatment for hair loss.", "SG", "hfsc_micrograft")),
    "jp_harg_fda_approved": ("red_flag", says("This treatment is approved by the FDA.", "JP", "conditioned_medium")),
    "us_no_stem_cell_for_hair": ("red_flag", an_offer(shown={"approval_number": "BLA 1"})),
    "us_msc_ryoncil_exception": ("caution", says("An MSC product is already approved by the FDA.")),
    "us_exosome_none": ("red_flag", an_offer(**EXOSOMES)),
    "us_exosome_exempt_claim": ("red_flag", says("Exosomes have no cells, so FDA rules do not apply.", treatment="exosomes")),
    "us_svf_is_drug": ("red_flag", an_offer(**SVF)),
    "us_same_surgical_procedure": ("red_flag", says("It is your own fat, on the same day, so no FDA approval is needed.")),
    "us_scotus_cert_denied": ("caution", says("The court case is still open.")),
    "us_mechanical_svf": ("caution", an_offer(product={"source": "fat", "processing": "mechanical"})),
    "us_361_four_tests": ("missing", an_offer(product={"source": "fat", "processing": "mechanical"})),
    "us_many_diseases": ("red_flag", says("The same stem cells treat hair loss, knees, autism and ageing.")),
    "us_ind_number": ("missing", an_offer(**SVF)),
    "us_charged_outside_trial": ("red_flag", an_offer(**SVF, price=PAID)),
    "us_ctgov_listing": ("caution", an_offer(shown={"trial_registration": "NCT00000000"})),
    "us_pay_to_participate": ("red_flag", an_offer(treatment="join_trial", price={"currency": "USD", "participant_pays": True})),
    "us_listing_harm_example": ("red_flag", an_offer(shown={"trial_registration": "NCT00000000"})),
    "us_warning_letter_search": ("not known", an_offer()),
    "us_prp_offlabel": ("caution", an_offer(**PRP)),
    "us_fl_scope": ("red_flag", says("Florida law allows our stem cell treatment for hair.", "US-FL")),
    "us_fl_notice": ("missing", an_offer("US-FL")),
    "us_fl_registered_trap": ("caution", says("Our lab is registered with the FDA.", "US-FL")),
    "us_federal_preempt": ("caution", says("State law allows our stem cell treatment.", "US-UT")),
    "us_ut_notice": ("caution", an_offer("US-UT", product={"source": "cord"})),
    "us_tx_scope": ("red_flag", says("Texas law allows our stem cell treatment.", "US-TX")),
    "us_tx_irb": ("missing", an_offer("US-TX")),
    "us_ca_notice": ("missing", an_offer("US-CA")),
    "own_cells_safe": ("red_flag", says("They are your own cells, so there is no risk.", "other")),
    "testimonials": ("red_flag", says("Watch the testimonials of our patients.", "other")),
    "us_review_rule": ("caution", says("We have 500 five-star reviews.")),
    "us_review_incentive": ("red_flag", an_offer(price={**PAID, "discount_for_review": True})),
    "us_ftc_scia": ("red_flag", says("Our treatment is clinically proven.")),
    "us_ftc_rmg": ("red_flag", says("Our stem cells cure hair loss.")),
    "risks_on_website": ("missing", an_offer("other")),
    "many_clinics_offer_it": ("caution", says("Hundreds of clinics already offer this treatment.")),
    "exosome_maker_transparency": ("missing", an_offer("other", "exosomes")),
    "lot_sterility": ("missing", an_offer(**EXOSOMES)),
    "us_abms": ("missing", an_offer()),
    "us_abcs": ("caution", an_offer(people=[{"boards": ["American Board of Cosmetic Surgery"]}])),
    "us_docinfo": ("missing", an_offer()),
    "us_npi_format": ("missing", an_offer(people=[{"npi": "1234567890"}])),
    "us_npi_not_quality": ("caution", an_offer(people=[{"npi": "1234567893"}])),
    "us_npi_selfreport": ("caution", an_offer(people=[{"taxonomy": "Dermatology"}])),
    "us_npi_deactivated": ("not known", an_offer(people=[{"npi": "1234567893"}])),
    "who_does_it": ("missing", an_offer("other")),
    "cheap_and_guaranteed": ("red_flag", says("Results are guaranteed.", "other")),
    "unlicensed_spa": ("red_flag", an_offer(treatment="microneedling", people=[{"role": ["injects"], "profession": "technician"}])),
    "medical_tourism": ("red_flag", an_offer("MX", "adsc")),
    "price_all_in": ("missing", an_offer("other", price={"currency": "EUR", "per_session": 900, "includes": ["injection"]})),
    "no_refund": ("caution", an_offer("UK", price={"currency": "GBP", "total": 900, "refund": "none"})),
    "eu_unregulated": ("red_flag", an_offer("EU", **SVF)),
    "eu_two_tests": ("missing", an_offer("EU", **SVF)),
    "eu_2025_warning": ("red_flag", an_offer("EU", **SVF, price={"currency": "EUR", "total": 4000})),
    "uk_eu_human_exosomes": ("red_flag", an_offer("EU", **EXOSOMES)),
    "uk_hta_licence": ("missing", an_offer("UK", **SVF)),
    "uk_mhra": ("missing", an_offer("UK", **SVF)),
    "jp_plan_number": ("caution", an_offer("JP", "adsc", shown={"provision_plan_number": "PB0000000"})),
    "jp_unproven_paid": ("caution", an_offer("JP", "adsc", price={"currency": "JPY", "total": 900000})),
    "au_advertising": ("red_flag", says("Stem cells for your hair.", "AU", "adsc")),
    "ca_drugs": ("red_flag", an_offer("CA", **SVF)),
    "kr_scope": ("red_flag", an_offer("KR", "adsc")),
}
