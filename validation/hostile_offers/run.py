"""Ten thousand hostile offers: read, judged, printed, drawn as a page and as data. `main(cases)` measures them; the tests run some."""

from __future__ import annotations

import io
import json
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from pages import publish, table  # noqa: E402

from anagen.clinic.check import Findings, check  # noqa: E402
from anagen.clinic.compare import compare  # noqa: E402
from anagen.clinic.offer import PARTS, PLACES, Offer, Papers, Price, Product, Somebody, as_offer, read_offer  # noqa: E402
from anagen.clinic.rules import rules  # noqa: E402
from anagen.ground.errors import BadInput  # noqa: E402
from anagen.treatments import TREATMENTS  # noqa: E402

CASES, SEED = 10_000, 6
BYTES_SHARE, COMPARED_SHARE = 0.15, 0.05
SUM = "62615533"
"""What {{ 7919 * 7907 }} would come to, if a template took it for code."""
NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "</style><iframe src=javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "{{ 7919 * 7907 }}",
    "{% include 'page.html' %}{{ 7919*7907 }}",
    "${7919*7907} #{7919*7907}",
    "[bold red]loud[/bold red] [link=http://x]y[/link]",
    "[/]",
    "\x1b[31mred\x1b]0;title\x07",
    "\x9b31m\x90q\x9c",
    "a\r\nb\rc\x08\x7f",
    "\u202egnp.exe\u2066\u200b",
    "\x00nul",
    "🧬" * 50,
    "é\u0301" * 300,
    "%s%n{0}{clinic}",
    "'; DROP TABLE offers; --",
    "../../../../etc/passwd",
    "=cmd|' /C calc'!A0",
)
SAID = (
    "We are an FDA-approved facility.",
    "Your own stem cells, so there is no risk.",
    "Exosomes for your hair, guaranteed!",
    "Clinically proven. Read our 5-star reviews.",
    "Células madre sin riesgos.",
    "No refunds. Pay today.",
    "SVF from your own fat on the same day.",
)
TAGS = frozenset(
    (
        *("html", "head", "meta", "title", "link", "style", "body", "main", "header", "footer", "section", "p", "h1", "h2", "h3", "h4"),
        *("ul", "ol", "li", "b", "em", "q", "a", "span", "div", "table", "thead", "tbody", "tr", "th", "td"),
    )
)
ATTRIBUTES = frozenset(["lang", "charset", "name", "content", "rel", "href", "class", "id", "scope", "aria-labelledby"])


