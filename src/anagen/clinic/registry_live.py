"""One question to the public registry of US providers over the network: only when asked for, with a time-out and a bound on the answer.

The form of question and answer is that of the documented API, version 2.1; tests speak to a local server that answers in that form,
and the registry itself was never asked while this was written.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from anagen.clinic.npi import NPI
from anagen.clinic.registry import Record, Speciality
from anagen.ground.errors import BadParameter, Unreachable
from anagen.ground.text import clean

URL = "https://npiregistry.cms.hhs.gov/api/"
VERSION = "2.1"
TIMEOUT_S = 10.0
LARGEST = 2 << 20
"""Bytes of an answer; a longer one is not read."""
KINDS = {"NPI-1": "person", "NPI-2": "organisation"}
LATER = "The form of the number is right; try again later, or look in a bulk file with --registry"


def look_up_live(number: str | NPI, url: str = URL, timeout_s: float = TIMEOUT_S) -> Record | None:
    """What the registry says of a number now; None if it does not have it.

    Raises `BadParameter` for what is no NPI or no web address, `Unreachable` where there is no answer that can be used.
    """
    npi = number if isinstance(number, NPI) else NPI.parse(number)
    results = _results(_asked(f"{_base(url)}?{urlencode({'version': VERSION, 'number': str(npi)})}", timeout_s))
    for one in results:
        if isinstance(one, dict) and str(one.get("number", "")) == str(npi):
            return _record(one, url)
    return None


def _base(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
    except ValueError:
        good = False
    if not good:
        raise BadParameter("the address of the registry", f"is {url[:80]!r}", "an address with http or https, such as " + URL)
    return url


def _asked(address: str, timeout_s: float) -> Any:
    """The JSON that an address answers, read to its bound and within about the time, however slowly it drips."""
    from http.client import HTTPException
    from time import monotonic
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    host, text, until = urlsplit(address).netloc, b"", monotonic() + timeout_s
    try:
        with urlopen(Request(address, headers={"Accept": "application/json", "User-Agent": "anagen"}), timeout=timeout_s) as answer:
            while len(text) <= LARGEST and (part := answer.read1(1 << 16)):
                text += part
                if monotonic() > until:
                    raise TimeoutError
            if answer.length and len(text) <= LARGEST:
                raise OSError
    except HTTPError as error:
        error.close()
        raise Unreachable(host, f"it answers with an error ({error.code})", LATER) from None
    except TimeoutError:
        raise Unreachable(host, f"it did not answer within {timeout_s:g} seconds", LATER) from None
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise Unreachable(host, f"it did not answer within {timeout_s:g} seconds", LATER) from None
        raise Unreachable(host, "there is no connection to it", LATER) from None
    except (OSError, HTTPException):
        raise Unreachable(host, "the connection broke off", LATER) from None
    if len(text) > LARGEST:
        raise Unreachable(host, f"its answer is longer than {LARGEST >> 20} MB", "Check the address")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unreachable(host, "its answer is not the registry's (no JSON)", "Check the address") from None


def _results(answer: Any) -> list[Any]:
    """The results of an answer; the registry tells its own errors with the code of success."""
    if isinstance(answer, dict) and isinstance(errors := answer.get("Errors"), list) and errors:
        first = errors[0].get("description", "") if isinstance(errors[0], dict) else errors[0]
        raise Unreachable("the registry", f"it refuses the question ({_plain(first)[:160] or 'no reason given'})", "Check the number")
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise Unreachable("the registry", "its answer is not in the form that it documents", "Check the address")
    found: list[Any] = answer["results"]
    return found


def _record(one: dict[str, Any], url: str) -> Record:
    basic = _table(one.get("basic"))
    places = [_table(place) for place in _list(one.get("addresses"))]
    practice = next((place for place in places if _plain(place.get("address_purpose")).upper() == "LOCATION"), places[0] if places else {})
    other = [_table(name) for name in _list(one.get("other_names"))]
    return Record(
        npi=str(one["number"]),
        kind=KINDS.get(_plain(one.get("enumeration_type")), ""),
        first=_plain(basic.get("first_name")),
        middle=_plain(basic.get("middle_name")),
        last=_plain(basic.get("last_name")),
        organisation=_plain(basic.get("organization_name")),
        credential=_plain(basic.get("credential")),
        other_names=tuple(
            found
            for name in other
            if (found := " ".join(part for key in ("first_name", "last_name", "organization_name") if (part := _plain(name.get(key)))))
        ),
        specialities=tuple(
            Speciality(
                code=_plain(row.get("code")),
                licence=_plain(row.get("license")),
                state=_plain(row.get("state")),
                primary=row.get("primary") is True or _plain(row.get("primary")).upper() in ("Y", "TRUE"),
                name=_plain(row.get("desc")),
            )
            for row in map(_table, _list(one.get("taxonomies")))
        ),
        city=_plain(practice.get("city")),
        state=_plain(practice.get("state")),
        country=_plain(practice.get("country_code")),
        enumerated=_day(basic.get("enumeration_date")),
        updated=_day(basic.get("last_updated")),
        deactivated=_day(basic.get("deactivation_date")),
        reactivated=_day(basic.get("reactivation_date")),
        inactive=_plain(basic.get("status")).upper() != "A",
        source=f"live, {urlsplit(url).netloc}, {date.today()}",
    )


def _plain(value: Any) -> str:
    """A cell as one line of text; what is no text, or only dashes, is empty."""
    text = clean(value) if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    return "" if set(text) <= {"-"} else text[:300]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _day(value: Any) -> date | None:
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(_plain(value), form).date()
        except ValueError:
            continue
    return None
