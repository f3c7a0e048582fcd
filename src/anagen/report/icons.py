"""A hundred people as ten rows of ten: who has a visible gain, who neither, who a visible loss. The same hundred for every option."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.chances import Chances
from anagen.compare import Comparison, Option
from anagen.report import words

IN_ROW = 10
WIDE, TALL = 10.0, 12.0


@dataclass(frozen=True)
class Icons:
    """One array, ready to be set: `heads` and `bodies` are paths by kind (`gain`, `neither`, `loss`); and its words."""

    chances: Chances
    heads: dict[str, str]
    bodies: dict[str, str]
    width: float
    height: float
    described: str


def icons(answer: Comparison, option: Option) -> Icons:
    """The people of one option at the end of the look ahead, in the region that a person asks about."""
    end = answer.moments[-1]
    found = option.chances(end.week, answer.main_region)
    kinds = ["gain"] * found.gain + ["neither"] * found.neither + ["loss"] * found.loss
    heads, bodies = ({"gain": "", "neither": "", "loss": ""} for _ in range(2))
    for place, kind in enumerate(kinds):
        x, y = WIDE * (place % IN_ROW) + WIDE / 2, TALL * (place // IN_ROW)
        heads[kind] += f"M{x:g},{y + 2.5:g}h0"
        bodies[kind] += f"M{x:g},{y + 7.4:g}v1.1"
    said = f"Out of {found.people} people like you, after {end.label}: {words.people(found)}. {words.fewer(found)}"
    return Icons(found, heads, bodies, WIDE * IN_ROW, TALL * -(-found.people // IN_ROW), said)
