"""Regions of the scalp and stages of loss: what the words Norwood, Ludwig and Sinclair mean for each region.

A stage gives, for each region, the share of its full terminal hair density that is left, from `low` to `high`. No source
with such numbers was read: every one is a row marked `assumed` (`data/stages.csv`, `data/regions.csv`).
"""

from __future__ import annotations

import csv
import functools
import io
from dataclasses import dataclass
from importlib.resources import files

from anagen.ground.errors import BadEvidence, UnknownName

SCALES = {"norwood": "Norwood-Hamilton", "ludwig": "Ludwig", "sinclair": "Sinclair"}
SEX_OF_SCALE = {"norwood": "male", "ludwig": "female", "sinclair": "female"}


@dataclass(frozen=True)
class Region:
    """One region: its usual area (cm2, `low` to `high`), and the mark and source of that number."""

    name: str
    title: str
    area_cm2: float
    low: float
    high: float
    mark: str
    source: str
    notes: str


@dataclass(frozen=True)
class StageShare:
    """The share of full terminal density left in one region at one stage, from `low` to `high`.

    `studied`: `yes`, or `hardly` where the trials that were read had next to nobody at this stage.
    """

    scale: str
    stage: str
    region: str
    low: float
    high: float
    studied: str
    mark: str
    source: str
    notes: str


def _cells(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((files("anagen") / "data" / name).read_text(encoding="utf-8"))))


@functools.cache
def regions() -> dict[str, Region]:
    """Every region by name. The last one, the back of the head, keeps its hair: it is the donor of a transplant.

    >>> list(regions())
    ['frontal', 'temples', 'midscalp', 'vertex', 'occipital']
    """
    found = {}
    for cells in _cells("regions.csv"):
        area, low, high = (float(cells.pop(name)) for name in ("area_cm2", "low", "high"))
        name = cells.pop("region")
        found[name] = Region(name=name, area_cm2=area, low=low, high=high, **cells)
    return found


THINNING = ("frontal", "temples", "midscalp", "vertex")
"""The regions that pattern hair loss can reach."""
DONOR = "occipital"


@functools.cache
def _stages() -> dict[tuple[str, str], dict[str, StageShare]]:
    found: dict[tuple[str, str], dict[str, StageShare]] = {}
    for line, cells in enumerate(_cells("stages.csv"), start=2):
        low, high = float(cells.pop("low")), float(cells.pop("high"))
        share = StageShare(low=low, high=high, **cells)
        if not 0 <= low <= high <= 1 or share.region not in THINNING:
            raise BadEvidence(f"stages.csv line {line}: shares run from 0 to 1, in one of {', '.join(THINNING)}")
        found.setdefault((share.scale, share.stage), {})[share.region] = share
    return found


def stages_of(scale: str) -> list[str]:
    """The stages of one scale, in order. Raises `UnknownName` for a scale we do not have.

    >>> stages_of("ludwig")
    ['1', '2', '3']
    """
    if scale not in SCALES:
        raise UnknownName("scale", scale, SCALES)
    return [stage for of, stage in _stages() if of == scale]


def stage_shares(scale: str, stage: str) -> dict[str, StageShare]:
    """What one stage means for each region that can thin. Raises `UnknownName` for a scale or a stage we do not have.

    >>> stage_shares("norwood", "3v")["vertex"].high
    0.75
    """
    known = stages_of(scale)
    if stage not in known:
        raise UnknownName(f"{SCALES[scale]} stage", stage, known)
    return _stages()[scale, stage]
