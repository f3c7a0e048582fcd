"""An injection drawn on the scalp, seen from above: the region, its points and the dose between them; and a map to inject by, to print.

`draw` shows the dose that each follicle gets, as a multiple of the even dose, with the edge of what counts as reached told apart by
size as well as colour: follicles out of reach are small and brown. `printable` numbers the points, each with the mark of its session.
Both are seen from above, the nose at the top, with the person's left and right.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from anagen.ground import chance
from anagen.report import injection_words as say
from anagen.report.procedure_words import digits
from anagen.report.words import capital
from anagen.scalp.regions import regions
from anagen.therapy.grid import Ints
from anagen.therapy.inject import Injected
from anagen.therapy.polygon import Floats, map_box, outline

if TYPE_CHECKING:
    from anagen.procedure import Procedure

PX_PER_CM = 46.0
MARGIN, SIDE, HEAD, FOOT = 34.0, 238.0, 56.0, 46.0
INK, SOFT, RULE, PAPER = "#1b1b1b", "#5b5b5b", "#d9d9d9", "#ffffff"
SHADES = ("#eef3f5", "#c7dbe3", "#8fb8c9", "#4f8da6", "#2f6f8f", "#174a63")
"""From little to much, even in grey as well: the steps of `STEPS`."""
STEPS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Where one shade ends and the next begins, in multiples of the even dose."""
MOST_DRAWN = 24_000
"""Follicles drawn at most; of more, as many evenly chosen ones."""
MARKS = ("circle", "square", "triangle", "diamond")
"""The mark of a session; a fifth session starts again, filled."""
LEGEND = 17.0
"""The height of a line of the legend."""
HEAD_PX_PER_CM = 4.6
"""The scale of the small head beside the map."""
LEAST_LABEL_CM = 0.55
"""Points closer than this have no room for their numbers on the map; the table still names them."""


def of(one: Procedure, to_print: bool = False) -> str:
    """The picture of a protocol, or, `to_print`, its map to inject by: with what it is called and where it lies."""
    made, what = (printable, "Injection map") if to_print else (draw, "Where the dose reaches")
    return made(one.injected, f"{what}: {one.title}", say.where(one))


def draw(done: Injected, title: str = "Where the dose reaches", where: str = "") -> str:
    """The region from above with grid and dose, as SVG: title, description, legend, scale bar. Shades are those of `STEPS`.

    where: the region in words.

    >>> from anagen.therapy.inject import Injection, inject
    >>> from anagen.therapy.polygon import circle
    >>> from anagen.therapy.unknowns import Unknowns
    >>> done = inject(circle(12), Injection(spacing_cm=1.0), unknowns=Unknowns.middle())
    >>> draw(done).startswith("<svg"), f"{done.needles} points" in draw(done)
    (True, True)
    """
    page = _Page(done, 12 * LEGEND)
    relative = done.dose.relative[0]
    some = np.argsort(chance.uniform(chance.key("drawn"), np.arange(len(relative))))[:MOST_DRAWN]
    places, seen = page.at(done.follicles_cm[some]), relative[some]
    shade, within = np.searchsorted(STEPS, seen, side="right"), seen >= done.reach_level
    share = float((relative >= done.reach_level).mean())
    low, middle, high = np.quantile(done.coverage, (0.025, 0.5, 0.975))
    said = (
        f"{_begins(where)}{say.given(done)} At the middle of all unknowns {share:.0%} of "
        f"{len(relative):,} follicles get at least {done.reach_level:.2g} times the even dose"
    )
    said += f"; what is not known leaves {low:.0%} to {high:.0%} (middle {middle:.0%})." if len(done.coverage) > 1 else "."
    parts = page.begin(title, said, "What level a follicle answers to is not known: the level is assumed.")
    parts.append(page.outline(SHADES[0]))
    for step, colour in enumerate(SHADES):
        for reach in (False, True):
            which = (shade == step) & (within == reach)
            if which.any():
                path = "".join(f"M{_short(x, y)}h0" for x, y in places[which])
                wide, opacity = (2.4, 1.0) if reach else (1.4, 0.9)
                stroke = colour if reach else "#8a6a3b"
                parts.append(
                    f'<path class="follicles" d="{path}" fill="none" stroke="{stroke}" stroke-width="{wide}" stroke-linecap="round" '
                    f'opacity="{opacity}"/>'
                )
    parts += [f'<path class="point" d="{_cross(x, y, 3.2)}" stroke="{INK}" stroke-width="1.1"/>' for x, y in page.at(done.grid.points_cm)]
    parts.append(page.outline("none"))
    return page.end(parts, _dose_legend(page, share))


