"""What the facts are expected to be and how far they may stray, against brute force: covariance, integrals, differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from evidence.made_up import trial
from scipy.integrate import trapezoid
from scipy.stats import multivariate_normal, norm

from anagen.calibrate.fact import Facts
from anagen.calibrate.facts import facts_of
from anagen.calibrate.model import Model, Told, _log_between, unknown, values_of
from anagen.evidence import Evidence
from anagen.ground.rows import medians, priors
from anagen.scalp.expect import expect
from anagen.scalp.law import Cycle
from anagen.treatments import treatment

pytestmark = pytest.mark.usefixtures("quick")

VALUES = {of: medians(of) for of in dict.fromkeys(row.of for row in priors())}
TRIAL = VALUES["trial"]
AT = {(row.of, row.name): place for place, row in enumerate(unknown())}
Compiled = Callable[..., Any]


@pytest.fixture(scope="module")
def model(two: Facts) -> Model:
    return Model.of(two)


@pytest.fixture(scope="module")
def middle(told: Compiled, model: Model) -> Told:
    """What is expected at the prior medians, the level last."""
    found: Told = told(model.zeros())
    return found


def scores(model: Model, **changed: Any) -> dict[str, Any]:
    """The prior medians but for some rows (subject__name) or the `years`, `density`, `spread` of the trials."""
    found = dict(model.zeros())
    for name, value in changed.items():
        of, _, row = name.partition("__")
        found = {**found, "rows": found["rows"].at[AT[of, row]].set(value)} if row else {**found, name: jnp.asarray(value)}
    return found


# the rows and the trials


def test_a_score_is_its_rows_own_and_the_others_keep_their_medians() -> None:
    drawn = np.random.default_rng(0).normal(size=len(unknown()))
    found = values_of(jnp.asarray(drawn))
    for row in priors():
        place = AT.get((row.of, row.name))
        assert float(found[row.of][row.name]) == pytest.approx(float(row.value if place is None else row.at(drawn[place]))), row


def test_two_trials_are_read(model: Model) -> None:
    assert model.trials == ("sound", "weak")
    assert [(lane.arm, lane.female, lane.weak) for lane in model.lanes] == [
        ("drug", 0.0, False),
        ("placebo", 0.0, False),
        ("foam", 1.0, True),
    ]
    assert model.numbers.tolist() == [[0, 1, 2, 3], [4, -1, -1, -1]]
    assert model.said == ((5, 6), (7,))  # an arm's effect on counts is not that on width
    assert [(leg.last, leg.lanes.tolist()) for leg in model.moments.legs] == [(12, [0, 2])]  # placebo is not followed


# what is expected


def level_of(cycle: Cycle, years: float, name: str, weeks: int, kind: Any) -> Any:
    """Weekly levels of a treatment after some years of loss, by the law that forecasts use."""
    start = expect(cycle, weeks=round(years * 365.25 / 7), outputs=(), fast=False).end
    tempo = kind.tempo(weeks) if kind else None
    return expect(cycle, tempo, weeks, start=start, outputs=(name,), terminal_um=VALUES["reading"]["vellus_um"], fast=False)[name]


def test_a_change_is_that_of_the_law_that_forecasts_use(middle: Told, model: Model) -> None:
    """To twice the error measured for the coarse law (0.34 % of the level), plus what the few weeks of the year are rounded by."""
    known = {name: value for name, value in VALUES["scalp"].items() if name in Cycle.__dataclass_fields__}
    man = Cycle(**known, shrink=VALUES["man"]["shrink"])
    woman = Cycle(**known, shrink=VALUES["woman"]["shrink"])
    drug = level_of(man, TRIAL["years_man"], "visible", 24, treatment("finasteride"))
    placebo = level_of(man, TRIAL["years_man"], "visible", 24, None)
    foam = level_of(woman, TRIAL["years_woman"], "visible", 24, treatment("minoxidil"))
    thick, plain = (level_of(man, TRIAL["years_man"], "terminal", 24, kind) for kind in (treatment("finasteride"), None))
    besides = TRIAL["vehicle"] + TRIAL["optimism"]
    wanted = [
        drug[24] / drug[0] - 1 + TRIAL["vehicle_oral"],
        drug[12] / drug[0] - 1 + TRIAL["vehicle_oral"],
        placebo[12] / placebo[0] - 1 + TRIAL["vehicle_oral"],
        thick[12] / thick[0] - plain[12] / plain[0],
        foam[18] / foam[0] - 1 + besides,
        foam[12] / foam[0] - 1 + besides,
        foam[24] / foam[0] - 1 + besides,
    ]
    np.testing.assert_allclose(middle.mean[:7] / middle.scale[:7], wanted, atol=0.0068)
    assert np.ptp(wanted) > 0.1
    follicles = VALUES["scalp"]["follicles_per_cm2"]
    np.testing.assert_allclose(middle.level[:3], drug[0] * follicles / known["follicles_per_cm2"], rtol=0.0068)
    np.testing.assert_allclose(middle.before, middle.level[:1])


def test_a_change_is_in_hairs_a_percent_in_hundredths_and_a_level_is_whole(middle: Told, model: Model) -> None:
    np.testing.assert_array_equal(middle.scale[4:8], 100.0)  # a percent, and what was said
    np.testing.assert_array_equal(middle.scale[:4], middle.level[:4])
    assert float(middle.mean[8]) == pytest.approx(float(middle.level[0] + middle.mean[0]))


def test_what_every_arm_gains_besides_and_what_weak_trials_gain(told: Compiled, middle: Told, model: Model) -> None:
    shares = np.asarray((told(scores(model, trial__vehicle_oral=1.0)).mean - middle.mean) / middle.scale)
    unit = unknown()[AT["trial", "vehicle_oral"]].line()[1]
    np.testing.assert_allclose(shares, unit * np.array([1, 1, 1, 0, 0, 0, 0, 0, 1]), atol=1e-6)  # not a difference
    shares = np.asarray((told(scores(model, trial__optimism=1.0)).mean - middle.mean) / middle.scale)
    gain = float(unknown()[AT["trial", "optimism"]].at(1.0)) - TRIAL["optimism"]
    np.testing.assert_allclose(shares, gain * np.array([0, 0, 0, 0, 1, 1, 1, TRIAL["width_share"], 0]), atol=1e-6)
    narrow = told(scores(model, trial__optimism=1.0, trial__width_share=-1.0)).mean - told(scores(model, trial__width_share=-1.0)).mean
    assert float(narrow[7]) / 100 == pytest.approx(gain * float(unknown()[AT["trial", "width_share"]].at(-1.0)), rel=1e-4)


def test_a_dense_scalp_has_more_hair_and_the_same_percent(told: Compiled, middle: Told, model: Model) -> None:
    dense = told(scores(model, density=[1.0, 1.0]))
    more = np.exp(TRIAL["density_sd"])
    np.testing.assert_allclose(dense.level[:7], middle.level[:7] * more, rtol=1e-6)
    np.testing.assert_allclose(dense.level[7], middle.level[7], rtol=1e-6)  # a width is a width
    np.testing.assert_allclose(dense.before, middle.before * more, rtol=1e-6)
    np.testing.assert_allclose(dense.mean[4:8], middle.mean[4:8], rtol=1e-5)
    one = told(scores(model, density=[1.0, 0.0]))
    np.testing.assert_allclose(one.level[4:8], middle.level[4:8], rtol=1e-6)  # of that trial alone


def test_longer_loss_leaves_less_hair(told: Compiled, middle: Told, model: Model) -> None:
    late = told(scores(model, years=[1.0, 0.0]))
    assert (np.asarray(late.level[:4]) < 0.95 * np.asarray(middle.level[:4])).all()
    np.testing.assert_allclose(late.level[4:8], middle.level[4:8], rtol=1e-6)


def test_an_error_is_the_one_read_else_that_of_so_many_people(told: Compiled, middle: Told, model: Model) -> None:
    def sd(week: float) -> float:
        return float(TRIAL["sd_per_cm2"] * (week / 24) ** TRIAL["sd_by_time"])

    assert float(middle.se[0]) == 2.5
    assert float(middle.se[3]) == 3.0
    assert float(middle.se[1]) == pytest.approx(15.0 / 40**0.5)  # of the SD that was read
    assert float(middle.se[2]) == pytest.approx(sd(12) / 60**0.5)
    assert float(middle.se[4]) == pytest.approx(100 * sd(18) / float(middle.level[4]) / 5, rel=1e-6)
    assert float(middle.se[7]) == pytest.approx(100 * TRIAL["sd_width"] / 5)
    relative = np.hypot(sd(24) / float(middle.level[8]), TRIAL["level_cv"])
    assert float(middle.se[8]) == pytest.approx(relative * float(middle.level[8]) / 40**0.5)
    wide = told(scores(model, spread=[0.0, 2.0]))
    np.testing.assert_allclose(wide.se[:4], middle.se[:4])
    np.testing.assert_allclose(wide.se[4:7], middle.se[4:7] * np.exp(2 * TRIAL["sd_sd"]), rtol=1e-6)


def test_an_error_of_a_difference_has_both_groups() -> None:
    apart = {"arm_id": "drug", "mean": 5.0, "value_kind": "difference", "p_compared_with": "placebo"}
    base = trial("one", [apart], {"drug": {"n": 40}, "placebo": {"n": 60, "role": "placebo", "intervention": "placebo"}})
    it = Model.of(facts_of(base.studies, base.arms, base.outcomes))
    se = it._se(it.zeros(), TRIAL, np.array([200.0]), np.array([200.0]), np.array([200.0]))
    assert float(se[0]) == pytest.approx(TRIAL["sd_per_cm2"] * (52 / 24) ** TRIAL["sd_by_time"] * (1 / 40 + 1 / 60) ** 0.5)


# how far facts may stray


def several() -> Facts:
    """One trial with all that may be shared: visits, outputs, own changes, differences from one control and from a treatment; another."""
    counts = {"mean": 5.0, "se": 2.0}
    apart = {"value_kind": "difference", "p_compared_with": "placebo", **counts, "time_weeks": 24.0}
    rows = [
        {"arm_id": "a", **counts, "time_weeks": 12.0},
        {"arm_id": "a", **counts, "time_weeks": 48.0},
        {"arm_id": "b", **counts, "time_weeks": 48.0},
        {"arm_id": "a", **counts, "time_weeks": 48.0, "outcome": "hair_diameter", "unit": "um"},
        {"arm_id": "b", **counts, "time_weeks": 48.0, "outcome": "hair_diameter", "unit": "um"},
        {"arm_id": "a", **apart},
        {"arm_id": "b", **apart},
        {"arm_id": "placebo", **counts, "time_weeks": 36.0},
        {"arm_id": "a", **apart, "p_compared_with": "b", "time_weeks": 36.0},
        {"arm_id": "b", **counts, "time_weeks": 30.0},
    ]
    control = {"role": "placebo", "intervention": "placebo"}
    one = trial("one", rows, {"a": {}, "b": {"intervention": "minoxidil_topical_5"}, "placebo": control}, risk_of_bias="high")
    two = trial("two", rows[:1], {"a": {}})
    base = Evidence(studies=one.studies + two.studies, arms=one.arms + two.arms, outcomes=one.outcomes + two.outcomes)
    return facts_of(base.studies, base.arms, base.outcomes)


def by_hand(it: Model, seed: int = 0) -> tuple[Told, dict[str, float]]:
    """What might be told of some facts, and rows of `trial` that tell everything apart."""
    rng = np.random.default_rng(seed)
    size = len(it.week)
    told = Told(
        rng.normal(5, 3, size),
        rng.uniform(50, 200, size),
        rng.uniform(1, 4, size),
        np.full(size, 150.0),
        np.full(len(it.facts.baselines), 150.0),
    )
    return told, {**TRIAL, "study_sd": 0.03, "arm_sd": 0.05, "arm_sd_weak": 1.7, "width_share": 0.6}


def effects(it: Model, told: Told, trial: dict[str, float]) -> Any:
    """Facts by independent standard normal effects: those of each trial and of each arm, on counts and on shares and widths apart."""
    columns: dict[Any, int] = {}
    found = np.zeros((len(it.week), 4 * len(it.lanes) + 4))
    for place, fact in enumerate(it.facts.facts):
        load = told.scale[place] * (trial["width_share"] if it.small[place] else 1.0)

        def add(name: Any, size: float, place: int = place) -> None:
            found[place, columns.setdefault(name, len(columns))] += size

        if fact.control is None:
            add((it.facts.family(fact.study), bool(it.small[place])), load * trial["study_sd"])
        for sign, name in ((1, fact.arm), (-1, fact.control)):
            for lane in it.lanes:
                if (lane.study, lane.arm) == (fact.study, name) and lane.treated:
                    sd = trial["arm_sd"] * (trial["arm_sd_weak"] if lane.weak else 1.0)
                    add((lane.study, lane.arm, bool(it.small[place])), sign * load * sd)
    return found


def test_numbers_of_a_trial_are_one_normal_with_all_that_they_share() -> None:
    it = Model.of(several())
    told, trial_ = by_hand(it)
    design = effects(it, told, trial_)
    value = np.array([fact.value for fact in it.facts.facts])
    covariance, found = np.asarray(it.covariance(told, trial_)), np.asarray(it._of_numbers(told, trial_, value))
    for place, group in enumerate(it.numbers):
        own = group[group >= 0]
        correlation = it.correlation[place][: len(own), : len(own)]
        wanted = design[own] @ design[own].T + np.outer(told.se[own], told.se[own]) * correlation
        np.testing.assert_allclose(covariance[place][: len(own), : len(own)], wanted, rtol=1e-12)
        assert found[place] == pytest.approx(multivariate_normal.logpdf(value[own], told.mean[own], wanted))
    spread = np.sqrt(np.einsum("fe,fe->f", design, design) + told.se**2)
    np.testing.assert_allclose(it.spread(told, trial_), spread, rtol=1e-12)


def test_errors_of_the_same_people_or_a_shared_control_go_together() -> None:
    it = Model.of(several())
    share = TRIAL["repeat_correlation"]
    names = [(fact.arm, fact.control) for fact in it.facts.facts if fact.study == "one"]
    for i, one in enumerate(names):
        for j, two in enumerate(names):
            shared = one[0] == two[0] or (one[1] is not None and one[1] == two[1])
            assert it.correlation[0][i, j] == (1.0 if i == j else share if shared else 0.0)
    np.testing.assert_array_equal(it.correlation[1], np.eye(len(names)))


def test_every_trial_of_the_evidence_has_a_covariance() -> None:
    base = Evidence.shipped()
    it = Model.of(facts_of(base.studies, base.arms, base.outcomes))
    assert np.linalg.eigvalsh(it.correlation).min() > 0.05
    told, trial_ = by_hand(it)
    assert np.isfinite(np.asarray(it._of_numbers(told, trial_, np.array([fact.value for fact in it.facts.facts])))).all()


SAID = (("significant", 0.0), ("not_significant", 0.0), ("z", 2.2))


def stated(*said: tuple[str, float]) -> Model:
    """One weak trial that says some things of one arm at one visit after the other."""
    row = {"arm_id": "a", "value_kind": "change", "use": False, "use_reason": "no_number", "p_compared_with": "baseline", "p_value": "0.1"}
    base = trial("one", [{**row, "time_weeks": 12.0 + place} for place, _ in enumerate(said)], {"a": {}}, risk_of_bias="high")
    facts = facts_of(base.studies, base.arms, base.outcomes)
    made = tuple(replace(fact, said=kind, value=value) for fact, (kind, value) in zip(facts.facts, said, strict=True))  # type: ignore[arg-type]
    return Model.of(replace(facts, facts=made))


def chance(kind: str, value: float, score: Any) -> Any:
    """Of saying it, given the expected z score."""
    if kind == "significant":
        return norm.sf(1.96 - score)
    if kind == "not_significant":
        return norm.cdf(1.96 - score) - norm.cdf(-1.96 - score)
    return norm.pdf(value - score)


def integral(told: Told, trial_: dict[str, float], said: Any) -> float:
    """The chance of all that is said, over the effect that it shares, by brute force."""
    effect = np.hypot(trial_["arm_sd"] * trial_["arm_sd_weak"], trial_["study_sd"])
    u = np.linspace(-9, 9, 20_001)
    density = norm.pdf(u)
    for place, (kind, value) in enumerate(said):
        density = density * chance(kind, value, (told.mean[place] + told.scale[place] * effect * u) / told.se[place])
    return float(np.log(trapezoid(density, u)))


@pytest.mark.parametrize("said", [*((one,) for one in SAID), SAID[:2], SAID])
@pytest.mark.parametrize("mean", [-3.0, 0.0, 8.0])
def test_what_is_said_has_the_chance_of_saying_it_over_the_effect_that_it_shares(said: Any, mean: float) -> None:
    """Ten nodes to a standard deviation of the effect: within 1e-3 of the logarithm while trials differ by ten sampling errors,
    about the most that a draw of the calibration had.
    """
    it, size = stated(*said), len(said)
    _, trial_ = by_hand(it)
    told_of = jax.jit(it._of_statements)
    effect = np.hypot(trial_["arm_sd"] * trial_["arm_sd_weak"], trial_["study_sd"])
    value = np.array([value for _, value in said])
    for ratio in (0.2, 1.0, 2.0, 5.0, 10.0):
        se = 100 * effect / ratio
        told = Told(np.full(size, mean * se / 4), np.full(size, 100.0), np.full(size, se), np.full(size, 150.0), np.zeros(0))
        found = float(told_of(told, trial_, value)[0])
        assert found == pytest.approx(integral(told, trial_, said), abs=1e-3), ratio


def test_one_statement_has_its_closed_form() -> None:
    for kind, value in SAID:
        it = stated((kind, value))
        _, trial_ = by_hand(it)
        told = Told(np.array([6.0]), np.array([100.0]), np.array([2.5]), np.array([150.0]), np.zeros(0))
        effect = 100 * np.hypot(trial_["arm_sd"] * trial_["arm_sd_weak"], trial_["study_sd"]) / 2.5
        whole = np.hypot(1, effect)
        wanted = {
            "significant": norm.logcdf((2.4 - 1.96) / whole),
            "not_significant": np.log(norm.cdf((1.96 - 2.4) / whole) - norm.cdf((-1.96 - 2.4) / whole)),
            "z": norm.logpdf(value, 2.4, whole),
        }
        assert float(it._of_statements(told, trial_, np.array([value]))[0]) == pytest.approx(wanted[kind], abs=1e-6), kind


def test_the_chance_between_two_bounds_holds_far_out() -> None:
    z = np.array([-60.0, -5.0, -1.0, 0.0, 1e-9, 1.96, 5.0, 30.0])
    wanted = norm.logcdf(1.96 - np.abs(z)) + np.log1p(-np.exp(norm.logcdf(-1.96 - np.abs(z)) - norm.logcdf(1.96 - np.abs(z))))
    np.testing.assert_allclose(_log_between(z), wanted, rtol=1e-9)
    assert np.isfinite(jax.jit(jax.vmap(jax.grad(_log_between)))(z)).all()


def test_levels_before_treatment_stray_by_their_own_error(model: Model) -> None:
    told, trial_ = by_hand(model)
    before = np.array([190.0])
    found = np.asarray(model.of_baselines(told, trial_, before))
    wanted = norm.logpdf(np.log(190.0), np.log(150.0), trial_["baseline_error"]) + 0.5 * np.log(2 * np.pi)  # up to a constant
    assert found == pytest.approx([wanted, 0.0])


def test_how_people_differ_is_their_counting_and_their_answer(model: Model) -> None:
    told, _ = by_hand(model)
    [(_, spread, fact, control)] = model.spread_facts()
    assert (spread.sd, fact, control) == (15.0, 1, 2)
    values = values_of(model.zeros()["rows"])
    middle, error = model.spreads_told(model.zeros(), values, told)
    plain = TRIAL["sd_per_cm2"] * (12 / 24) ** TRIAL["sd_by_time"]
    answer = VALUES["between"]["response_sd"] * (told.mean[1] - told.mean[2])
    assert float(middle[0]) == pytest.approx(np.log(np.hypot(plain, answer)))
    assert float(error[0]) == pytest.approx((2 * 39) ** -0.5)
    found = model._of_spreads(model.zeros(), values, told, np.array([15.0]))
    assert np.asarray(found) == pytest.approx([-0.5 * ((np.log(15.0) - float(middle[0])) / float(error[0])) ** 2, 0.0])


# the joint density
