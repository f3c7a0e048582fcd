"""The hook of the verb: the drivers of a protocol that was carried out, with a bar that never reaches a pipe."""

from __future__ import annotations

from typing import Any, cast

import pytest

from anagen.cli.drivers import driven
from anagen.procedure import drivers as procedure


def test_the_protocol_that_was_carried_out_is_asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Any] = []

    def drivers_of_procedure(done: object, *, seed: int, told: Any) -> str:
        told(0.5)
        asked.append((done, seed))
        return "found"

    monkeypatch.setattr(procedure, "drivers_of_procedure", drivers_of_procedure)
    assert cast("str", driven(cast("Any", "done"), seed=3)) == "found"
    assert asked == [("done", 3)]
    assert capsys.readouterr() == ("", "")
