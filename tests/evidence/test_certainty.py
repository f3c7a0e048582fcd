"""How sure the evidence is: each rule takes its step where it should, and says why."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from evidence.made_up import together, trial

from anagen.evidence import Evidence
from anagen.evidence.certainty import LEVELS, Against, Body, Certainty, judge, makers, paid_by_maker, rules
from anagen.evidence.contrasts import Contrast, changes, contrasts
from anagen.evidence.pool import SmallStudies, pool
from anagen.evidence.statements import statements

SHIPPED = Evidence.shipped()
SOURCE = Path(__file__).parents[2] / "src" / "anagen"


def one(name: str, difference: float = 20.0, se: float = 2.0, n: int = 300, **put: Any) -> Contrast:
    """A trial with one difference, sound in every way unless told otherwise."""
    rows = [
        {"arm_id": "drug", "mean": difference, "se": se, "value_kind": "difference", "p_compared_with": "placebo", "time_weeks": 104.28}
    ]
    weeks = put.pop("weeks", None)
    if weeks:
        rows[0]["time_weeks"] = weeks
    study = {"funding": "none", "condition": "aga_mixed"} | put
    [found] = contrasts(trial(name, rows, {"drug": {"n": n}, "placebo": {"n": n}}, **study))
    return found


def body(*found: Contrast, against: Against = "nothing", **put: Any) -> Body:
    """Trials as they are judged."""
    pooled = pool([c.difference for c in found], [c.se or 1.0 for c in found]) if found and against != "another" else None
    small = put.pop("small", SmallStudies(len(found)))
    return Body(
        against,
        tuple(found),
        pooled,
        small,
        put.pop("changes", ()),
        put.pop("statements", ()),
        put.pop("sex", None),
        put.pop("late", tuple(found)),
    )


SOUND = (one("a", 20.0), one("b", 21.0), one("c", 19.0))


def step(found: Certainty, domain: str) -> int:
    return next(reason.down for reason in found.reasons if reason.domain == domain)


def test_sound_trials_stay_at_high() -> None:
    found = judge(body(*SOUND))
    assert (found.level, found.start, found.studies, found.people, found.because) == ("high", "high", 3, 1800, ())
    assert len(found.reasons) == 5


@pytest.mark.parametrize(
    ("domain", "down", "made"),
    [
        ("risk of bias", 1, lambda: body(*(one(name, risk_of_bias="some") for name in "abc"))),
        ("risk of bias", 2, lambda: body(*(one(name, risk_of_bias="high") for name in "abc"))),
        ("risk of bias", 0, lambda: body(*SOUND, one("d", se=9.0, risk_of_bias="high"))),
        ("inconsistency", 1, lambda: body(one("a", 10.0), one("b", 30.0), one("c", 20.0))),
        ("inconsistency", 2, lambda: body(one("a", -20.0), one("b", 30.0), one("c", 20.0))),
        ("indirectness", 1, lambda: body(*SOUND, against="on top")),
        ("indirectness", 2, lambda: body(*SOUND, against="another")),
        ("indirectness", 1, lambda: body(*(one(name, weeks=52.0) for name in "abc"))),
        ("indirectness", 1, lambda: body(*(one(name, condition="aga_male") for name in "abc"), sex="female")),
        ("indirectness", 0, lambda: body(*(one(name, condition="aga_male") for name in "abc"), sex="male")),
        ("imprecision", 1, lambda: body(*(one(name, n=60) for name in "abc"))),
        ("imprecision", 2, lambda: body(*(one(name, n=15) for name in "abc"))),
        ("imprecision", 1, lambda: body(one("a", 2.0, 4.0), one("b", 1.0, 4.0))),
        ("publication bias", 1, lambda: body(*(one(name, n=60, funding="Pfizer Inc.") for name in "abc"))),
        ("publication bias", 0, lambda: body(*(one(name, funding="Pfizer Inc.") for name in "abc"))),
        ("publication bias", 1, lambda: body(*SOUND, small=SmallStudies(12, 3.0, 4.0, 0.01))),
        ("publication bias", 0, lambda: body(*SOUND, small=SmallStudies(12, 3.0, 1.0, 0.4))),
    ],
)
def test_each_domain_takes_its_steps(domain: str, down: int, made: Any) -> None:
    found = judge(made())
    assert step(found, domain) == down
    assert found.level == LEVELS[max(3 - sum(reason.down for reason in found.reasons), 0)]
    assert len(found.because) == sum(reason.down > 0 for reason in found.reasons)


def test_trials_that_found_nothing_and_gave_no_number_take_a_step() -> None:
    said = {
        "arm_id": "drug",
        "mean": None,
        "value_kind": "difference",
        "use": False,
        "use_reason": "no_number",
        "p_compared_with": "placebo",
    }
    silent = statements(trial("silent", [said | {"p_value": "not_significant"}]))
    loud = statements(trial("loud", [said | {"p_value": "<0.01"}]))
    assert (silent[0].verdict, loud[0].verdict) == ("no difference", "differs")
    assert step(judge(body(*SOUND, statements=silent)), "publication bias") == 1
    assert step(judge(body(*SOUND, statements=loud)), "publication bias") == 0
    assert silent[0].said == "no difference from placebo; no size given"
    assert loud[0].said == "differs from placebo (p <0.01); no size given"


def test_without_chance_the_start_is_low_and_without_a_control_or_a_number_very_low() -> None:
    loose = judge(body(*(one(name, design="nonrandomised_controlled") for name in "abc")))
    assert (loose.start, loose.level) == ("low", "low")
    alone = trial("alone", [{"arm_id": "drug", "mean": 30.0, "n": 12}], {"drug": {}}, design="single_arm")
    found = judge(body(changes=changes(alone)))
    assert (found.start, found.level, found.people) == ("low", "very low", 12)
    words = trial(
        "words",
        [{"arm_id": "drug", "mean": None, "use": False, "use_reason": "no_number", "p_value": "<0.01", "p_compared_with": "baseline"}],
    )
    assert judge(body(statements=statements(words))).level == "very low"
    assert judge(body()).level == "not known"


def test_one_trial_cannot_be_high() -> None:
    found = judge(body(one("a", n=190)))
    assert found.level == "moderate"
    assert step(found, "imprecision") == 1


def test_steps_add_up_and_stop_at_very_low() -> None:
    worst = [
        one(name, 40.0 * sign, n=10, weeks=12.0, risk_of_bias="high", funding="Merck") for name, sign in (("a", -1), ("b", 1), ("c", 0.5))
    ]
    found = judge(body(*worst, against="on top"))
    assert sum(reason.down for reason in found.reasons) > 4
    assert found.level == "very low"


def test_reasons_are_plain_sentences() -> None:
    for name in ("finasteride_oral_1", "lllt", "minoxidil_topical_5"):
        found = tuple(
            c
            for c in contrasts(SHIPPED)
            if c.treated[0].intervention == name and c.control.role == "placebo" and c.se and c.unit == "hairs/cm2"
        )
        for reason in judge(body(*found)).reasons:
            assert reason.why[0].isupper() or reason.why[0].isdigit()
            assert reason.why.endswith(".")
            assert not re.search(r"\bNone\b(?! of)|nan\b|[{}_]", reason.why)


def test_every_rule_is_used_has_a_source_and_says_what_it_is() -> None:
    with (files("anagen") / "data" / "certainty.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    assert len(rows) == len(rules())
    for row in rows:
        assert f'"{row["rule"]}"' in code, row["rule"]
        assert row["mark"] in ("read", "assumed")
        assert row["source"]
        assert row["says"]
        assert None not in row


OURS = "".join(path.read_text(encoding="utf-8") for path in (SOURCE / "evidence" / "certainty.py", SOURCE / "synthesis.py"))


@pytest.mark.parametrize("rule", sorted(rule for rule in rules() if f'"{rule}"' in OURS))
def test_no_rule_is_idle(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changing a rule changes some verdict: of made-up trials at its edge, or of the shipped treatments."""
    from anagen import synthesis

    sick = [
        one(name, 20.0 + 12 * place, n=60, risk_of_bias=risk, funding="Merck", weeks=110.0)
        for place, (name, risk) in enumerate(zip("abc", ("low", "some", "high"), strict=True))
    ]
    said = {
        "arm_id": "drug",
        "mean": None,
        "value_kind": "difference",
        "use": False,
        "use_reason": "no_number",
        "p_compared_with": "placebo",
        "p_value": "not_significant",
    }
    bodies = [
        body(*sick),
        body(*SOUND),
        body(one("a", -20.0), one("b", 30.0), one("c", 20.0)),
        body(*sick, against="on top"),
        body(*sick, against="another"),
        body(*(one(name, condition="aga_male", n=20) for name in "abc"), sex="female"),
        body(*SOUND, small=SmallStudies(12, 3.0, 2.0, 0.06)),
        body(*SOUND, statements=statements(trial("silent", [said]))),
        body(one("a", 2.0, 4.0), one("b", 1.0, 4.0)),
        body(*(one(name, design="nonrandomised_controlled") for name in "abc")),
        body(changes=changes(trial("alone", [{"arm_id": "drug", "mean": 30.0, "n": 12}], {"drug": {}}, design="single_arm"))),
        body(one("x", risk_of_bias="some"), one("y", 20.5)),
    ]

    def verdicts() -> list[Any]:
        found = [[(reason.domain, reason.down) for reason in judge(one).reasons] + [judge(one).start] for one in bodies]
        synthesis._certainty.cache_clear()
        return [*found, *(synthesis.certainty(name).reasons for name in ("finasteride", "minoxidil", "laser", "dutasteride"))]

    before = verdicts()
    for value in (0.0, 1e9):
        monkeypatch.setattr("anagen.evidence.certainty.rules", lambda value=value: RULES | {rule: value})
        monkeypatch.setattr("anagen.synthesis.rules", lambda value=value: RULES | {rule: value})
        try:
            if verdicts() != before:
                break
        except (IndexError, TypeError):  # a start or a step that no scale has
            break
    else:
        pytest.fail(f"{rule} changes nothing")
    monkeypatch.undo()
    synthesis._certainty.cache_clear()


