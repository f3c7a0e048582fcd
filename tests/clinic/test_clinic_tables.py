"""The tables that judge an offer: every row names a rule that is there, facts that exist, and words of the vocabulary."""

from __future__ import annotations

import datetime
import io
import re

import pytest
from clinic.offers import RAISED, an_offer
from report.test_page import grade
from rich.console import Console

from anagen.clinic.check import VERDICTS, check
from anagen.clinic.claims import kinds
from anagen.clinic.conditions import Fact, condition
from anagen.clinic.facts import facts_of, reads
from anagen.clinic.kinds import kinds_of_product, rows, treatments
from anagen.clinic.offer import Papers, Price, Product, Somebody
from anagen.clinic.path import ends, tree
from anagen.clinic.rules import Rule, rule, rules
from anagen.evidence.tables import vetting_rules
from anagen.ground.errors import BadEvidence, UnknownName
from anagen.report.clinic_text import show
from anagen.treatments import TREATMENTS


def test_rules_are_the_rows_of_the_evidence_unchanged() -> None:
    for row, one in zip(vetting_rules(), rules().values(), strict=True):
        assert (one.rule_id, one.verdict, one.why, one.quote, one.url) == (row.rule_id, row.verdict, row.why, row.quote, row.source_url)
        assert one.as_of == row.as_of
        assert (one.since is None) == row.as_of.startswith("undated")
    with pytest.raises(UnknownName, match="did you mean 'us_svf_is_drug'"):
        rule("us_svf_is_drugs")


HARD = re.compile(
    r"Luhn|80840|\bGET\b|api/|basic\.status|taxonom|NUCC|\bCFR\b|HCT|\bBLA\b|\bNDA\b|CBER|certiorari|homologous|autologous|adipose"
    r"|substantial|vetting\.md|not verified|not checked|[<>]=|->"
)
"""Words for lawyers, machines, or us: no patient reads them."""


