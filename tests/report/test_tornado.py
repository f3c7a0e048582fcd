"""The tornado drawn: bars where they belong, the same in words and as a table, and odd answers."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from anagen.ground.errors import UnknownName
from anagen.ground.rows import Row, read_rows
from anagen.grounds import said as words_of
from anagen.report.tornado import COLUMNS, GAINED, PLOT, PLOT_END, amount, as_json, draw, named, sentences, table, write
from anagen.therapy.sensitivity import Driven, Driver, Drivers

SVG = "{http://www.w3.org/2000/svg}"
WRITTEN = 0.05 + 1e-9  # places are written to a tenth


def row(name: str, mark: str = "read") -> Row:
    return Row("enzymatic_svf", name, 10.0, 5.0, 20.0, "lognormal", "cells/g", mark, "p1", "people", "")


def driver(name: str, first: float, ends: tuple[float, float], mark: str = "read") -> Driver:
    return Driver(row(name, mark), first, (first - 0.1, first + 0.1), first + 0.05, (first, first + 0.2), *ends)


DRIVERS = (
    driver("yield_per_g", 0.64, (20.0, 80.0)),
    driver("viable_share", 0.2, (60.0, 45.0), "assumed"),
    driver("hours", 0.05, (50.0, 50.0)),
)
CELLS = Driven("live_cells", 50.0, 15.0, 90.0, False, DRIVERS)
FOUND = Drivers({"live_cells": CELLS}, 1234, tuple(one.row for one in DRIVERS))


def bars(found: Drivers) -> list[list[tuple[float, float]]]:
    """Left and right end of both halves of each bar: low, then high."""
    groups = [one for one in ET.fromstring(draw(found)).iter(f"{SVG}g") if one.get("class") == "driver"]
    return [[(float(rect.get("x", "")), float(rect.get("x", "")) + float(rect.get("width", ""))) for rect in one] for one in groups]


def words(found: Drivers) -> list[str]:
    return [text.text or "" for text in ET.fromstring(draw(found)).iter(f"{SVG}text")]


def test_bars_stand_where_the_answer_goes() -> None:
    """From 20 to 80 with 4 % of air: 17.6 to 82.4 across the plot."""

    def x(value: float) -> float:
        return PLOT + (value - 17.6) / 64.8 * (PLOT_END - PLOT)

    (low, high), (lower, higher), (none, nor) = bars(FOUND)
    assert low == pytest.approx((x(20), x(50)), abs=2 * WRITTEN)
    assert high == pytest.approx((x(50), x(80)), abs=2 * WRITTEN)
    assert lower == pytest.approx((x(50), x(60)), abs=2 * WRITTEN)  # at the low end of this row the answer is higher
    assert higher == pytest.approx((x(45), x(50)), abs=2 * WRITTEN)
    assert none == nor == pytest.approx((x(50), x(50)), abs=2 * WRITTEN)


def test_a_logged_answer_has_a_logarithmic_axis() -> None:
    """20, 50 and 125 lie as far apart as each other in the logarithm."""
    wide = replace(CELLS, logged=True, drivers=(driver("yield_per_g", 0.64, (20.0, 125.0)),))
    ((low, high),) = bars(replace(FOUND, outputs={"live_cells": wide}))
    assert low[1] - low[0] == pytest.approx(high[1] - high[0], abs=4 * WRITTEN)
    assert any("logarithm" in one for one in words(replace(FOUND, outputs={"live_cells": wide})))
    assert not any("logarithm" in one for one in words(FOUND))


def test_a_narrow_logarithmic_axis_has_marks_too() -> None:
    narrow = replace(CELLS, name="x", middle=15_100.0, logged=True, drivers=(driver("yield_per_g", 0.64, (12_400.0, 15_700.0)),))
    assert {"13,000", "14,000", "15,000"} <= set(words(replace(FOUND, outputs={"x": narrow})))


def test_halves_on_one_side_do_not_hide_each_other() -> None:
    one_sided = replace(CELLS, drivers=(driver("yield_per_g", 0.64, (60.0, 80.0)),))
    root = ET.fromstring(draw(replace(FOUND, outputs={"live_cells": one_sided})))
    low, high = next(one for one in root.iter(f"{SVG}g") if one.get("class") == "driver")
    assert float(low.get("y", "")) + float(low.get("height", "")) <= float(high.get("y", ""))


def test_those_who_cannot_see_it_are_told_the_same() -> None:
    root = ET.fromstring(draw(FOUND, "What drives <it>"))
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "title desc")
    assert root.findtext(f"{SVG}title") == "What drives <it>"
    said = root.findtext(f"{SVG}desc") or ""
    for text in (
        "64 % of its variance",
        "54 to 74 %",
        "from 20 to 80",
        "live share of the cells, by enzyme, assumed",
        "15 to 90 in 95 % of draws",
    ):
        assert text in said


def test_the_table_is_the_twin_of_the_picture() -> None:
    lines, shown = table(CELLS), " ".join(words(FOUND))
    assert [len(one) for one in lines] == [len(COLUMNS)] * 3
    assert lines[0] == ("cells freed from a gram of fat, by enzyme", "5 to 20 cells/g", "read", "20", "80", "64 %", "54 to 74", "69 %")
    for line in lines:
        assert line[0] in shown
        assert f"{line[5]} [{line[6]}]" in shown
        assert f"{line[1]}, {line[2]}" in shown
    assert len(table(CELLS, 1)) == 1


def test_sentences_say_at_most_what_a_measurement_brings() -> None:
    """0.64 of the variance leaves 0.6 of the spread; a row whose range reaches 0 is not named."""
    said = sentences(CELLS)
    assert said[0] == "Live cells of one harvest: 50 at the middle of all unknowns, 15 to 90 in 95 % of draws."
    assert said[1] == (
        'Measuring "cells freed from a gram of fat, by enzyme" would narrow this answer by at most 64 % of its variance '
        "(95 % range 54 to 74 %): a spread 40 % smaller."
    )
    assert "live share of the cells" in said[2]
    assert not any("hours" in one for one in said)
    assert not any("together" in one for one in said)  # totals add up to 1.04


def test_what_unknowns_do_together_is_told_of() -> None:
    both = replace(CELLS, drivers=tuple(replace(one, first=0.3, total=0.7) for one in DRIVERS[:2]))
    assert sentences(both)[-1].startswith("About 40 % of the variance comes from unknowns together")
    unsure = replace(CELLS, drivers=(DRIVERS[2],))
    assert "No single measurement is sure to narrow this answer." in sentences(unsure)


def test_an_answer_that_nothing_changes() -> None:
    still = tuple(replace(one, first=0.0, first_range=(0.0, 0.0), total=0.0, at_low=50.0, at_high=50.0) for one in DRIVERS)
    found = replace(FOUND, outputs={"live_cells": replace(CELLS, low=50.0, high=50.0, drivers=still)})
    assert bars(found) == []
    assert "No unknown here changes this answer." in words(found)
    assert sentences(found.outputs["live_cells"])[1:] == ["No unknown here changes this answer."]


def test_rows_beyond_the_drawn_ones_are_counted() -> None:
    unused = replace(DRIVERS[2], first=0.0, total=0.0)
    assert any(
        one == "1 more: no effect" for one in words(replace(FOUND, outputs={"live_cells": replace(CELLS, drivers=(*DRIVERS[:2], unused))}))
    )
    root = ET.fromstring(draw(FOUND, most=1))
    assert table(replace(CELLS, drivers=(DRIVERS[2], replace(DRIVERS[1], total=0.9))), 1)[0][0].startswith(
        "live share of the cells"
    )  # with others
    assert any(text.text == "2 more: 25 % at most each" for text in root.iter(f"{SVG}text"))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (999_499, "999,000"),
        (999_900, "1 million"),
        (-2_500_000, "−2.5 million"),
        (1.36e9, "1.36 billion"),
        (4.2e12, "4,200 billion"),
        (0.00155, "0.00155"),
        (12.345, "12.3"),
    ],
)
def test_amounts(value: float, said: str) -> None:
    assert amount(value) == said


def test_a_rare_answer_tells_no_share_of_one_row_alone() -> None:
    """Its ranges do not hold, so that neither picture, table, sentence nor data has them; the total it keeps."""
    rare = replace(CELLS, rare=True)
    found = replace(FOUND, outputs={"live_cells": rare})
    assert [one[5:] for one in table(rare)] == [("not told", "", "69 %"), ("not told", "", "25 %"), ("not told", "", "10 %")]
    assert not any("Measuring" in one or "No single" in one for one in sentences(rare))
    assert any("stands still in all but a few draws" in one for one in sentences(rare))
    assert "not told" in words(found)
    assert "54 to 74" not in draw(found)
    first = as_json(found)["outputs"]["live_cells"]["drivers"][0]
    assert (first["first_order"], first["first_order_95%"], first["narrower"], first["total"]) == (None, None, None, pytest.approx(0.69))
    assert not any("stands still" in one for one in sentences(CELLS))


def test_hairs_gained_say_what_the_laboratory_has_no_part_in() -> None:
    """Totals of 0.25 + 0.10 of the steps beside the forecast's 0.69."""
    group = Row("forecast", "answer", 0.0, -1.96, 1.96, "normal", "standard score", "assumed", "a test", "this person", "")
    gained = replace(CELLS, name=GAINED, drivers=(replace(DRIVERS[0], row=group), *DRIVERS[1:]))
    finding = next(one for one in sentences(gained) if "tissue, laboratory and needle" in one)
    assert "at most 35 % of this variance" in finding
    assert "how strongly this person answers it" in " ".join(sentences(gained))
    assert not any("tissue, laboratory" in one for one in sentences(CELLS))


