"""`anagen clinic npi` and `anagen clinic registry`: what they print, and every mistake in one sentence."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from clinic.live import Served, serving
from clinic.made_up import bulk, made_up

from anagen.cli import main
from anagen.clinic.credentials import IDENTITY_ONLY
from anagen.compare import NOT_A_DEVICE


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as found:
        yield found


def test_offline_it_says_the_form_what_it_is_not_and_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clinic", "npi", "1234 567 893"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for part in (
        "NPI 1234567893",
        "nothing yet",
        IDENTITY_ONLY,
        "docinfo.org",
        "we could not check this address",
        "us_npi_format",
        NOT_A_DEVICE,
    ):
        assert part in flat(out), part
    assert max(map(len, out.splitlines())) <= 80


def test_live_with_a_claim_in_words_and_as_data(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    ask = [
        "clinic",
        "npi",
        "1234567893",
        "--live",
        "--url",
        served.url,
        "--name",
        "Dr. Ann Wong",
        "--state",
        "tx",
        "--taxonomy",
        "dermatology",
    ]
    assert main(ask) == 0
    out = flat(capsys.readouterr().out)
    for part in ("ANN LEE, M.D.", "this name as another one: ANN WONG", "TX is not among its states", "Dermatology", IDENTITY_ONLY):
        assert part in out, part
    assert main([*ask, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    found = json.loads(out)
    assert {one["about"]: one["result"] for one in found["findings"]} == {
        "format": "agrees", "found": "agrees", "name": "agrees", "state": "differs", "taxonomy": "agrees", "identity": "note",
    }  # fmt: skip
    assert found["record"]["enumerated"] == "2006-05-23"
    assert found["rules"]["us_npi_deactivated"]["as_of"] == "2026"
    assert found["looked_up_in"].endswith(served.url)
    assert len(served.asked) == 2
    assert not any("Wong" in path or "TX" in path for path in served.asked)


def test_terminal_codes_of_an_answer_are_not_printed(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    served.records["1234567893"] = {
        "number": "1234567893", "enumeration_type": "NPI-1", "basic": {"first_name": "\x1b]0;x\x07A[red]", "last_name": "B", "status": "A"},
    }  # fmt: skip
    assert main(["clinic", "npi", "1234567893", "--live", "--url", served.url]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "A[red] B" in out


def test_the_bulk_file_is_imported_shown_and_asked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bulk(here, 1000)
    source = next(here.glob("*.csv"))
    assert main(["clinic", "registry", "import", str(source), "--to", "r.duckdb"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "1,000 numbers, 997 of them in use" in flat(out)
    assert main(["clinic", "registry", "show", "r.duckdb", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["rows"], found["active"], found["columns"], found["added"], found["file"]) == (1000, 997, 330, 0, source.name)
    assert main(["clinic", "registry", "show", "r.duckdb"]) == 0
    assert "1,000 numbers" in capsys.readouterr().out
    assert main(["clinic", "npi", made_up.npi(7), "--registry", "r.duckdb", "--name", "Ann Lee"]) == 0
    assert "WRONG The number was switched off on 2024-03-15" in flat(capsys.readouterr().out)
    assert main(["clinic", "npi", "1234567893", "--registry", "r.duckdb", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["record"] is None
    assert {one["about"]: one["result"] for one in found["findings"]} == {"format": "agrees", "found": "wrong", "identity": "note"}


@pytest.mark.parametrize(
    ("ask", "code", "why"),
    [
        (["npi", "1234567890"], 2, "the check gives 3"),
        (["npi", "<b>x</b>"], 2, "something else than digits"),
        (["npi", "1234567893", "--name", "A"], 2, "give --live or --registry"),
        (["npi", "1234567893", "--state", "Florida", "--live"], 2, "two letters"),
        (["npi", "1234567893", "--url", "http://a/"], 2, "--live"),
        (["npi", "1234567893", "--live", "--url", "file:///etc/passwd"], 2, "http or https"),
        (["npi", "1234567893", "--live", "--timeout", "0"], 2, "0.1 to 120"),
        (["npi", "1234567893", "--live", "--timeout", "nan"], 2, "0.1 to 120"),
        (["npi", "1234567893", "--live", "--registry", "r.duckdb"], 2, "give one"),
        (["npi", "1234567893", "--registry", "none.duckdb"], 2, "no such file"),
        (["npi", "1234567893", "--live", "--url", "http://127.0.0.1:1/api/"], 1, "there is no connection"),
        (["registry", "import", "none.csv", "--to", "r.duckdb"], 2, "no such file"),
        (["registry", "import", "x.csv", "--to", "no/such/r.duckdb"], 2, "no folder"),
        (["registry", "import", "x.csv", "--to", "r.duckdb"], 2, "no column 'NPI'"),
        (["registry", "show", "x.csv"], 2, "cannot be opened"),
    ],
)
def test_a_mistake_is_one_sentence(ask: list[str], code: int, why: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "x.csv").write_text("a,b\n1,2\n")
    for name in ("http_proxy", "HTTP_PROXY"):
        os.environ.pop(name, None)
    assert main(["clinic", *ask]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert why in err
    assert err.startswith("anagen: ")
    assert err.count("\n") == 1
    assert os.listdir(here) == ["x.csv"]
