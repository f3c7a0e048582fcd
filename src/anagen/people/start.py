"""Where a person starts from: for each region, the point on each draw's own course that fits what is known of the person.

The draws of the belief differ in speed. A count, a stage, an age, a remembered onset rule some out and favour others: the
draws are weighted by them. So a measured density narrows the forecast, because it leaves fewer pasts that could be true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anagen.belief import Belief
from anagen.ground import chance
from anagen.ground.errors import BadInput
from anagen.ground.rows import medians
from anagen.ground.units import WEEKS_PER_YEAR
from anagen.people.history import History, Ints, history, lanes_of
from anagen.people.person import Measured, Person
from anagen.scalp.expect import expect
from anagen.scalp.law import Cycle, State
from anagen.scalp.regions import THINNING, StageShare, stage_shares
from anagen.scalp.tempo import Array, Tempo

FEWEST, ROUGH = 10, 50
CANDIDATES = 17


@dataclass(frozen=True)
class Start:
    """Possible starts of one person. `cycle`: (n,) lanes; `weights`: (n,), adding up to 1; `which`: their draws in the belief.

    `state`: occupancies today, (stages, SLOTS, n, R), regions in the order of `regions`; `onset_weeks`: (n, R) of untreated
    loss; `ruled_by`: what was used, in words.
    """

    cycle: Cycle
    weights: Array
    which: Ints
    state: State
    regions: tuple[str, ...]
    onset_weeks: Array
    ruled_by: tuple[str, ...]

    @property
    def effective_draws(self) -> float:
        """How many equally weighted draws these are worth (Kish): few means that the person is unusual in what we believe."""
        return float(1 / np.sum(self.weights**2))

    @property
    def caution(self) -> tuple[str, ...]:
        """What to say where few draws carry the answer: nothing, or one plain sentence."""
        if self.effective_draws >= ROUGH:
            return ()
        return (f"Few of our forecasts fit what is known of this person (as good as {self.effective_draws:.0f}): the ranges are rough.",)


def start(person: Person, belief: Belief, taken: Tempo | None = None) -> Start:
    """The possible starts of a person. taken: what was done in the past weeks, one row a week, the last one just before today.

    Raises `BadInput` when what is known of the person is hardly possible in what we believe (worth fewer than 10 draws).
    """
    fixed = medians("person")
    subjects = ["man" if person.sex == "male" else "woman", *([f"group_{person.hair_group}"] if person.hair_group else [])]
    limit = max(person.age_years - fixed["puberty_years"], 0.5)
    past = history(belief, limit, *subjects, between=True)
    known: dict[str, Measured] = {one.region: one for one in person.measured}
    shares = stage_shares(person.scale, person.stage)
    log_weights = np.zeros(belief.size)
    onset = np.empty((belief.size, len(THINNING)))
    ruled_by = [f"age {person.age_years:g}", f"stage {person.stage.upper()}"]
    replay = _Replay(past, taken, limit) if taken is not None and taken.weeks else _Untreated(past)
    for index, region in enumerate(THINNING):
        weeks = _weeks_of_loss(replay, belief, region, known.get(region), shares[region])
        possible = weeks <= limit * WEEKS_PER_YEAR
        onset[:, index] = np.where(possible, weeks, 0.0)
        log_weights += np.where(possible, 0.0, -np.inf)
        if region in known:
            log_weights += _fit(replay, belief, onset[:, index], known[region], shares[region], fixed)
            ruled_by.append(f"what was measured at the {region}")
    if person.years_since_onset is not None:
        log_weights += _recall(past, onset, person.years_since_onset, fixed)
        ruled_by.append(f"{person.years_since_onset:g} years since onset")
    which = np.flatnonzero(np.isfinite(log_weights))
    weights = np.exp(log_weights[which] - log_weights[which].max(initial=-np.inf)) if which.size else np.zeros(0)
    worth = weights.sum() ** 2 / (weights**2).sum() if which.size else 0.0
    if worth < FEWEST:
        raise BadInput(
            f"what is known of this person ({', '.join(ruled_by)}) is hardly possible in what we believe: it leaves {worth:.0f} of "
            f"{belief.size} draws; "
            + ("check the numbers and their units (hairs per cm2)." if known else "a belief of more draws may hold someone like this.")
        )
    keep = weights > weights.max() * 1e-4
    which, weights = which[keep], weights[keep] / weights[keep].sum()
    state = replay.state(onset[which], which)
    return Start(lanes_of(past.cycle, which), weights, which, state, THINNING, onset[which], tuple(ruled_by))


def _camera(belief: Belief, region: str) -> Array:
    """The error of the count of one region in each draw, as a factor: (n,)."""
    from scipy.special import ndtri

    score = ndtri(chance.uniform(chance.key(belief.seed, "count", region), np.arange(belief.size)))
    return np.asarray(np.exp(score * belief.values("reading")["repeat_cv"]))


def _weeks_of_loss(replay: _Untreated | _Replay, belief: Belief, region: str, seen: Measured | None, share: StageShare) -> Array:
    """Weeks of loss after which each draw shows what was counted, or else what the stage says: (n,)."""
    if seen is not None and seen.density_per_cm2 is not None:
        return replay.crossing("visible", seen.density_per_cm2 * _camera(belief, region))
    if seen is not None and seen.terminal_density_per_cm2 is not None:
        return replay.crossing("terminal", seen.terminal_density_per_cm2 * _camera(belief, region))
    left = share.low + (share.high - share.low) * chance.uniform(chance.key(belief.seed, "stage"), np.arange(belief.size))
    full = replay.past.course["terminal"][:, 0]
    return np.where(left >= 1, 0.0, replay.crossing("terminal", left * full))


def _fit(
    replay: _Untreated | _Replay, belief: Belief, weeks: Array, seen: Measured, share: StageShare, fixed: Mapping[str, float]
) -> Array:
    """How well each draw fits all that is known of a measured region, the stage included, as a log weight: (n,)."""
    left = replay.value("terminal", weeks) / replay.past.course["terminal"][:, 0]
    off = np.maximum(share.low - left, 0) + np.maximum(left - share.high, 0)
    log_weight = -0.5 * (off / fixed["stage_blur"]) ** 2
    blur = np.maximum(belief.values("reading")["repeat_cv"], 0.01)
    for output, count in (("visible", seen.density_per_cm2), ("terminal", seen.terminal_density_per_cm2)):
        if count is not None:
            shown = np.maximum(replay.value(output, weeks), 1.0) / (max(count, 1.0) * _camera(belief, seen.region))
            log_weight -= 0.5 * (np.log(shown) / blur) ** 2
    if seen.calibre_um is not None:
        log_weight -= 0.5 * ((replay.value("calibre", weeks) - seen.calibre_um) / fixed["calibre_error_um"]) ** 2
    return np.asarray(log_weight)


def _recall(past: History, onset: Array, years: float, fixed: Mapping[str, float]) -> Array:
    """How well each draw fits a remembered onset: the moment when the worst region had lost enough to be noticed: (n,)."""
    noticed = past.crossing("terminal", fixed["noticed_share"] * past.course["terminal"][:, 0])
    since = np.maximum(onset.max(axis=1) - noticed, 0.0) / WEEKS_PER_YEAR
    return np.asarray(-0.5 * ((since - years) / fixed["recall_sd_years"]) ** 2)


class _Untreated:
    """Today is a point on the untreated course."""

    def __init__(self, past: History) -> None:
        self.past = past
        self.crossing, self.value = past.crossing, past.value

    def state(self, onset: Array, which: Ints) -> State:
        """Occupancies today: (stages, SLOTS, n, R)."""
        n, regions = onset.shape
        state = self.past.at(onset.astype(np.int64).reshape(-1), np.repeat(which, regions))
        return [phase.reshape(*phase.shape[:2], n, regions) for phase in state]


class _Replay:
    """Today comes after some weeks of treatment: untreated courses are broken off at several ages and treated from there.

    Between those ages what is seen today is read by a straight line; the state itself is then run exactly.
    """

    def __init__(self, past: History, taken: Tempo, limit_years: float) -> None:
        self.past, self.taken, self.treated = past, taken, taken.weeks
        n = past.cycle.lanes[0]
        self.ages = np.linspace(0, max(limit_years * WEEKS_PER_YEAR, self.treated + 1.0), CANDIDATES)
        wide = Cycle(**{name: value[:, None] if value.ndim else value for name, value in vars(past.cycle).items()})
        begun = [past.at(np.full(n, max(int(age - self.treated), 0)), np.arange(n)) for age in self.ages]
        state = [np.stack(phases, axis=-1) for phases in zip(*begun, strict=True)]
        tempo = Tempo(**{name: row[..., None] if row.ndim > 1 else row for name, row in taken.rows().items()})
        course = expect(wide, tempo, self.treated, start=state, outputs=tuple(past.course))
        self.seen = {name: value[..., -1] for name, value in course.values.items()}

    def value(self, output: str, weeks: Array) -> Array:
        """What is seen today if loss began so many weeks ago: (n,)."""
        return np.array([np.interp(week, self.ages, row) for week, row in zip(weeks, self.seen[output], strict=True)])

    def crossing(self, output: str, target: Array) -> Array:
        """Weeks since loss began for which today shows the target: (n,); endless if none does."""
        falling = np.minimum.accumulate(self.seen[output], axis=1)
        return np.array(
            [
                np.inf if goal < row[-1] else 0.0 if goal >= row[0] else float(np.interp(-goal, -row, self.ages))
                for goal, row in zip(target, falling, strict=True)
            ]
        )

    def state(self, onset: Array, which: Ints) -> State:
        """Occupancies today: (stages, SLOTS, n, R)."""
        before = np.maximum(onset - self.treated, 0)
        begun = _Untreated(self.past).state(before, which)
        cycle = lanes_of(self.past.cycle, which)
        wide = Cycle(**{name: value[:, None] if value.ndim else value for name, value in vars(cycle).items()})
        tempo = Tempo(**{name: row[:, which][..., None] if row.ndim > 1 else row for name, row in self.taken.rows().items()})
        return expect(wide, tempo, self.treated, start=begun, outputs=()).end
