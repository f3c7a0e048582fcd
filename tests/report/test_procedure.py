"""The page of a therapy in a real browser, its words and pictures, and how numbers are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fitted import fitted
from report.test_browser import CONTRAST, OPEN, overflow, scheme, wide
from report.test_procedure_data import driven

from anagen.procedure import Procedure, carry_out_all
from anagen.report import procedure_words as say
from anagen.report.procedure import render
from anagen.report.procedure_frames import MOST_DOTS, close, regions
from anagen.report.words import middle, within
from anagen.therapy.inject import Site
from anagen.therapy.protocol import read_protocol

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "therapy"


@pytest.fixture(scope="module")
def done() -> tuple[Procedure, ...]:
    """One protocol with a forecast and one without, in the field mode."""
    return carry_out_all([EXAMPLES / "svf-enzymatic.toml", EXAMPLES / "svf-mechanical.toml"], fitted(), "field", draws=60)


@pytest.fixture(scope="module")
def markup(done: tuple[Procedure, ...]) -> str:
    return render(done)


@pytest.fixture
def opened(browser: Chrome, markup: str, tmp_path: Path) -> Iterator[Chrome]:
    path = tmp_path / "therapy.html"
    path.write_text(markup, encoding="utf-8")
    browser.get_log("browser")
    browser.get(path.as_uri())
    yield browser
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


def test_it_opens_offline_without_a_complaint(opened: Chrome) -> None:
    assert opened.get_log("browser") == []
    assert opened.execute_script("return performance.getEntriesByType('resource').length") == 0


@pytest.mark.parametrize("width", [360, 768, 1400])
def test_it_never_scrolls_sideways_and_cuts_no_label(opened: Chrome, width: int) -> None:
    wide(opened, width)
    opened.execute_script(OPEN)
    assert overflow(opened) <= 0
    clipped = """return [...document.querySelectorAll('svg.panel text')].filter(t => {
      const a = t.getBoundingClientRect(), b = t.closest('svg').getBoundingClientRect();
      return a.right > b.right + 1 || a.left < b.left - 1; }).map(t => t.textContent)"""
    assert opened.execute_script(clipped) == []


def test_the_counts_of_a_harm_stand_apart_and_whole(browser: Chrome, tmp_path: Path) -> None:
    """The three counts of one harm of taking marrow are parted; no cell is cut at its edge, nor does a count touch its label."""
    read = read_protocol(EXAMPLES / "marrow-concentrate.toml").model_copy(update={"against": (), "years": 0.5})
    page = render(carry_out_all([read], fitted(), draws=60))
    assert "26 of 54,890; 16 of 19,259; 15 of 20,323" in page
    (tmp_path / "marrow.html").write_text(page, encoding="utf-8")
    browser.get((tmp_path / "marrow.html").as_uri())
    cut = """return [...document.querySelectorAll('.steps .left td')].filter(c => {
      const [a, b] = ['.label', '.value'].map(n => c.querySelector(n).getBoundingClientRect()), r = c.getBoundingClientRect();
      return r.width > 0 && (b.right > r.right + 1 || r.right > innerWidth || a.width > 0 && b.left - a.right < 6);
    }).map(c => c.textContent)"""
    for width in (360, 768, 1400):
        wide(browser, width)
        browser.execute_script(OPEN)
        assert browser.execute_script(cut) == [], width
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("name", ["light", "dark"])
def test_all_text_stands_out_by_day_and_by_night(opened: Chrome, name: str) -> None:
    scheme(opened, name)
    opened.execute_script(OPEN)
    low, _ = opened.execute_script(CONTRAST.replace(".fields svg", ".fields svg, .map svg"))  # a map is black on its own white
    assert low == []


def test_side_by_side_shows_every_column_of_a_tablet(opened: Chrome) -> None:
    """At 768 px each protocol stands as a list; no cell lies beyond the edge of the table's own frame."""
    for width in (360, 768, 1000, 1100, 1400):
        wide(opened, width)
        cut = """return [...document.querySelectorAll('.asks tbody td, .asks tbody th')].filter(c => {
          const a = c.getBoundingClientRect(), b = c.closest('.wide').getBoundingClientRect();
          return a.width > 2 && a.right > b.right + 1; }).length"""
        assert opened.execute_script(cut) == 0, width