def test_every_row_of_the_therapy_has_plain_words_of_its_own_that_fit_the_picture() -> None:
    """About 44 letters of 13 pixels fit between the edge and the plot; no row is called by the name in the file."""
    said = {f"{one.of}.{one.name}": words_of(one) for one in read_rows("therapy.csv")}
    assert len(set(said.values())) == len(said) >= 100
    assert max(len(one) for one in said.values()) <= 48
    assert not any("_" in one for one in said.values())
    with pytest.raises(UnknownName):
        words_of(row("volume_ml_per_cm2"))


def test_names_in_words() -> None:
    assert named(row("volume_ml_per_cm2")) == "enzymatic SVF: volume mL per cm²"


def test_json_holds_every_number() -> None:
    made = json.loads(json.dumps(as_json(FOUND)))
    assert (made["runs"], made["rows"]) == (1234, 3)
    first = made["outputs"]["live_cells"]["drivers"][0]
    assert (first["row"], first["said"]) == ("enzymatic_svf.yield_per_g", "cells freed from a gram of fat, by enzyme")
    assert first["first_order_95%"] == pytest.approx([0.54, 0.74])
    assert first["narrower"] == pytest.approx(0.4)
    assert (first["at_low"], first["at_high"], first["source"]) == (20.0, 80.0, "p1")


def test_written_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "tornado.svg", FOUND)
    assert path.read_text(encoding="utf-8") == draw(FOUND)
    assert not re.search(r"nan|inf\b", draw(FOUND))
