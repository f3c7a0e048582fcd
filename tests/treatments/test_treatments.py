"""The first four treatments and nothing: what each does to the tempo, when, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.belief import Belief
from anagen.ground.errors import BadParameter, UnknownName
from anagen.ground.rows import MARKS, priors
from anagen.scalp.expect import expect
from anagen.scalp.law import healthy
from anagen.treatments import TREATMENTS, Use, treatment
from anagen.treatments.dutasteride import Dutasteride
from anagen.treatments.finasteride import Finasteride
from anagen.treatments.minoxidil import OralMinoxidil, TopicalMinoxidil


def test_nothing_changes_nothing() -> None:
    assert all(float(row) == default for row, default in zip(treatment("nothing").tempo(9).rows().values(), (1,) * 6 + (0,) * 2, strict=True))


@pytest.mark.parametrize("name", [name for name in TREATMENTS if name != "nothing"])
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
    assert tempo.grow == 0
    start = expect(healthy(shrink=0.4), weeks=400, dtype=np.float64).end
    with_it = expect(healthy(shrink=0.4), tempo, 104, start=start)
    without = expect(healthy(shrink=0.4), None, 104, start=start)
    assert with_it["shed"][1:9].mean() > without["shed"][1:9].mean()
    assert with_it["visible"][48] > without["visible"][48]
    assert OralMinoxidil(5.0).tempo(52).leave_telogen[-1] > OralMinoxidil(0.25).tempo(52).leave_telogen[-1]  # type: ignore[index]


def test_draws_give_lanes() -> None:
    belief = Belief.prior(n=7)
    assert treatment("finasteride").tempo(30, belief.values("five_ari")).lanes == (7,)


def test_refusals_are_one_sentence() -> None:
    with pytest.raises(UnknownName, match="no treatment 'finastride'; did you mean 'finasteride'"):
        treatment("finastride")
    with pytest.raises(BadParameter) as caught:
        treatment("finasteride", 20)
    assert str(caught.value) == "the dose of finasteride is 20 mg a day; allowed: 0.01 to 5 mg a day, what was studied."
    with pytest.raises(BadParameter, match="Use.stop_week is 3"):
        Use(start_week=5, stop_week=3)


def test_every_starting_value_is_a_marked_row_with_a_source() -> None:
    from anagen.evidence.tables import outcomes, parameters

    known = {row.row_id for row in (*parameters(), *outcomes())}
    for row in priors():
        assert row.mark in MARKS
        cited = [word for word in row.source.replace(",", " ").split() if word[0] in "op" and word[1:].isdigit()]
        assert set(cited) <= known, row
        assert cited or row.mark != "read", f"{row.of}.{row.name} is marked as read, without a row"
        assert row.low <= row.at(0.0) <= row.high
