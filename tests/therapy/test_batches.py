"""Own batch records: the conjugate update against its closed form worked by hand, its limits, and one sentence for a wrong record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import t

from anagen.ground.errors import BadFile, UnknownName
from anagen.therapy.batches import Batch, read_batches, update
from anagen.therapy.unknowns import Unknowns

OF, NAME, UNIT = "enzymatic_svf", "yield_per_g", "cells/g"
MANY = Unknowns.drawn(4000)


def records(*values: float, of: str = OF, name: str = NAME, unit: str = UNIT) -> list[Batch]:
    return [Batch(of=of, name=name, value=value, unit=unit) for value in values]


def test_no_records_leave_the_prior() -> None:
    done = update(MANY, [])
    assert done.changes == ()
    assert done.unknowns.rows == MANY.rows
    assert all(done.unknowns.draws[name] is values for name, values in MANY.draws.items())


def test_the_prior_of_the_formula_is_the_row() -> None:
    """Before any record the next batch has the row's own central 95 %: t(4) x sqrt(s2_0 x 2) = 1.96 units, by hand 2.7764."""
    row = MANY.row(OF, NAME)
    s2_0 = (1.959964 * row.line()[1] / 2.776445) ** 2 / 2
    half = t.ppf(0.975, 4) * np.sqrt(s2_0 * 2)
    assert np.exp(row.line()[0] + half) == pytest.approx(row.value * np.sqrt(row.high / row.low), rel=1e-5)


def test_two_records_by_hand() -> None:
    """x = log 400,000 and log 600,000; kappa0 = 1, nu0 = 4: kappa 3, nu 6; the mean is (m0 + 2 m) / 3.

    m = 13.101952, SS = 2 x 0.202733^2 = 0.082201; m0 = log 707,000 = 13.468786; (m - m0)^2 = 0.134567, x 1 x 2 / 3 = 0.089711.
    Row: unit = log 2 / 3.919928 = 0.176826; s2_0 = (0.346574 / 2.776445)^2 / 2 = 0.0077908; x 4 = 0.031163.
    s2 = (0.031163 + 0.082201 + 0.089711) / 6 = 0.033846; scale = sqrt(0.033846 x 4 / 3) = 0.212433; t(6): 2.446912.
    """
    change = update(MANY, records(400000, 600000)).changes[0]
    assert np.log(change.after.value) == pytest.approx((13.468786 + 2 * 13.101952) / 3, abs=2e-6)
    assert np.log(change.after.high / change.after.value) == pytest.approx(0.212433 * 2.446912, rel=1e-5)
    assert change.mean == pytest.approx(np.sqrt(400000 * 600000))
    assert (change.n, change.before.value) == (2, 707000)
    assert (change.after.mark, change.after.source) == ("fitted", "2 own batch records; before: p180")


@pytest.mark.parametrize(
    ("of", "name", "unit", "centre", "sd"),
    [
        (OF, NAME, UNIT, np.log(3e5), 0.2),
        ("mechanical_svf", "viable_share", "share", 0.4, 0.3),
    ],
)
def test_many_records_are_their_own_mean_and_spread(of: str, name: str, unit: str, centre: float, sd: float) -> None:
    """2,000 records at the quantiles of a normal on the row's scale: the prior weighs 1 in 2,001, so within 1 % of both."""
    from scipy.stats import norm

    row = MANY.row(of, name)
    z = centre + sd * norm.ppf((np.arange(2000) + 0.5) / 2000)
    after = update(MANY, records(*(float(row.back(one)) for one in z), of=of, name=name, unit=unit)).changes[0].after
    assert row.onto(after.value) == pytest.approx(centre, abs=0.01 * sd + abs(row.line()[0] - centre) / 2000)
    assert (row.onto(after.high) - row.onto(after.low)) / (2 * 1.959964) == pytest.approx(sd, rel=0.01)


def test_more_records_weigh_more_and_the_spread_follows_the_laboratory() -> None:
    few, many = (update(MANY, records(*([400000.0] * n))).changes[0].after for n in (1, 20))
    assert 400000 < many.value < few.value < 707000
    assert many.high / many.low < few.high / few.low
    wide = update(MANY, records(*([100000.0, 1600000.0] * 10))).changes[0].after
    assert wide.high / wide.low > many.high / many.low


def test_the_order_of_records_does_not_count_and_batches_may_come_in_turns() -> None:
    one, other = (update(MANY, records(*values)).changes[0].after for values in ((3e5, 5e5, 9e5), (9e5, 3e5, 5e5)))
    assert one.value == pytest.approx(other.value)
    assert one.high == pytest.approx(other.high)


def test_draws_keep_their_places_and_span_the_new_row() -> None:
    """Draws rise with the row's own scores; their quartiles are those of the t within Monte-Carlo error (keyed, so this never flickers)."""
    done = update(MANY, records(400000, 420000, 390000))
    before, after = MANY.draws[OF, NAME], done.unknowns.draws[OF, NAME]
    np.testing.assert_array_equal(np.argsort(before, kind="stable"), np.argsort(after, kind="stable"))
    change = done.changes[0].after
    assert np.mean((after > change.low) & (after < change.high)) == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 4000))
    assert done.unknowns.row(OF, NAME) == change
    assert all(done.unknowns.draws[name] is values for name, values in MANY.draws.items() if name != (OF, NAME))


