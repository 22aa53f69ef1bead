"""Walking the site as its people do: from the menu along the links, each kind of page a few times, timed.

Every person opens every page that their role may; more than one object of a kind, and the ways in which a list can be
sorted, paged and filtered, are tried once for people of one practice and once for people of several. A page is asked
once before it is timed: templates, plans and the server's cache are warm. What loads after a page (totals, parts of a
home) is timed like a page.
"""

from __future__ import annotations

import html
import math
import re
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db import connection
from django.test import RequestFactory
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
WORD = re.compile(r'name="q" id="table-[^"]+"')
CHOICE = re.compile(r'name="f\.(\w+)" value="([^"]+)"')
RANGE = re.compile(r'type="(date|month|text|number)" name="f\.(\w+)\.min"')
TERM = re.compile(r"(?:^|\s)(\w+):")
FILES = re.compile(r"\.pdf$|\.csv$|/bytes/$|/signed|openapi")
NO_PAGES = ("/static/", "/accounts/", "/api/", "/ui/gallery/", "/livez", "/readyz")
OBJECTS_MAX = 3
"""How many objects of one kind people of the same reach open; each person opens one."""
CHANGES_MAX = 2
"""How many parts of a list's state are changed at once: what it is sorted by, and which page; its length alone."""
CHOICES_MAX = 6
"""How many values of one filter are asked for."""
ROUNDS = 2
NAMED_MAX = 10
"""How many of the slowest pages the table names; all of them are printed."""


@dataclass(slots=True)
class Page:
    """One address as one person opened it: the seconds of each time, of the last one's SQL, and its questions.

    `busy` are the seconds of the processor of each time, of this process and of the server's for its connection: on a
    machine that does other work as well they say what the page asks for, where the clock says what it waited for.
    """

    person: str
    route: str
    address: str
    status: int
    seconds: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    sql: float = 0.0
    queries: int = 0


class Failed(RuntimeError):
    """A page that should have opened broke."""


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
        if status[0] >= 500:
            raise Failed(f"{address} answers {self.name} with {status[0]}")
        return status[0], body.decode(errors="replace"), time.perf_counter() - began

    def time(self, page: Page) -> None:
        """Ask a page once more: how long it takes, how many questions it asks, and the seconds spent on them."""
        times: list[float] = []
        served: list[float] = []

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            server = Path(f"/proc/{context['connection'].connection.info.backend_pid}/schedstat")
            before, began = on_processor(server), time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                times.append(time.perf_counter() - began)
                served.append(on_processor(server) - before)

        own = time.process_time()
        with connection.execute_wrapper(watch):
            page.status, _, seconds = self.ask(page.address)
        page.seconds.append(seconds)
        page.busy.append(time.process_time() - own + sum(served))
        page.queries, page.sql = len(times), sum(times)


def on_processor(schedule: Path) -> float:
    """The seconds that a process has been on a processor."""
    return int(schedule.read_text().split()[0]) / 1e9


Kinds = defaultdict[tuple[str, ...], int]
"""How many pages of each kind were opened."""


def walk(visitor: Visitor, starts: Iterable[str], met: Kinds, *, rounds: int = ROUNDS) -> Iterator[Page]:
    """Every page that the person reaches from some addresses, each kind a few times, timed.

    `met` is what people of the same reach opened and tried of lists: sorts, pages, filters.
    """
    waiting, seen = deque(starts), set()
    own: Kinds = defaultdict(int)
    while waiting:
        address = waiting.popleft()
        kind = kind_of(address)
        if kind is None or address in seen:
            continue
        is_new = len(kind) == 1 and not own[kind]
        if not is_new and met[kind] >= at_most(kind):
            continue
        seen.add(address)
        status, text, _ = visitor.ask(address)
        if status != 200:
            continue
        own[kind] += 1
        met[kind] += 1
        page = Page(visitor.name, kind[0], address, status)
        for _ in range(rounds):
            visitor.time(page)
        yield page
        waiting += [html.unescape(found) for found in LINK.findall(text)]
        if WORD.search(text) and len(kind) == 1:
            waiting += [with_query(address, q=words) for words in (*searched(text), *narrowed(text))]


