"""The verbs of `anagen evidence`: what they print is what the tables hold."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from evidence.twins import LIKE, MINE, own_studies, rewrite

from anagen.cli import main
from anagen.evidence import Evidence, tables
from anagen.evidence.cite import bibtex
from anagen.evidence.export import export, nested
from anagen.evidence.overview import overview
from anagen.evidence.rows import AdverseEvent, Outcome

SHIPPED = Evidence.shipped()
KINDS = list(tables.TABLES)
Out = pytest.CaptureFixture[str]


def flat(text: str) -> str:
    return " ".join(text.split())


def tight(text: str) -> str:
    """Without any space: what was broken over lines is whole again."""
    return "".join(text.split())


def beginning(row: Outcome | AdverseEvent) -> str:
    """How the line of a row begins where a study is shown."""
    return f"{row.row_id} " + (row.outcome.replace("_", " ") if isinstance(row, Outcome) else f"harm: {row.event}")


def printed(capsys: Out, *arguments: str) -> str:
    assert main(["evidence", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_check_finds_nothing_in_the_shipped_tables(capsys: Out) -> None:
    assert printed(capsys, "check") == "No broken rules.\n"
    assert json.loads(printed(capsys, "check", "--json")) == []
    assert printed(capsys, "check", str(tables.SHIPPED)) == "No broken rules.\n"


def test_check_names_file_line_column_and_rule_and_ends_with_2(here: Path, capsys: Out) -> None:
    folder = own_studies(here / "mine")
    line = rewrite(folder / "outcomes.csv", {}, {"unit": "um"})
    assert main(["evidence", "check", "mine"]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == (
        f"outcomes.csv, line {line}, column unit: the outcome is not measured in this unit (rule: unit)\n1 broken rule.\n",
        "",
    )
    assert main(["evidence", "check", "mine", "--json"]) == 2
    [problem] = json.loads(capsys.readouterr().out)
    assert (problem["file"], problem["line"], problem["column"], problem["rule"]) == ("outcomes.csv", line, "unit", "unit")


@pytest.mark.parametrize("kind", KINDS)
def test_list_prints_every_row_in_80_columns(capsys: Out, kind: str) -> None:
    out = printed(capsys, "list", "--kind", kind)
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    rows = SHIPPED.table(kind)
    name = {"studies": "study_id", "arms": "study_id", "vetting_rules": "rule_id"}.get(kind, "row_id")
    left = iter(lines[1:])  # in file order, each row begins a line with its name, of which a long one breaks after an underscore
    for row in rows:
        assert any(line[:1].strip() and str(getattr(row, name)).startswith(line.split()[0]) for line in left), row
    assert lines[-1].startswith(f"{len(rows)} {kind.replace('_', ' ')}.")


def test_list_says_of_each_study_what_there_is(capsys: Out) -> None:
    out = printed(capsys, "list", "--treatment", "svf")
    line = next(line for line in out.splitlines() if line.startswith("kuka_2020"))
    assert line.split() == ["kuka_2020", "aga_mixed", "svf_fat_graft", "71", "high", "0", "+", "4"]
    assert "RCT parallel" in out
    assert "butt_2020" in out
    assert "kaufman_1998" not in out


def test_list_as_data_is_the_tables_rows(capsys: Out) -> None:
    lines = json.loads(printed(capsys, "list", "--condition", "aga_female", "--json"))
    wanted = overview(SHIPPED.narrowed("aga_female"))
    assert [(line["study_id"], line["n"], line["outcomes_used"]) for line in lines] == [(w.study_id, w.n, w.outcomes_used) for w in wanted]
    rows = json.loads(printed(capsys, "list", "--kind", "adverse_events", "--treatment", "finasteride_oral_1", "--json"))
    assert rows == [row.model_dump() for row in SHIPPED.narrowed(None, ["finasteride_oral_1"]).adverse_events]


def test_a_treatment_may_be_ours_a_class_or_a_word_of_the_tables(capsys: Out) -> None:
    names = {"laser": "lllt", "light": "lllt", "Low-level laser": "lllt", "finasteride": "finasteride_oral_1", "lllt": "lllt"}
    for asked, word in names.items():
        found = json.loads(printed(capsys, "list", "--treatment", asked, "--kind", "arms", "--json"))
        assert word in {arm["intervention"] for arm in found}, asked
    assert printed(capsys, "list", "--treatment", "wait") == "0 studies.\n"


def test_show_prints_each_number_with_its_unit_time_words_and_address(capsys: Out) -> None:
    for study_id in (LIKE, "alves_2016", "kuka_2020", "shadi_2023", "olsen_2006", "bain_2006"):
        out = printed(capsys, "show", study_id)
        found = SHIPPED.only([study_id])
        (study,) = found.studies
        text, squeezed = flat(out), tight(out)
        assert study.citation in text
        assert f"Risk of bias {study.risk_of_bias}: " in text
        assert str(study.n_enrolled or study.n_analysed or "") in text
        for arm in found.arms:
            assert f"{arm.arm_id} (" in text
        for row in (*found.outcomes, *found.adverse_events):
            part = squeezed[squeezed.index(tight(beginning(row))) :]
            assert tight(row.quote or "(wording not kept)") in part
            assert row.source_url in out
            assert (f"[notused:{tight((row.use_reason or '').replace('_', ' '))}]" in part.split("“")[0]) == (not row.use)
        for outcome in found.outcomes:
            part = text[text.index(beginning(outcome)) :].split("“")[0]
            if outcome.mean is None:
                assert "no number" in part
            else:
                assert re.search(rf"(?<![\d.]){re.escape(f'{abs(outcome.mean):g}')}(?![\d.]*\d)", part)
            if outcome.time_weeks is not None:
                assert f"week {outcome.time_weeks:g}" in part
            for spread in (outcome.sd, outcome.se, outcome.plus_minus, outcome.ci_low, outcome.ci_high):
                assert spread is None or f"{spread:g}" in part
        for harm in found.adverse_events:
            part = text[text.index(beginning(harm)) :].split("“")[0]
            assert harm.n_with_event is None or f"{harm.n_with_event} of " in part
            assert harm.percent is None or f"{harm.percent:g} %" in part
        words = [line for line in out.splitlines() if "http" not in line]
        assert max(map(len, words)) <= 80


def test_show_takes_a_row_too_and_gives_data(capsys: Out) -> None:
    row = SHIPPED.row("a015")
    text = flat(printed(capsys, "show", "a015"))
    assert "n_at_risk 40" in text
    assert "use yes" in text
    assert flat(row.quote or "") in text
    assert json.loads(printed(capsys, "show", "a015", "--json")) == row.model_dump()
    assert json.loads(printed(capsys, "show", LIKE, "--json")) == nested(SHIPPED.only([LIKE]))[0]


def test_own_studies_stand_beside_the_shipped_ones(here: Path, capsys: Out) -> None:
    own_studies(here / "mine")
    assert f"{len(SHIPPED.studies) + 1} studies." in printed(capsys, "list", "--extra", "mine")
    assert printed(capsys, "show", MINE, "--extra", "mine").startswith(MINE)
    assert f"\nx{SHIPPED.only([LIKE]).outcomes[0].row_id}," in printed(capsys, "export", "--extra", "mine")
    assert f"@misc{{{MINE}," in printed(capsys, "export", "--format", "bibtex", "--extra", "mine")


def test_export_writes_what_the_library_gives(here: Path, capsys: Out) -> None:
    assert printed(capsys, "export") == export(SHIPPED, "outcomes", "csv")
    assert printed(capsys, "export", "--table", "costs", "--json") == export(SHIPPED, "costs", "json")
    assert printed(capsys, "export", "--table", "costs", "--format", "json") == export(SHIPPED, "costs", "json")
    prp = SHIPPED.narrowed(None, ["prp", "microneedling_prp", "svf_prp"])
    assert printed(capsys, "export", "--format", "bibtex", "--treatment", "prp") == bibtex(prp.studies)
    assert printed(capsys, "export", "--table", "arms", "--out", "arms.csv") == ""
    assert (here / "arms.csv").read_text(encoding="utf-8") == export(SHIPPED, "arms")
    assert printed(capsys, "export", "--format", "parquet", "--out", "o.parquet") == ""
    assert (here / "o.parquet").read_bytes() == export(SHIPPED, "outcomes", "parquet")
    assert sorted(os.listdir(here)) == ["arms.csv", "o.parquet"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "nowhere"], "nowhere: there is no such folder."),
        (["check", "."], "there is no evidence table in this folder; allowed: one or more of studies.csv"),
        (["list", "--extra", "nowhere"], "nowhere: there is no such folder."),
        (["list", "--treatment", "finastride"], "there is no treatment 'finastride'; did you mean 'finasteride'?"),
        (["list", "--condition", "aga_mail"], "there is no condition 'aga_mail'; did you mean 'aga_male'?"),
        (["list", "--kind", "outcome"], 'Choose from: "studies", "arms", "outcomes"'),
        (["list", "--kind", "parameters", "--treatment", "prp"], "the rows of parameters belong to no study"),
        (["list", "--kind", "costs", "--condition", "aga"], "a price is of a treatment and not of a condition"),
        (["show", "kaufmann_1998"], "there is no study or row 'kaufmann_1998'; did you mean 'kaufman_1998'?"),
        (["show"], "requires an argument"),
        (["export", "--table", "costs", "--format", "bibtex"], "BibTeX is of the studies, not of costs; leave --table out."),
        (["export", "--format", "parquet"], "Parquet is no text: say with --out which file to write."),
        (["export", "--json", "--format", "csv"], "--json and --format csv cannot both be given."),
        (["export", "--out", "no/where.csv"], "there is no folder no to write it in."),
        (["exprt"], 'Did you mean "export"?'),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(here: Path, capsys: Out, arguments: list[str], says: str) -> None:
    assert main(["evidence", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("anagen: ")
    assert err.count("\n") == 1
    assert says in err
    assert os.listdir(here) == []


def test_an_own_folder_that_breaks_a_rule_is_never_merged(here: Path, capsys: Out) -> None:
    rewrite(own_studies(here / "mine") / "studies.csv", {}, {"study_id": LIKE})
    for verb in (["list"], ["show", LIKE], ["export", "--out", "x.csv"]):
        assert main(["evidence", *verb, "--extra", "mine"]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert re.fullmatch(r"anagen: mine: arms\.csv, line 2, .* \(rule: foreign key\); \d+ more, which .*\n", err)
    assert os.listdir(here) == ["mine"]


@pytest.mark.parametrize("verb", ["check", "list", "show", "export"])
def test_help_has_examples_and_every_option(capsys: Out, verb: str) -> None:
    out = printed(capsys, verb, "--help")
    assert "anagen evidence show kaufman_1998" in out
    assert "--json" in out
    assert ("--extra" in out.split("Examples:")[0]) == (verb != "check")


def test_help_brings_in_nothing_heavy() -> None:
    heavy = "[name for name in ('numpy', 'pydantic', 'pyarrow', 'rich.table') if name in sys.modules]"
    code = f"import sys; from anagen.cli import main; before = {heavy}; import anagen.evidence; print(before, {heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[] []\n"


def test_no_colour_where_none_is_wanted(capsys: Out) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "anagen", "evidence", "show", LIKE],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"NO_COLOR": "1"},
    )
    assert "\x1b" not in done.stdout
    assert done.stdout == printed(capsys, "show", LIKE)