def test_every_rule_has_plain_words_that_are_true_to_it() -> None:
    assert [row["rule"] for row in rows("rule_words.csv")] == list(rules())
    for row, one in zip(vetting_rules(), rules().values(), strict=True):
        words = one.plain
        text = f"{words.about}. {words.why} {words.check}"
        numbers = {found.replace(",", "") for found in re.findall(r"\d(?:[\d,.]*\d)?", f"{text} {words.law}")}
        ours = " ".join(map(str, row.model_dump().values())).replace(",", "")
        assert all(re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", ours) for number in numbers), (one.rule_id, numbers)
        assert words.about
        assert words.why.endswith((".", "?"))
        assert words.check
        assert not HARD.search(text), (one.rule_id, HARD.search(text))


@pytest.mark.parametrize("column", ["about", "why", "check"])
def test_the_plain_words_of_rules_are_read_at_grade_eight_or_lower(column: str) -> None:
    assert grade(" ".join(row[column].rstrip(".") + "." for row in rows("rule_words.csv"))) <= 8


@pytest.mark.parametrize("place", ["US-FL", "EU", "UK", "JP"])
def test_what_is_printed_has_no_word_for_lawyers_or_machines(place: str) -> None:
    """The source's own words, its name and its law stand on its line; all else is for the patient."""
    offers = [offer for _, offer in RAISED.values() if offer.country == place.split("-")[0]]
    assert len(offers) >= 2
    for offer in offers:
        out = Console(record=True, width=80, file=io.StringIO())
        show(check(offer), out)
        text = re.sub(r"Source: .*?\n  http\S+", "", out.export_text(), flags=re.DOTALL)
        text = re.sub(r'"[^"]*"', "", text)  # the offer's own words
        assert not HARD.search(text), HARD.search(text)


def test_every_row_of_facts_reads_facts_that_exist() -> None:
    known = facts_of(an_offer()) | {"says": Fact("", "")}
    for one in reads():
        assert one.rule in rules()
        assert one.verdict in ("", *VERDICTS)
        assert one.mark in ("read", "assumed")
        assert one.kind == "claim" or one.says, one
        assert bool(one.shown.terms) == bool(one.lacking) == (one.kind == "need"), one
        for term in (*one.when.terms, *one.shown.terms):
            assert term.name in known, (one.rule, term.name)
            assert term.sign != ">" or all(float(value) >= 0 for value in term.values)


def test_a_verdict_that_is_not_the_rules_own_is_marked_or_milder() -> None:
    """A row may judge harder than its rule only where it says that this is assumed."""
    for one in reads():
        own = "missing" if rule(one.rule).verdict == "required" else rule(one.rule).verdict
        if one.verdict and one.kind != "ask" and own != "ok" and VERDICTS.index(one.verdict) < VERDICTS.index(own):  # type: ignore[arg-type]
            assert one.mark == "assumed", one


def test_every_required_rule_says_what_must_be_shown() -> None:
    needs = {one.rule for one in reads() if one.kind == "need"}
    assert {one.rule_id for one in rules().values() if one.verdict == "required"} == needs


def test_rules_that_claims_name_exist_and_those_without_a_row_are_named_by_a_claim() -> None:
    named = {rule_id for kind in kinds().values() for rule_id in kind.rules}
    assert named <= set(rules())
    judged = {one.rule for one in reads() if one.kind != "claim"}
    assert set(rules()) - named - judged == set()


def test_every_treatment_has_a_kind() -> None:
    named = [value for one in kinds_of_product() if one.by == "treatment" for value in one.values]
    assert sorted(named) == sorted(TREATMENTS)
    assert treatments() == set(TREATMENTS)


def test_conditions() -> None:
    facts = {"a": Fact("x", "a = x"), "n": Fact(3, "n = 3"), "no": Fact(None, "no: not shown"), "claim:cure": Fact(True, "cure")}
    for text, holds in {
        "": True,
        "a": True,
        "!a": False,
        "a=x|y": True,
        "a!=x": False,
        "n>2": True,
        "n>3": False,
        "no=?": True,
        "no!=x": True,
        "no>1": False,
        "!no claim:cure": True,
        "a no": False,
    }.items():
        assert condition(text).holds(facts) is holds, text
    assert condition("a !no").words(facts) == ("a = x", "no: not shown")
    assert condition("a no").lacks(facts) == ("no: not shown",)
    with pytest.raises(BadEvidence, match="no term"):
        condition("a == x")


@pytest.mark.parametrize(
    ("places", "place", "holds"),
    [
        (("US",), "US-CA", True),
        (("CA",), "US-CA", False),
        (("US-CA",), "US", False),
        (("UK", "EU"), "EU", True),
        (("global",), "other", True),
    ],
)
def test_where_a_rule_holds(places: tuple[str, ...], place: str, holds: bool) -> None:
    assert Rule("a", places, "2026", "", "caution", "", "", "", "", "").holds_in(place) is holds


def test_california_is_not_canada() -> None:
    assert not rule("ca_drugs").holds_in("US-CA")
    assert not rule("us_ca_notice").holds_in("CA")


@pytest.mark.parametrize("as_of", ["2024-02-29", "2024-02", "2024"])
def test_a_rule_of_a_leap_day_grows_old(as_of: str) -> None:
    one = Rule("a", ("US",), as_of, "", "caution", "", "", "", "", "")
    assert one.age(datetime.date(2024, 12, 31)) == ""
    assert one.age(datetime.date(2025, 3, 2)).startswith(f"This rule is as of {as_of}, more than 12 months")


def test_our_own_words_are_read_at_grade_eight_or_lower() -> None:
    """Beside those of each rule."""
    questions = " ".join(row["words"] for row in rows("questions.csv"))
    path = " ".join(branch.says for branches in tree().values() for branch in branches)
    closing = " ".join(f"{end.title}. {end.says}" for end in ends().values())
    reasons = " ".join(one.says.rstrip(".") + "." for one in reads() if one.says)
    lacking = " ".join(one.lacking for one in reads() if one.lacking)
    for text in (questions, path, closing, reasons, lacking):
        assert grade(text) <= 8


def test_every_value_of_an_offer_has_plain_words() -> None:
    named = {(row["field"], row["value"]) for row in rows("values.csv")}
    assert {value for field, value in named if field == "treatment"} == treatments()
    assert {value for field, value in named if field == "kind"} == {one.kind for one in kinds_of_product()}
    forms = {"source": Product, "processing": Product, "route": Product, "profession": Somebody, "role": Somebody}
    for field, form in forms.items():
        allowed = set(re.findall(r"'(\w+)'", str(form.model_fields[field].annotation)))
        assert {value for one, value in named if one == field} == allowed, field
    assert not any(re.search(r"_|\bnot verified\b", row["words"]) for row in rows("values.csv"))
    for _, offer in RAISED.values():
        out = Console(record=True, width=80, file=io.StringIO())
        show(check(offer), out)
        assert not re.search(r"\b(svf|adsc|prp|hfsc|cell free|enzymatic|iv)\b", re.sub(r'"[^"]*"|http\S+|\w+_\w+', "", out.export_text()))


def test_every_field_of_an_offer_has_plain_words() -> None:
    forms = {"product": Product, "shown": Papers, "people": Somebody, "price": Price}
    named = {f"{table}.{name}" for table, form in forms.items() for name in form.model_fields} | {"treatment", "jurisdiction"}
    assert {row["field"] for row in rows("fields.csv")} == named
    assert all(row["words"] and not re.search(r"[_.=]", row["words"]) for row in rows("fields.csv"))
