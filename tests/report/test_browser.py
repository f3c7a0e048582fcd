"""The page in a real browser, from a file, with no network: it draws, fits a phone, and can be read by day and by night."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from anagen.compare import Comparison
from anagen.people.person import MATTERS
from anagen.report.scalp import MOST_PICTURED

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

CONTRAST = """
const parse = c => { const n = (c.match(/[\\d.]+/g) || [0,0,0,0]).map(Number); return n.length < 4 ? [...n, 1] : n; };
const over = (a, b) => [0,1,2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat([1]);
const light = c => { const f = c.slice(0,3).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
  return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
const low = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const text = walk.currentNode.textContent.trim(), el = walk.currentNode.parentElement;
  if (!text || el.closest('style, title, desc, .fields svg')) continue;
  let back = [255, 255, 255, 1], chain = [];
  for (let e = el; e; e = e.parentElement) chain.unshift(parse(getComputedStyle(e).backgroundColor));
  for (const c of chain) back = over(c, back);
  const style = getComputedStyle(el), ink = over(parse(el.closest('svg') ? style.fill : style.color), back);
  const [a, b] = [light(ink), light(back)].sort((x, y) => y - x);
  if ((a + .05) / (b + .05) < 4.5) low.push(text + ' ' + ((a + .05) / (b + .05)).toFixed(2));
}
return [low, getComputedStyle(document.body).backgroundColor];
"""


OPEN = "document.querySelectorAll('details').forEach(part => { part.open = true })"


@pytest.fixture
def page(browser: Chrome, html: str, tmp_path: Path) -> Iterator[Chrome]:
    """The page opened from disk; the window is put back afterwards."""
    path = tmp_path / "report.html"
    path.write_text(html, encoding="utf-8")
    browser.get_log("browser")
    browser.get(path.as_uri())
    yield browser
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


def wide(page: Chrome, width: int) -> None:
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False})


def scheme(page: Chrome, name: str, media: str = "screen") -> None:
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [{"name": "prefers-color-scheme", "value": name}]})


def overflow(page: Chrome) -> Any:
    return page.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_it_opens_offline_without_a_complaint(page: Chrome) -> None:
    assert page.get_log("browser") == []
    assert page.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert "Your hair over 24 months" in page.execute_script("return document.querySelector('h1').textContent")
    seen = "return [...document.querySelectorAll('.panel svg, .fields svg')].filter(s => s.checkVisibility()).map(s => s.clientWidth)"
    drawn = page.execute_script(seen)
    assert len(drawn) == 8 + 1 + MOST_PICTURED, "doing nothing and drugs stand open; the rest opens on demand"
    assert min(drawn) > 200
    page.execute_script(OPEN)
    people = page.execute_script("return [...document.querySelectorAll('.hundred svg')].map(s => s.getBoundingClientRect().width)")
    assert len(people) == 21
    assert min(people) > 90


@pytest.mark.parametrize("width", [320, 360, 768, 1400])
def test_it_never_scrolls_sideways(page: Chrome, width: int) -> None:
    wide(page, width)
    assert overflow(page) <= 0
    page.execute_script(OPEN)
    assert overflow(page) <= 0
    clipped = """return [...document.querySelectorAll('.panel svg text')].filter(t => {
      const a = t.getBoundingClientRect(), b = t.closest('svg').getBoundingClientRect();
      return a.right > b.right + 1 || a.left < b.left - 1 || a.bottom > b.bottom + 1 || a.top < b.top - 1; }).map(t => t.textContent)"""
    assert page.execute_script(clipped) == []


def test_scrolling_sideways_would_be_seen(page: Chrome) -> None:
    wide(page, 360)
    page.execute_script("document.querySelector('h1').style.width = '500px'")
    assert overflow(page) > 0


@pytest.mark.parametrize("name", ["light", "dark"])
def test_all_text_stands_out_by_day_and_by_night(page: Chrome, name: str) -> None:
    scheme(page, name)
    page.execute_script(OPEN)
    low, back = page.execute_script(CONTRAST)
    assert low == []
    brightness = sum(int(part) for part in back.strip("rgb()").split(",")) / 3
    assert (brightness < 60) == (name == "dark")


def test_faint_text_would_be_seen(page: Chrome) -> None:
    scheme(page, "light")
    page.execute_script("document.querySelector('h1').style.color = '#bbb'")
    assert len(page.execute_script(CONTRAST)[0]) == 1


def test_paper_is_white_whatever_the_screen(page: Chrome) -> None:
    scheme(page, "dark", media="print")
    wide(page, 718)
    low, back = page.execute_script(CONTRAST)
    assert low == []
    assert back == "rgb(255, 255, 255)"
    assert overflow(page) <= 0


def test_paper_holds_every_option_and_the_numbers_of_the_main_region(page: Chrome) -> None:
    scheme(page, "light", media="print")
    wide(page, 718)
    heights = "return [...document.querySelectorAll('%s')].filter(s => s.clientHeight > 20 && s.checkVisibility()).length"
    assert page.execute_script(heights % "article.option") == 21
    assert page.execute_script(heights % ".region table") == 3


def test_a_screen_reader_hears_tables_on_a_phone(page: Chrome, answer: Comparison) -> None:
    wide(page, 360)
    page.execute_script(OPEN)
    tree = page.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = [node["role"]["value"] for node in tree if not node.get("ignored")]
    options, moments, regions = len(answer.forecasts), len(answer.moments), len(answer.regions)
    parts = [answer.nothing.known().grounds.untreated, *(part for option in answer.forecasts for part in option.known().grounds.parts)]
    results, assumed = sum(len(part.entries) for part in parts), sum(len(part.rows) for part in parts)
    weighed, matters = len(answer.options), len(answer.person.what_matters or MATTERS)  # those without a forecast too
    assert roles.count("table") == 2 + 3 * regions + len(parts) + sum(bool(part.entries) for part in parts)
    assert (
        roles.count("cell")
        == 5 * options + weighed * matters + regions * ((2 * options - 1) * moments + 3 * options) + 6 * results + 3 * assumed
    )
    kinds = len(answer.groups) - 1
    assert roles.count("rowheader") == options + kinds + weighed + kinds + 1 + regions * (3 * (options + kinds) - 1) + results + assumed
    images = [node for node in tree if node["role"]["value"] in ("image", "img") and not node.get("ignored")]
    assert len(images) == 2 * options + 1 + MOST_PICTURED
    assert all("hairs" in node["name"]["value"] or "follicles" in node["name"]["value"] for node in images)


@pytest.mark.parametrize("width", [320, 360, 768, 1400])
def test_the_numbers_of_the_bars_can_be_read_at_any_width(page: Chrome, width: int) -> None:
    """At least one row of them is seen; each is 10 px high or more, apart from the next, and stands over its line."""
    wide(page, width)
    found = page.execute_script(
        """const seen = t => t.checkVisibility() && t.closest('thead, tbody').clientHeight > 1;
        return [...document.querySelectorAll('.glance .ticks')].filter(seen).map(row => {
        const bar = row.closest('tr').parentElement.querySelector('td.axis svg') || document.querySelector('td.axis svg');
        return {boxes: [...row.children].map(one => { const b = one.getBoundingClientRect();
          return [b.left, b.right, b.height, parseFloat(getComputedStyle(one).fontSize)]; }),
          lines: [...bar.querySelectorAll('path.tick, path.zero')].map(p => p.getBoundingClientRect().left)}; })"""
    )
    assert found
    for row in found:
        assert len(row["boxes"]) >= 3
        assert min(min(height, font) for *_, height, font in row["boxes"]) >= 10
        assert all(one[1] + 2 < other[0] for one, other in zip(row["boxes"], row["boxes"][1:], strict=False))
        for (left, right, *_), line in zip(row["boxes"], row["lines"], strict=True):
            assert abs((left + right) / 2 - line) < 3
