"""A laboratory's own batch records: they update any yield, loss or time by Bayes, on the row's own scale, before and after shown.

On the scale of the row (its logarithm, its log odds, or itself) batches are normal with unknown mean and variance under the
conjugate normal-inverse-gamma prior (Gelman et al., Bayesian Data Analysis, 3rd ed., section 3.3). How much that prior weighs stands
in `data/therapy.csv`: kappa0 batches in the mean (`batches.mean_counts_as`, 1), nu0 in the spread (`batches.spread_counts_as`, 4).
With n records of mean m and sum of squares SS about it:

    kappa = kappa0 + n,  mean = (kappa0 mean0 + n m) / kappa,  nu = nu0 + n
    nu s2 = nu0 s2_0 + SS + kappa0 n (m - mean0)^2 / kappa
    the next batch ~ Student t with nu degrees of freedom, at mean, of scale sqrt(s2 (1 + 1/kappa))

s2_0 is such that without records the central 95 % is the row's own low to high. The updated draws are those of the next batch,
at the row's own keyed scores, so nothing else moves; without records a row keeps its draws. Records of many donors hold the donors'
own spread: a laboratory that brings yields a gram may bring `lipoaspirate.donor_factor` as well, or it is counted twice.

A record far outside its row's range is taken for a slip of units and refused: beyond `batches.farthest_times` times its ends, of a
share beyond `batches.farthest_odds` times their odds.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from anagen.ground.errors import BadFile, UnknownName
from anagen.ground.files import read_text
from anagen.ground.forms import Form, read_form
from anagen.ground.rows import Row
from anagen.therapy.unknowns import Array, Name, Unknowns, Used

THEIR_OWN = "this laboratory"
COLUMNS = ("of", "name", "value", "unit")


class Batch(Form):
    """One record: which row it measures, what came out, in the row's own unit; `batch` and `date` are the laboratory's own words."""

    of: str
    name: str
    value: float
    unit: str
    batch: str = ""
    date: str = ""


@dataclass(frozen=True)
class Change:
    """One row before and after `n` records, whose mean on the row's own scale is `mean` (in the row's unit)."""

    before: Row
    after: Row
    n: int
    mean: float


@dataclass(frozen=True, eq=False)
class Updated:
    """The unknowns with a laboratory's own yields, and what changed."""

    unknowns: Unknowns
    changes: tuple[Change, ...]


def read_batches(path: str | Path, rows: Sequence[Row] | None = None) -> tuple[Batch, ...]:
    """The records of a CSV file with the columns `of`, `name`, `value`, `unit`, and `batch`, `date` if wanted.

    Raises `BadFile`: one sentence with the line, what it is and what is allowed; `UnknownName` for a row that is not there.

    >>> read_batches("nowhere.csv")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: nowhere.csv: there is no such file.
    """
    path = Path(path)
    text = read_text(path, path.name)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if len(reader.fieldnames or ()) == 1 and len((reader.fieldnames or ("",))[0].split(";")) > 1:
            raise BadFile(f"{path.name} line 1", "its columns are set apart by semicolons", "commas, and a point within a number")
        if missing := [column for column in COLUMNS if column not in (reader.fieldnames or ())]:
            raise BadFile(f"{path.name} line 1", f"the column {missing[0]!r} is missing", ", ".join(Batch.model_fields))
        found, lines = [], []
        for cells in reader:
            if None in cells or None in cells.values():
                columns = reader.fieldnames or ()
                what = "it has more columns than line 1" if None in cells else "it has fewer columns than line 1"
                raise BadFile(f"{path.name} line {reader.line_num}", what, f"{len(columns)} columns: {', '.join(columns)}")
            found.append(read_form(Batch, cells, f"{path.name} line {reader.line_num}"))
            lines.append(reader.line_num)
    except csv.Error as error:
        raise BadFile(path.name, f"it is no comma-separated text ({error})") from None
    if not found:
        raise BadFile(path.name, "it has no record below its header", "one record a line")
    by_name = _by_name(Unknowns.middle().rows if rows is None else rows)
    for line, record in zip(lines, found, strict=True):
        _held(record, by_name, f"{path.name} line {line}")
    return tuple(found)


