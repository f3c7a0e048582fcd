"""`anagen clinic check` and `compare`: what they print is what was found, for people to read, with no code of an offer let through."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pytest
from report.test_page import Outline, fetched

from anagen.cli import main
from anagen.clinic.check import NOT_LEGAL, NOTHING_WRONG, STOP, check
from anagen.clinic.compare import compare
from anagen.clinic.offer import read_offer

Out = pytest.CaptureFixture[str]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "clinic"
FILES = sorted(EXAMPLES.glob("*.toml"))
FLORIDA, TRIAL = EXAMPLES / "florida-svf-fda-facility.toml", EXAMPLES / "us-trial-with-ind.toml"
LEAST = 'clinic = "A"\njurisdiction = "US"\ntreatment = "svf"\n'
files = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def printed(capsys: Out, *arguments: str) -> str:
    assert main(["clinic", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def flat(text: str) -> str:
    return " ".join(text.split())


@files
def test_every_example_is_printed_in_80_columns_with_its_reasons(path: Path, capsys: Out) -> None:
    assert path.read_text(encoding="utf-8").startswith("# ")
    out, found = printed(capsys, "check", str(path)), check(read_offer(path))
    assert max(len(line) for line in out.splitlines() if "http" not in line) <= 80
    assert found.summary in flat(out)
    assert NOT_LEGAL in flat(out)
    assert not re.search(r"\b(product|shown|price|people)\.[a-z]", out), "no name of a field"
    assert out.count("ask if it still holds") == 2, "once for all rules, and once for the mark"
    for one in found.findings:
        assert flat(one.about) in flat(out)
        assert f"- {flat(one.heading).rstrip('.')}" in flat(out)  # one sentence has no full stop
        if one.rule:
            assert flat(one.rule.plain.check) in flat(out)
        assert one.verdict != "missing" or one.rule is None or re.search(r"\b(not|no)\b", one.heading, re.IGNORECASE), one.heading
        if one.rule and one.verdict != "ok":
            assert one.rule.url in out
            assert one.rule.as_of in out
    for question in found.questions:
        assert flat(question.words) in flat(out)
    assert not re.search(
        r"safe clinic|trustworthy|we recommend|\bscore\b|(?<![\d/])\d/10(?![\d/])|\d out of (5|10)\b|★", out, re.IGNORECASE
    )


def test_the_examples_hold_what_each_is_there_for() -> None:
    assert len(FILES) >= 6
    found = {path.stem: check(read_offer(path)) for path in FILES}
    raised = {name: {one.rule.rule_id for one in those.of("red_flag") if one.rule} for name, those in found.items()}
    assert {"us_fda_approved_facility", "us_svf_is_drug", "us_same_surgical_procedure", "us_fl_scope"} <= raised[FLORIDA.stem]
    assert "uk_eu_human_exosomes" in raised["uk-exosomes"]
    assert "jp_harg_fda_approved" in raised["japan-conditioned-medium"]
    assert {"own_cells_safe", "cheap_and_guaranteed", "medical_tourism"} <= raised["oferta-en-espanol"]
    assert "us_prp_offlabel" in {one.rule.rule_id for one in found["us-prp"].of("caution") if one.rule}
    assert found[TRIAL.stem].summary == NOTHING_WRONG
    assert found[FLORIDA.stem].summary == STOP
    assert {one.offer.jurisdiction.split("-")[0] for one in found.values()} >= {"US", "UK", "JP", "MX"}


def test_json_holds_every_finding_with_rule_source_and_date(capsys: Out) -> None:
    data = json.loads(printed(capsys, "check", str(FLORIDA), "--json", "--today", "2026-11-24"))
    found = check(read_offer(FLORIDA))
    assert data["summary"] == found.summary
    assert data["today"] == "2026-11-24"
    assert [one["verdict"] for one in data["findings"]] == [one.verdict for one in found.findings]
    for shown, one in zip(data["findings"], found.findings, strict=True):
        assert shown["rule"] is None or (shown["rule"]["url"], shown["rule"]["quote"]) == (one.rule.url, one.rule.quote)  # type: ignore[union-attr]
        assert [each["words"] for each in shown["because"]] == [list(each.words) for each in one.because]
    assert [step["asks"] for step in data["path"]["steps"]] == [step.asks for step in found.path.steps]
    assert all(step["sources"] for step in data["path"]["steps"])


def test_the_day_decides_which_rules_are_old(capsys: Out) -> None:
    def old(day: str) -> set[str]:
        data = json.loads(printed(capsys, "check", str(FLORIDA), "--json", "--today", day))
        return {one["rule"]["rule_id"] for one in data["findings"] if one["rule"] and "12 months" in (one["age"] or "")}

    assert "us_fl_scope" not in old("2026-07-01")
    assert "us_fl_scope" in old("2026-07-02")


@files
def test_the_page_needs_no_network_and_holds_the_findings(path: Path, capsys: Out, here: Path) -> None:
    assert "page.html" in printed(capsys, "check", str(path), "--page", "page.html")
    html = (here / "page.html").read_text(encoding="utf-8")
    outline = Outline(html)
    assert fetched(outline, html) == []
    assert not re.search(r"\b(product|shown|price|people)\.[a-z_]+( =|:)", html), "no name of a field"
    assert html.count("ask if it still holds") == 2
    found = check(read_offer(path))
    assert html.count('class="find ') == len(found.findings) + len(found.told)
    assert found.summary in html
    ids = [at["id"] for _, at in outline.tags if "id" in at]
    assert len(ids) == len(set(ids))
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), "no level of headings is skipped"


def test_compare_has_the_same_rows_for_each_and_ranks_nothing(capsys: Out, here: Path) -> None:
    names = [str(path) for path in (FLORIDA, TRIAL, EXAMPLES / "uk-exosomes.toml")]
    out = printed(capsys, "compare", *names, "--page", "page.html")
    data = json.loads(printed(capsys, "compare", *names, "--json"))
    found = compare([read_offer(name) for name in names])
    assert [line["cells"] for line in data["rules"]] == [list(line.cells) for line in found.rules]
    assert all(line.rule_id in out for line in found.rules)
    assert "Nothing is ranked" in flat(out)
    html = (here / "page.html").read_text(encoding="utf-8")
    assert fetched(Outline(html), html) == []
    assert html.count("<tr>") == 1 + len(found.facts) + len(found.rules)
    assert html.count('colspan="4">What each rule says</th>') == 1
    for at, one in enumerate(found.found, 1):
        label = f'<td><span class="label">{at}. {one.offer.clinic}</span><span class="value">'
        assert html.count(label) == len(found.facts) + len(found.rules), "each value has its clinic's name, where the head is not seen"
    assert "At least" in flat(out)
    assert "At least" in html


def test_code_in_an_offer_stays_text(capsys: Out, here: Path) -> None:
    hostile = "<script>alert(1)</script> [bold]x[/bold] {{ 7*7 }} \\u001b[31m"
    (here / "bad.toml").write_text(
        f'clinic = "{hostile}"\njurisdiction = "US"\ntreatment = "svf"\nadvert = "Guaranteed results {hostile}."\n', encoding="utf-8"
    )
    out = printed(capsys, "check", "bad.toml", "--page", "page.html")
    assert "\x1b" not in out
    assert "[bold]x[/bold]" in out
    html = (here / "page.html").read_text(encoding="utf-8")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "{{ 7*7 }}" in html
    assert "\x1b" not in json.loads(printed(capsys, "check", "bad.toml", "--json"))["clinic"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("clinic = ", "it is not TOML"),
        (LEAST.replace("treatment", "treatmnet"), "did you mean 'treatment'?"),
        (LEAST.replace('"US"', '"USA"'), "jurisdiction is 'USA'; did you mean 'US'?; allowed: US, US-FL"),
        (LEAST.replace('"US"', '"Florida"'), "did you mean 'US-FL'?"),
        (LEAST.replace('"US"', '"Pensylvania"'), "did you mean 'US-PA'?"),
        (LEAST.replace('"US"', '"us-tx"'), "did you mean 'US-TX'?"),
        (LEAST.replace('"US"', '"Germany"'), "did you mean 'EU'?"),
        (LEAST.replace('"US"', '"Türkiye"'), "for a country without rules here write 'other'"),
        (LEAST.replace('"US"', '"US-ZZ"'), "write 'US-' and the two letters of a state"),
        (LEAST.replace('"svf"', '"Stem cells"'), "ask the clinic where the cells come from; allowed: svf, adsc, bone_marrow"),
        (LEAST + "[price]\ncurrency = '$'\n", "'$' is no currency code; write its three capital letters, such as USD or EUR"),
        (LEAST + "[price]\ndeposit = -5\ncurrency = 'USD'\n", "deposit: -5 is less than nothing; write 0 or more"),
        (LEAST.replace('"svf"', '"stemcells"'), "ask the clinic where the cells come from"),
        (LEAST.replace('"svf"', '"dandelion"'), "nor a name like it among the 23 known (`anagen risks` lists all)"),
        (LEAST.replace('"svf"', '"svff"'), "did you mean 'svf'?"),
        (LEAST + "[product]\nsource = 'fatt'\n", "product: source is 'fatt'"),
        (LEAST + "[shown]\nind = true\n", "there is no field 'ind'"),
        (LEAST + "[shown]\nlicense = true\n", "there is no field 'license'; did you mean 'licence' of [[people]]?"),
        (LEAST + "total = 10\n", "there is no field 'total'; did you mean 'total' of [price]?"),
        (LEAST + "[price]\ncurrency = 'USD'\ntotal = 8.900\n", "price: total is '8.900', which may be 8900 or 8.9"),
        (LEAST + "[price]\ncurrency = 'USD'\ndeposit = '1.250'\n", "as 8900 or 8900.00"),
        (LEAST + "[price]\ncurrency = 'USD'\ntotal = true\n", "price: total is true; allowed: a number"),
        (LEAST + "[[people]]\nprofession = 'wizard'\n", "people, number 1: profession is 'wizard'"),
        (LEAST + "people = 3\n", "people is not a list"),
        (LEAST + "[price]\ntotal = -1\ncurrency = 'USD'\n", "price: total: -1 is less than nothing; write 0 or more"),
        (LEAST + "[price]\ntotal = 10\n", "price: currency is missing"),
        (LEAST + f"advert = '{'a' * 20_001}'\n", "at most 20000"),
        (LEAST + f"# {'a' * 200_000}\n", "too large"),
        (LEAST + "advert_file = '../secret.txt'\n", "beside it"),
        (LEAST + "advert_file = 'gone.txt'\n", "gone.txt: there is no such file"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(text: str, said: str, capsys: Out, here: Path) -> None:
    (here / "offer.toml").write_text(text, encoding="utf-8")
    assert main(["clinic", "check", "offer.toml", "--page", "page.html"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
    assert not (here / "page.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "nowhere.toml"], "nowhere.toml"),
        (["check", "offer.toml", "--today", "soon"], "--today is 'soon'"),
        (["check", "offer.toml", "--page", "offer.toml"], "is the offer file itself"),
        (["check", "offer.toml", "--page", "no/such/page.html"], "no folder"),
        (["compare", "offer.toml"], "1 offers"),
        (["compare"], "0 offers"),
    ],
)
def test_a_wrong_call_is_one_sentence(arguments: list[str], said: str, capsys: Out, here: Path) -> None:
    (here / "offer.toml").write_text(LEAST, encoding="utf-8")
    assert main(["clinic", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
    assert (here / "offer.toml").read_text(encoding="utf-8") == LEAST


def test_an_advert_may_stand_in_a_file_beside(capsys: Out, here: Path) -> None:
    (here / "ad.txt").write_text("We are an FDA-approved facility.", encoding="utf-8")
    (here / "offer.toml").write_text(LEAST + "advert_file = 'ad.txt'\n", encoding="utf-8")
    data = json.loads(printed(capsys, "check", "offer.toml", "--json"))
    assert [one["claim"] for one in data["claims"]] == ["fda_approved_facility"]


def test_an_offer_of_a_day_to_come_says_so(capsys: Out, here: Path) -> None:
    (here / "offer.toml").write_text(LEAST + "date = 2026-11-25\n", encoding="utf-8")
    assert "is still to come" in flat(printed(capsys, "check", "offer.toml", "--today", "2026-11-24"))
    assert "is still to come" not in flat(printed(capsys, "check", "offer.toml", "--today", "2026-11-25"))