RULES = dict(rules())


def test_a_maker_is_known_by_a_word_of_the_funding_cell() -> None:
    study = SHIPPED.study("kaufman_1998")
    assert paid_by_maker(study)
    assert not paid_by_maker(replace_funding(study, None))
    assert not paid_by_maker(replace_funding(study, "none"))
    assert not paid_by_maker(replace_funding(study, "National Institutes of Health"))
    assert paid_by_maker(replace_funding(study, "a grant from merck & Co"))
    told = {study.funding for study in SHIPPED.studies if study.funding and not paid_by_maker(study)}
    assert all(word in " ".join(study.funding or "" for study in SHIPPED.studies) for word in makers())
    assert {word for word in told if "Inc" in word or "Ltd" in word} == {
        word for word in told if "accreditor" in word.lower() and "Inc" in word
    }


def replace_funding(study: Any, funding: str | None) -> Any:
    return study.model_copy(update={"funding": funding})


def test_the_person_s_sex_is_looked_for_in_every_trial() -> None:
    men, women = one("a", condition="aga_male"), one("b", condition="aga_female")
    assert step(judge(body(men, women, sex="female")), "indirectness") == 0
    assert step(judge(body(men, replace(men), sex="female")), "indirectness") == 1


def test_together_is_what_it_says() -> None:
    assert len(together(SHIPPED, SHIPPED).studies) == 2 * len(SHIPPED.studies)
