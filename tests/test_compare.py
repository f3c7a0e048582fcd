"""One person, every option."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from anagen.belief import Belief
from anagen.compare import OPTIONS, Comparison, compare
from anagen.ground.errors import BadParameter, UnknownName
from anagen.people.person import read_person

MAN = read_person(Path(__file__).parents[1] / "examples" / "man-norwood-3v.toml")


@pytest.fixture(scope="module")
def answer() -> Comparison:
    return compare(MAN, Belief.prior(n=120))


def test_every_option_stands_beside_nothing_with_the_same_draws(answer: Comparison) -> None:
    assert [option.treatment.name for option in answer.options] == list(OPTIONS)
    for option in answer.options:
        np.testing.assert_array_equal(option.draws["visible"][:, 0], answer.nothing.draws["visible"][:, 0])
        band = option.band("visible")
        assert (band.low[0.95] <= band.low[0.5]).all()
        assert (band.low[0.5] <= band.median).all()
        assert (band.median <= band.high[0.5]).all()
    assert not answer.nothing.gain(answer.nothing).median.any()


def test_an_option_added_changes_no_other(answer: Comparison) -> None:
    alone = compare(MAN, Belief.prior(n=120), options=["finasteride"])
    np.testing.assert_array_equal(alone.options[1].draws["terminal"], answer.options[1].draws["terminal"])


def test_the_trial_stands_beside(answer: Comparison) -> None:
    found = {(one.row_id, one.week, one.arm, one.against) for one in answer.published}
    assert found == {
        ("o007", 261, "nothing", None),
        ("o023", 52, "finasteride", "nothing"),
        ("o436", 104, "finasteride", "nothing"),
        ("o012", 261, "finasteride", "nothing"),
    }
    first = next(one for one in answer.published if one.row_id == "o023")
    assert first.per_cm2 == pytest.approx(107 / 5.1)
    assert first.ours.median[0] == pytest.approx(answer.options[1].gain(answer.nothing).median[52])


def test_the_picture_shows_the_same_follicles_under_every_option(answer: Comparison) -> None:
    looks = [answer.field(option, look_weeks=(0, 260)) for option in answer.options]
    for look in looks[1:]:
        np.testing.assert_array_equal(look.slot[0], looks[0].slot[0])
        np.testing.assert_array_equal(look.phase[0], looks[0].phase[0])
        assert (look.slot[1] != looks[0].slot[1]).any()


def test_refusals(answer: Comparison) -> None:
    with pytest.raises(BadParameter, match="years is 9"):
        compare(MAN, years=9)
    with pytest.raises(UnknownName, match="'minoxidl_topical'; did you mean 'minoxidil_topical'"):
        compare(MAN, options=["minoxidl_topical"])
    with pytest.raises(UnknownName, match="study"):
        compare(MAN.model_copy(update={"published": "kaufmann"}), Belief.prior(n=120))
