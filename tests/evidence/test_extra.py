"""A folder of studies of one's own: what is wrong with it is named, and what is right stands beside the shipped rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from evidence.twins import LIKE, MINE, own_studies, rewrite

from anagen import evidence
from anagen.evidence import Evidence, tables
from anagen.ground.errors import BadFile, UnknownName

SHIPPED = Evidence.shipped()


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A sound folder of one study."""
    return own_studies(tmp_path / "mine")


def test_a_sound_folder_breaks_no_rule_and_stands_after_the_shipped_rows(mine: Path) -> None:
    assert evidence.check(mine) == []
    both = SHIPPED.with_extra(mine)
    assert both.studies[:-1] == SHIPPED.studies
    assert both.study(MINE).citation == SHIPPED.study(LIKE).citation
    assert [arm.arm_id for arm in both.arms if arm.study_id == MINE] == [arm.arm_id for arm in SHIPPED.arms if arm.study_id == LIKE]
    assert both.adverse_events == SHIPPED.adverse_events
    assert len(both.outcomes) > len(SHIPPED.outcomes)
    assert both.hash not in (SHIPPED.hash, Evidence.read(mine).hash)
    assert both.hash == SHIPPED.with_extra(mine).hash


def test_a_folder_alone_has_its_own_rows_only(mine: Path) -> None:
    alone = Evidence.read(mine)
    assert [study.study_id for study in alone.studies] == [MINE]
    assert alone.costs == alone.parameters == alone.vetting_rules == alone.adverse_events == ()
    assert Evidence.read(tables.SHIPPED).outcomes == SHIPPED.outcomes


@pytest.mark.parametrize(("line_end", "mark"), [("\r\n", ""), ("\n", "\ufeff"), ("\r\n", "\ufeff")])
def test_files_as_windows_writes_them_are_the_same_rows(mine: Path, tmp_path: Path, line_end: str, mark: str) -> None:
    other = own_studies(tmp_path / "other", line_end=line_end, mark=mark)
    assert (other / "studies.csv").read_bytes() != (mine / "studies.csv").read_bytes()
    assert evidence.check(other) == []
    assert Evidence.read(other).studies == Evidence.read(mine).studies
    assert Evidence.read(other).outcomes == Evidence.read(mine).outcomes


def test_tables_may_point_into_the_shipped_ones(tmp_path: Path) -> None:
    """Results of our own for an arm that ships: no studies.csv, no arms.csv."""
    folder = own_studies(tmp_path / "mine", only=["outcomes"])
    for _ in SHIPPED.only([LIKE]).outcomes:
        rewrite(folder / "outcomes.csv", {"study_id": MINE}, {"study_id": LIKE})
    assert evidence.check(folder) == []
    line = rewrite(folder / "outcomes.csv", {}, {"arm_id": "placbo"})
    assert [(found.line, found.rule) for found in evidence.check(folder)] == [(line, "foreign key")]


@pytest.mark.parametrize(
    ("table", "put", "column", "rule"),
    [
        ("studies", {"study_id": LIKE}, "study_id", "unique"),
        ("outcomes", {"row_id": "o002"}, "row_id", "unique"),
        ("outcomes", {"row_id": "k001"}, "row_id", "unique"),
        ("arms", {"intervention": "finasteride_oral_2"}, "intervention", "vocabulary"),
        ("arms", {"intervention": "minoxidil_oral"}, "treatment_class", "class"),
    ],
)
def test_a_clash_with_what_ships_is_a_broken_rule(mine: Path, table: str, put: dict[str, str], column: str, rule: str) -> None:
    line = rewrite(mine / tables.TABLES[table], {}, put)
    found = {(problem.file, problem.line, problem.column, problem.rule) for problem in evidence.check(mine)}
    assert (tables.TABLES[table], line, column, rule) in found


def test_a_word_nearly_in_the_vocabulary_is_told_the_nearest(mine: Path) -> None:
    rewrite(mine / "outcomes.csv", {}, {"outcome": "hair_densty"})
    (problem,) = evidence.check(mine)
    assert problem.what == "'hair_densty' is not in the vocabulary; did you mean 'hair_density'?"


