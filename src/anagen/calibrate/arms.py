"""What each arm of a trial was given, when, and who was in it: the lanes that the model follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from anagen.calibrate.facts import UNCONTROLLED, Facts
from anagen.evidence.rows import Arm, Study
from anagen.ground.rows import medians
from anagen.scalp.tempo import Tempo
from anagen.treatments import Treatment, Use, treatment
from anagen.treatments.sessions import Sessions
from anagen.treatments.use import waned
from anagen.treatments.vocabulary import arm_treatments, arm_use

ALSO = {"minoxidil 5%": ("minoxidil_topical", 5.0), "microneedling": ("microneedling", None)}
"""What an arm may be given as well, by the words of `concomitant`. What only some of an arm took is not counted."""
CONTROLS = ("placebo", "no_treatment")


@dataclass(frozen=True)
class Lane:
    """One arm: `trial` is its family; `given`: treatments with their use; `female`: the share of women, 0 to 1.

    `treated`: not a control; `weak`: the trial is at high risk of bias or has no control; `placebo`: what every arm of such
    a trial gets besides: `oral`, `other` or `none`.
    """

    trial: str
    study: str
    arm: str
    given: tuple[tuple[Treatment, Use], ...]
    female: float
    treated: bool
    weak: bool
    placebo: str


def lane_of(study: Study, arm: Arm, trial: str, controlled: bool) -> Lane:
    """The lane of one arm. controlled: whether its trial has an arm to compare it with.

    Raises `BadInput` where its treatment has no forecast.
    """
    kinds = list(arm_treatments(arm))
    for words, (name, dose) in ALSO.items():
        if words in (arm.concomitant or "") and all(kind.name != name for kind in kinds):
            kinds.append(treatment(name, dose))
    kinds = [kind for kind in kinds if kind.name != "nothing" and not (isinstance(kind, Sessions) and kind.dose == 0)]
    given = tuple((kind, arm_use(arm) if _in_sessions(kind) else Use()) for kind in kinds)
    share = {"aga_male": 0.0, "aga_female": 1.0}.get(study.condition)
    if share is None:
        share = medians("trial")["female_share"] if arm.pct_female is None else arm.pct_female / 100
    oral = arm.intervention == "placebo" or arm.route == "oral" or all(kind.route == "oral" for kind, _ in given)
    placebo = "none" if arm.intervention == "no_treatment" else "oral" if oral and (given or arm.intervention == "placebo") else "other"
    weak = study.risk_of_bias == "high" or not controlled or study.design in UNCONTROLLED
    return Lane(trial, study.study_id, arm.arm_id, given, share, arm.role not in CONTROLS, weak, placebo)


def lanes_of(facts: Facts) -> tuple[Lane, ...]:
    """The lanes that some facts need, each once, in the order of the facts."""
    studies = {study.study_id: study for study in facts.studies}
    arms = {(arm.study_id, arm.arm_id): arm for arm in facts.arms}
    wanted = dict.fromkeys((fact.study, name) for fact in facts.facts for name in (fact.arm, fact.control) if name is not None)
    found = []
    for study, name in wanted:
        own = [arm for (of, _), arm in arms.items() if of == study and arm.role not in ("pooled", "switched")]
        found.append(lane_of(studies[study], arms[study, name], facts.family(study), len(own) > 1))
    return tuple(found)


def _in_sessions(kind: Treatment) -> bool:
    return isinstance(kind, Sessions) and type(kind).over_time is Sessions.over_time


@dataclass(frozen=True)
class Exposure:
    """How strongly one subject acts over time: `strength` (weeks, ways), each way of use once; `way`: lane -> its column.

    `effect` turns a strength into a tempo with `values`, the subject's rows.
    """

    way: Mapping[int, int]
    strength: Any
    effect: Callable[[Any, Any], Tempo]
    values: Mapping[str, Any]


def exposures(lanes: Sequence[Lane], weeks: int, values: Mapping[str, Mapping[str, Any]], xp: Any) -> list[Exposure]:
    """The strength of every treatment in each week, subject by subject. xp: the array library, NumPy or JAX's."""
    ways: dict[tuple[str, Any], dict[tuple[Treatment, Use], list[int]]] = {}
    for index, lane in enumerate(lanes):
        for kind, use in lane.given:
            held = use.course(kind.usual_weeks) if isinstance(kind, Sessions) and _in_sessions(kind) else use
            ways.setdefault((kind.subject, type(kind).effect), {}).setdefault((kind, held), []).append(index)
    made = []
    for (subject, effect), own in ways.items():
        v = values[subject]
        shapes = _shapes(list(own), weeks, v, xp)
        doses = xp.stack([xp.asarray(kind.strength(v), dtype=float) for kind, _ in own])
        way = {lane: place for place, mine in enumerate(own.values()) for lane in mine}
        made.append(Exposure(way, shapes * doses, effect, v))
    return made


def _shapes(own: list[tuple[Treatment, Use]], weeks: int, values: Mapping[str, Any], xp: Any) -> Any:
    """Every way's rise and fall: (weeks, ways). Sessions are read together; what is used over time is read once for each shape."""
    held = list(dict.fromkeys(use.sessions() for kind, use in own if _in_sessions(kind)))
    columns: dict[Any, Any] = {}
    if held:
        most = max(map(len, held))
        when = np.array([[*sessions, *[np.inf] * (most - len(sessions))] for sessions in held]).T[:, None, :]
        wave = waned((np.arange(weeks) + 0.5)[:, None], when, xp.asarray(values["on_weeks"]), xp.asarray(values["wane_weeks"]))
        columns = {sessions: wave[:, place] for place, sessions in enumerate(held)}
    names = [use.sessions() if _in_sessions(kind) else (type(kind).over_time, use) for kind, use in own]
    for name, (kind, use) in zip(names, own, strict=True):
        if name not in columns:
            columns[name] = kind.over_time(weeks, values, use)
    return xp.stack([columns[name] for name in names], axis=-1)