def update(unknowns: Unknowns, records: Sequence[Batch]) -> Updated:
    """The unknowns after a laboratory's records, all at once: a second update of one row would forget how many came before.

    Raises `BadFile` or `UnknownName` for a record that does not fit its row.

    >>> own = [Batch(of="enzymatic_svf", name="yield_per_g", value=400000, unit="cells/g") for _ in range(9)]
    >>> change = update(Unknowns.drawn(), own).changes[0]
    >>> round(change.before.value), round(change.after.value)  # (1 x log 707,000 + 9 x log 400,000) / 10
    (707000, 423444)
    """
    used, by_name = Used(unknowns), _by_name(unknowns.rows)
    grouped: dict[Name, list[float]] = {}
    for number, record in enumerate(records, start=1):
        _held(record, by_name, f"record {number}")
        grouped.setdefault((record.of, record.name), []).append(record.value)
    weights = used.limit("batches", "mean_counts_as"), used.limit("batches", "spread_counts_as")
    changes, draws = [], {}
    for (of, name), values in grouped.items():
        change, spread = _learned(by_name[of, name], np.array(values), *weights)
        changes.append(change)
        draws[of, name] = spread(unknowns.scores(of, name))
    return Updated(unknowns.but(draws, *(change.after for change in changes)), tuple(changes))


def _by_name(rows: Sequence[Row]) -> dict[Name, Row]:
    return {(row.of, row.name): row for row in rows}


def _held(record: Batch, by_name: dict[Name, Row], where: str) -> None:
    """Raise what is wrong with a record."""
    if (record.of, record.name) not in by_name:
        alike = [f"{of}.{name}" for of, name in by_name if of == record.of]
        if not alike:
            raise UnknownName(f"subject of the therapy's rows ({where})", record.of, {of for of, _ in by_name})
        raise UnknownName(f"row of the therapy ({where})", f"{record.of}.{record.name}", alike)
    row, about = by_name[record.of, record.name], f"{record.of}.{record.name}"
    if row.who == THEIR_OWN:
        raise BadFile(where, f"{about} has been updated before", "all records of a row at once")
    if row.spread == "fixed":
        raise BadFile(where, f"{about} does not vary, so that no record changes it", "a row that has a range")
    if record.unit.strip() != row.unit:
        what = f"has the unit {record.unit!r}" if record.unit.strip() else "has no unit"
        raise BadFile(where, f"{about} {what}", row.unit)
    inside = {"lognormal": record.value > 0, "logit": 0 < record.value < 1}.get(row.spread, True)
    if not inside:
        raise BadFile(where, f"{about} is {record.value:g}", "above 0" if row.spread == "lognormal" else "above 0 and below 1")
    share = row.spread == "logit"
    times = by_name["batches", "farthest_odds" if share else "farthest_times"].value
    if share:
        low, high = (float(row.back(row.onto(end) + sign * math.log(times))) for end, sign in ((row.low, -1), (row.high, 1)))
    else:
        low, high = row.low / times, row.high * times
    if not low <= record.value <= high:
        far = f"{times:g} times {'the odds of ' if share else ''}its published range either way, beyond which the unit is likely another"
        shown, low_end, high_end = (f"{one:,.0f}" if one >= 1000 else f"{one:.4g}" for one in (record.value, low, high))
        raise BadFile(where, f"{about} is {shown}", f"{low_end} to {high_end} {row.unit}, {far}")


def _learned(row: Row, values: Array, kappa0: float, nu0: float) -> tuple[Change, Callable[[Array], Array]]:
    """One row after its records: what changed, and the next batch as a function of standard normal scores."""
    from scipy.special import ndtr
    from scipy.stats import t

    z = np.array([row.onto(float(value)) for value in values])
    mean0, unit = row.line()
    s2_0 = (1.959964 * unit / float(t.ppf(0.975, nu0))) ** 2 / (1 + 1 / kappa0)
    n, m = len(z), float(z.mean())
    kappa, nu = kappa0 + n, nu0 + n
    mean = (kappa0 * mean0 + n * m) / kappa
    s2 = (nu0 * s2_0 + float(((z - m) ** 2).sum()) + kappa0 * n * (m - mean0) ** 2 / kappa) / nu
    scale = math.sqrt(s2 * (1 + 1 / kappa))

    def spread(scores: Array) -> Array:
        return np.asarray(row.back(mean + scale * t.ppf(ndtr(scores), nu)))

    low, value, high = (float(row.back(mean + scale * q)) for q in (float(t.ppf(0.025, nu)), 0.0, float(t.ppf(0.975, nu))))
    source = f"{n} own batch record{'s' * (n != 1)}; before: {row.source}"
    after = replace(row, value=value, low=low, high=high, mark="fitted", source=source, who=THEIR_OWN)
    return Change(row, after, n, float(row.back(m))), spread
