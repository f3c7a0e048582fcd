"""People made to measure: for any fact of the tables, a person of whom it is true."""

from __future__ import annotations

from typing import Any

from anagen.people.person import Person
from anagen.people.signs import signs
from anagen.suitability.facts import TAKES
from anagen.suitability.tables import facts, words

FIELDS: dict[str, dict[str, Any]] = {
    "anyone": {},
    "man": {"sex": "male"},
    "woman": {"sex": "female"},
    "under_18": {"age_years": 16},
    "other_hair_loss": {"condition": "telogen effluvium"},
    "pregnant": {"sex": "female", "pregnant": True},
    "may_become_pregnant": {"sex": "female", "may_become_pregnant": True},
    "breastfeeding": {"sex": "female", "breastfeeding": True},
    "bmi_40_or_more": {"bmi": 41},
    "obesity": {"bmi": 31},
    "too_little_fat": {"bmi": 17},
    "smoker": {"smoker": True},
    "platelets_below_100000": {"platelets_per_ul": 90_000},
    "platelets_below_150000": {"platelets_per_ul": 140_000},
    "unknown_word": {"medicines": ("qwertyuiopin",)},
}
"""What makes each fact that comes from a field."""
SCALE = {"male": ("norwood", "3v"), "female": ("ludwig", "1")}


def telling(fact: str) -> dict[str, Any]:
    """The fields that make one fact true."""
    if fact in FIELDS:
        return FIELDS[fact]
    if fact in TAKES.values():
        return {"medicines": (next(word for word, meant in words().items() if meant == fact),)}
    if facts()[fact].known_from == "sign":
        sign = next((one for one in signs().values() if fact in one.sets), next(iter(signs().values())))
        return {"signs": (sign.sign,)} | ({"sex": sign.sex} if sign.sex else {})
    return {"conditions": (next(word for word, meant in words().items() if meant == fact),)}


def someone(*told: str, sex: str = "male", **also: Any) -> Person | None:
    """A person with all these facts; None where no one person can have them (a man and a woman, two weights)."""
    whole: dict[str, Any] = {}
    for fields in (*map(telling, told), also):
        for name, value in fields.items():
            if name in ("signs", "conditions", "medicines"):
                whole[name] = (*(whole.get(name) or ()), *value)
            elif whole.setdefault(name, value) != value:
                return None
    sex = whole.pop("sex", sex)
    if sex == "male" and whole.get("pregnant"):
        return None
    scale, stage = SCALE[sex]
    base: dict[str, Any] = {"sex": sex, "age_years": 40, "condition": "pattern hair loss", "scale": scale, "stage": stage, "signs": ()}
    if sex == "female":
        base["may_become_pregnant"] = False
    return Person(**base | whole)
