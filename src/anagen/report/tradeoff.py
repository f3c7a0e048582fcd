"""Needles against whom they reach: the fewest for a wanted coverage in words, some of the curve as a table, and the curve drawn."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from anagen.report.injection_words import ml
from anagen.report.procedure_words import digits

if TYPE_CHECKING:
    from anagen.therapy.inject import Injected
    from anagen.therapy.spacing import Tradeoff

TITLE = "Needles against whom they reach"
COLUMNS = ("cm apart", "needles", "reached", "mL", "minutes")
SHOWN = 7
"""Lines of the table, besides the one that is best."""
WIDTH, HEIGHT = 620.0, 322.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 590.0, 96.0, 272.0
INK, SOFT, RULE, LINE = "#1b1b1b", "#5b5b5b", "#d9d9d9", "#2f6f8f"
ROUND = (1, 2, 5)
"""Round numbers of needles, times a power of ten."""


def sentence(found: Tradeoff, done: Injected) -> str:
    """The fewest needles for what is wanted, and what the plan itself has; at the middle of all unknowns.

    >>> from anagen.therapy.inject import Injection, inject
    >>> from anagen.therapy.polygon import circle
    >>> from anagen.therapy.spacing import fewest_needles
    >>> from anagen.therapy.unknowns import Unknowns
    >>> done = inject(circle(20), unknowns=Unknowns.middle())
    >>> sentence(fewest_needles(circle(20), 0.6), done).partition(" has ")[0]
    'Of 41 grids tried, that of fewest needles to reach 60 % of the follicles'
    """
    best, share = found.best, float(done.dose.within_reach(done.reach_level)[0])
    return (
        f"Of {len(found.needles)} grids tried, that of fewest needles to reach {_percent(found.wanted)} of the follicles has "
        f"{found.needles[best]:,}, {digits(found.spacing_cm[best])} cm apart: {ml(found.volume_ml[best])} mL, about "
        f"{found.minutes[best]:,.0f} minutes in the chair."
        f" This plan has {done.needles:,}, {digits(done.grid.spacing_cm)} cm apart, and reaches {_percent(share)}. All of this is one "
        "draw, the middle of each unknown: over all draws the reach is as wide as told above. From what dose on a follicle is reached is "
        "assumed."
    )


def lines(found: Tradeoff) -> list[tuple[bool, tuple[str, ...]]]:
    """Some of the grids tried, from the closest to the widest: whether it is the best, and its cells under `COLUMNS`."""
    some = np.unique([*np.linspace(0, len(found.spacing_cm) - 1, SHOWN).round().astype(int), found.best])
    return [
        (
            at == found.best,
            (
                digits(found.spacing_cm[at]),
                f"{found.needles[at]:,}",
                _percent(found.coverage[at]),
                ml(found.volume_ml[at]),
                f"{found.minutes[at]:,.0f}",
            ),
        )
        for at in some
    ]


def draw(found: Tradeoff, done: Injected) -> str:
    """The curve as SVG: each grid that was tried by its needles (on a log scale) and whom it reaches; the best and the plan marked."""
    most, least = float(found.needles.max()), float(min(found.needles.min(), done.needles))
    span = max(float(np.log(max(most, done.needles) / least)), 1e-9)

    def x(needles: float) -> float:
        return float(LEFT + (RIGHT - LEFT) * np.log(needles / least) / span)

    def y(share: float) -> float:
        return float(BOTTOM - (BOTTOM - TOP) * share)

    best, own = found.best, float(done.dose.within_reach(done.reach_level)[0])
    order = np.argsort(found.needles, kind="stable")
    said = (
        f"{len(order)} grids from {digits(found.spacing_cm[0])} to {digits(found.spacing_cm[-1])} cm apart: "
        f"{found.needles[0]:,} needles reach {_percent(found.coverage[0])} of follicles, {found.needles[-1]:,} reach "
        f"{_percent(found.coverage[-1])}. Dashed: the {_percent(found.wanted)} wanted."
    )
    marks = [power * step for power in 10.0 ** np.arange(0, 5) for step in ROUND if least <= power * step <= max(most, done.needles)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-labelledby="t d" '
        'font-family="sans-serif" font-size="11">',
        f'<title id="t">{TITLE}</title><desc id="d">{escape(said)}</desc>',
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#ffffff"/>',
        f'<text x="14" y="22" font-size="15" font-weight="600" fill="{INK}">{TITLE}</text>',
        *(
            f'<text x="14" y="{40 + 14 * i}" fill="{SOFT}">{escape(one)}</text>'
            for i, one in enumerate((said[: said.index("Dashed")], said[said.index("Dashed") :]))
        ),
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(f'<path d="M{LEFT:g},{y(share):.1f}H{RIGHT:g}" stroke="{RULE}"/>')
        parts.append(f'<text x="{LEFT - 6:g}" y="{y(share) + 4:.1f}" text-anchor="end" fill="{SOFT}">{_percent(share)}</text>')
    for mark in marks:
        parts.append(f'<text x="{x(mark):.1f}" y="{BOTTOM + 16:g}" text-anchor="middle" fill="{SOFT}">{mark:,.0f}</text>')
    parts.append(f'<text x="{RIGHT:g}" y="{BOTTOM + 34:g}" text-anchor="end" fill="{SOFT}">needles</text>')
    parts.append(f'<text x="{LEFT - 50:g}" y="{TOP - 10:g}" fill="{SOFT}">follicles reached</text>')
    parts.append(f'<path d="M{LEFT:g},{y(found.wanted):.1f}H{RIGHT:g}" stroke="{INK}" stroke-dasharray="5 4"/>')
    path = " L".join(f"{x(found.needles[at]):.1f},{y(found.coverage[at]):.1f}" for at in order)
    parts.append(f'<path d="M{path}" fill="none" stroke="{LINE}" stroke-width="1.6" stroke-linejoin="round"/>')
    parts += [
        f'<circle class="tried" cx="{x(found.needles[at]):.1f}" cy="{y(found.coverage[at]):.1f}" r="2.6" fill="{LINE}"/>' for at in order
    ]
    parts += [_mark("best", x(found.needles[best]), y(found.coverage[best])), _mark("plan", x(done.needles), y(own))]
    for at, (shape, what) in enumerate(
        (("best", f"the fewest that do: {found.needles[best]:,} needles"), ("plan", f"this plan: {done.needles:,} needles"))
    ):
        row = BOTTOM - 34 + 18 * at
        parts += [_mark(shape, RIGHT - 190, row), f'<text x="{RIGHT - 176:g}" y="{row + 4:g}" fill="{INK}">{what}</text>']
    return "\n".join([*parts, "</svg>"]) + "\n"


def _mark(shape: str, x: float, y: float) -> str:
    """A ring for the best, a square for the plan."""
    look = f'class="{shape}" fill="none" stroke="{INK}" stroke-width="2"'
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" {look}/>'
        if shape == "best"
        else f'<path d="M{x - 5:.1f},{y - 5:.1f}h10v10h-10Z" {look}/>'
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
