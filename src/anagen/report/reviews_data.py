"""Reviews weighed, as data, for `--json`."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from anagen import __version__
from anagen.clinic.reviews.copies import ALIKE, FEWEST_LETTERS
from anagen.clinic.reviews.signs import FALSE_ALARM, PRIOR
from anagen.clinic.text import plain
from anagen.compare import NOT_A_DEVICE

if TYPE_CHECKING:
    from anagen.clinic.reviews import Weighed

ABOUT = "Of those who wrote; no mark for the clinic. Ratings say little about outcome."


def reviews(found: Weighed) -> dict[str, Any]:
    """All that was found, with the rules it stands on. Lines are of the file; days are as 2026-11-24."""
    data = asdict(found)
    del data["rules"]
    read = {name: data.pop(name) for name in ("file", "encoding", "delimiter", "columns", "notes", "n_bad", "bad")}
    read["file"] = " ".join(plain(read["file"]).split())
    settings = {
        "prior_per_star": PRIOR,
        "false_alarm": FALSE_ALARM,
        "copies_from_jaccard": ALIKE,
        "copies_from_letters": FEWEST_LETTERS,
    }
    shown = {"kind": "reviews", "anagen": __version__, "not_a_device": NOT_A_DEVICE, "about": ABOUT, "read": read, "settings": settings}
    out: dict[str, Any] = _bare(shown | data)
    out["rules"] = [rule.model_dump(mode="json") for rule in found.rules]
    return out


def _bare(value: Any) -> Any:
    """Six digits of a number; days as text; lists for tuples."""
    if isinstance(value, dict):
        return {name: _bare(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_bare(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.6g}")
    return str(value) if isinstance(value, datetime.date) else value
