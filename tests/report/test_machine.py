"""The JSON: it fits its published schema, which is the one in the package, and says what was computed."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from pydantic import ValidationError

from anagen.compare import Comparison
from anagen.report import machine
from anagen.treatments.join_trial import JoinTrial

RANGE = {"week", "median", "low_50", "high_50", "low_80", "high_80", "low_95", "high_95"}


def test_the_schemas_in_the_package_are_those_of_the_models() -> None:
    folder = files("anagen") / "data" / "schema"
    shipped = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert shipped == machine.schemas(), "run machine.write_schemas on src/anagen/data/schema"


def strange(value: Any, schema: dict[str, Any], whole: dict[str, Any], where: str = "") -> list[str]:
    """Where a JSON value does not fit a schema: the words of JSON Schema that ours use."""
    if "$ref" in schema:
        return strange(value, whole["$defs"][schema["$ref"].split("/")[-1]], whole, where)
    if "anyOf" in schema:
        found = [strange(value, one, whole, where) for one in schema["anyOf"]]
        return [] if [] in found else found[0]
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": int | float, "boolean": bool, "null": type(None)}
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        return [f"{where} is no {schema['type']}"]
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        return [f"{where} is {value!r}"]
    wrong = []
    if isinstance(value, dict):
        known = schema.get("properties", {})
        wrong += [f"{where}.{name} is missing" for name in schema.get("required", []) if name not in value]
        for name, part in value.items():
            if name in known:
                wrong += strange(part, known[name], whole, f"{where}.{name}")
            elif schema.get("additionalProperties") is False:
                wrong.append(f"{where}.{name} is not in the schema")
            elif isinstance(schema.get("additionalProperties"), dict):
                wrong += strange(part, schema["additionalProperties"], whole, f"{where}.{name}")
    if isinstance(value, list):
        firsts = schema.get("prefixItems", [])
        for place, part in enumerate(value):
            wrong += strange(part, firsts[place] if place < len(firsts) else schema.get("items", {}), whole, f"{where}[{place}]")
    return wrong


@pytest.fixture(scope="module")
def comparison(answer: Comparison) -> dict[str, Any]:
    """The example as it is printed, read back."""
    found: dict[str, Any] = json.loads(machine.text(machine.comparison(answer)))
    return found


@pytest.fixture(scope="module")
def forecast(taking: Comparison) -> dict[str, Any]:
    """One option of the man who takes finasteride, against another."""
    made = machine.forecast(taking, taking.option("dutasteride"), taking.option("go on"), "out.html")
    found: dict[str, Any] = json.loads(machine.text(made))
    return found


@pytest.mark.parametrize("kind", ["comparison", "forecast"])
def test_what_is_printed_fits_the_schema(kind: str, request: pytest.FixtureRequest) -> None:
    found, schema = request.getfixturevalue(kind), json.loads(machine.schemas()[f"{kind}.schema.json"])
    assert strange(found, schema, schema) == []
    assert found["kind"] == kind
    broken = found | {"moments": [{"label": "today"}], "more": 1, "page": 7}
    assert strange(broken, schema, schema) == [".page is no string", ".moments[0].week is missing", ".more is not in the schema"]


def test_every_option_is_there_by_region_and_moment(comparison: dict[str, Any], answer: Comparison) -> None:
    assert [one["name"] for one in comparison["options"]] == [option.name for option in answer.options]
    assert comparison["regions"] == answer.regions
    assert [one["week"] for one in comparison["moments"]] == [0, 13, 26, 52, 104]
    for made, option in zip(comparison["options"], answer.options, strict=True):
        assert (made["title"], made["group"], made["plan"], made["basis"]) == (option.title, option.group, str(option.plan), option.basis)
        assert made["beyond"] == list(option.beyond)
        if option.forecast is None:
            assert (option.name, made["forecast"], made["gain"], made["chances"]) == ("join_trial", None, None, None)
            continue
        for region in answer.regions:
            for ranges, band in (
                *((made["forecast"][region][output], option.band(output, region)) for output in ("visible", "terminal", "calibre")),
                (made["gain"][region], option.gain(answer.nothing, region=region)),
            ):
                assert [one["week"] for one in ranges] == [0, 13, 26, 52, 104]
                for one in ranges:
                    week = one["week"]
                    assert one.keys() == RANGE
                    shown = [one["median"], one["low_95"], one["high_80"]]
                    assert shown == pytest.approx([band.median[week], band.low[0.95][week], band.high[0.8][week]], abs=6e-4)
            for one in made["chances"][region]:
                assert one["gain"] + one["neither"] + one["loss"] == one["people"] == 100


def test_a_plan_prints_as_a_sentence_that_gives_it_again(comparison: dict[str, Any], answer: Comparison) -> None:
    from anagen.plan import Plan

    for made, option in zip(comparison["options"], answer.options, strict=True):
        assert Plan.parse(made["plan"]) == option.plan
        assert [one["treatment"] for one in made["steps"]] == [step.name for step in option.plan.steps]


def test_joining_a_trial_and_published_results_are_there(comparison: dict[str, Any], answer: Comparison) -> None:
    assert comparison["join_trial"] == {"what": JoinTrial.what, "where": list(JoinTrial.where), "ask": list(JoinTrial.ask)}
    assert [one["row"] for one in comparison["published"]] == [one.row_id for one in answer.published] == ["o023", "o436"]
    for one, published in zip(comparison["published"], answer.published, strict=True):
        assert one["ours"]["week"] == published.week
        assert one["ours"]["median"] == pytest.approx(published.ours.median[0], abs=6e-4)


def test_a_forecast_has_its_gain_over_the_other_plan(forecast: dict[str, Any], taking: Comparison) -> None:
    assert (forecast["plan"]["name"], forecast["against"]["name"], forecast["page"]) == ("dutasteride", "go on", "out.html")
    gain = taking.option("dutasteride").gain(taking.option("go on"), "terminal", "whole")
    assert forecast["gain"]["whole"]["terminal"][-1]["median"] == pytest.approx(gain.median[-1], abs=6e-4)


def test_what_is_no_number_cannot_be_printed() -> None:
    good = dict.fromkeys(RANGE, 1)
    machine.Range.model_validate(good)
    for wrong in (float("nan"), float("inf")):
        with pytest.raises(ValidationError):
            machine.Range.model_validate(good | {"median": wrong})


def test_each_innermost_object_stands_on_its_line(answer: Comparison) -> None:
    text = machine.text(machine.comparison(answer))
    assert '{"label": "today", "week": 0}' in text
    assert text.startswith('{\n "anagen": ')
    assert text.endswith("}\n")


def test_each_option_says_how_sure_it_is_and_where_its_numbers_come_from(comparison: dict[str, Any], answer: Comparison) -> None:
    sources = comparison["sources"]
    assert (sources["calibrated"], sources["why_not"]) == (True, "")
    for made, option in zip(comparison["options"], answer.options, strict=True):
        if option.forecast is None:
            assert made["grounds"] is None
            continue
        found, grounds = made["grounds"], option.known().grounds
        assert found["certainty"]["level"] == grounds.certainty.level
        assert [one["why"] for one in found["certainty"]["reasons"]] == [one.why for one in grounds.certainty.reasons]
        assert (found["trials"], found["people"]) == (grounds.trials, grounds.people)
        assert found["studies"] == [study.study_id for study in grounds.studies]
        for name, part in zip(found["parts"], grounds.all_parts, strict=True):
            written = sources["parts"][name]
            assert written["treatment"] == part.name
            assert [sources["results"][one]["found"] for one in written["results"]] == [one.found for one in part.entries]
            assert {sources["results"][one]["study"] for one in written["shared_results"]} == {one.study.study_id for one in part.kin}
            assert [sources["unknowns"][one]["mark"] for one in written["unknowns"]] == [row.mark for row in part.rows]
    shrink = sources["unknowns"]["man.shrink"]
    assert (shrink["low"], shrink["high"], shrink["prior_low"], shrink["prior_high"]) == (0.30, 0.56, 0.30, 0.56)
    assert "half-time" in sources["unknowns"]["five_ari.on_weeks"]["what"]


def test_a_result_has_its_range_where_it_was_read_and_no_number_where_it_was_only_said(comparison: dict[str, Any]) -> None:
    results = comparison["sources"]["results"]
    counted, told, unread = results["o110"], results["o290"], results["o023"]
    assert (counted["value"], counted["unit"], counted["people"]) == (12.7, "hairs/cm²", 141)
    assert counted["low_95"] < 12.7 < counted["high_95"]
    assert (told["value"], told["said"], told["low_95"]) == (None, "no clear difference", None)
    assert (unread["value"], unread["low_95"], unread["said"]) == (20.9804, None, None)


def test_a_belief_that_was_not_fitted_lists_no_result(forecast: dict[str, Any]) -> None:
    assert forecast["sources"]["results"] == {}
    assert "not fitted to trials" in forecast["sources"]["why_not"]
    assert forecast["plan"]["grounds"]["certainty"]["level"] == "moderate"
    assert "whiting_2001" in forecast["plan"]["grounds"]["methods"]
