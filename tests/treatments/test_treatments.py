"""Every treatment: what each does to the tempo, when, to whom, and what it refuses."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from anagen.belief import Belief
from anagen.ground.errors import BadEvidence, BadInput, BadParameter, UnknownName
from anagen.ground.rows import MARKS, medians, priors
from anagen.scalp.expect import expect
from anagen.scalp.law import healthy
from anagen.treatments import ALIASES, TREATMENTS, Transplant, Use, treatment
from anagen.treatments.dutasteride import Dutasteride
from anagen.treatments.finasteride import Finasteride
from anagen.treatments.join_trial import JoinTrial
from anagen.treatments.minoxidil import OralMinoxidil, TopicalMinoxidil
from anagen.treatments.sessions import Sessions

STILL = [name for name, kind in TREATMENTS.items() if name in ("nothing", "wait") or issubclass(kind, Transplant)]
ACTING = [name for name in TREATMENTS if name not in (*STILL, "join_trial")]
IN_SESSIONS = [name for name in ACTING if issubclass(TREATMENTS[name], Sessions) and name != "cell_extract"]
NAMES = [
    "nothing",
    "wait",
    "join_trial",
    "finasteride",
    "finasteride_topical",
    "dutasteride",
    "spironolactone",
    "minoxidil_topical",
    "minoxidil_oral",
    "laser",
    "microneedling",
    "prp",
    "transplant_fue",
    "transplant_fut",
    "svf",
    "adsc",
    "bone_marrow",
    "hfsc_micrograft",
    "hfsc_suspension",
    "dermal_sheath_cup",
    "conditioned_medium",
    "cell_extract",
    "exosomes",
]


def test_the_registry_is_complete() -> None:
    assert list(TREATMENTS) == NAMES
    assert set(ALIASES.values()) <= set(NAMES)
    assert not set(ALIASES) & set(NAMES)
    assert treatment("minoxidil") == TopicalMinoxidil()
    assert len({treatment(name).title for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_treatment_says_what_it_is_in_the_words_of_the_evidence(name: str) -> None:
    from typing import get_args

    from anagen.evidence.rows import EvidenceClass
    from anagen.evidence.tables import adverse_events, arms, outcomes, parameters

    kind = TREATMENTS[name]
    assert kind.evidence_class in get_args(EvidenceClass)
    assert kind.route in {"", *(arm.route for arm in arms())}
    assert kind.sexes
    assert set(kind.sexes) <= {"male", "female"}
    assert kind.basis.endswith(".")
    assert kind.arm_unit in {"", *(arm.dose_unit for arm in arms())}
    known = {row.row_id for row in (*outcomes(), *parameters(), *adverse_events())}
    assert set(re.findall(r"\b[opa]\d{3}\b", f"{kind.basis} {kind.__doc__}")) <= known
    assert set(re.findall(r"\b(\w+_\d{4}\w*)/", kind.__doc__ or "")) <= {arm.study_id for arm in arms()}


def test_who_may_be_offered_what() -> None:
    only = {name: kind.sexes for name, kind in TREATMENTS.items() if len(kind.sexes) == 1}
    men = dict.fromkeys(("finasteride", "finasteride_topical", "dutasteride"), ("male",))
    assert only == men | {"spironolactone": ("female",)}


@pytest.mark.parametrize("name", STILL)
def test_nothing_changes_nothing(name: str) -> None:
    assert all(float(row) == default for row, default in zip(treatment(name).tempo(9).rows().values(), (1,) * 6 + (0,) * 2, strict=True))


def test_a_trial_explains_itself_and_has_no_forecast() -> None:
    trial = JoinTrial()
    assert trial.what
    assert all("https://" in place for place in trial.where)
    assert all(question.endswith(("?", ".")) for question in trial.ask)
    with pytest.raises(BadInput, match="there is no forecast for joining a trial"):
        trial.tempo(52)


def test_what_minoxidil_woke_falls_together_when_it_is_stopped() -> None:
    """Without the release the gain would stay as long as anagen lasts: years."""
    start = expect(healthy(shrink=0.4), weeks=400, dtype=np.float64).end
    stopped, none = TopicalMinoxidil(5.0).tempo(104, use=Use(stop_week=52)), TopicalMinoxidil(5.0).tempo(104, use=Use(stop_week=0))
    assert np.all(np.asarray(none.leave_anagen) == 1)
    kept = {**medians("minoxidil"), "release_weeks": 0.0}
    lazy = TopicalMinoxidil(5.0).tempo(104, kept, Use(stop_week=52))
    courses = [expect(healthy(shrink=0.4), one, 104, start=start)["visible"] for one in (stopped, lazy, none)]
    gain, without_release = courses[0] - courses[2], courses[1] - courses[2]
    assert gain[76] < 0.5 * gain[52]
    assert without_release[76] > gain[76]


@pytest.mark.parametrize("name", ACTING)
def test_a_treatment_does_nothing_before_it_starts_and_fades_after_it_stops(name: str) -> None:
    rows = treatment(name).tempo(400, use=Use(start_week=20, stop_week=72)).rows()
    changing = {field: row for field, row in rows.items() if row.ndim}
    assert changing
    for field, row in changing.items():
        resting = 0.0 if field in ("grow", "recruit_per_week") else 1.0
        np.testing.assert_array_equal(row[:20], resting)
        assert abs(row[71] - resting) > 10 * abs(row[-1] - resting)


def test_both_drugs_and_all_doses_lie_on_one_curve() -> None:
    cuts = [Finasteride(dose).dht_cut() for dose in (0.05, 0.2, 1, 5)]
    assert cuts == sorted(cuts)
    twin = next(dose for dose in np.geomspace(0.02, 2.5, 4000) if Dutasteride(dose).dht_cut() >= Finasteride(1.0).dht_cut())
    np.testing.assert_allclose(Dutasteride(twin).tempo(52).shrink, Finasteride(1.0).tempo(52).shrink, rtol=2e-3)


def test_minoxidil_leaves_shrinking_alone_and_sheds_first() -> None:
    tempo = TopicalMinoxidil(5.0).tempo(104)
    assert tempo.shrink == 1
    assert tempo.grow[-1] > tempo.grow[0] > 0  # type: ignore[index]
    start = expect(healthy(shrink=0.4), weeks=400, dtype=np.float64).end
    with_it = expect(healthy(shrink=0.4), tempo, 104, start=start)
    without = expect(healthy(shrink=0.4), None, 104, start=start)
    assert with_it["shed"][1:9].mean() > without["shed"][1:9].mean()
    assert with_it["visible"][48] > without["visible"][48]
    assert OralMinoxidil(5.0).tempo(52).leave_telogen[-1] > OralMinoxidil(0.25).tempo(52).leave_telogen[-1]  # type: ignore[index]


@pytest.mark.parametrize("name", ACTING)
def test_draws_give_lanes(name: str) -> None:
    one, belief = treatment(name), Belief.prior(n=7)
    assert one.tempo(30, belief.values(one.subject)).lanes == (7,)


@pytest.mark.parametrize("name", IN_SESSIONS)
def test_more_sessions_do_no_less_and_each_wanes(name: str) -> None:
    def telogen(*weeks: float) -> np.ndarray:
        return np.asarray(treatment(name).tempo(200, use=Use(session_weeks=weeks)).leave_telogen)

    once, twice = telogen(4), telogen(4, 12)
    assert (twice >= once).all()
    assert (twice[12:60] > once[12:60]).all()
    np.testing.assert_array_equal(twice[:12], once[:12])
    fading = twice[40:]
    assert (np.diff(fading) < 0).all()
    assert fading[-1] == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("name", [name for name in NAMES if TREATMENTS[name].studied[1] < np.inf])
def test_no_dose_outside_what_was_studied(name: str) -> None:
    kind = TREATMENTS[name]
    low, high = kind.studied
    kind(low)
    kind(high)
    for dose in (low * 0.9, high * 1.1, -1.0, np.nan):
        with pytest.raises(BadParameter, match=f"the dose of {name} is"):
            kind(dose)


@pytest.mark.parametrize("name", [*IN_SESSIONS, "cell_extract"])
def test_no_dose_is_nothing(name: str) -> None:
    assert treatment(name, 0.0).tempo(30).weeks == 0


def test_the_androgen_blockers_rank_as_they_should() -> None:
    cuts = [float(treatment(name).dht_cut()) for name in ("spironolactone", "finasteride_topical", "finasteride", "dutasteride")]  # type: ignore[attr-defined]
    assert cuts == sorted(cuts)


def test_every_name_is_found_as_people_write_it() -> None:
    for name in (*TREATMENTS, *ALIASES):
        for said in (name, name.replace("_", " "), name.replace("_", "-"), name.replace("_", "  ").title()):
            assert treatment(said) == treatment(name)


def test_refusals_are_one_sentence() -> None:
    with pytest.raises(UnknownName, match="no treatment 'finastride'; did you mean 'finasteride'"):
        treatment("finastride")
    with pytest.raises(UnknownName, match="nor a name like it among the") as unknown:
        treatment("xyzzy")
    assert str(unknown.value).count(",") < 6, "the nearest few, not all"
    assert len(unknown.value.known) > 40
    with pytest.raises(BadParameter) as caught:
        treatment("finasteride", 20)
    assert str(caught.value) == "the dose of finasteride is 20 mg a day; allowed: 0.01 to 5 mg a day, what was studied."
    with pytest.raises(BadParameter, match=r"allowed: 25 mg a day, what was studied\.$"):
        treatment("spironolactone", 100)
    with pytest.raises(BadParameter) as caught:
        treatment("svf", 3e6)
    assert str(caught.value) == (
        "the dose of svf is 3e+06 cells/cm2, for which there is no forecast; allowed: 500000 to 1e+06 cells/cm2, what was studied, or 0."
    )


def test_every_starting_value_is_a_marked_row_with_a_source() -> None:
    from anagen.evidence.tables import outcomes, parameters

    known = {row.row_id for row in (*parameters(), *outcomes())}
    for row in priors():
        assert row.mark in MARKS
        cited = [word for word in row.source.replace(",", " ").split() if word[0] in "op" and word[1:].isdigit()]
        assert set(cited) <= known, row
        assert cited or row.mark != "read", f"{row.of}.{row.name} is marked as read, without a row"
        assert row.low <= row.at(0.0) <= row.high


def test_a_row_that_stands_there_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from anagen.ground import rows as ground

    (tmp_path / "data").mkdir()
    head, first = (ground.files("anagen") / "data" / "priors.csv").read_text(encoding="utf-8").splitlines()[:2]
    (tmp_path / "data" / "priors.csv").write_text("\n".join([head, first, first]), encoding="utf-8")
    monkeypatch.setattr(ground, "files", lambda _: tmp_path)
    with pytest.raises(BadEvidence, match=r"priors.csv line 3: scalp.follicles_per_cm2 stands there twice"):
        ground.read_rows.__wrapped__("priors.csv")
