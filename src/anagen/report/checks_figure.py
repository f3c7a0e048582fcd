"""A calibration held against its own facts, as SVG: what the fitted model would have measured in each trial, and what was."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from anagen.ground.files import write_whole

WIDTH, ROW, HEAD, LEFT = 840, 17, 58, 430
SPAN = 1.6
"""How far the plot reaches to either side, in half-widths of the 95 % interval."""
INK, SOFT, BAND, OUT = "#1b1b1b", "#6b6b6b", "#2f6f8f", "#b3261e"


def draw(checks: Sequence[Mapping[str, Any]]) -> str:
    """Every number of every trial, one line each. checks: of the calibration report, in its order; at least one.

    Each line is scaled by its own 95 % interval, so that all fit one axis: the dot is what was measured.
    """
    height = HEAD + ROW * len(checks) + 24
    out = sum(not check["q2.5"] <= check["observed"] <= check["q97.5"] for check in checks)
    said = (
        f"{len(checks)} numbers of trials, each against the 80 and 95 percent interval of the fitted model; {out} lie outside 95 percent."
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="t d" '
        'font-family="sans-serif" font-size="11">',
        f'<title id="t">Numbers that trials measured, against the fitted model</title><desc id="d">{escape(said)}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="20" font-size="14" font-weight="600" fill="{INK}">'
        "What trials measured, against what the fitted model would have</text>",
        f'<text x="12" y="38" fill="{SOFT}">Thick line: 80 %. Thin line: 95 %, which sets the scale of each row. '
        "Dot: measured; red: outside 95 %.</text>",
    ]
    last = ""
    for place, check in enumerate(checks):
        y = HEAD + ROW * place + 8
        trial = check["trial"] if check["trial"] != last else ""
        last = check["trial"]
        parts += _line(check, trial, y)
    return "\n".join([*parts, "</svg>"]) + "\n"


def write(folder: Path) -> dict[str, Any]:
    """Draw the `checks.svg` of a calibration's `report.json`, beside it; gives the report."""
    report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    write_whole(folder / "checks.svg", draw(report["checks"]))
    return report


def _line(check: Mapping[str, Any], trial: str, y: float) -> list[str]:
    low, high = check["q2.5"], check["q97.5"]
    middle, half = (low + high) / 2, max((high - low) / 2, 1e-9)

    def x(value: float) -> float:
        place = min(max((value - middle) / half, -SPAN), SPAN)
        return float(LEFT + (place + SPAN) / (2 * SPAN) * (WIDTH - LEFT - 16))

    seen = low <= check["observed"] <= high
    against = f" - {check['control']}" if check["control"] else ""
    what = f"{check['arm']}{against}, {check['output'].replace('_', ' ')}, week {check['week']:.0f}"
    rule = f'<line x1="12" x2="{WIDTH - 16}" y1="{y - 9}" y2="{y - 9}" stroke="#e4e4e4"/>' if trial else ""
    return [
        rule,
        f'<text x="12" y="{y + 4}" fill="{INK}">{escape(trial[:28])}</text>',
        f'<text x="186" y="{y + 4}" fill="{SOFT}">{escape(what[:42])}</text>',
        f'<line x1="{x(low):.1f}" x2="{x(high):.1f}" y1="{y}" y2="{y}" stroke="{BAND}" stroke-width="1.2"/>',
        f'<line x1="{x(check["q10"]):.1f}" x2="{x(check["q90"]):.1f}" y1="{y}" y2="{y}" stroke="{BAND}" stroke-width="5" opacity="0.45"/>',
        f'<circle cx="{x(check["observed"]):.1f}" cy="{y}" r="3.4" fill="{INK if seen else OUT}"/>',
    ]
