"""The evidence for other programs: nothing is lost or changed on the way."""

from __future__ import annotations

import builtins
import io
import json
import re
from pathlib import Path

import pytest

from anagen.evidence import Evidence, check, tables
from anagen.evidence.cite import READ, bibtex
from anagen.evidence.export import export, nested
from anagen.evidence.overview import overview
from anagen.ground.errors import MissingExtra, UnknownName

SHIPPED = Evidence.shipped()


def test_csv_is_the_table_again(tmp_path: Path) -> None:
    """Written out, the tables keep every rule and read as the same rows; those without rounded-away zeros are the same bytes."""
    (tmp_path / "clinic").mkdir()
    (tmp_path / "datapackage.json").write_bytes((tables.SHIPPED / "datapackage.json").read_bytes())
    for table, file in tables.TABLES.items():
        text = export(SHIPPED, table)
        assert isinstance(text, str)
        (tmp_path / file).write_text(text, encoding="utf-8", newline="")
    assert check(tmp_path) == []
    again = Evidence.read(tmp_path)
    assert all(again.table(table) == SHIPPED.table(table) for table in tables.TABLES)
    assert (tmp_path / "costs.csv").read_bytes() == (tables.SHIPPED / "costs.csv").read_bytes()


@pytest.mark.parametrize("table", tables.TABLES)
def test_json_and_parquet_hold_the_same_rows(table: str) -> None:
    import pyarrow.parquet as pq

    rows = [row.model_dump() for row in SHIPPED.table(table)]
    text, data = export(SHIPPED, table, "json"), export(SHIPPED, table, "parquet")
    assert isinstance(data, bytes)
    assert json.loads(text) == rows
    assert pq.read_table(io.BytesIO(data)).to_pylist() == rows


def test_a_parquet_column_has_its_type_also_where_all_is_empty() -> None:
    import pyarrow.parquet as pq

    data = export(Evidence(), "outcomes", "parquet")
    assert isinstance(data, bytes)
    types = {field.name: str(field.type) for field in pq.read_table(io.BytesIO(data)).schema}
    assert (types["mean"], types["n"], types["use"], types["quote"]) == ("double", "int64", "bool", "string")


def test_parquet_without_its_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r"anagen\[parquet\]"):
        export(SHIPPED, "costs", "parquet")


def test_no_such_table() -> None:
    with pytest.raises(UnknownName, match="did you mean 'outcomes'"):
        export(SHIPPED, "outcome")


def test_nested_holds_every_row_once_under_its_arm() -> None:
    found = nested(SHIPPED)
    assert [study["study_id"] for study in found] == [study.study_id for study in SHIPPED.studies]
    for table in ("outcomes", "adverse_events"):
        rows = [(study["study_id"], arm["arm_id"], row) for study in found for arm in study["arms"] for row in arm[table]]
        assert len(rows) == len(SHIPPED.table(table))
        assert all((row["study_id"], row["arm_id"]) == (study, arm) for study, arm, row in rows)


def test_the_overview_counts_every_row() -> None:
    lines = overview(SHIPPED)
    assert sum(line.outcomes for line in lines) == len(SHIPPED.outcomes)
    assert sum(line.outcomes_used for line in lines) == sum(row.use for row in SHIPPED.outcomes)
    assert sum(line.adverse_events_used for line in lines) == sum(row.use for row in SHIPPED.adverse_events)
    controls = {arm.intervention for arm in SHIPPED.arms if arm.treatment_class == "control"}
    treated = [line for line in lines if not controls.issuperset(line.interventions)]
    assert len(treated) > 100
    assert not any(controls & set(line.interventions) for line in treated)


def entries(text: str) -> dict[str, dict[str, str]]:
    """What a small reader of BibTeX finds: each key with its fields, outer braces off."""
    found = {}
    for key, body in re.findall(r"^@misc\{([^,\s]+),\n(.*?)\n\}$", text, flags=re.DOTALL | re.MULTILINE):
        found[key] = dict(re.findall(r"^  (\w+) = \{(.*)\},?$", body, flags=re.MULTILINE))
    return found


def printed(text: str) -> str:
    """What LaTeX prints of a text."""
    for made, mark in ((r"\textasciitilde{}", "~"), (r"\textasciicircum{}", "^"), (r"\textbackslash{}", "\0")):
        text = text.replace(made, mark)
    return re.sub(r"\\([&%$#_{}])", r"\1", text).replace("\0", "\\")


def test_bibtex_has_every_study_once_in_one_order() -> None:
    text = bibtex([*SHIPPED.studies, *SHIPPED.studies[:5]])
    found = entries(text)
    assert list(found) == sorted(study.study_id for study in SHIPPED.studies)
    assert text == bibtex(reversed(SHIPPED.studies))
    for study in SHIPPED.studies:
        fields = found[study.study_id]
        assert printed(fields["title"].removeprefix("{").removesuffix("}")) == study.citation
        assert (fields.get("doi"), fields.get("pmid"), fields["url"]) == (study.doi, study.pmid, study.source_url)
        assert fields["note"].startswith(READ[study.read])
        assert fields.get("year", study.citation) in study.citation


def test_bibtex_prints_every_mark_as_it_stands_and_its_braces_close() -> None:
    odd = SHIPPED.study("kaufman_1998").model_copy(
        update={"citation": r"a & b % c $ d # e_f {g} ~h ^i \j", "source_url": "https://x.org/{1}%20"}
    )
    text = bibtex([odd])
    fields = entries(text)["kaufman_1998"]
    assert printed(fields["title"][1:-1]) == odd.citation
    assert not re.search(r"(?<!\\)[&%$#_~^]", fields["title"])
    assert fields["url"] == "https://x.org/%7B1%7D%20"
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")


@pytest.mark.parametrize(
    ("study", "year"),
    [
        ("kaufman_1998", "1998"),
        ("kuka_2020", "2020"),
        ("placenta_exo_2024", "2024"),
        ("histogen_hst001_2021", None),
        ("aderans_nct01669746", None),
    ],
)
def test_a_year_is_given_where_the_citation_leaves_no_doubt(study: str, year: str | None) -> None:
    assert entries(bibtex([SHIPPED.study(study)]))[study].get("year") == year
