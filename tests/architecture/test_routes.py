"""Every route and operation declares, shows nothing to nobody, and nothing of one practice to another."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import clear_url_caches, path

from openmso.config.api import api
from openmso.kit import clock
from openmso.parties import testing as parties
from openmso.platform.access import checks
from openmso.platform.access import services as grants
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import open_to_all, page
from openmso.platform.accounts import testing
from openmso.platform.api.checks import undeclared
from openmso.platform.api.house import HouseApi
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import scope
from tests.architecture import matrix, objects

OPEN_TO_ALL = {
    "accounts/login/": "signing in",
    "accounts/demo/": "signing in by one click; 404 unless the demo runs on this computer",
    "accounts/inactive/": "says that an account is disabled",
    "accounts/signup/": "says that accounts are made by invitation",
    "accounts/password/reset/": "asks for a link",
    "accounts/password/reset/done/": "says that a link may be on its way",
    "accounts/password/reset/key/done/": "says that the password is set",
    "accounts/2fa/webauthn/login/": "the challenge for signing in by passkey",
    "ui/preferences/": "theme and density, kept in the browser before sign-in",
    "ui/counts/": "the live numbers of the menu: none for nobody",
    "ui/palette/": "finds nothing for nobody",
    "ui/gallery/": "components with invented content",
    "ui/gallery/act/": "a button of the gallery",
    "ui/gallery/write-off/": "a form of the gallery; stores nothing",
    "livez": "the process lives",
    "readyz": "the process can serve",
}
"""The routes that answer somebody who has not signed in, each with its reason; at most sixteen."""


def test_every_route_declares_what_it_needs() -> None:
    assert checks.every_route_declares() == []


def test_every_operation_declares_what_it_needs() -> None:
    assert undeclared(api) == []


def test_every_role_is_sound() -> None:
    assert checks.every_role_is_sound() == []


def test_the_list_of_open_routes_is_short_and_true() -> None:
    assert len(OPEN_TO_ALL) <= 16
    assert set(OPEN_TO_ALL) <= {route.path for route in matrix.routes()}


def test_negative_control_a_view_that_declares_nothing_stops_the_start(settings: Any) -> None:
    def silent(request: HttpRequest) -> HttpResponse:
        return HttpResponse("patients")

    @page("no.such.permission")
    def unknown(request: HttpRequest) -> HttpResponse:
        return HttpResponse("patients")

    declared = open_to_all("a test")(lambda request: HttpResponse("hello"))
    urls = types.ModuleType("urls")
    urls.urlpatterns = [path("silent/", silent), path("unknown/", unknown), path("open/", declared)]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = urls
    clear_url_caches()

    found = [error.id for error in checks.every_route_declares()]

    clear_url_caches()
    assert found == ["access.E001", "access.E002"]


def test_negative_control_an_operation_that_declares_nothing_stops_the_start() -> None:
    from ninja import Router

    careless, router = HouseApi(title="careless", version="0", description=""), Router()
    router.get("/patients")(lambda request: [])
    careless.add_router("", router)

    assert [error.id for error in undeclared(careless)] == ["api.E001"]


@pytest.mark.django_db
def test_nobody_gets_anything_from_any_address_by_any_method() -> None:
    """Only: to the sign-in page (302), 401, 403, 404, 405."""
    known = objects.build_all(parties.practice(at=clock.now()), matrix.CANARY) | objects.PLAIN
    answered = []
    for route in matrix.nameable(known):
        for method in matrix.METHODS:
            response = Client().generic(method, route.filled(known))
            to_sign_in = response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/")
            if not (to_sign_in or response.status_code in {401, 403, 404, 405}) and route.path not in OPEN_TO_ALL:
                answered.append(
                    f"{method} /{route.path}: {response.status_code} {response.headers.get('Location', '')}"
                )
            assert matrix.CANARY.encode() not in response.content

    assert answered == []


@pytest.mark.django_db
def test_nothing_crosses_from_one_practice_to_another() -> None:
    world = matrix.world()

    assert list(matrix.crossings(world, testing.signed_in(world.me))) == []


@pytest.mark.django_db
def test_negative_control_somebody_of_the_other_practice_is_seen_to_see_it() -> None:
    """The matrix must be able to fail: asked by one who belongs there, it finds the canary and the changes."""
    world = matrix.world()
    theirs = Tenant.objects.get(pk=world.theirs.id)
    insider = testing.person("insider@theirs.example", "Insider", practice_owner=theirs, auditor=theirs)

    found = list(matrix.crossings(world, testing.signed_in(insider), within="people/"))

    assert any("shows the other practice's data" in one for one in found)
    assert any("tells them apart" in one for one in found)


@pytest.mark.django_db
def test_negative_control_a_changed_row_is_seen() -> None:
    house = parties.practice(at=clock.now())
    named, before = objects.build_all(house, matrix.CANARY), matrix.fingerprint(house)
    assert matrix.fingerprint(house) == before

    with scope(practices=[house.id]):
        grants.end_assignment(
            actor=Actor.system("a test", at=testing.AT), practice=house.id, assignment=named["assignment"],
            ends_on=testing.AT.date(), why="a test", at=testing.AT,
        )  # fmt: skip

    assert matrix.fingerprint(house) != before


WAITING = Path(__file__).parent / "unwalked.txt"
"""Routes that the matrix cannot walk yet, because their app registers no object; the list may only shrink."""


@pytest.mark.django_db
def test_every_argument_of_a_new_route_has_an_object() -> None:
    """What has none is not asked by the matrix: its app adds a builder to tests/architecture/objects.py."""
    unnamed = set(matrix.unnamed(objects.build_all(parties.practice(at=clock.now()), matrix.CANARY)))

    assert unnamed <= set(WAITING.read_text().splitlines()), "a new route needs an object"


def test_negative_control_an_argument_without_an_object_is_named() -> None:
    assert any("no object is registered for the URL argument 'account'" in one for one in matrix.unnamed({}))
