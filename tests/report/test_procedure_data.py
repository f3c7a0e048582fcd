"""The JSON of a therapy fits its published schema, in either mode, with and without a forecast, and with its drivers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fitted import fitted
from pydantic import ValidationError
from report.test_machine import strange

from anagen.evidence import tables
from anagen.ground.rows import Row
from anagen.procedure import Procedure, carry_out_all
from anagen.report import machine, procedure_data
from anagen.report.procedure_data import therapy
from anagen.therapy.sensitivity import Driven, Driver, Drivers

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "therapy"
SCHEMA = json.loads(machine.schemas()["therapy.schema.json"])


@pytest.fixture(scope="module")
def done() -> tuple[Procedure, ...]:
    return carry_out_all([EXAMPLES / "svf-enzymatic.toml", EXAMPLES / "svf-mechanical.toml"], fitted(), "field", draws=60)


def driven() -> Drivers:
    row = Row("inject", "lost_share", 0.05, 0.01, 0.22, "logit", "share", "assumed", "no source read", "human scalp", "")
    one = Driven("dose", 5.0, 1.0, 9.0, False, (Driver(row, 0.9, (0.8, 1.0), 0.95, (0.9, 1.0), 9.0, 1.0),), rare=True)
    return Drivers({"dose": one}, 96, (row,))


def printed(found: dict[str, Any]) -> Any:
    return json.loads(json.dumps(found, allow_nan=False))


def test_what_is_printed_fits_the_schema(done: tuple[Procedure, ...]) -> None:
    with_drivers = printed(therapy(done[:1], "x.html", driven()))
    assert strange(printed(therapy(done)), SCHEMA, SCHEMA) == []
    assert strange(with_drivers, SCHEMA, SCHEMA) == []
    assert with_drivers["drivers"]["outputs"]["dose"]["drivers"][0]["first_order"] is None
    broken = with_drivers | {"page": 7, "more": 1, "moments": {"mark": "given"}}
    assert strange(broken, SCHEMA, SCHEMA) == [".page is no string", ".moments.weeks is missing", ".more is not in the schema"]


def test_an_answer_that_does_not_fit_is_not_printed(done: tuple[Procedure, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(procedure_data, "NOT_A_DEVICE", None)
    with pytest.raises(ValidationError, match="not_a_device"):
        therapy(done)


def test_the_share_of_the_region_and_its_mean_gain(done: tuple[Procedure, ...]) -> None:
    """40 of the 90 cm2 of a crown: each number of the mean is 40/90 of that of the treated skin, to the five digits printed."""
    first, second = therapy(done)["protocols"]
    treated = first["treated"]
    assert treated["share"] == pytest.approx(40 / 90, rel=1e-4)
    for mean, whole in zip(treated["gain_over_region"], first["forecast"]["gain"], strict=True):
        for name in ("median", "low_95", "high_95"):
            assert mean[name] == pytest.approx(whole[name] * 40 / 90, rel=1e-4, abs=1e-9)
    assert (second["forecast"], second["treated"]["gain_over_region"]) == (None, None)
    assert second["treated"]["share"] == treated["share"]


def test_whatever_a_number_comes_from_can_be_looked_up(done: tuple[Procedure, ...]) -> None:
    """Each name in a `from` is a row of `rows`, or an id of the evidence, as the reference says; both kinds are there."""
    found = printed(therapy(done))
    names = set(named(found))
    evidence = {one.row_id for one in (*tables.adverse_events(), *tables.costs())}
    assert names - set(found["rows"]) <= evidence
    assert names & set(found["rows"])
    assert names & evidence


def named(node: Any) -> Iterator[str]:
    """Every name in every `from`."""
    if isinstance(node, dict):
        yield from node.get("from") or ()
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from named(one)