def printable(done: Injected, title: str = "Injection map", where: str = "") -> str:
    """The map to inject by, as SVG in black and white: numbered points by session, volume and depth of each, needles and syringes.

    where: the region in words. Thin lines join the points of a row, in the order of their numbers.

    >>> from anagen.therapy.inject import Injection, inject
    >>> from anagen.therapy.polygon import circle
    >>> from anagen.therapy.unknowns import Unknowns
    >>> done = inject(circle(12), Injection(spacing_cm=1.0, sessions=2, share_points=True), unknowns=Unknowns.middle())
    >>> printable(done).count('class="number"') == done.needles
    True
    """
    counts = done.grid.per_session
    head = _head(done)
    page = _Page(done, LEGEND * (len(counts) + 10) + (HEAD_PX_PER_CM * float(np.subtract(*map_box()[::-1])[1]) + 2 * LEGEND if head else 0))
    said = f"{_begins(where)}{say.given(done)} {say.numbered(done.grid)}"
    parts = page.begin(title, said, "Distances are along the scalp, laid flat; left and right are the person's own.")
    parts.append(page.outline("none"))
    places = page.at(done.grid.points_cm)
    lines = "".join("M" + " L".join(_short(*place) for place in places[done.grid.row == row]) for row in np.unique(done.grid.row))
    parts.append(f'<path class="row" d="{lines}" fill="none" stroke="{RULE}" stroke-width="1"/>')
    numbered = done.grid.spacing_cm >= LEAST_LABEL_CM
    for number, ((x, y), session) in enumerate(zip(places, done.grid.session, strict=True), start=1):
        parts.append(mark(x, y, int(session)))
        size = 9 if numbered else 4
        parts.append(
            f'<text class="number" x="{x:.1f}" y="{y - 6.5:.1f}" font-size="{size}" text-anchor="middle" fill="{INK}" stroke="#fff" '
            f'stroke-width="3" paint-order="stroke">{number}</text>'
        )
    legend, below = _session_legend(page, counts)
    return page.end(parts, [*legend, *_small_head(page, head, below)])


def mark(x: float, y: float, session: int, size: float = 3.6) -> str:
    """The mark of a session (from 1) at a place: its shape says which, and from the fifth on it is filled.

    >>> mark(1, 2, 1) == mark(1, 2, 2), mark(1, 2, 1) == mark(1, 2, 5)
    (False, False)
    """
    shape, fill = MARKS[(session - 1) % len(MARKS)], INK if (session - 1) // len(MARKS) % 2 else PAPER
    style = f'class="point" data-session="{session}" fill="{fill}" stroke="{INK}" stroke-width="1.2"'
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" {style}/>'
    ways = {"square": (45, 135, 225, 315), "triangle": (90, 210, 330), "diamond": (0, 90, 180, 270)}[shape]
    corners = [(x + 1.25 * size * np.cos(np.deg2rad(way)), y - 1.25 * size * np.sin(np.deg2rad(way))) for way in ways]
    return f'<path d="M{" L".join(_short(*corner) for corner in corners)}Z" {style}/>'