def test_the_page_says_each_number_of_each_step(done: tuple[Procedure, ...], markup: str) -> None:
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))
    for one in done:
        for step in say.STEPS:
            for quantity in say.shown(one, step):
                assert say.middle(quantity) in plain, quantity.name
    assert "HYPOTHESIS" in markup
    assert done[1].dose.why_not in plain


def test_a_page_with_drivers_keeps_its_ids_apart_and_fits_any_screen(done: tuple[Procedure, ...], browser: Chrome, tmp_path: Path) -> None:
    html = render(done[:1], driven())
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'aria-labelledby="([^"]+)"', html)) >= {"drivers-title drivers-desc"}
    assert all(one in ids for named in re.findall(r'aria-labelledby="([^"]+)"', html) for one in named.split())
    (tmp_path / "drivers.html").write_text(html, encoding="utf-8")
    browser.get((tmp_path / "drivers.html").as_uri())
    for width in (360, 768, 1400):
        wide(browser, width)
        browser.execute_script(OPEN)
        assert overflow(browser) <= 0
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_frames_are_six_and_described_and_hold_the_same_follicles(done: tuple[Procedure, ...]) -> None:
    shown = regions(done[0])
    assert [frame.title for frame in shown] == [
        "Today", "After 3 months", "After 6 months", "After 12 months", "After 24 months", "After 24 months, with nothing",
    ]  # fmt: skip
    drawn = [sum(path.count("h0") for _, _, path in frame.dots) for frame in shown]
    assert len(set(drawn)) == 1
    assert all(f"{frame.density} hairs per cm²" in frame.described for frame in shown)
    near = close(done[0])
    assert len({sum(one.counts.values()) for one in near}) == 1


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(0.032, "share", "3.2 %"), (56783412.0, "cells", "56,800,000"), (5.25, "mL", "5.25 mL"), (887000.0, "cells/cm2", "887,000/cm²")],
)
def test_amounts_have_three_digits_and_a_unit(value: float, unit: str, said: str) -> None:
    assert say.amount(value, unit) == said


def test_follicles_that_the_dose_does_not_reach_are_marked(done: tuple[Procedure, ...], markup: str) -> None:
    """A ring under each of those drawn, in every frame of the protocol and in none of nothing's."""
    *frames, nothing = regions(done[0])
    reached = done[0].frames()[0].reached
    assert not reached.all()
    if len(reached) <= MOST_DOTS:
        assert all(frame.missed.count("M") == (~reached).sum() for frame in frames)
    assert all(0 < frame.missed.count("M") < MOST_DOTS for frame in frames)
    assert nothing.missed == ""
    assert markup.count('class="missed"') == len(frames)
    assert "A blue ring: the dose does not reach this follicle." in markup


def test_the_mean_of_the_region_stands_beside_the_treated_skin(markup: str) -> None:
    assert "Mean of the whole crown" in markup
    assert "about 44 % of the crown" in markup


def test_the_curve_is_that_of_the_region_where_the_polygon_lies() -> None:
    drawn = Site(points_cm=((-2.0, 6.0), (2.0, 6.0), (2.0, 9.0), (-2.0, 9.0)))
    read = read_protocol(EXAMPLES / "svf-enzymatic.toml").model_copy(update={"site": drawn, "against": (), "years": 0.5})
    one = carry_out_all([read], fitted(), draws=60)[0]
    assert one.option is not None
    page, band = render([one]), one.option.band("visible", "frontal", one.answer.read_weeks)
    assert "<h3>Hairs per cm², front</h3>" in page
    assert f"today {middle(band, 0)} ({within(band, 0)})" in page
    assert middle(band, 0) != middle(one.option.band("visible", "vertex", one.answer.read_weeks), 0)


def test_people_out_of_100_at_six_months_and_at_the_end(markup: str) -> None:
    """Once each, in that order: what cells do is largest in between."""
    told = re.search(r"Out of 100 people like this one(.*?)How sure", markup, re.DOTALL)
    assert told is not None
    assert re.findall(r", after (\d+ months):", told[1]) == ["6 months", "24 months"]