def _add(text: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data + text


def _header(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    def rewritten(data: bytes) -> bytes:
        first, rest = data.split(b"\n", 1)
        return b",".join(change(first.split(b","))) + b"\n" + rest

    return rewritten


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: b"", "studies.csv, line 1: the first line is empty; it names the columns, from study_id to notes (rule: header)"),
        (
            lambda data: data.replace(b",", b";"),
            "studies.csv, line 1: cells are parted by a semicolon where a comma is expected (rule: header)",
        ),
        (lambda data: data.replace(b",", b"\t"), "studies.csv, line 1: cells are parted by a tab where a comma is expected (rule: header)"),
        (
            lambda data: data.decode().encode("utf-16"),
            "studies.csv, line 1: byte 0xff is not UTF-8; save the file as CSV in UTF-8 (rule: file)",
        ),
        (_add("é".encode("latin-1")), "studies.csv, line 3: byte 0xe9 is not UTF-8; save the file as CSV in UTF-8 (rule: file)"),
        (_add(b'"never closed'), "studies.csv, line 1: it cannot be read as a table (unexpected end of data) (rule: file)"),
        (
            _header(lambda names: [*names, b"extra"]),
            "studies.csv, line 1, column extra: there is no column 'extra' in this table (rule: header)",
        ),
        (_header(lambda names: names[:-1]), "studies.csv, line 1, column notes: the column 'notes' is missing (rule: header)"),
        (_header(lambda names: [names[1], names[0], *names[2:]]), "column citation: 'citation' stands where 'study_id' is expected"),
        (_add(b"one,two\n"), "studies.csv, line 3: 2 cells, expected 24 (rule: width)"),
        (_add(b"\n"), "studies.csv, line 3: 0 cells, expected 24 (rule: width)"),
    ],
)
def test_a_file_that_is_no_such_table_is_one_clear_sentence(mine: Path, change: Callable[[bytes], bytes], says: str) -> None:
    path = mine / "studies.csv"
    path.write_bytes(change(path.read_bytes()))
    (problem,) = evidence.check(mine)
    assert says in str(problem)
    with pytest.raises(BadFile, match=r"studies\.csv, line "):
        SHIPPED.with_extra(mine)
    if problem.rule != "header":
        with pytest.raises(BadFile):
            Evidence.read(mine)


def test_a_number_beyond_all_numbers_is_none(mine: Path) -> None:
    line = rewrite(mine / "outcomes.csv", {}, {"mean": "1e999"})
    assert ("outcomes.csv", line, "mean", "type") in {(p.file, p.line, p.column, p.rule) for p in evidence.check(mine)}


def test_a_file_with_nearly_the_name_of_a_table_is_named(mine: Path) -> None:
    (mine / "my_notes.csv").touch()
    assert evidence.check(mine) == []
    (mine / "outcomes.csv").rename(mine / "Outcome.csv")
    (problem,) = evidence.check(mine)
    assert str(problem) == "Outcome.csv, line 1: no table has this name; did you mean outcomes.csv? (rule: file)"


def test_a_broken_folder_is_refused_with_its_first_problem_and_their_number(mine: Path) -> None:
    rewrite(mine / "outcomes.csv", {}, {"unit": "um", "source_url": "somewhere"})
    rewrite(mine / "arms.csv", {}, {"pct_female": "150"})
    assert len(evidence.check(mine)) == 4
    with pytest.raises(BadFile, match=r"arms.csv, line 2, column pct_female: .*; 3 more, which"):
        SHIPPED.with_extra(mine)


def test_a_description_of_some_tables_makes_no_whole_folder(mine: Path) -> None:
    (mine / "datapackage.json").write_text('{"resources": [{"name": "studies", "path": "studies.csv", "schema": {"fields": []}}]}')
    assert evidence.check(mine) == []


def test_a_cell_of_a_wrong_type_stops_the_reader(mine: Path) -> None:
    line = rewrite(mine / "arms.csv", {}, {"n": "many"})
    with pytest.raises(BadFile, match=f"mine: arms.csv, line {line}, column n: "):
        Evidence.read(mine)


def test_rows_are_found_by_their_names(mine: Path) -> None:
    both = SHIPPED.with_extra(mine)
    assert both.arm(MINE, "placebo").study_id == MINE
    assert both.row("a001").row_id == "a001"
    assert isinstance(both.look_up(MINE), Evidence)
    assert both.look_up("p001") is both.row("p001")
    for call in (lambda: both.study("mine_2062"), lambda: both.look_up("mine_2062")):
        with pytest.raises(UnknownName) as caught:
            call()
        assert caught.value.nearest == MINE
    for call in (lambda: both.arm(MINE, "placbo"), lambda: both.row("o99999"), lambda: both.table("study"), lambda: both.only(["no_one"])):
        with pytest.raises(UnknownName):
            call()


def test_a_selection_keeps_studies_whole_and_bears_another_hash() -> None:
    some = SHIPPED.narrowed("aga_male", ["finasteride_oral_1"])
    assert {study.condition for study in some.studies} == {"aga_male"}
    assert all(any(arm.intervention == "finasteride_oral_1" for arm in some.arms if arm.study_id == one.study_id) for one in some.studies)
    assert {arm.role for arm in some.arms} >= {"placebo", "treatment"}
    for study in some.studies:
        assert sum(row.study_id == study.study_id for row in some.outcomes) == sum(
            row.study_id == study.study_id for row in SHIPPED.outcomes
        )
    assert {cost.treatment for cost in some.costs} == {"finasteride_oral_1"}
    assert len({some.hash, SHIPPED.hash, SHIPPED.narrowed("aga_male").hash}) == 3
    assert SHIPPED.narrowed() is SHIPPED
    with pytest.raises(UnknownName, match="aga_male"):
        SHIPPED.narrowed("aga_mail")


def test_the_shipped_base_is_what_the_modules_functions_give() -> None:
    assert all(getattr(SHIPPED, table) is getattr(evidence, table)() for table in tables.TABLES)
    assert SHIPPED.hash == evidence.evidence_hash()
