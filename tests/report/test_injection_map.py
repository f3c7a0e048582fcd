"""The injection drawn: every point where it is, every session by its mark, the same in words, nothing outside the picture."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from anagen.report.injection_map import HEAD_PX_PER_CM, MARKS, PX_PER_CM, draw, mark, printable
from anagen.report.injection_words import each_ml, given, ml, numbered
from anagen.therapy.inject import Injected, Injection, inject
from anagen.therapy.polygon import Polygon, circle, map_box, outline
from anagen.therapy.unknowns import Unknowns

SVG = "{http://www.w3.org/2000/svg}"
WRITTEN = 0.05 + 1e-9  # places are written to a tenth


@pytest.fixture(scope="module")
def done() -> Injected:
    region = Polygon.of([(0, 0), (6, 0), (6, 4), (0, 5)])
    return inject(region, Injection(spacing_cm=1.0, sessions=3, share_points=True), unknowns=Unknowns.drawn(20), follicles_per_cm2=40)


def numbers(path: str) -> np.ndarray:
    return np.array([[float(x), float(y)] for x, y in re.findall(r"M(-?[\d.]+),(-?[\d.]+)", path)])


def of_class(svg: str, name: str) -> list[ET.Element]:
    return [one for one in ET.fromstring(svg).iter() if one.get("class") == name]


def middles(svg: str) -> np.ndarray:
    """The middle of each session's mark: a circle's, or the mean of a shape's corners."""
    found = []
    for one in of_class(svg, "point"):
        if one.tag == f"{SVG}circle":
            found.append([float(one.get("cx") or ""), float(one.get("cy") or "")])
        else:
            found.append(
                np.array([[float(n) for n in pair.split(",")] for pair in re.findall(r"-?[\d.]+,-?[\d.]+", one.get("d") or "")]).mean(
                    axis=0
                )
            )
    return np.array(found)


@pytest.mark.parametrize("picture", [draw, printable])
def test_those_who_cannot_see_it_are_told_the_same(picture, done: Injected) -> None:
    root = ET.fromstring(picture(done))
    by_id = {one.get("id"): one for one in root.iter() if one.get("id")}
    names = (root.get("aria-labelledby") or "").split()
    assert root.get("role") == "img"
    assert [by_id[name].tag for name in names] == [f"{SVG}title", f"{SVG}desc"]
    words = by_id["d"].text or ""
    assert f"{done.needles} points" in words
    assert "0.1 mL" in words
    shown = " ".join(one.text or "" for one in root.iter(f"{SVG}text"))
    assert all(word in shown for word in words.split())


def test_the_words_of_the_dose_are_its_numbers(done: Injected) -> None:
    words = draw(done)
    share = float((done.dose.relative[0] >= done.reach_level).mean())
    low, high = np.quantile(done.coverage, (0.025, 0.975))
    assert f"{share:.0%} of {len(done.follicles_cm):,} follicles" in words
    assert f"leaves {low:.0%} to {high:.0%}" in words
    assert "not known" in words


def test_every_follicle_is_drawn_once_and_small_where_out_of_reach(done: Injected) -> None:
    groups = of_class(draw(done), "follicles")
    counts = {wide: 0 for wide in ("2.4", "1.4")}
    for group in groups:
        counts[group.get("stroke-width") or ""] += len(numbers(group.get("d") or ""))
    within = int((done.dose.relative[0] >= done.reach_level).sum())
    assert counts == {"2.4": within, "1.4": len(done.follicles_cm) - within}
    assert 0 < within < len(done.follicles_cm)


def test_points_stand_to_scale_and_upright(done: Injected) -> None:
    seen = middles(printable(done))[: done.needles]
    there = done.grid.points_cm
    assert seen[:, 0] - seen[0, 0] == pytest.approx(PX_PER_CM * (there[:, 0] - there[0, 0]), abs=2 * WRITTEN)
    assert seen[:, 1] - seen[0, 1] == pytest.approx(-PX_PER_CM * (there[:, 1] - there[0, 1]), abs=2 * WRITTEN)
    crosses = np.array([numbers(one.get("d") or "")[0] for one in of_class(draw(done), "point")])
    assert crosses[:, 0] - crosses[0, 0] == pytest.approx(PX_PER_CM * (there[:, 0] - there[0, 0]), abs=2 * WRITTEN)


def test_each_point_has_its_number_and_the_mark_of_its_session(done: Injected) -> None:
    svg = printable(done)
    assert [one.text for one in of_class(svg, "number")] == [str(n) for n in range(1, done.needles + 1)]
    sessions = [int(one.get("data-session") or 0) for one in of_class(svg, "point")]
    assert sessions[: done.needles] == done.grid.session.tolist()
    assert sessions[done.needles :] == [1, 2, 3]  # the legend
    assert f"session 2: {int((done.grid.session == 2).sum())} points" in svg


def test_numbers_run_along_the_rows_that_are_drawn(done: Injected) -> None:
    svg = printable(done)
    (row,) = of_class(svg, "row")
    joined = [re.findall(r"(-?[\d.]+),(-?[\d.]+)", part) for part in (row.get("d") or "").split("M")[1:]]
    in_order = np.array([[float(x), float(y)] for part in joined for x, y in part])
    assert in_order == pytest.approx(middles(svg)[: done.needles], abs=2 * WRITTEN)
    assert numbered(done.grid) in svg