class Page(HTMLParser):
    """Tags, attributes and links of a page, as a browser would meet them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what was met."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}


def text(chance: random.Random) -> str:
    """A hostile text; now and then a long one."""
    parts = [chance.choice((*NASTY, *SAID)) for _ in range(chance.randint(1, 4))]
    if chance.random() < 0.04:
        parts.append(chance.choice(NASTY) * chance.choice((100, 3000)))
    if chance.random() < 0.01:
        parts.append("\ud800")
    if chance.random() < 0.1:
        parts.append("".join(chr(chance.randrange(1, 0x3000)) for _ in range(chance.randint(1, 200))))
    return " ".join(parts)


def junk(chance: random.Random, depth: int = 0) -> Any:
    """A value of any type."""
    kind = chance.randrange(9 if depth < 3 else 7)
    if kind < 2:
        return text(chance)
    if kind == 7:
        return [junk(chance, depth + 1) for _ in range(chance.randint(0, 4))]
    if kind == 8:
        return {text(chance)[:30]: junk(chance, depth + 1) for _ in range(chance.randint(0, 3))}
    return chance.choice((True, False, 0, -1, 1, 10**30, 1e308, float("nan"), float("inf"), -0.0, 3.7, "", " "))


def table_of(form: type[Any], chance: random.Random, fits: float) -> dict[str, Any]:
    """Some fields of a form: values that fit with the chance `fits`, else anything; now and then a field that is none."""
    found: dict[str, Any] = {}
    for name in form.model_fields:
        if chance.random() < 0.45:
            found[name] = fitting(form, name, chance) if chance.random() < fits else junk(chance)
    if chance.random() > fits:
        found[text(chance)[:40]] = junk(chance)
    return found


def fitting(form: type[Any], name: str, chance: random.Random) -> Any:
    """A value that the field may take, hostile where it is free text."""
    if form is Papers:
        return chance.choice((True, False, text(chance)[:1500], ""))
    known: dict[str, tuple[Any, ...]] = {
        "source": ("fat", "marrow", "follicle", "blood", "donor_fat", "cord", "amnion", "plant", "none"),
        "processing": ("enzymatic", "mechanical", "concentrate", "micrograft", "culture", "cell_free", "spun", "none"),
        "route": ("injected", "topical", "iv"),
        "profession": ("physician", "nurse", "technician", "unknown"),
        "currency": ("USD", "EUR", "JPY"),
        "refund": ("none", "partial", "full", "unknown"),
    }
    if name in known:
        return chance.choice(known[name])
    if name == "role":
        return chance.sample(("diagnoses", "harvests", "injects", "follows_up"), chance.randint(0, 4))
    if name == "boards":
        return [chance.choice(("American Board of Dermatology", "American Board of Cosmetic Surgery", text(chance)[:900]))]
    if name == "includes":
        return chance.sample(PARTS, chance.randint(0, len(PARTS)))
    if name == "npi":
        return chance.choice(("1234567893", "1234567890", text(chance)[:100]))
    if form is Price and name in ("sessions", "boosters"):
        return chance.randint(1, 12)
    if form is Price and not name.startswith(("deposit_r", "pay_", "discount", "participant")):
        return chance.choice((0.5, 100, 890, 1999.99))
    if form is Price or name in ("own", "same_day"):
        return chance.random() < 0.5
    return text(chance)[:1500]


def offer(chance: random.Random) -> dict[str, Any]:
    """The fields of one hostile offer. Half of them are forms that can be read, hostile in their words alone."""
    fits = 1.0 if chance.random() < 0.6 else 0.85
    found: dict[str, Any] = {
        "clinic": text(chance)[:300],
        "jurisdiction": chance.choice(PLACES) if chance.random() < fits else junk(chance),
        "treatment": chance.choice(sorted(TREATMENTS)) if chance.random() < fits else junk(chance),
        "advert": " ".join(text(chance) for _ in range(chance.randint(0, 6)))[:20_000],
    }
    for name, form in (("product", Product), ("shown", Papers), ("price", Price)):
        if chance.random() < 0.7:
            found[name] = table_of(form, chance, fits) if chance.random() < fits else junk(chance)
            if name == "price" and fits == 1.0:
                found[name]["currency"] = "USD"
    if chance.random() < 0.6:
        found["people"] = (
            [table_of(Somebody, chance, fits) for _ in range(chance.randint(0, 4))] if chance.random() < fits else junk(chance)
        )
    if chance.random() > fits:
        found.pop(chance.choice(sorted(found)), None)
        found[text(chance)[:40]] = junk(chance)
    return found


def as_bytes(chance: random.Random, folder: Path) -> Path:
    """A file that may be TOML, or half of it, or none."""
    lines = [f"{name} = {json.dumps(value)}" for name, value in offer(chance).items() if isinstance(value, str | bool)]
    raw = "\n".join(lines).encode("utf-8", "surrogatepass")
    kind = chance.randrange(4)
    if kind == 0:
        raw = bytes(chance.randrange(256) for _ in range(chance.randint(0, 400)))
    elif kind == 1:
        raw = raw[: chance.randint(0, len(raw))]
    elif kind == 2:
        raw += b"\nx = " + b"[" * chance.choice((10, 5000)) + b"\n"
    path = folder / "offer.toml"
    path.write_bytes(raw)
    return path


def wrong_in(found: Findings, html: str, printed: str, data: str) -> list[str]:
    """What a report lets through that it must not."""
    page, wrong = Page(html), []
    known = {one.url for one in rules().values()} | {"data:,"}
    wrong += [f"tag {tag}" for tag in page.tags - TAGS]
    wrong += [f"attribute {name}" for name in page.attributes - ATTRIBUTES]
    wrong += [f"link {link[:60]}" for link in page.links - known]
    loaded = json.loads(data)
    for where, one in (("page", html), ("terminal", printed), ("data", data)):
        wrong += [f"{where} holds {letter!r}" for letter in sorted(set(one) - {"\n"}) if not letter.isprintable()]
        wrong += [f"{where} ran a template"] if SUM in one else []
    if loaded["summary"] != found.summary:
        wrong.append("data holds another summary")
    bare = "".join(printed.split())
    if "[bold red]loud[/bold red]" in found.offer.clinic and "[boldred]loud[/boldred]" not in bare:
        wrong.append("terminal took markup for style")
    return wrong


def one_case(number: int, folder: Path, seed: int = SEED) -> tuple[str, list[str], float]:
    """What became of one case (`judged`, `refused`), what is wrong with it, and how long it took in seconds of the processor."""
    from rich.console import Console

    from anagen.report import clinic_data, clinic_page, clinic_text

    chance = random.Random(f"{seed}:{number}")
    raw = as_bytes(chance, folder) if chance.random() < BYTES_SHARE else None
    given = offer(chance)
    begun = time.process_time()
    try:
        read: Offer = read_offer(raw) if raw else as_offer(given, "offer.toml")
    except BadInput as error:
        sentence = str(error)
        wrong = [f"error holds {letter!r}" for letter in sorted(set(sentence)) if not letter.isprintable()]
        wrong += [f"error of {len(sentence)} letters"] if len(sentence) > 2000 else []
        return "refused", wrong, time.process_time() - begun
    found = check(read)
    html = clinic_page.render(found)
    shown = io.StringIO()
    clinic_text.show(found, Console(file=shown, width=80, color_system=None))
    data = json.dumps(clinic_data.check(found), ensure_ascii=False, allow_nan=False)
    wrong = wrong_in(found, html, shown.getvalue(), data)
    if chance.random() < COMPARED_SHARE:
        side = compare([read, read])
        wrong += [f"page of two, tag {tag}" for tag in Page(clinic_page.render(side)).tags - TAGS]
    return "judged", wrong, time.process_time() - begun


def measure(cases: int = CASES) -> dict[str, Any]:
    """The whole record: what became of the cases, what was wrong, and how long the slowest took."""
    ends: dict[str, int] = {"judged": 0, "refused": 0}
    wrong: list[str] = []
    seconds: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        one_case(0, Path(folder))  # the tables are read once
        for number in range(cases):
            try:
                end, found, took = one_case(number, Path(folder))
            except Exception as error:
                wrong.append(f"case {number}: {type(error).__name__}: {error}")
                continue
            ends[end] += 1
            wrong += [f"case {number}: {one}" for one in found]
            seconds.append(took)
    seconds.sort()
    return {
        "cases": cases,
        "seed": SEED,
        **ends,
        "wrong": wrong,
        "seconds": {"middle": round(seconds[len(seconds) // 2], 4), "slowest": round(seconds[-1], 3)},
    }


def tables(record: Mapping[str, Any]) -> dict[str, str]:
    """The tables of README.md, by the name of their place."""
    line = [str(record[name]) for name in ("cases", "judged", "refused")] + [str(len(record["wrong"]))]
    return {
        "cases": table(
            "offers | read and judged | refused with one sentence | crashed or let something through | middle, s | slowest, s",
            [[*line, str(record["seconds"]["middle"]), str(record["seconds"]["slowest"])]],
        )
    }


def main() -> None:
    """Measure, and write both files."""
    found = measure(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
    publish(HERE, found, tables(found), [])
    for one in found["wrong"][:20]:
        print(one)


if __name__ == "__main__":
    main()
