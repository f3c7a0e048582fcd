"""Claims in advertising text: the tables, the sentences they were built with, what denies a claim, and hostile text."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from anagen.clinic.claims import LANGUAGES, claims_in, kinds
from anagen.clinic.text import plain
from anagen.evidence import Evidence

BUILT = Path(__file__).parent / "claims_built.csv"
DATA = Path(__file__).parents[2] / "src" / "anagen" / "data" / "clinic"
AGREED = (
    "fda_approved_facility fda_registered fda_certificate fda_cleared_device fda_approved_treatment msc_approved_elsewhere "
    "exosomes_offered exosomes_exempt svf_offered same_day_exempt case_open minimal_manipulation many_diseases under_ind "
    "registered_trial pay_to_participate state_law_allows own_cells_no_risk no_risk testimonials star_ratings review_incentive "
    "proven guaranteed cure boosters many_clinics cosmetic_board abms_board npi_shown low_price_package no_refund pressure abroad "
    "legal_in_japan human_exosome_cosmetic prp_approved permanent iv_too no_surgery"
)
WORDS = set(AGREED.split())


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def found(text: str) -> set[str]:
    return {claim.claim for claim in claims_in(text)}


def test_the_claims_are_the_agreed_words_and_each_is_judged_by_rules_that_exist() -> None:
    rules = {rule.rule_id for rule in Evidence.shipped().vetting_rules}
    assert set(kinds()) == WORDS
    for kind in kinds().values():
        assert kind.meaning.endswith(".")
        assert kind.rules
        assert set(kind.rules) <= rules, kind.claim
        assert set(kind.hides) <= WORDS - {kind.claim}


@pytest.mark.parametrize("file", ["claims.csv", "patterns.csv", "words.csv", "cues.csv"])
def test_no_row_of_a_table_stands_there_twice(file: str) -> None:
    rows = [tuple(row.values()) for row in read(DATA / file)]
    assert len(rows) == len(set(rows))
    assert all(None not in row for row in rows)


def test_every_claim_has_a_pattern_in_each_language_or_in_any() -> None:
    spoken = {(row["claim"], row["language"]) for row in read(DATA / "patterns.csv")}
    assert {language for _, language in spoken} == {*LANGUAGES, "any"}
    for claim in WORDS:
        assert (claim, "any") in spoken or all((claim, language) in spoken for language in LANGUAGES), claim


def test_the_sentences_it_was_built_with_are_read_as_labelled() -> None:
    """All but two: this says only that nothing got worse. How well unseen sentences are read stands in validation/claims."""
    rows = read(BUILT)
    wrong = [row["text"] for row in rows if found(row["text"]) != set(filter(None, row["claims"].split(";")))]
    assert len(rows) >= 250
    assert {row["language"] for row in rows} == set(LANGUAGES)
    assert {claim for row in rows for claim in row["claims"].split(";") if claim} == WORDS
    assert sum(not row["claims"] for row in rows) > 100
    assert [text[:20] for text in wrong] == ["Side effects? None.", "Clients come to us w"]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Our clinic is {}FDA-approved.", "fda_approved_facility"),
        ("Our method is {}proven.", "proven"),
        ("Our method is {}permanent in its results.", "permanent"),
    ],
)
def test_a_not_takes_a_claim_back_and_not_only_does_not(text: str, claim: str) -> None:
    assert claim in found(text.format(""))
    assert claim not in found(text.format("not "))
    assert claim in found(text.format("not only "))


def test_a_question_and_a_warning_hold_no_claim_but_a_leading_question_does() -> None:
    assert found("Our clinic is FDA approved.") == {"fda_approved_facility"}
    assert found("Is the clinic FDA approved?") == set()
    assert found("Beware: our clinic is FDA approved, they say.") == set()
    assert found("Did you know our clinic is FDA approved?") == {"fda_approved_facility"}


@pytest.mark.parametrize(
    "text",
    [
        "Our FDA-aproved clinic",
        "Our F.D.A. approved clinic",
        "<p>Our <b>F</b>DA-app<i>roved</i> clinic</p>",
        "Our FD\u200bA&#45;approved clinic",
        "Our \uff26\uff24\uff21-approved clinic",
        "Our 𝗙𝗗𝗔-𝗮𝗽𝗽𝗿𝗼𝘃𝗲𝗱 clinic",
        "Our FD\u0410-\u0430pproved clinic",  # Cyrillic A and a
        "Our FDA-appr0ved clinic",
        "Our F\u0336D\u0336A\u0336-approved clinic",
        "Our FDA-\napproved clinic",
    ],
)
def test_a_disguised_claim_is_found(text: str) -> None:
    assert found(text) == {"fda_approved_facility"}


def test_a_claim_says_where_its_words_stand() -> None:
    text = "<p>Hello.</p>Unsere Klinik ist &quot;FDA-zugelassen&quot;!"
    [claim] = claims_in(text)
    assert plain(text)[claim.start : claim.end] == 'Klinik ist "FDA-zugelassen'
    assert claim.sentence == 'Unsere Klinik ist "FDA-zugelassen"!'
    assert claim.sentence in plain(text)
    assert claim.language == "de"


def test_an_improved_word_is_not_taken_for_approved() -> None:
    assert found("Our FDA-improved clinic") == set()
    assert found("An unproven method.") == set()


def _hostile(rng: random.Random, words: list[str]) -> str:
    signs = [
        *"<>&;\0\ud800\udfff\u202e\u200b\u0301\ufeff\n\r\t'\"{}%\\|•★?!.…־ﷺ🙂",
        "<script>",
        "</b>",
        "<!--",
        "&lt;",
        "&#x110000;",
        "{{7*7}}",
    ]
    return "".join(
        rng.choice((f" {rng.choice(words)} ", rng.choice(signs), chr(rng.randrange(0x110000)))) for _ in range(rng.randrange(40))
    )


def test_hostile_texts_neither_crash_nor_hang_nor_bring_out_a_tag() -> None:
    rng = random.Random(20261125)
    words = [word.replace("_", " ").replace("*", "") for row in read(DATA / "words.csv") for word in row["words"].split()]
    slowest = 0.0
    made = 0
    claims_in("warm")
    for _ in range(10_000):
        text = _hostile(rng, words)
        start = time.process_time()
        claims = claims_in(text)
        slowest = max(slowest, time.process_time() - start)
        made += len(claims)
        shown = plain(text)
        for claim in claims:
            assert "<" not in claim.sentence
            assert ">" not in claim.sentence
            assert shown[claim.start : claim.end]
            claim.sentence.encode("utf-8")
    assert made > 1000  # the texts reach the patterns
    assert slowest < 1


@pytest.mark.parametrize(
    "piece",
    [
        "no ",
        "fda. ",
        "our fda approved ",
        "<",
        "<a ",
        "<!--",
        "<script>",
        "&amp;",
        "a",
        "a\u0301\u0316",
        "★ ",
        "\ufdfa",
        "no not kein fda risk ",
    ],
)
def test_the_work_grows_with_the_text_and_no_faster(piece: str) -> None:
    """Eight times the text takes at most three times eight as long: a quadratic step would take 64 times as long."""

    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        start = time.process_time()
        claims_in(text)
        return time.process_time() - start

    claims_in("warm")
    short = max(min(seconds(25_000) for _ in range(2)), 0.02)
    assert seconds(200_000) < 24 * short


def test_a_megabyte_of_dense_words_is_read_in_seconds() -> None:
    """Random words of the tables, the worst that we know: about 8 s on one slow core; a minute would be another kind of growth."""
    rng = random.Random(7)
    words = [word for row in read(DATA / "words.csv") for word in row["words"].replace("*", "").replace("_", " ").split()]
    text = " ".join(rng.choice(words) for _ in range(170_000))[:1_000_000]
    start = time.process_time()
    assert len(claims_in(text)) > 1000
    assert time.process_time() - start < 60


def test_importing_reads_nothing_and_compiles_nothing() -> None:
    heavy = ("anagen.clinic.text", "anagen.clinic.phrases", "html", "numpy", "pydantic")
    code = f"import sys, anagen.clinic.claims; print(any(name in sys.modules for name in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"
