"""The fewest needles and their curve, in words, as a table and drawn: all the same numbers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from anagen.report.tradeoff import BOTTOM, TOP, draw, lines, sentence
from anagen.therapy.inject import Injected, Injection, inject
from anagen.therapy.polygon import circle
from anagen.therapy.spacing import Tradeoff, fewest_needles
from anagen.therapy.unknowns import Unknowns

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def done() -> Injected:
    return inject(circle(30), Injection(spacing_cm=0.9), unknowns=Unknowns.middle(), follicles_per_cm2=40)


@pytest.fixture(scope="module")
def found() -> Tradeoff:
    return fewest_needles(circle(30), 0.75, follicles_per_cm2=40)


def test_the_sentence_names_the_fewest_and_the_plans_own(found: Tradeoff, done: Injected) -> None:
    told = sentence(found, done)
    assert f"that of fewest needles to reach 75 % of the follicles has {found.needles[found.best]}," in told
    own = float(done.dose.within_reach(done.reach_level)[0])
    assert f"This plan has {done.needles}, 0.9 cm apart, and reaches {100 * own:.0f} %." in told


def test_the_table_runs_from_close_to_wide_with_the_best_in_it(found: Tradeoff) -> None:
    made = lines(found)
    assert [best for best, _ in made].count(True) == 1
    (best,) = (cells for best, cells in made if best)
    assert best[1:3] == (str(found.needles[found.best]), f"{100 * found.coverage[found.best]:.0f} %")
    apart = [float(cells[0]) for _, cells in made]
    assert apart == sorted(apart)
    assert (made[0][1][1], made[-1][1][1]) == (str(found.needles[0]), str(found.needles[-1]))


def test_every_grid_is_drawn_where_it_is_and_told_to_those_who_cannot_see(found: Tradeoff, done: Injected) -> None:
    root = ET.fromstring(draw(found, done))
    tried = [(float(one.get("cx") or 0), float(one.get("cy") or 0)) for one in root.iter() if one.get("class") == "tried"]
    assert len(tried) == len(found.needles)
    order = np.argsort(found.needles, kind="stable")
    assert [y for _, y in tried] == pytest.approx((BOTTOM - (BOTTOM - TOP) * found.coverage[order]).tolist(), abs=0.06)
    assert (np.diff([x for x, _ in tried]) >= 0).all()
    (best, _) = (one for one in root.iter() if one.get("class") == "best")  # on the curve, and in the legend
    assert (float(best.get("cx") or 0), float(best.get("cy") or 0)) in tried
    names = (root.get("aria-labelledby") or "").split()
    by_id = {one.get("id"): one for one in root.iter() if one.get("id")}
    assert [by_id[name].tag for name in names] == [f"{SVG}title", f"{SVG}desc"]
    assert f"{found.needles[0]} needles reach {100 * found.coverage[0]:.0f} % of follicles" in (by_id["d"].text or "")
    _, _, wide, high = map(float, (root.get("viewBox") or "").split())
    for text in root.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x") or 0) <= wide
        assert 0 <= float(text.get("y") or 0) <= high


def test_one_grid_alone_can_be_drawn(done: Injected) -> None:
    """Where a plan leaves but one grid, the axis has no span."""
    one = Tradeoff(*(np.array([value]) for value in (0.9, done.needles, 0.8, 3.0, 30.0)), 0.75, 0, ())
    assert not re.search("nan|inf", draw(one, done))
