"""The tables of harm: every row has its source, its words are known, and nothing contradicts the evidence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from anagen.evidence import Evidence
from anagen.evidence.tables import SHIPPED, row
from anagen.ground import tables as ground
from anagen.ground.errors import BadEvidence
from anagen.risks import tables
from anagen.suitability import NEITHER
from anagen.treatments import TREATMENTS
from anagen.treatments.vocabulary import MEANINGS

OPTIONS = [name for name in TREATMENTS if name not in NEITHER]
REPORTS = (SHIPPED / "clinic" / "serious_harms.md").read_text(encoding="utf-8")
LINES = {int(line.split("|")[1]): line for line in REPORTS.splitlines() if re.match(r"\| \d+ \|", line)}


def test_every_report_of_the_source_is_a_row_in_its_own_words() -> None:
    found = tables.serious()
    assert [one.harm_id for one in found] == [f"h{number:02}" for number in sorted(LINES)]
    assert len(found) == 20
    for number, one in zip(sorted(LINES), found, strict=True):
        line = LINES[number]
        assert one.source == f"data/evidence/clinic/serious_harms.md row {number}"
        assert one.quote in line, one.harm_id
        assert bool(one.quote) == (one.quote_mark == "read"), one.harm_id
        address = one.source_url
        assert address in line or (one.rows and any(Evidence.shipped().row(name).source_url == address for name in one.rows)), one.harm_id  # type: ignore[union-attr]
        if one.year:
            assert one.year in line or one.year in REPORTS or any(one.year in row("studies", s).citation for s in _studies(one.rows)), (
                one.harm_id
            )


def _studies(rows: tuple[str, ...]) -> list[str]:
    return [Evidence.shipped().row(name).study_id for name in rows]  # type: ignore[union-attr]


def test_how_often_is_unknown_unless_a_row_counts_it() -> None:
    for one in tables.serious():
        if one.rate != "unknown":
            events, people = (int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", one.rate)[:2])
            counts = {(Evidence.shipped().row(name).n_with_event, Evidence.shipped().row(name).n_at_risk) for name in one.rows}  # type: ignore[union-attr]
            assert (events, people) in counts
            assert one.counted == (events, people)
            assert "not yours" in one.rate
        else:
            assert one.counted is None


def test_a_report_is_of_this_product_in_skin_only_where_its_words_say_so() -> None:
    assert list(tables.report_groups()) == ["skin", "harvest", "other"]
    for one in tables.serious():
        assert set(one.into_skin) <= set(one.options)
        if one.into_skin:
            assert any(word in one.route for word in ("skin", "face", "scalp")), one.harm_id
            assert "injection" in one.steps or one.product.split()[-1] == "exosomes", one.harm_id
    assert {one.harm_id for one in tables.serious() if one.group("svf") == "harvest"} == {"h16", "h17"}


def test_every_event_of_the_evidence_has_plain_words_and_no_word_is_idle() -> None:
    assert set(tables.words()) == {one.event for one in Evidence.shipped().adverse_events}
    assert {one.part for one in tables.words().values()} - {""} == set(tables.PARTS)
    for part in tables.PARTS:
        ranks = sorted((one.rank, one.event) for one in tables.words().values() if one.part == part)
        assert ranks[0][0] == 1
    assert all(one.kind == "single" for one in tables.words().values() if one.part), "a whole or a piece of another event is in no total"


def test_every_step_points_at_evidence_that_is_there() -> None:
    arms = {f"{arm.study_id}/{arm.arm_id}" for arm in Evidence.shipped().arms}
    seen = set()
    for one in tables.sources():
        assert not one.of or one.of in MEANINGS or one.of in arms, one
        assert one.says
        assert one.source
        assert (one.option, one.step, one.of) not in seen
        seen.add((one.option, one.step, one.of))
    assert {one.option for one in tables.sources()} == set(OPTIONS)
    each: dict[tuple[str, str], set[str]] = {}
    for one in tables.sources():
        each.setdefault((one.option, one.step), set()).add(one.each)
    assert all(len(found) == 1 for found in each.values()), "a step happens as often whatever informs it"


def test_cells_that_need_a_harvest_have_one_and_cultures_have_it_once() -> None:
    from anagen.therapy.protocol import CULTURED

    harvest = {one.option: one.each for one in tables.sources() if one.step == "harvest"}
    own_cells = {name for name in OPTIONS if TREATMENTS[name].evidence_class == "cell"}
    assert own_cells | {"prp"} == set(harvest)
    assert {name for name, each in harvest.items() if each == "once"} == {"adsc", "dermal_sheath_cup"}
    assert {"culture_adsc", "culture_dsc"} < set(CULTURED)


def test_how_long_harm_was_counted_is_what_its_rows_say() -> None:
    found = tables.long_term()
    assert set(found) == set(OPTIONS)
    for one in found.values():
        assert (one.weeks is None) == (not one.rows)
        for name in one.rows:
            text = row("adverse_events", name).duration or ""
            number, unit = re.findall(r"([\d.]+)[ -](year|month|week)", text)[0]
            weeks = float(number) * {"year": 52.14, "month": 4.345, "week": 1.0}[unit]
            assert one.weeks == pytest.approx(weeks, abs=0.5), one.option


def test_rules_are_marked_and_the_review_is_read() -> None:
    rules = tables.rules()
    assert {one.mark for one in rules.values()} == {"read", "assumed"}
    note = (row("studies", "toyserkani_2017").notes or "").replace(",", "")
    assert f"{rules['reviewed_silent'].value:g} of the {rules['reviewed_studies'].value:g} studies" in note


@pytest.mark.parametrize(
    ("file", "make", "broken"),
    [
        ("harms/words.csv", tables._word, {"event": "x", "plain": "x", "kind": "odd", "part": "", "rank": ""}),
        ("harms/words.csv", tables._word, {"event": "x", "plain": "x", "kind": "single", "part": "pains", "rank": "1"}),
        ("harms/long_term.csv", tables._long, {"option": "snake oil", "weeks": "", "rows": "", "said": "x"}),
    ],
)
def test_a_broken_row_is_refused(file: str, make, broken: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="is none of"):
        make(broken)
    (tmp_path / "data" / "harms").mkdir(parents=True)
    (tmp_path / "data" / file).write_text(",".join(broken) + "\n" + ",".join(broken.values()) + "\n", encoding="utf-8")
    monkeypatch.setattr(ground, "files", lambda _: tmp_path)
    with pytest.raises(BadEvidence, match=f"{file} line 2"):
        ground.table(file, make)
