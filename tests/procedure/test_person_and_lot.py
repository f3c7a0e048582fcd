"""What the person and the laboratory tell of themselves is used: mass index, own lot, and what falls within the time looked at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fitted import fitted

from anagen.belief import Belief
from anagen.ground.errors import BadInput, BadParameter
from anagen.procedure import Procedure, carry_out, carry_out_all, side_by_side
from anagen.report.procedure_words import measured
from anagen.therapy.protocol import Protocol, read_protocol
from anagen.therapy.release import Shown

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "therapy"
DRAWS = 60


@pytest.fixture(scope="module")
def belief() -> Belief:
    return fitted()


def protocol(name: str, **fields: dict[str, object]) -> Protocol:
    """An example with some fields of its parts changed."""
    read = read_protocol(EXAMPLES / f"{name}.toml")
    parts = {part: getattr(read, part).model_copy(update=changed) for part, changed in fields.items()}
    return read.model_copy(update={"against": (), **parts})


def done(belief: Belief, name: str, **fields: dict[str, object]) -> Procedure:
    return carry_out(protocol(name, **fields), belief, draws=DRAWS)


def test_the_mass_index_of_the_person_is_that_of_the_donor(belief: Belief) -> None:
    lean = protocol("svf-enzymatic", source={"bmi": None}, who={"bmi": 16.0})
    with pytest.raises(BadParameter, match=r"bmi is 16; allowed: 18.5 to 40 kg/m2: below it there is too little fat"):
        carry_out(lean, belief, draws=DRAWS)
    with pytest.raises(BadInput, match=r"bmi is 30 in source and 16 in who; fat is taken from the person"):
        done(belief, "svf-enzymatic", source={"bmi": 30.0}, who={"bmi": 16.0})
    assert done(belief, "svf-enzymatic", source={"bmi": None}, who={"bmi": 24.0}).protocol.source.bmi == 24.0  # type: ignore[union-attr]
    assert done(belief, "svf-enzymatic", source={"bmi": 24.0}, who={"bmi": 24.0}).tissue.size == DRAWS
    assert done(belief, "hfsc-micrografts", who={"bmi": 16.0}).tissue.size == DRAWS  # skin asks for no fat


def test_the_lot_that_was_measured_is_the_one_that_is_given(belief: Belief) -> None:
    drawn, lot = done(belief, "svf-enzymatic"), done(belief, "svf-enzymatic", release={"viable_share": 0.62})
    assert drawn.product.viable_share is not None
    assert lot.product.live_cells == pytest.approx(drawn.product.live_cells / drawn.product.viable_share * 0.62)
    assert np.median(lot.dose.draws) < np.median(drawn.dose.draws)
    assert lot.failed.startswith("This lot does not pass its release tests and may not be given (viability 62 %")
    assert drawn.failed == done(belief, "svf-enzymatic", release={"viable_share": 0.9, "sterility": "no growth"}).failed == ""
    assert "sterility growth" in done(belief, "svf-enzymatic", release={"sterility": "growth"}).failed
    assert isinstance(lot.protocol.release, Shown)


def test_a_stated_volume_says_where_it_counts(belief: Belief) -> None:
    lot = done(belief, "svf-enzymatic", release={"dose_ml": 10.0})
    (said,) = measured(lot)
    drawn = float(np.median(lot.injected.product_ml))
    assert said.startswith(f"The 10 mL that the laboratory states count for the endotoxin test alone; the steps draw up {drawn:.3g} mL")
    assert measured(done(belief, "svf-enzymatic")) == []


def test_sessions_beyond_the_time_looked_at_are_not_counted_and_said(belief: Belief) -> None:
    far = done(belief, "adsc-cultured", injection={"interval_days": 3000})
    line = side_by_side([far])[0]
    assert (far.within, line.needles, line.visits, line.tissue) == (1, far.injected.needles, 2, "60 mL of fat")
    said = "Of 3 sessions 1 falls within the 24 months that are looked at; the forecast and what it asks side by side are of it alone."
    assert said in far.beyond
    fresh = done(belief, "gentile-three-sessions", injection={"interval_days": 300})
    line = side_by_side([fresh])[0]
    assert (fresh.within, line.needles, line.visits, line.tissue) == (3, 3 * fresh.injected.needles, 3, "3 times 3 punches of 2 mm")
    two = done(belief, "gentile-three-sessions", injection={"interval_days": 600})
    assert (two.within, side_by_side([two])[0].tissue) == (2, "2 times 3 punches of 2 mm")
    assert not any("sessions" in said and "fall" in said for said in fresh.beyond)
    parts = {"sessions": 2, "interval_days": 3000, "share_points": True, "dose_per_cm2": 1e5}  # of such a dose there is no forecast
    shared = done(belief, "svf-enzymatic", injection=parts)
    assert side_by_side([shared])[0].needles == int((shared.injected.grid.session == 1).sum()) < shared.injected.needles


def test_a_session_beyond_the_years_looked_at_is_told_in_the_words_of_the_protocol(belief: Belief) -> None:
    """Sessions that share the points count as one at the last, in week 400 / 7; cultured cells are waited for."""
    shared = protocol("svf-enzymatic", injection={"sessions": 3, "interval_days": 200, "share_points": True, "dose_per_cm2": 1e6})
    last = r"week 52.1, and the last of 3 sessions, which share the points and so count as one at the last, is in week"
    with pytest.raises(BadParameter, match=rf"^years is 1, which ends in {last} 57.1; allowed: at least 1.2\.$"):
        carry_out(shared.model_copy(update={"years": 1.0}), belief, draws=DRAWS)
    assert carry_out(shared.model_copy(update={"years": 1.2}), belief, draws=DRAWS).within == 3
    far = shared.model_copy(update={"injection": shared.injection.model_copy(update={"interval_days": 1000})})
    with pytest.raises(BadParameter, match=r"in week 285.7; allowed: at most 5, so that session must come sooner\.$"):
        carry_out(far, belief, draws=DRAWS)
    grown = protocol("adsc-cultured", injection={"sessions": 1, "interval_days": None}).model_copy(update={"years": 0.1})
    with pytest.raises(BadParameter, match=r"^years is 0.1, .* the first session waits for the cells to grow until week"):
        carry_out(grown, belief, draws=DRAWS)
    fresh = protocol("svf-enzymatic").model_copy(update={"title": "fresh"})
    with pytest.raises(BadInput, match=r"^grown: years is 0.1"):
        carry_out_all([fresh.model_copy(update={"years": 0.1}), grown.model_copy(update={"title": "grown"})], belief, draws=DRAWS)


def test_visits_of_a_usual_course_are_counted(belief: Belief) -> None:
    """Three sessions of platelet-rich plasma: an option whose plan says no weeks has its usual ones."""
    one = carry_out(protocol("svf-enzymatic").model_copy(update={"against": ("prp",)}), belief, draws=DRAWS)
    assert side_by_side([one])[1].visits == 3


def test_no_more_fat_is_drawn_up_than_is_kept_back(belief: Belief) -> None:
    with pytest.raises(BadParameter, match=r"graft_ml is 1; allowed: at least 4.2\d: 4 mL go under the skin, about 0.2\d mL stay in"):
        done(belief, "style-adrc-high", recipe={"graft_ml": 1.0})
    for name in ("style-adrc-high", "style-adrc-low"):
        made = done(belief, name)
        assert made.injected.volume_ml == pytest.approx(4)  # 0.1 mL/cm2 over 40 cm2 (p220, p221)
        assert np.mean(made.product.holds["graft_ml"] >= made.injected.product_ml) > 0.95


def test_what_is_stored_for_later_sessions_is_told(belief: Belief) -> None:
    """20 million for the first of three sessions and 2 x 20 million over the middle share kept make what is wanted."""
    three = done(belief, "adsc-cultured")
    kept = float(np.median(three.unknowns.of("storage")["kept_share"]))
    assert three.need is not None
    assert three.need.wanted == pytest.approx(2e7 + 2 * 2e7 / kept)
    assert three.later.startswith(f"That is 20,000,000 live cells for the first session and 2 x 20,000,000 live cells / {kept:.2g} for")
    assert done(belief, "svf-enzymatic").later == ""


def test_the_course_named_is_that_of_the_protocol(belief: Belief) -> None:
    once = done(belief, "hfsc-micrografts")
    assert any(said.startswith("Follicle micrografts: no count later than") for said in (one.capitalize() for one in once.beyond))
    assert not any("3 times" in said for said in once.beyond)


def test_one_punch_is_one(belief: Belief) -> None:
    assert side_by_side([done(belief, "hfsc-micrografts", source={"number": 1})])[0].tissue == "1 punch of 2 mm"
