"""The plain baselines: their closed forms against the same algebra by hand, their units, and that they look at no new value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from anagen.calibrate.baselines import DRAWS, Baseline, Pooled, TimeCourse, Units, kind_of
from anagen.calibrate.fact import Fact, Facts
from anagen.calibrate.judge import shipped_facts
from anagen.treatments import TREATMENTS

KINDS = (Pooled, TimeCourse)
CLOSE = 1e-9  # double precision through a few products
FACTS = shipped_facts()
UNITS = Units.of(FACTS)


def trials(*names: str) -> Facts:
    """Some trials, with all levels and spreads that were read, so that the units stay."""
    return replace(FACTS.of(names), baselines=FACTS.baselines, spreads=FACTS.spreads)


def known(kind: type[Baseline], facts: Facts, rows: Mapping[str, float]) -> Baseline:
    """A baseline whose spreads and half-times are told, not fitted."""
    return kind(kind.enters(facts), UNITS, {name: [{**kind.FIXED, **rows}] for name in ("counts", "widths", "rest")})


def middle(kind: type[Baseline]) -> dict[str, float]:
    return {name: value for name, (value, _) in kind.ROWS.items()}


def test_units_are_those_of_the_facts() -> None:
    visible = [one.value for one in FACTS.baselines if one.output == "visible"]
    assert UNITS.usual_per_cm2 == pytest.approx(np.mean(visible))
    assert UNITS.sd_per_cm2**2 * sum(s.n - 1 for s in FACTS.spreads) == pytest.approx(sum((s.n - 1) * s.sd**2 for s in FACTS.spreads))
    fact = Fact(("a",), "s", "x", "y", "nonvellus", 24.0, "change", 3.0, None, 30.0, 60.0)
    assert UNITS.unit(fact, {("s", "nonvellus"): 31.0}) == UNITS.usual_per_cm2  # hairs/cm2 are read as they are
    assert UNITS.unit(replace(fact, kind="percent"), {}) == 100.0
    width = replace(fact, output="calibre")
    assert UNITS.unit(width, {("s", "calibre"): 52.0}) == 52.0
    assert UNITS.unit(width, {}) == UNITS.levels["calibre"]
    assert UNITS.unit(replace(fact, output="weight"), {}) == UNITS.usual_per_cm2
    assert UNITS.se(fact, UNITS.usual_per_cm2) == pytest.approx(UNITS.sd_per_cm2 * (1 / 30 + 1 / 60) ** 0.5 / UNITS.usual_per_cm2)
    assert UNITS.se(replace(fact, se=2.0), 50.0) == pytest.approx(0.04)
    assert UNITS.level(fact, {}) == (0.0, 0.0)
    level = replace(fact, kind="level", output="visible")
    assert UNITS.level(level, {("s", "visible"): 140.0}) == (140.0, 0.0)
    mean, sd = UNITS.level(level, {})
    assert mean == UNITS.usual_per_cm2
    assert sd > 10  # trials begin at very different levels


def test_units_need_a_density_and_a_spread() -> None:
    with pytest.raises(ValueError, match="no density"):
        Units.of(replace(FACTS, baselines=()))
    with pytest.raises(ValueError, match="no spread"):
        Units.of(replace(FACTS, spreads=()))


def test_pooled_is_the_conditional_normal_of_the_same_algebra_by_hand() -> None:
    r = middle(Pooled)
    seen, asked = trials("olsen_2007"), trials("berger_2003")  # each: minoxidil 5 % and its vehicle, neither at high risk of bias
    ours = known(Pooled, seen, r).predict(asked)
    treated, control = (one.value / UNITS.usual_per_cm2 for one in seen.facts)
    se = [one.se / UNITS.usual_per_cm2 for one in seen.facts if one.se is not None]
    shared = Pooled.FIXED["mean"] ** 2 + r["class"] ** 2 + r["treatment"] ** 2
    plain = Pooled.FIXED["mean"] ** 2 + r["control"] ** 2
    own = r["trial"] ** 2 + r["arm"] ** 2 + r["fact"] ** 2
    both = np.array(
        [
            [shared + own + r["trial treatment"] ** 2 + se[0] ** 2, r["trial"] ** 2],
            [r["trial"] ** 2, plain + own + se[1] ** 2],
        ]
    )
    across = np.array([shared, 0.0])
    weight = np.linalg.solve(both, across)
    mean = weight @ [treated, control] * UNITS.usual_per_cm2
    error = UNITS.sd_per_cm2 / asked.facts[0].n ** 0.5 / UNITS.usual_per_cm2
    variance = shared + own + r["trial treatment"] ** 2 + error**2 - weight @ across
    assert ours[0].mean == pytest.approx([mean], abs=CLOSE)
    assert ours[0].sd == pytest.approx([variance**0.5 * UNITS.usual_per_cm2], abs=CLOSE)
    assert ours[0].se == pytest.approx([error * UNITS.usual_per_cm2], abs=CLOSE)
    wider = known(Pooled, seen, {**r, "trial treatment": 0.2}).predict(asked)
    assert wider[0].sd[0] > ours[0].sd[0] + 1  # the spread between trials is in it


def test_time_course_rises_as_an_emax_curve() -> None:
    r = {**middle(TimeCourse), "et50 minoxidil": 8.0}
    alone = known(TimeCourse, trials("olsen_2007"), r)
    asked = trials("bergfeld_2016")  # minoxidil against its vehicle: the control's course falls out
    weeks = (4.0, 12.0, 48.0)
    facts = replace(asked, facts=tuple(replace(asked.facts[0], week=week) for week in weeks))
    found = [float(one.mean[0]) for one in alone.predict(facts)]
    shape = [week / (8.0 + week) for week in weeks]
    assert np.divide(found, shape) == pytest.approx(found[0] / shape[0], abs=1e-6)
    assert found[0] > 1
    flat = [float(one.mean[0]) for one in known(Pooled, trials("olsen_2007"), middle(Pooled)).predict(facts)]
    assert flat == pytest.approx([flat[0]] * 3, abs=CLOSE)  # the pooled mean holds at every visit


def test_a_trial_of_high_risk_differs_more() -> None:
    facts = trials("panchaprateep_2020")  # one arm, no control
    for kind in KINDS:
        lax, strict = ({**middle(kind), "weak": times} for times in (4.0, 1.0))
        wide, narrow = (known(kind, trials("olsen_2007"), rows).predict(facts)[0].sd[0] for rows in (lax, strict))
        assert wide > narrow + 1
        sound = [known(kind, trials("olsen_2007"), rows).predict(trials("berger_2003"))[0].sd[0] for rows in (lax, strict)]
        assert sound[0] == pytest.approx(sound[1], abs=CLOSE)


@pytest.mark.parametrize("kind", KINDS)
def test_no_new_value_is_looked_at(kind: type[Baseline]) -> None:
    rest, own = FACTS.without(["olsen_2006", "tak_2020"]), FACTS.of(["olsen_2006", "tak_2020"])
    fitted = kind.fit(rest)
    hidden = replace(own, facts=tuple(replace(fact, value=float("nan")) for fact in own.facts))
    for seen, blind in zip(fitted.predict(own), fitted.predict(hidden), strict=True):
        assert (seen.mean == blind.mean).all()
        assert (seen.sd == blind.sd).all()
        assert np.isnan(blind.observed)


@pytest.mark.parametrize("kind", KINDS)
def test_the_fit_learns_from_every_trial_it_is_given(kind: type[Baseline]) -> None:
    """The broken twin of the last test: a value that is given does move the predictions."""
    rest, own = FACTS.without(["olsen_2006"]), FACTS.of(["olsen_2006"])
    higher = replace(
        rest, facts=tuple(replace(f, value=f.value + 15) if f.study == "stough_2007" and f.arm == "dut05" else f for f in rest.facts)
    )
    before, after = (kind.fit(facts).predict(own)[2].median for facts in (rest, higher))  # dutasteride 0.5 mg
    assert after > before + 0.3


@pytest.mark.parametrize("kind", KINDS)
def test_every_fact_has_a_prediction_in_its_place_and_a_statement_too(kind: type[Baseline]) -> None:
    fitted = kind.fit(FACTS)
    found = fitted.predict(FACTS)
    assert [one.rows for one in found] == [fact.rows for fact in FACTS.facts]
    assert all(np.isfinite(one.mean).all() and (one.sd > 0).all() and (one.sd >= one.se).all() for one in found)
    assert {one.said for one in found} == {"", "significant", "not_significant", "z"}
    assert {len(one.mean) for one in found} == {DRAWS}
    assert [(one.mean == again.mean).all() for one, again in zip(found, kind.fit(FACTS).predict(FACTS), strict=True)] == [True] * len(found)


@pytest.mark.parametrize("kind", KINDS)
def test_treatment_gains_hair_and_what_is_lost_is_read_with_its_sign(kind: type[Baseline]) -> None:
    found = {one.rows: one for one in kind.fit(FACTS).predict(FACTS)}
    assert found["o114",].median > found["o115",].median + 3  # minoxidil 5 % over its vehicle
    assert found["o107",].median < 0  # vellus hair under dutasteride
    assert found["o439", "o049"].median < 0  # resting hair under finasteride


def test_an_untreated_scalp_loses_hair_year_by_year() -> None:
    found = {one.rows: one.median for one in TimeCourse.fit(FACTS).predict(FACTS)}
    assert found["o003",] < found["o002",] < 0


def test_what_nothing_is_known_of_is_predicted_from_the_priors() -> None:
    counts = replace(FACTS, facts=tuple(fact for fact in FACTS.facts if kind_of(fact.output) == "counts"))
    for kind in KINDS:
        unknown = [one for one in kind.fit(counts).predict(FACTS) if kind_of(one.output) != "counts"]
        assert unknown
        assert {round(float(one.mean.mean()), 9) for one in unknown} == {0.0}


def test_a_level_is_its_beginning_and_the_change() -> None:
    own = FACTS.of(["berger_2003"])
    change = own.facts[0]
    level = replace(own, facts=(replace(change, kind="level"),))
    for kind in KINDS:
        fitted = kind.fit(FACTS.without(["berger_2003"]))
        (moved,), (stood, *_) = fitted.predict(level), fitted.predict(own)
        assert moved.mean - stood.mean == pytest.approx(UNITS.usual_per_cm2, rel=0.01)  # units without that trial hardly differ
        assert (moved.sd > stood.sd + 10).all()  # where it begins was not read


def test_every_treatment_with_an_effect_on_hair_has_a_half_time() -> None:
    subjects = {kind.subject for kind in TREATMENTS.values()} - {"", "transplant"}
    assert {f"et50 {subject}" for subject in subjects} <= set(TimeCourse.ROWS)