def test_it_says_what_where_and_which_side_and_shows_the_place_on_the_head() -> None:
    crown = inject(outline("vertex", 40), Injection(), unknowns=Unknowns.middle())
    svg = printable(crown, "Injection map: SVF, one session", "crown")
    shown = [one.text or "" for one in ET.fromstring(svg).iter(f"{SVG}text")]
    for word in ("Injection map: SVF, one session", "nose", "left", "right", "midline", "where on the head", "0.1 mL at each point"):
        assert word in shown, word
    assert any(text.startswith("Crown. 50 points 1 cm apart over 40 cm²") for text in shown)
    assert "units to the cm" not in svg
    (here,) = of_class(svg, "here")
    corners = np.array([[float(n) for n in pair.split(",")] for pair in re.findall(r"[\d.]+,[\d.]+", here.get("d") or "")])
    (left, _), (_, front) = map_box()
    places = np.column_stack([corners[:, 0] / HEAD_PX_PER_CM + left, front - corners[:, 1] / HEAD_PX_PER_CM])
    assert places == pytest.approx(outline("vertex", 40)[0].points_cm, abs=0.02)
    nowhere = printable(inject(circle(12), Injection(), unknowns=Unknowns.middle()))
    assert "where on the head" not in nowhere
    assert "midline" not in nowhere


@pytest.mark.parametrize("area", [4.0, 10.0, 23.0, 40.0])
@pytest.mark.parametrize("per_cm2", [0.03, 0.1, 0.15, 0.2])
def test_the_volume_told_at_a_point_gives_the_volume_told_in_all(area: float, per_cm2: float) -> None:
    made = inject(circle(area), Injection(volume_ml_per_cm2=per_cm2), unknowns=Unknowns.middle(), follicles_per_cm2=20)
    told = re.search(r"([\d.]+) mL and 4 mm deep at each: ([\d.]+) mL", given(made))
    assert told is not None
    places = len(told[2].partition(".")[2])
    assert f"{made.needles * float(told[1]):.{places}f}" == told[2]


def test_sessions_are_told_one_by_one_and_in_all() -> None:
    again, shared = (
        inject(outline("vertex", 40), Injection(sessions=4, share_points=share), unknowns=Unknowns.middle()) for share in (False, True)
    )
    assert "5.0 mL from 5 syringes in each of 4 sessions; 200 points and 20.0 mL in all." in given(again)
    counts = shared.points_of_session
    own = f"{counts.min()} to {counts.max()} points and {counts.min() / 10:.1f} to {counts.max() / 10:.1f} mL in a session"
    assert f"4 sessions share the points: {own}, 50 points and 5.0 mL from {shared.syringes} syringes in all." in given(shared)


def test_large_numbers_are_written_out() -> None:
    assert (ml(1234.56), each_ml(0.1, 344), ml(60.04), ml(0.9999)) == ("1,234.6", "0.1", "60.0", "1")


def test_no_two_sessions_share_a_mark() -> None:
    made = {re.sub(r' data-session="\d"', "", mark(10, 10, session)) for session in range(1, 2 * len(MARKS) + 1)}
    assert len(made) == 2 * len(MARKS)


def test_the_scale_bar_is_as_long_as_it_says(done: Injected) -> None:
    for svg in (draw(done), printable(done)):
        bar = re.search(r'v4h([\d.]+)v-4"', svg)
        said = re.search(r">(\d) cm</text>", svg)
        assert bar is not None
        assert said is not None
        assert float(bar.group(1)) == PX_PER_CM * int(said.group(1))


@pytest.mark.parametrize("region", [outline("temples"), outline("vertex"), (Polygon.of([(0, 0), (1.2, 0), (1.2, 1), (0, 1)]),)], ids=len)
def test_everything_lies_inside_the_picture(region: tuple[Polygon, ...]) -> None:
    made = inject(region, Injection(spacing_cm=0.8), unknowns=Unknowns.middle(), follicles_per_cm2=20)
    for svg in (draw(made), printable(made)):
        root = ET.fromstring(svg)
        _, _, wide, high = map(float, (root.get("viewBox") or "").split())
        where = np.concatenate([numbers(one.get("d") or "") for one in root.iter(f"{SVG}path")])
        assert (where >= 0).all()
        assert (where <= (wide, high)).all()
        for text in root.iter(f"{SVG}text"):
            long = 0.56 * float(text.get("font-size") or 11) * len(text.text or "")  # a mean letter is 0.56 of its height wide
            x = float(text.get("x") or 0)
            assert x + (long / 2 if text.get("text-anchor") == "middle" else long) <= wide + 1, text.text


def test_no_name_can_break_the_drawing(done: Injected) -> None:
    bad = '<b>&"x"'
    for picture in (draw, printable):
        assert next(ET.fromstring(picture(done, bad)).iter(f"{SVG}title")).text == bad


@pytest.mark.parametrize(("days", "said"), [(1, "2 sessions, 1 day apart"), (1.5, "2 sessions, 1.5 days apart")])
def test_one_day_is_one(days: float, said: str) -> None:
    from anagen.therapy.protocol import Course

    assert said in given(inject(outline("vertex", 40), Course(sessions=2, interval_days=days), unknowns=Unknowns.middle()))