class _Page:
    """Where a place on the scalp stands in the picture; the frame around it."""

    def __init__(self, done: Injected, beside: float) -> None:
        """beside: the height of what stands to the right of the map."""
        self.done = done
        corners = np.concatenate([piece.points_cm for piece in done.region])
        self.low, self.high = corners.min(axis=0), corners.max(axis=0)
        wide, tall = PX_PER_CM * (self.high - self.low)
        self.map_width, self.map_height = max(wide, 200.0), max(tall, 230.0, beside)
        self.width, self.height = self.map_width + 2 * MARGIN + SIDE, self.map_height + HEAD + FOOT + MARGIN
        self.width = max(self.width, 620.0)

    def at(self, places_cm: Floats) -> Floats:
        """Places in the picture, (m, 2): y points down."""
        x, y = places_cm.T
        return np.column_stack([MARGIN + PX_PER_CM * (x - self.low[0]), HEAD + MARGIN + PX_PER_CM * (self.high[1] - y)])

    def outline(self, fill: str) -> str:
        """The region's edge."""
        path = "".join("M" + " L".join(_short(x, y) for x, y in self.at(piece.points_cm)) + "Z" for piece in self.done.region)
        return f'<path class="region" d="{path}" fill="{fill}" stroke="{INK}" stroke-width="1.4" stroke-linejoin="round"/>'

    def begin(self, title: str, said: str, note: str) -> list[str]:
        """The opening of the picture, with the words for those who cannot see it; the words also stand above the map."""
        lines, titles = _wrapped(said, int(self.width / 6.4)), _wrapped(title, int(self.width / 9.8))
        under = 18 * (len(titles) - 1)
        shown = [
            f'<text x="14" y="{22 + 18 * i}" font-size="15" font-weight="600" fill="{INK}">{escape(line)}</text>'
            for i, line in enumerate(titles)
        ]
        shown += [f'<text x="14" y="{40 + under + 14 * i}" fill="{SOFT}">{escape(line)}</text>' for i, line in enumerate(lines)]
        self.lift = under + max(0.0, 14.0 * (len(lines) - 1))
        return [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:.0f} {self.height + self.lift:.0f}" role="img" '
            'aria-labelledby="t d" font-family="sans-serif" font-size="11">',
            f'<title id="t">{escape(title)}</title><desc id="d">{escape(said)} {escape(note)}</desc>',
            f'<rect width="{self.width:.0f}" height="{self.height + self.lift:.0f}" fill="{PAPER}"/>',
            *shown,
            f'<text x="14" y="{self.height + self.lift - 10:.0f}" fill="{SOFT}">{escape(note)}</text>',
            f'<g transform="translate(0 {self.lift:.0f})">',
        ]

    def end(self, parts: list[str], legend: list[str]) -> str:
        """The scale bar, the legend, and the close."""
        x, y = MARGIN, HEAD + MARGIN + self.map_height + 14
        bar = 2 if self.map_width > 3 * PX_PER_CM else 1
        scale = [
            f'<path d="M{_short(x, y - 4)}v4h{bar * PX_PER_CM:g}v-4" fill="none" stroke="{INK}" stroke-width="1.2"/>',
            f'<text x="{x + bar * PX_PER_CM + 6:.0f}" y="{y + 2:.0f}" fill="{INK}">{bar} cm</text>',
        ]
        return "\n".join([*parts, *scale, *self._sides(), *legend, "</g>", "</svg>"]) + "\n"

    def _sides(self) -> list[str]:
        """The nose, the person's left and right, and the midline where it runs through the map of a region that has a place."""
        middle, top = MARGIN + PX_PER_CM * (self.high[0] - self.low[0]) / 2, HEAD + MARGIN - 12
        high = HEAD + MARGIN + PX_PER_CM * (self.high[1] - self.low[1])
        beside = (HEAD + MARGIN + high) / 2
        made = [
            f'<path d="M{_short(middle - 5, top)}L{_short(middle, top - 9)}L{_short(middle + 5, top)}Z" fill="{INK}"/>',
            f'<text x="{middle + 10:.0f}" y="{top:.0f}" fill="{INK}">nose</text>',
            f'<text x="6" y="{beside:.0f}" fill="{INK}">left</text>',
            f'<text x="{2 * middle - MARGIN + 8:.0f}" y="{beside:.0f}" fill="{INK}">right</text>',
        ]
        if _placed(self.done) and self.low[0] < 0 < self.high[0]:
            x = float(self.at(np.zeros((1, 2)))[0, 0])
            made.append(f'<path d="M{_short(x, HEAD + MARGIN)}V{high:.0f}" stroke="{SOFT}" stroke-width="0.8" stroke-dasharray="6 3 1 3"/>')
            made.append(f'<text x="{x:.0f}" y="{high + 12:.0f}" text-anchor="middle" fill="{SOFT}">midline</text>')
        return made


def _begins(where: str) -> str:
    return f"{capital(where)}. " if where else ""


def _placed(done: Injected) -> bool:
    """Whether the region has a place on the head: a circle by its area has none."""
    return all(piece.name != "circle" for piece in done.region)


def _head(done: Injected) -> list[str]:
    """The outlines of the scalp, small, with what is injected in black; nothing for a region without a place on it."""
    low, high = map_box()
    corners = np.concatenate([piece.points_cm for piece in done.region])
    if not _placed(done) or (corners < low - 1).any() or (corners > high + 1).any():
        return []

    def path(points: Floats) -> str:
        return "M" + " L".join(_short(*(HEAD_PX_PER_CM * np.array([x - low[0], high[1] - y]))) for x, y in points) + "Z"

    scalp = "".join(path(piece.points_cm) for name in regions() for piece in outline(name))
    mine = "".join(path(piece.points_cm) for piece in done.region)
    return [f'<path d="{scalp}" fill="none" stroke="{SOFT}" stroke-width="0.8"/>', f'<path class="here" d="{mine}" fill="{INK}"/>']


