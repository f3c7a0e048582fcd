"""A hundred people add up to a hundred, and stand for what was computed."""

from __future__ import annotations

import re

import pytest

from anagen.chances import RANGED
from anagen.compare import Comparison
from anagen.report.icons import IN_ROW, TALL, WIDE, icons


def starts(path: str) -> list[tuple[float, float]]:
    """Where each head or body of a path starts."""
    return [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+),([\d.]+)", path)]


@pytest.mark.parametrize("who", ["answer", "woman", "taking"])
def test_icons_add_up_to_a_hundred_and_match_the_chances(who: str, request: pytest.FixtureRequest) -> None:
    found: Comparison = request.getfixturevalue(who)
    for option in found.forecasts:
        made = icons(found, option)
        chances = option.chances(found.moments[-1].week, found.main_region)
        counts = {kind: len(starts(path)) for kind, path in made.heads.items()}
        assert counts == {kind: len(starts(path)) for kind, path in made.bodies.items()}
        assert counts == {"gain": chances.gain, "neither": chances.neither, "loss": chances.loss}
        assert sum(counts.values()) == chances.people == 100
        assert len({place for path in made.heads.values() for place in starts(path)}) == 100, "each stands in its own place"
        ranges = {kind: list(chances.ranges[kind]) for kind in RANGED}
        assert [int(number) for number in re.findall(r"\d+", made.described)][2:] == [
            chances.gain, *ranges["gain"], chances.neither, chances.loss, *ranges["loss"], chances.fewer, *ranges["fewer"],
        ]  # fmt: skip


def test_chances_are_shares_of_the_draws(answer: Comparison) -> None:
    option = answer.option("dutasteride")
    forecast, found = option.known(), option.chances(104, "vertex")
    course = forecast.course("visible", "vertex")
    change = course[:, 104] / course[:, 0] - 1
    assert found.visible == 0.15
    assert found.gain > 0
    assert abs(found.gain - 100 * forecast.weights[change >= 0.15].sum()) < 1
    assert abs(found.loss - 100 * forecast.weights[change <= -0.15].sum()) < 1
    assert found.fewer == round(100 * float(forecast.weights[change < 0].sum()))


def test_gains_come_first_and_losses_last_row_by_row(answer: Comparison) -> None:
    made = icons(answer, answer.option("laser"))
    kinds = {place: kind for kind, path in made.heads.items() for place in starts(path)}
    order = [kinds[WIDE * (place % IN_ROW) + WIDE / 2, TALL * (place // IN_ROW) + 2.5] for place in range(100)]
    assert order == sorted(order, key=("gain", "neither", "loss").index)
    assert set(order) == {"gain", "neither", "loss"}, "an option where all three are there"
