"""One difference a trial: which visit, site and paper speaks for it, and arms that share a control joined into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from anagen.evidence.contrasts import Contrast
from anagen.evidence.spread import How

SITES = ("vertex", "whole", "unknown", "frontal", "occipital")
"""Where a trial counted several sites of the same people, the first of these speaks for it."""
_LEAST_SURE: tuple[How, ...] = ("se", "ci", "sd", "p", "filled", "bound", "none")


def at_visit(found: Iterable[Contrast], week: float | None = None) -> tuple[Contrast, ...]:
    """One visit of each trial, its last or the one nearest to `week`; one site (`SITES`); one paper where several tell of a trial."""
    chosen: dict[tuple[object, ...], Contrast] = {}
    for one in found:
        arm = one.treated[0]
        same = (one.family, one.measure, one.unit, arm.intervention, arm.dose, one.control.intervention)
        chosen[same] = _better(chosen.get(same), one, week)
    kept: dict[tuple[object, ...], Contrast] = {}
    for one in found:
        arm = one.treated[0]
        best = chosen[one.family, one.measure, one.unit, arm.intervention, arm.dose, one.control.intervention]
        if one.study == best.study:
            pair = (one.study.study_id, one.measure, one.unit, arm.arm_id, one.control.arm_id)
            kept[pair] = _better(kept.get(pair), one, week)
    return tuple(kept.values())


def one_a_trial(found: Sequence[Contrast]) -> tuple[Contrast, ...]:
    """Arms of one trial that share a control, joined into one difference, so that the control's people are counted once.

    The mean is weighted by the arms' people; its variance has the exact covariance of differences that share a control, which is
    the control's own variance. Arms with a control of their own stay apart: they are independent.
    """
    together: dict[tuple[object, ...], list[Contrast]] = {}
    for one in found:
        together.setdefault((one.study.study_id, one.control.arm_id, one.measure, one.unit, one.site, one.week), []).append(one)
    return tuple(_joined(group) for group in together.values())


def _joined(group: list[Contrast]) -> Contrast:
    first = group[0]
    if len(group) == 1:
        return first
    known = all(one.n_treated for one in group)
    sizes = [one.n_treated or 0.0 if known else 1.0 for one in group]
    share = [size / sum(sizes) for size in sizes]
    se = None
    if all(one.se is not None for one in group):
        shared = sum(part * one.control_variance for part, one in zip(share, group, strict=True))
        own = sum(part**2 * max((one.se or 0.0) ** 2 - one.control_variance, 0.0) for part, one in zip(share, group, strict=True))
        se = float((own + shared) ** 0.5)
    return replace(
        first,
        treated=tuple(arm for one in group for arm in one.treated),
        difference=sum(part * one.difference for part, one in zip(share, group, strict=True)),
        se=se,
        spread=max((one.spread for one in group), key=_LEAST_SURE.index),
        n_treated=sum(sizes) if known else None,
        n_filled=any(one.n_filled for one in group),
        rows=tuple(dict.fromkeys(row for one in group for row in one.rows)),
    )


def _better(one: Contrast | None, other: Contrast, week: float | None) -> Contrast:
    """The one to keep: by site, then by visit."""

    def rank(contrast: Contrast) -> tuple[float, float]:
        far = -contrast.week if week is None else abs(contrast.week - week)
        return SITES.index(contrast.site), far

    return other if one is None or rank(other) < rank(one) else one
