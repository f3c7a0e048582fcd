"""The tables of suitability: every row has its source, every word its meaning, and no rule says what another denies."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from anagen.compare import OPTIONS
from anagen.evidence.tables import SHIPPED, studies
from anagen.ground import tables as ground
from anagen.ground.errors import BadEvidence
from anagen.ground.rows import read_rows
from anagen.people.person import Person
from anagen.people.signs import URGENCIES, asked_of, signs
from anagen.scalp.regions import stages_of
from anagen.suitability import tables
from anagen.suitability.facts import TAKES
from anagen.suitability.tables import ASK_FIRST, DO_NOT, NOT_STUDIED, cautions, facts, groups, limits, questions, who, words
from anagen.treatments import TREATMENTS

TEXT = "\n".join(path.read_text(encoding="utf-8") for path in (SHIPPED / "clinic").iterdir())
READ_FOR_THIS = ("Therapeutic guidelines text, read for this table", "Secondary text, read for this table")
RED_FLAGS = TEXT[TEXT.index("## 2. Diagnosis first") : TEXT.index("## 3. Contraindications")]


def spread(text: str) -> str:
    return " ".join(text.replace('""', '"').split())


def test_every_quote_stands_in_the_evidence_beside_its_address() -> None:
    for rule in cautions():
        if rule.mark == "read":
            assert spread(rule.quote) in spread(TEXT), rule.rule_id
        if rule.mark in ("read", "noted") and rule.source not in READ_FOR_THIS:
            assert rule.source_url in TEXT or rule.source_url.rsplit("/", 1)[-1] in TEXT, rule.rule_id
        assert (rule.mark == "no source read") == (rule.source == "no source read")
        assert rule.mark != "no source read" or rule.verdict == ASK_FIRST


def test_rules_are_numbered_once_and_never_meet_on_one_fact_and_option() -> None:
    assert len({rule.rule_id for rule in cautions()}) == len(cautions())
    meets = Counter((rule.fact, option) for rule in cautions() for option in rule.options)
    assert [pair for pair, count in meets.items() if count > 1] == []


def test_every_fact_has_a_rule_and_every_group_is_used() -> None:
    assert {rule.fact for rule in cautions()} == set(facts())
    text = (Path(tables.__file__).parents[1] / "data" / "suitability" / "cautions.csv").read_text(encoding="utf-8")
    parts = {part for row in csv.DictReader(text.splitlines()) for part in row["options"].split(";")}
    assert set(groups()) <= parts


def test_groups_hold_what_they_say() -> None:
    assert set(groups()["*treatments"]) == set(TREATMENTS) - {"nothing", "wait", "join_trial"}
    assert set(groups()["*cells"]) == {name for name in TREATMENTS if TREATMENTS[name].evidence_class == "cell"}
    assert {name for name, _ in OPTIONS} <= set(TREATMENTS)


def test_what_a_fact_sets_is_a_fact_and_nothing_sets_itself_round_about() -> None:
    for fact in facts():
        seen, todo = set(), list(facts()[fact].sets)
        while todo:
            seen.add(one := todo.pop())
            todo += facts()[one].sets
            assert fact not in seen
    stops = {name for name, one in facts().items() if one.stops}
    assert stops >= {name for name, one in facts().items() if one.known_from == "sign"}
    assert stops >= {"pregnant", "under_18", "other_hair_loss"}


def test_words_are_plain_and_each_means_a_fact_that_is_not_known_from_a_field_alone() -> None:
    assert all(word == word.lower().strip() and "  " not in word for word in words())
    fed = {fact for fact, one in facts().items() if one.known_from in ("word", "treatment")} - {"unknown_word"}
    assert fed <= set(words().values())
    assert set(TAKES.values()) == {fact for fact, one in facts().items() if one.known_from == "treatment"}


def test_every_sign_has_its_source_in_the_evidence_and_its_facts_in_the_table() -> None:
    found = signs()
    assert len(found) >= 20
    assert {one.urgency for one in found.values()} == set(URGENCIES)
    for one in found.values():
        assert one.source_url in TEXT, one.sign
        assert (one.quote_mark == "read") == bool(one.quote), one.sign
        assert spread(one.quote) in spread(TEXT), one.sign
        assert set(one.sets) <= set(facts()), one.sign
        assert one.question.endswith("?"), one.sign
        assert one.do.endswith("."), one.sign
        assert one.urgency_mark in ("read", "noted", "assumed"), one.sign
    assert {one.sign for one in asked_of("female")} == set(found)
    assert {one.sign for one in asked_of("male")} == {one.sign for one in found.values() if one.sex != "female"}


@pytest.mark.parametrize(
    ("red_flag", "thought_of"),
    [
        ("scarring (cicatricial) alopecia", "scarring"),
        ("alopecia areata", "alopecia areata"),
        ("tinea capitis", "fungus"),
        ("telogen effluvium", "telogen effluvium"),
        ("thyroid, iron, nutrition", "thyroid"),
        ("trichotillomania", "trichotillomania"),
        ("traction or frontal fibrosing alopecia", "frontal fibrosing"),
        ("drug-induced", "drug"),
        ("androgen excess", "male hormone"),
        ("not for self-treatment", "any kind of hair loss"),
    ],
)
def test_every_red_flag_of_the_evidence_is_asked_about(red_flag: str, thought_of: str) -> None:
    assert red_flag in RED_FLAGS
    assert [one for one in signs().values() if thought_of in one.think_of]


def test_the_red_flags_are_all_there() -> None:
    rows = [line for line in RED_FLAGS.splitlines() if line.startswith("|")]
    assert len(rows) - 2 == 10


def test_who_was_in_is_what_the_studies_table_says() -> None:
    severity = {study.study_id: study for study in studies()}
    for (study_id, sex), one in who().items():
        assert one.words in (severity[study_id].severity or ""), study_id
        assert severity[study_id].condition in ("aga", "aga_mixed", f"aga_{sex}"), study_id
        assert set(one.stages) <= set(stages_of(one.scale)), study_id
        assert not one.source_url or one.source_url in TEXT
    style = who()["kuka_2020", "male"]
    assert "minoxidil or any hair drug within 6 months; finasteride or dutasteride within 12 months" in TEXT
    assert style.washout_weeks == {"*": 26, "finasteride": 52, "finasteride_topical": 52, "dutasteride": 52}


def test_the_limits_of_weight_are_those_of_the_therapy() -> None:
    therapy = {row.name: row for row in read_rows("therapy.csv") if row.of == "lipoaspirate"}
    found = {one.fact: one for one in limits()}
    for fact, name in (("bmi_40_or_more", "bmi_limit"), ("too_little_fat", "bmi_floor")):
        assert (found[fact].value, found[fact].mark) == (therapy[name].value, therapy[name].mark)
    assert all(one.field in Person.model_fields and one.mark in tables.MARKS and one.source for one in limits())
    assert all(one.field in Person.model_fields for one in questions())


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"fact": "luck"}, "none of"),
        ({"options": "snake_oil"}, "none of"),
        ({"options": "svf;*fat"}, "each once"),
        ({"verdict": "fine"}, "none of"),
        ({"mark": "no source read", "quote": "", "source_url": ""}, "no more"),
        ({"quote": ""}, "quote"),
        ({"source_url": ""}, "address"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_broken_rule_is_refused_with_its_line(broken: dict[str, str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = {"rule_id": "c1", "fact": "smoker", "options": "svf", "verdict": DO_NOT, "reason": "x", "mark": "read", "source": "x"}
    rule |= {"source_url": "https://x.org", "quote": "x"} | broken
    facts(), groups()
    folder = tmp_path / "data" / "suitability"
    folder.mkdir(parents=True)
    (folder / "cautions.csv").write_text(",".join(rule) + "\n" + ",".join(rule.values()) + "\n", encoding="utf-8")
    monkeypatch.setattr(ground, "files", lambda _: tmp_path)
    with pytest.raises(BadEvidence, match=rf"suitability/cautions.csv line 2: .*{said}"):
        ground.table("suitability/cautions.csv", tables._caution)


def test_only_what_no_reason_can_soften_is_left_to_the_trials() -> None:
    assert {rule.verdict for rule in cautions()} == {DO_NOT, ASK_FIRST, NOT_STUDIED}
    for rule in cautions():
        if rule.verdict == NOT_STUDIED:
            assert rule.fact in TAKES.values()
            assert rule.options == groups()["*fat"]