def at_most(kind: tuple[str, ...]) -> int:
    """How many pages of a kind are opened: objects of one sort, values of one filter, else one."""
    if len(kind) == 1:
        return OBJECTS_MAX
    return CHOICES_MAX if len(kind) == 2 and kind[1].startswith("q:") else 1


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
    if len(state) > (CHANGES_MAX if "size" not in dict(state) else 1):
        return None
    return (route or parts.path, *sorted(_part(key, value, alone=len(state) == 1) for key, value in state))


def _part(key: str, value: str, *, alone: bool) -> str:
    """A part of a list's state: each sort for itself, and each filter where nothing else is changed."""
    if key == "q":
        return ":".join(["q", *sorted(set(TERM.findall(value)))]) if alone else "q"
    return f"{key}={value}" if key in {"sort", "tile", "part"} else key


def with_query(address: str, **changes: str) -> str:
    """An address with some of its state changed."""
    parts = urlsplit(address)
    return f"{parts.path}?{urlencode(dict(parse_qsl(parts.query)) | changes)}"


def searched(text: str) -> list[str]:
    """Words to look for in a list: one that stands in it, and one that does not."""
    ids = re.findall(r"\b[A-Z]{3}-[0-9A-Z]{8,13}\b", text)
    return ["rey", *ids[:1]]


def narrowed(text: str) -> Iterator[str]:
    """What the filters of a list can be set to: each choice, and for a range its lower end."""
    yield from (f"{key}:{html.unescape(value)}" for key, value in CHOICE.findall(text))
    since = datetime.now(UTC).date() - timedelta(days=60)
    samples = {"date": f"{since}", "month": f"{since:%Y-%m}", "text": "100", "number": "100"}
    yield from (f"{key}:>={samples[kind]}" for kind, key in RANGE.findall(text))


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


def by_page(pages: Iterable[Page]) -> list[tuple[str, float, Page]]:
    """Each page of the site with its own 95th percentile in milliseconds and its slowest address, the worst first."""
    of: defaultdict[str, list[Page]] = defaultdict(list)
    for page in pages:
        of[page.route].append(page)
    found = [
        (
            route,
            p95(second * 1000 for page in same for second in page.seconds),
            max(same, key=lambda one: min(one.seconds)),
        )
        for route, same in of.items()
    ]
    return sorted(found, key=lambda one: -one[1])


def tell(name: str, pages: Iterable[Page]) -> None:
    """Print the 95th percentile of every page, the worst first."""
    print(f"p95 of each page: {name}", file=sys.stderr)
    for route, slow, page in by_page(pages):
        print(f"{slow:7.0f} ms  {route:<40} {page.queries:3d} queries, {page.sql * 1000:5.0f} ms SQL, "
              f"{min(page.busy) * 1000:5.0f} ms of the processor  {page.address}", file=sys.stderr)  # fmt: skip
    print(f"Never opened: {', '.join(sorted(pages_of_the_site() - {page.route for page in pages}))}", file=sys.stderr)


def pages_of_the_site() -> set[str]:
    """The names of all routes, those of acts and of files among them."""

    def names(resolver: URLResolver, space: str) -> Iterator[str]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
            elif entry.name and "api" not in space:
                yield f"{space}{entry.name}"

    return set(names(get_resolver(), ""))


def row(name: str, pages: list[Page], target: float) -> dict[str, Any]:
    """One line of the table: the 95th percentile of all answers, beside the target; the slowest pages by name."""
    slow = p95(second * 1000 for page in pages for second in page.seconds)
    sql, busy = p95(page.sql * 1000 for page in pages), p95(second * 1000 for page in pages for second in page.busy)
    worst = by_page(pages)
    named = ", ".join(f"{route} {each:.0f} ms" for route, each, _ in worst[:NAMED_MAX])
    asked, people = sum(len(page.seconds) for page in pages), len({page.person for page in pages})
    note = (
        f"{people} people, {len(worst)} pages, {len(pages)} addresses, {asked:,} answers, each asked once before "
        f"(warm caches); of the processor {busy:.0f} ms; SQL alone {sql:.0f} ms; p95 of the slowest pages: {named}"
    )
    return {
        "name": name, "ours": slow, "peer": target, "unit": "ms", "ratio": slow / target,
        "target": f"p95 ≤ {target:.0f} ms", "note": ("MISSED " if slow > target else "") + note,
    }  # fmt: skip
