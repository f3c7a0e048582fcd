"""Read sentences written and labelled apart, and count: writes record.json and the tables of README.md beside this file (seconds).

The sentences stand in tests/clinic/claims_labelled.csv. Nothing was changed after the patterns met them: `tables_hash` names the tables
that were measured.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import math
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from pages import Row, digits, publish, table  # noqa: E402

from anagen.clinic.claims import claims_in, kinds  # noqa: E402

ROOT = HERE.parents[1]
LABELLED = ROOT / "tests" / "clinic" / "claims_labelled.csv"
BUILT = ROOT / "tests" / "clinic" / "claims_built.csv"
ALIKE = 0.8
"""Two sentences are alike from this ratio of `difflib` on, small letters and signs aside: 0.8 is about one word of six changed."""
TABLES = ("claims.csv", "cues.csv", "patterns.csv", "words.csv")
NAMES = {"en": "English", "es": "Spanish", "de": "German", "apart": "all that are unlike any it was built with"}


def sentences() -> list[tuple[str, str, set[str]]]:
    """Text, language and labelled claims of each row."""
    with LABELLED.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["language"], {word.strip() for word in row["claims"].split(";")} - {""}) for row in csv.DictReader(file)]


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def likeness() -> list[float]:
    """For each labelled sentence, how like it the likest one is of those that the patterns were built with: 1 is the same words.

    Half a minute: the rest takes a second.
    """
    with BUILT.open(encoding="utf-8", newline="") as file:
        built = [_bare(row["text"]) for row in csv.DictReader(file)]
    found = []
    for text, _, _ in sentences():
        compared, best = difflib.SequenceMatcher(None, b=_bare(text)), 0.0
        for other in built:
            compared.set_seq1(other)
            if compared.real_quick_ratio() > best and compared.quick_ratio() > best:
                best = max(best, compared.ratio())
        found.append(best)
    return found


def wilson(right: int, of: int) -> list[float] | None:
    """Wilson's 95 % interval of a share; None where nothing was counted."""
    if not of:
        return None
    z = 1.959964
    share, more = right / of, z * z / of
    middle, half = (share + more / 2) / (1 + more), z / (1 + more) * math.sqrt(share * (1 - share) / of + more / (4 * of))
    return [digits(max(0.0, middle - half)), digits(min(1.0, middle + half))]


def row(of: str, sentences: int, right: int, extra: int, missed: int) -> Row:
    return {
        "of": of,
        "sentences": sentences,
        "right": right,
        "extra": extra,
        "missed": missed,
        "precision": digits(right / (right + extra)) if right + extra else None,
        "precision 95 %": wilson(right, right + extra),
        "recall": digits(right / (right + missed)) if right + missed else None,
        "recall 95 %": wilson(right, right + missed),
    }


def measure(alike: dict[str, list[int]]) -> dict[str, Any]:
    """The record; `alike`: numbers of the labelled sentences that are the `same` as, or `alike`, one that the patterns were built with."""
    counts: Counter[tuple[str, str]] = Counter()
    clean, empty, whole = 0, 0, 0
    rows = sentences()
    near = set(alike["alike"])
    for number, (text, language, labelled) in enumerate(rows):
        found = {claim.claim for claim in claims_in(text)}
        whole += found == labelled
        empty += not labelled
        clean += not labelled and not found
        for kind, words in (("right", labelled & found), ("extra", found - labelled), ("missed", labelled - found)):
            for word in words:
                for of in ("all", language, word, "alike" if number in near else "apart"):
                    counts[of, kind] += 1

    def counted(of: str, size: int) -> Row:
        return row(of, size, counts[of, "right"], counts[of, "extra"], counts[of, "missed"])

    return {
        "claim": "claims in advertising text, recognised in sentences that another person wrote and labelled",
        "sentences": len(rows),
        "sentences_hash": hashlib.sha256(LABELLED.read_bytes()).hexdigest(),
        "tables_hash": hashlib.sha256(
            b"".join((ROOT / "src" / "anagen" / "data" / "clinic" / name).read_bytes() for name in TABLES)
        ).hexdigest(),
        "all": counted("all", len(rows)),
        "apart": counted("apart", len(rows) - len(near)),
        "alike": alike,
        "whole": {"right": whole, "of": len(rows), "95 %": wilson(whole, len(rows))},
        "empty": {"right": clean, "of": empty, "95 %": wilson(clean, empty)},
        "languages": [counted(of, sum(language == of for _, language, _ in rows)) for of in sorted({language for _, language, _ in rows})],
        "claims": [counted(of, sum(of in labelled for _, _, labelled in rows)) for of in kinds()],
    }


def _percent(share: float | None, within: list[float] | None) -> str:
    return "" if share is None or within is None else f"{100 * share:.0f} ({100 * within[0]:.0f} to {100 * within[1]:.0f})"


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of README.md."""

    def lines(rows: list[Row]) -> list[list[Any]]:
        return [
            [
                NAMES.get(one["of"], one["of"]),
                *(one[name] for name in ("sentences", "right", "extra", "missed")),
                _percent(one["precision"], one["precision 95 %"]),
                _percent(one["recall"], one["recall 95 %"]),
            ]
            for one in rows
        ]

    head = "sentences | right | extra | missed | precision, % (95 %) | recall, % (95 %)"
    whole, empty = record["whole"], record["empty"]
    shares = [
        ["read wholly as labelled", whole["of"], whole["right"], _percent(whole["right"] / whole["of"], whole["95 %"])],
        ["claim nothing, and nothing was found", empty["of"], empty["right"], _percent(empty["right"] / empty["of"], empty["95 %"])],
    ]
    return {
        "sentences": table("sentences | of | so many | % (95 %)", shares),
        "languages": table(f"of | {head}", lines([record["all"], record["apart"], *record["languages"]])),
        "claims": table(f"claim | {head}", lines(record["claims"])),
    }


def said(record: dict[str, Any]) -> list[str]:
    """What the text of README.md says of the record."""
    size, apart = record["sentences"], record["apart"]
    return [
        f"{len(record['alike']['same'])} of the {size} sentences are in the same words",
        f"{size - apart['sentences']} are alike",
        f"the other {apart['sentences']}",
        f"precision is {100 * apart['precision']:.0f} % and recall {100 * apart['recall']:.0f} %",
    ]


def main() -> None:
    if not LABELLED.exists():
        sys.exit(f"{LABELLED.relative_to(ROOT)} is not here: nothing is measured without the labelled sentences")
    near = likeness()
    record = measure(
        {"same": [n for n, likest in enumerate(near) if likest == 1], "alike": [n for n, likest in enumerate(near) if likest >= ALIKE]}
    )
    publish(HERE, record, tables(record), said(record))


if __name__ == "__main__":
    main()
