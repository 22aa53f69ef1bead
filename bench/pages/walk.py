"""Walking the site as its people do: from the menu along the links, each kind of page a few times, timed."""

from __future__ import annotations

import html
import math
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db import connection
from django.test import RequestFactory
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
WORD = re.compile(r'name="q" id="table-[^"]+"')
FILES = re.compile(r"\.pdf$|\.csv$|/bytes/$|/signed|openapi")
NO_PAGES = ("/static/", "/accounts/", "/api/", "/ui/gallery/", "/livez", "/readyz")
OBJECTS_MAX = 3
"""How many objects of one kind a person opens."""
CHANGES_MAX = 2
"""How many parts of a list's state are changed at once: what it is sorted by, and which page."""
ROUNDS = 3


@dataclass(slots=True)
class Page:
    """One address as one person opened it: milliseconds of each time, of the last one's SQL, and its questions."""

    person: str
    route: str
    address: str
    status: int
    seconds: list[float] = field(default_factory=list)
    sql: float = 0.0
    queries: int = 0

    @property
    def usual(self) -> float:
        """The median of its times."""
        return statistics.median(self.seconds)


class Visitor:
    """A signed-in person who asks for pages."""

    def __init__(self, user: Any) -> None:
        from openmso.config.wsgi import application
        from openmso.platform.accounts.testing import signed_in

        self.name = user.name
        self.application = application
        self.factory = RequestFactory(headers={"Cookie": f"sessionid={signed_in(user).cookies['sessionid'].value}"})

    def ask(self, address: str, **headers: str) -> tuple[int, str, float]:
        """Status, text and seconds of one answer, its connection given back as in service."""
        environ = self.factory.get(address, headers=headers).environ
        status = []
        began = time.perf_counter()
        answer = self.application(environ, lambda line, headers, info=None: status.append(int(line[:3])))
        body = b"".join(answer)
        answer.close()
        return status[0], body.decode(errors="replace"), time.perf_counter() - began

    def counted(self, address: str) -> tuple[int, float]:
        """How many questions one answer asks the database, and the seconds spent on them."""
        times: list[float] = []

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            began = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                times.append(time.perf_counter() - began)

        with connection.execute_wrapper(watch):
            self.ask(address)
        return len(times), sum(times)


def walk(visitor: Visitor, starts: Iterable[str], *, rounds: int = ROUNDS) -> Iterator[Page]:
    """Every page that the person reaches from some addresses, each kind a few times, timed."""
    waiting, seen = list(starts), set()
    kinds: defaultdict[tuple[str, ...], int] = defaultdict(int)
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if address in seen or kind is None or kinds[kind] >= (1 if len(kind) > 1 else OBJECTS_MAX):
            continue
        seen.add(address)
        status, text, _ = visitor.ask(address)  # the first time warms templates and plans
        if status != 200:
            continue
        kinds[kind] += 1
        yield measured(visitor, address, rounds)
        waiting += [html.unescape(found) for found in LINK.findall(text)]
        if WORD.search(text):
            waiting += [with_query(address, q=word) for word in searched(text)]


def measured(visitor: Visitor, address: str, rounds: int = ROUNDS) -> Page:
    """One address, asked some times."""
    page = Page(visitor.name, (kind_of(address) or ("",))[0], address, 0)
    for _ in range(rounds):
        page.status, _, seconds = visitor.ask(address)
        page.seconds.append(seconds)
    page.queries, page.sql = visitor.counted(address)
    return page


def kind_of(address: str) -> tuple[str, ...] | None:
    """The route and which parts of its state are given: what counts as the same kind of page; none for a file."""
    parts = urlsplit(address)
    if parts.path.startswith(NO_PAGES) or FILES.search(parts.path) or "export=" in parts.query:
        return None
    try:
        route = resolve(parts.path).view_name
    except Resolver404:
        return None
    state = parse_qsl(parts.query)
    if len(state) > CHANGES_MAX:
        return None
    return (route or parts.path, *sorted(value if key == "sort" else key for key, value in state))


def with_query(address: str, **changes: str) -> str:
    """An address with some of its state changed."""
    parts = urlsplit(address)
    return f"{parts.path}?{urlencode(dict(parse_qsl(parts.query)) | changes)}"


def searched(text: str) -> list[str]:
    """Words to look for in a list: one that stands in it, and one that does not."""
    ids = re.findall(r"\b[A-Z]{3}-[0-9A-Z]{8,13}\b", text)
    return ["rey", *ids[:1]]


def lists() -> list[str]:
    """The address of every route without arguments."""

    def paths(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for entry in resolver.url_patterns:
            path = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from paths(entry, path)
            elif isinstance(entry, URLPattern) and not re.search(r"[<(^]", path):
                yield f"/{path}"

    return sorted(set(paths(get_resolver(), "")))


def p95(values: Iterable[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(0.95 * len(ordered)) - 1]


def row(name: str, pages: list[Page], target: float) -> dict[str, Any]:
    """One line of the table: the 95th percentile of all answers, beside the target; the slowest kinds by name."""
    slow = p95(second * 1000 for page in pages for second in page.seconds)
    sql = p95(page.sql * 1000 for page in pages)
    worst: dict[str, Page] = {}
    for page in sorted(pages, key=lambda one: -one.usual):
        worst.setdefault(page.route, page)
    named = ", ".join(
        f"{route} {page.usual * 1000:.0f} ms ({page.queries} queries)" for route, page in list(worst.items())[:4]
    )
    asked = sum(len(page.seconds) for page in pages)
    note = (
        f"{len(worst)} kinds of pages, {len(pages)} addresses, {asked:,} answers; SQL alone {sql:.0f} ms; "
        f"slowest: {named}"
    )
    return {
        "name": name, "ours": slow, "peer": target, "unit": "ms", "ratio": slow / target,
        "target": f"p95 ≤ {target:.0f} ms", "note": ("MISSED " if slow > target else "") + note,
    }  # fmt: skip
