"""The drawn scalp: every follicle in its own place, every hair counted and as wide as it is."""

from __future__ import annotations

import re

import numpy as np

from anagen.compare import KINDS, Comparison, kinds
from anagen.report.scalp import IN_UNIT_MM, MOST_PICTURED, RADIUS_MM, WIDTH_STEP_UM, Picture, pictured, pictures, places


def starts(path: str) -> np.ndarray:
    """Where each hair or dot of a path starts."""
    number = r"(-?\d*\.?\d+)"
    return np.array([[float(x), float(y)] for x, y in re.findall(rf"M{number},{number}", path)]).reshape(-1, 2)


def drawn(picture: Picture) -> dict[str, int]:
    """How many follicles of each kind a picture shows."""
    return {kind: sum(len(starts(path)) for _, path in groups) for kind, groups in picture.hairs} | {"empty": len(starts(picture.empty))}


def test_what_is_drawn_is_what_was_followed(answer: Comparison) -> None:
    end = answer.moments[-1].week
    made = pictures(answer)
    assert [one.name for one in made] == ["today", "nothing", "finasteride", "minoxidil_topical_5", "svf"]
    looks = {"today": (answer.nothing, 0)} | {option.name: (option, 1) for option in answer.options}
    for one in made:
        option, at = looks[one.name]
        seen = answer.field(option, look_weeks=(0, end))
        kind = kinds(seen)[at]
        assert drawn(one) == one.counts == {name: int((kind == code).sum()) for code, name in enumerate(KINDS)}
        assert len(starts(one.roots)) == int((kind > 0).sum())
        where = places(kind.size)
        empty = np.column_stack([where.x, where.y])[kind == 0]
        np.testing.assert_allclose(starts(one.empty), empty, atol=0.006)
        for width, path in (group for _, groups in one.hairs for group in groups):
            for x, y in starts(path):
                near = np.hypot(where.x - x, where.y - y) < 0.01
                thickness = seen.calibre_um[at][near & (kind > 0)]
                assert np.abs(thickness - 1000 * width).min() <= WIDTH_STEP_UM / 2 + 1e-6 or thickness.min() < WIDTH_STEP_UM


def test_every_option_starts_from_the_same_scalp(answer: Comparison) -> None:
    first, *others = (answer.field(option, look_weeks=(0,)) for option in pictured(answer))
    for other in others:
        np.testing.assert_array_equal(first.phase, other.phase)
        np.testing.assert_array_equal(first.calibre_um, other.calibre_um)


def test_options_end_in_different_scalps(answer: Comparison) -> None:
    """Other hairs are drawn, even where as many of each kind happen to be left."""
    assert len({str(one.hairs) for one in pictures(answer)}) == MOST_PICTURED + 1


def test_what_is_drawn_is_what_a_person_would_think_of_first(woman: Comparison, taking: Comparison) -> None:
    assert [option.name for option in pictured(woman)] == ["nothing", "svf", "minoxidil 5%"], (
        "no transplant: its follicles are not followed"
    )
    assert [option.name for option in pictured(taking)] == ["nothing", "go on", "minoxidil_topical_5", "svf"]


def test_places_fill_the_circle_and_leave_room() -> None:
    for follicles in (1, 2, 40, 291, 600):
        where = places(follicles)
        away = np.hypot(where.x, where.y)
        assert where.x.shape == (follicles,)
        assert away.max() < RADIUS_MM - IN_UNIT_MM / 2
        if follicles > 100:
            apart = np.hypot(where.x[:, None] - where.x, where.y[:, None] - where.y) + 9 * np.eye(follicles)
            assert apart.min() > 0.02
            assert 0.4 < float((away < RADIUS_MM / np.sqrt(2)).mean()) < 0.65, "even: half of the follicles on half of the area"


def test_places_are_keyed_by_follicle_number() -> None:
    np.testing.assert_array_equal(places(291).bend[:100], places(100).bend)
    np.testing.assert_array_equal(places(291).x, places(291).x)
    assert not np.array_equal(places(291).x, places(291, seed=1).x)


def test_the_words_count_as_the_picture_does(answer: Comparison) -> None:
    for one in pictures(answer):
        said = [int(number) for number in re.findall(r"\d+", one.described)]
        assert said == [sum(one.counts.values()), *(one.counts[kind] for kind in ("terminal", "intermediate", "vellus", "empty"))]