def _small_head(page: _Page, head: list[str], top: float) -> list[str]:
    """The small head at its place beside the map."""
    if not head:
        return []
    x = page.width - SIDE + 8
    return [
        f'<text x="{x}" y="{top:.0f}" font-weight="600" fill="{INK}">where on the head</text>',
        f'<g transform="translate({x + 40:.0f} {top + LEGEND:.0f})">',
        *head,
        "</g>",
    ]


def _dose_legend(page: _Page, share: float) -> list[str]:
    x, y = page.width - SIDE + 8, HEAD + MARGIN + 6
    level = page.done.reach_level
    parts = [f'<text x="{x}" y="{y}" font-weight="600" fill="{INK}">dose, times the even one</text>']
    ends = ["0", *(f"{step:g}" for step in STEPS)]
    for i, colour in enumerate(SHADES):
        top = y + 10 + 17 * i
        what = f"{ends[i]} to {ends[i + 1]}" if i + 1 < len(ends) else f"{ends[i]} and more"
        parts.append(f'<rect x="{x}" y="{top:.0f}" width="20" height="12" fill="{colour}" stroke="{RULE}"/>')
        parts.append(f'<text x="{x + 28}" y="{top + 10:.0f}" fill="{INK}">{what}</text>')
    y += 10 + 17 * len(SHADES) + 16
    rows = (
        (
            f'<path d="M{_short(x + 10, y)}h0" stroke="#8a6a3b" stroke-width="3" stroke-linecap="round"/>',
            f"follicle out of reach ({1 - share:.0%})",
        ),
        (
            f'<path d="M{_short(x + 10, y + 17)}h0" stroke="{SHADES[4]}" stroke-width="5" stroke-linecap="round"/>',
            f"within reach ({share:.0%})",
        ),
        (f'<path d="{_cross(x + 10, y + 34, 3.2)}" stroke="{INK}" stroke-width="1.1"/>', "injection point"),
    )
    for i, (shape, what) in enumerate(rows):
        parts += [shape, f'<text x="{x + 28}" y="{y + 4 + 17 * i:.0f}" fill="{INK}">{what}</text>']
    parts.append(f'<text x="{x}" y="{y + 60:.0f}" fill="{SOFT}">reached: {level:.2g} times and more</text>')
    return parts


def _session_legend(page: _Page, counts: Ints) -> tuple[list[str], float]:
    """The legend of the map to print, and where it ends."""
    x, y, done = page.width - SIDE + 8, HEAD + MARGIN + 6, page.done
    lines = [f"{say.each_ml(done.volume_ml_per_point, done.needles)} mL at each point", f"{digits(done.depth_mm)} mm deep"]
    lines += [f"{digits(done.grid.spacing_cm)} cm apart", say.minutes(done), "(times are assumed)"]
    parts = [f'<text x="{x}" y="{y}" font-weight="600" fill="{INK}">at every point</text>']
    parts += [f'<text x="{x}" y="{y + LEGEND * (i + 1):.0f}" fill="{INK}">{line}</text>' for i, line in enumerate(lines)]
    y += LEGEND * (len(lines) + 2)
    parts.append(f'<text x="{x}" y="{y:.0f}" font-weight="600" fill="{INK}">sessions</text>')
    for number, count in enumerate(counts, start=1):
        parts.append(mark(x + 6, y + LEGEND * number - 4, number))
        which = f"session {number}" if len(counts) > 1 else f"each of {done.plan.sessions}" if done.plan.sessions > 1 else "one session"
        volume = say.ml(int(count) * done.volume_ml_per_point)
        parts.append(f'<text x="{x + 22}" y="{y + LEGEND * number:.0f}" fill="{INK}">{which}: {count} points, {volume} mL</text>')
    return parts, y + LEGEND * (len(counts) + 2)


def _cross(x: float, y: float, size: float) -> str:
    return f"M{_short(x - size, y)}h{2 * size:g}M{_short(x, y - size)}v{2 * size:g}"


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _short(*values: float) -> str:
    return ",".join(f"{value:.1f}".rstrip("0").rstrip(".") for value in values)
