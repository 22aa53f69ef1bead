"""Every link leads somewhere: what each role is shown is followed, and nothing of it may be refused or missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from openmso.parties.testing import House
from openmso.platform.access import registry
from openmso.platform.access.contracts import Side
from openmso.platform.accounts import testing
from openmso.platform.tenancy.models import Tenant

ROLES = ("billing_lead", "controller", "administrator", "practice_owner", "auditor")
"""Together they may do everything; the auditor may do nothing."""
OF_EACH_ROUTE = 1
"""How many addresses of one route and question are followed: a list looks alike on all its rows."""
LEFT = re.compile(r"/static/|/accounts/logout/|/api/openapi|/openapi.json")
WITHOUT_QUESTION = {"/quote/"}
"""Fragments that a form asks for with its fields; the bare address is answered that a field is missing."""


def links(html: str, at: str) -> Iterator[str]:
    """The addresses of this house that a page offers."""
    for found in re.findall(r'(?:href|data-link|data-peek|hx-get)="([^"]+)"', html):
        parts = urlsplit(urljoin(at, unescape(found)))
        if not parts.netloc and parts.path.startswith("/") and not LEFT.search(parts.path):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def followed(browser: Client, asked_before: set[str], begin: str = "/") -> Iterator[str]:
    """All that can be reached from a page, one by one: what is wrong with it, or nothing.

    A page is refused by its route, whatever its question: each is opened for every person, and each way to ask it
    (sorts, filters, tabs, files of a list) once for all of them, told apart by `asked_before`.
    """
    known, taken = {begin}, Counter[str]()
    waiting = [(begin, "")]
    while waiting:
        address, page = waiting.pop(0)
        path, _, query = address.partition("?")
        route = f"{resolve(path).route}?{','.join(sorted(part.split('=')[0] for part in query.split('&')))}"
        taken[route] += 1
        if taken[route] > OF_EACH_ROUTE or (query and route in asked_before):
            continue
        asked_before.add(route)
        answer = browser.get(address)
        body = answer.getvalue()
        is_dead = answer.status_code >= 400 and not any(path.endswith(end) for end in WITHOUT_QUESTION)
        yield f"{answer.status_code} {route}, offered on {page}" if is_dead else ""
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            fresh = [found for found in links(body.decode(), path) if found not in known]
            known.update(fresh)
            waiting += [(found, route) for found in dict.fromkeys(fresh)]


@pytest.fixture(scope="module")
def asked_before() -> set[str]:
    return set()


@pytest.mark.parametrize("role", ROLES)
def test_every_link_that_a_role_is_shown_leads_somewhere(undone: House, role: str, asked_before: set[str]) -> None:
    side = registry.roles()[role].side
    where = ["MINE", "MMINE"] if side is Side.MSO else ["MINE"]
    person = testing.person(f"{role}@mine.example", "Me", **{role: list(Tenant.objects.filter(code__in=where))})

    found = list(followed(testing.signed_in(person), asked_before))

    assert sorted({wrong for wrong in found if wrong}) == []
    assert len(found) > 15


def test_negative_control_a_dead_link_is_found(undone: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from openmso.platform.ui import doors

    monkeypatch.setattr(doors.Doors, "open", lambda self, url: True)
    owner = testing.person("owner@mine.example", "Me", practice_owner=[Tenant.objects.get(code="MINE")])

    assert any(one.startswith("403 banking/import/") for one in followed(testing.signed_in(owner), set(), "/banking/"))
