"""The hook of the verb: the drivers of a protocol that was carried out, of its own unknowns, with a bar that never reaches a pipe."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from anagen.cli.drivers import driven
from anagen.therapy import sensitivity


def test_the_protocol_and_its_own_unknowns_are_asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Any] = []

    def drivers_of(protocol: object, unknowns: object, *, seed: int, told: Any) -> str:
        told(0.5)
        asked.append((protocol, unknowns, seed))
        return "found"

    monkeypatch.setattr(sensitivity, "drivers_of", drivers_of)
    assert cast("str", driven(cast("Any", SimpleNamespace(protocol="p", unknowns="u")), seed=3)) == "found"
    assert asked == [("p", "u", 3)]
    assert capsys.readouterr() == ("", "")