def test_the_middle_stays_the_middle_and_records_come_all_at_once() -> None:
    once = update(Unknowns.middle(), records(400000))
    assert float(once.unknowns.draws[OF, NAME][0]) == pytest.approx(once.changes[0].after.value)
    with pytest.raises(
        BadFile, match=r"record 1: enzymatic_svf.yield_per_g has been updated before; allowed: all records of a row at once"
    ):
        update(once.unknowns, records(500000))


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "﻿of,name,value,unit,batch\r\nenzymatic_svf,yield_per_g,400000,cells/g,B-17\r\nmarrow,cfuf_share,1e-4,share,M-1\r\n", "utf-8"
    )
    found = read_batches(path)
    assert [(one.value, one.batch) for one in found] == [(400000.0, "B-17"), (1e-4, "M-1")]
    assert len(update(MANY, found).changes) == 2


HEADER = "of,name,value,unit\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + "enzymatic_svf,yield_per_g,400000,\n", "own.csv line 2: enzymatic_svf.yield_per_g has no unit; allowed: cells/g."),
        (
            HEADER + "enzymatic_svf,yield_per_g,4,cells/mL\n",
            "own.csv line 2: enzymatic_svf.yield_per_g has the unit 'cells/mL'; allowed: cells/g.",
        ),
        (HEADER + "enzymatic_svf,yield_per_g,-4,cells/g\n", "own.csv line 2: enzymatic_svf.yield_per_g is -4; allowed: above 0."),
        (
            HEADER + "enzymatic_svf,viable_share,85,share\n",
            "own.csv line 2: enzymatic_svf.viable_share is 85; allowed: above 0 and",
        ),
        (HEADER + "enzymatic_svf,yield_per_g,many,cells/g\n", "own.csv line 2: value is 'many'; allowed: a number, without its unit."),
        (HEADER + "culture_adsc,passage_limit,9,passage\n", "own.csv line 2: culture_adsc.passage_limit does not vary"),
        (
            HEADER + "enzymatic_svf,yield_per_g\n",
            "own.csv line 2: it has fewer columns than line 1; allowed: 4 columns: of,",
        ),
        ("of,name,value\nenzymatic_svf,yield_per_g,4\n", "own.csv line 1: the column 'unit' is missing; allowed: of, name, value, unit"),
        (HEADER + "enzymatic_svf,yield_per_g,4,cells/g,more\n", "own.csv line 2: it has more columns than line 1; allowed: 4 columns"),
        (HEADER, "own.csv: it has no record below its header; allowed: one record a line."),
        (
            HEADER + "enzymatic_svf,yield_per_g,3e12,cells/g\n",
            "own.csv line 2: enzymatic_svf.yield_per_g is 3,000,000,000,000; allowed: 50,000 to 10,000,000 cells/g, 10 times",
        ),
        (HEADER + "enzymatic_svf,yield_per_g,49999,cells/g\n", "own.csv line 2: enzymatic_svf.yield_per_g is 49,999; allowed: 50,000 to"),
        (HEADER + "marrow,cfuf_share,0.5,share\n", "own.csv line 2: marrow.cfuf_share is 0.5; allowed: 2.7e-06 to 0.0023 share, 10 times"),
        (
            HEADER + "enzymatic_svf,viable_share,0.001,share\n",
            "own.csv line 2: enzymatic_svf.viable_share is 0.001; allowed: 0.02913 to 0.9997 share, 100 times the odds",
        ),
        ("", "own.csv line 1: the column 'of' is missing"),
        ('of,name,value,unit\n"broken', "own.csv: it is no comma-separated text"),
    ],
)
def test_a_record_that_is_wrong_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(BadFile) as caught:
        read_batches(path)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_a_record_at_the_edge_of_what_tissue_gives_is_taken() -> None:
    """Ten times beyond an end of the row's range, a hundred times the odds of a share's; one step further is refused."""
    assert [c.n for c in update(MANY, records(50000, 1e7)).changes] == [2]
    assert update(MANY, records(0.03, 0.999, of="enzymatic_svf", name="viable_share", unit="share")).changes[0].n == 2
    with pytest.raises(BadFile, match=r"record 2: enzymatic_svf.yield_per_g is 10,000,001"):
        update(MANY, records(50000, 10000001))


def test_an_unknown_row_has_its_nearest(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(HEADER + "enzymatic_svf,yield,4,cells/g\n", "utf-8")
    with pytest.raises(UnknownName, match=r"line 2.*did you mean 'enzymatic_svf.yield_per_g'") as near:
        read_batches(path)
    assert "marrow" not in str(near.value)  # the rows of its own subject, not all of them
    path.write_text(HEADER + "enzymatic_sfv,yield_per_g,4,cells/g\n", "utf-8")
    with pytest.raises(UnknownName, match=r"line 2.*'enzymatic_sfv'; did you mean 'enzymatic_svf'") as caught:
        read_batches(path)
    assert len(str(caught.value)) < 400
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFile, match="it cannot be read"):
        read_batches(path)


def test_columns_set_apart_by_semicolons_are_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("of;name;value;unit\nenzymatic_svf;yield_per_g;400000;cells/g\n", encoding="utf-8")
    with pytest.raises(BadFile, match=r"own.csv line 1: its columns are set apart by semicolons; allowed: commas, and a point within a"):
        read_batches(path)
