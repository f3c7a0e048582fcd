"""An answer as data: the JSON that `anagen compare --json` prints. The keys are stable; a new one may be added, none is renamed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anagen import __version__
from anagen.compare import BANDS, BANDS_HOLD, NOT_A_DEVICE, OUTPUTS, Band, Comparison
from anagen.scalp.outputs import OUTPUTS as KNOWN


def record(answer: Comparison, page: str | None = None) -> dict[str, Any]:
    """Plain dicts, lists, numbers and strings, ready for `json.dumps`.

    - `anagen`: version; `not_a_device`, `bands_hold`: what every reader must be told; `page`: path of the HTML page, or null
    - `person`: the person file as read
    - `belief`: `label`, `draws`, `draws_that_fit` (that can explain the count), `seed`
    - `units`: output -> unit
    - `moments`: `[{label, week}]`, today (week 0) first; every list below has one entry for each
    - `options`: `[{name, title, dose, unit, forecast: {output: [range]}, gain: [range]}]`; `gain`: visible hairs/cm2 against
      nothing; a range is `{week, median, low_50, high_50, low_80, high_80, low_95, high_95}`
    - `published`: `[{row, study, citation, url, quote, week, arm, against, n, per_cm2, per_cm2_range, ours: range}]`, hairs/cm2
    """
    weeks = [0, *(moment.week for moment in answer.moments)]
    labels = ["today", *(moment.label for moment in answer.moments)]
    return {
        "anagen": __version__,
        "not_a_device": NOT_A_DEVICE,
        "bands_hold": BANDS_HOLD,
        "page": page,
        "person": answer.person.model_dump(mode="json"),
        "belief": {
            "label": answer.belief.label,
            "draws": answer.belief.size,
            "draws_that_fit": int(answer.baseline.which.size),
            "seed": answer.belief.seed,
        },
        "units": {name: KNOWN[name].unit for name in OUTPUTS},
        "moments": [{"label": label, "week": week} for label, week in zip(labels, weeks, strict=True)],
        "options": [
            {
                "name": option.treatment.name,
                "title": option.treatment.title,
                "dose": option.treatment.dose,
                "unit": option.treatment.unit,
                "forecast": {name: _ranges(option.band(name), weeks) for name in OUTPUTS},
                "gain": _ranges(option.gain(answer.nothing), weeks),
            }
            for option in answer.options
        ],
        "published": [
            {
                "row": one.row_id,
                "study": one.study,
                "citation": one.citation,
                "url": one.url,
                "quote": one.quote,
                "week": one.week,
                "arm": one.arm,
                "against": one.against,
                "n": one.n,
                "per_cm2": round(one.per_cm2, 3),
                "per_cm2_range": one.per_cm2_range,
                "ours": _range(one.ours, 0) | {"week": one.week},
            }
            for one in answer.published
        ],
    }


def _ranges(band: Band, weeks: list[int]) -> list[Mapping[str, float]]:
    return [_range(band, week) for week in weeks]


def _range(band: Band, week: int) -> dict[str, float]:
    found: dict[str, float] = {"week": week, "median": round(float(band.median[week]), 3)}
    for share in BANDS:
        found[f"low_{share * 100:.0f}"] = round(float(band.low[share][week]), 3)
        found[f"high_{share * 100:.0f}"] = round(float(band.high[share][week]), 3)
    return found
