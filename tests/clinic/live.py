"""A local server that answers in the form that the registry's API documents (version 2.1), or misbehaves on request."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PERSON: dict[str, Any] = {
    "created_epoch": "1148342400000",
    "enumeration_type": "NPI-1",
    "last_updated_epoch": "1720396800000",
    "number": "1234567893",
    "addresses": [
        {"country_code": "US", "address_purpose": "MAILING", "city": "ALBANY", "state": "NY", "postal_code": "12207"},
        {"country_code": "US", "address_purpose": "LOCATION", "city": "MIAMI", "state": "FL", "postal_code": "331011234"},
    ],
    "practiceLocations": [],
    "basic": {
        "first_name": "ANN",
        "last_name": "LEE",
        "middle_name": "--",
        "credential": "M.D.",
        "sole_proprietor": "NO",
        "sex": "F",
        "enumeration_date": "2006-05-23",
        "last_updated": "2024-07-08",
        "status": "A",
        "name_prefix": "Dr.",
    },
    "taxonomies": [
        {"code": "208D00000X", "taxonomy_group": "", "desc": "General Practice", "state": "NY", "license": "NY1", "primary": False},
        {"code": "207N00000X", "taxonomy_group": "", "desc": "Dermatology", "state": "FL", "license": "ME123", "primary": True},
    ],
    "identifiers": [],
    "endpoints": [],
    "other_names": [{"type": "Former Name", "code": "1", "first_name": "ANN", "last_name": "WONG", "prefix": "--"}],
}


class Served:
    """What the server does next, and what it was asked."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, Any]] = {"1234567893": PERSON}
        self.asked: list[str] = []
        self.mode = ""
        self.body = b""
        self.url = ""


def documented(served: Served, query: dict[str, list[str]]) -> dict[str, Any]:
    """Results, or errors with the code of success, as documented."""
    if query.get("version") != ["2.1"]:
        return {"Errors": [{"description": "Unsupported Version", "field": "version", "number": "15"}]}
    number = query.get("number", [""])[0]
    if len(number) != 10 or not number.isdigit():
        return {"Errors": [{"description": "NPI must be 10 digits", "field": "number", "number": "06"}]}
    found = [served.records[number]] if number in served.records else []
    return {"result_count": len(found), "results": found}


@contextmanager
def serving() -> Iterator[Served]:
    """A server on this machine while a block runs."""
    served = Served()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            body, code = served.body, 200
            if served.mode == "slow":
                time.sleep(1.5)
            if served.mode == "error":
                code = 503
            if not served.mode:
                body = json.dumps(documented(served, parse_qs(urlsplit(self.path).query))).encode()
            try:
                if served.mode == "redirect":
                    self.send_response(302)
                    self.send_header("Location", served.body.decode())
                    self.end_headers()
                    return
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                if served.mode not in ("endless", "drip"):
                    self.send_header("Content-Length", str(len(body) + (100 if served.mode == "short" else 0)))
                self.end_headers()
                self.wfile.write(body)
                while served.mode in ("endless", "drip"):
                    self.wfile.write(b" " * (1 << 16 if served.mode == "endless" else 1))
                    self.wfile.flush()
                    time.sleep(0 if served.mode == "endless" else 0.05)
            except OSError:
                pass  # whoever asked has gone

        def log_message(self, *words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.url = f"http://127.0.0.1:{server.server_address[1]}/api/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
