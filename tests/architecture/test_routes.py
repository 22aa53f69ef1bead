"""Every route and operation declares, shows nothing to nobody, and nothing of one practice to another."""

from __future__ import annotations

import types
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import clear_url_caches, path

from openmso.claims import urls as claims
from openmso.config.api import api
from openmso.platform.access import checks
from openmso.platform.access import services as grants
from openmso.platform.access.contracts import Actor
from openmso.platform.access.edges import open_to_all, page
from openmso.platform.accounts import testing
from openmso.platform.api.checks import undeclared
from openmso.platform.api.house import HouseApi
from openmso.platform.tenancy.scope import scope
from tests.architecture import matrix

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
    "pay/<slug:payment_link>/": "asks for a birth date, whatever the link; a statement opens by both",
    "pay/events/<slug:provider>/": "messages of a payment provider, believed only where it signed them",
    "livez": "the process lives",
    "readyz": "the process can serve",
}
"""The routes that answer somebody who has not signed in, each with its reason; at most eighteen."""


def test_every_route_declares_what_it_needs() -> None:
    assert checks.every_route_declares() == []


def test_every_operation_declares_what_it_needs() -> None:
    assert undeclared(api) == []


def test_every_role_is_sound() -> None:
    assert checks.every_role_is_sound() == []


def test_the_list_of_open_routes_is_short_and_true() -> None:
    assert len(OPEN_TO_ALL) <= 18
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


def test_every_argument_of_every_route_has_an_object(world: matrix.World) -> None:
    """What has none is not asked by the matrix: a builder is missing in tests/architecture/objects.py or month.py."""
    assert matrix.unnamed(world.objects) == []


def test_negative_control_an_argument_without_an_object_is_named() -> None:
    assert any("no object is registered for the URL argument 'account'" in one for one in matrix.unnamed({}))


def test_nobody_gets_anything_from_any_address_by_any_method(world: matrix.World) -> None:
    """Only: to the sign-in page (302), 401, 403, 404, or that the method is not taken (405)."""
    answered = [
        f"{one.method} /{one.route.path}: {one.status}" for one in world.visited
        if one.status not in {302, 401, 403, 404, 405} and one.route.path not in OPEN_TO_ALL
    ]  # fmt: skip

    assert answered == []
    assert not any(one.is_shown for one in world.visited)
    assert {one.sent_to for one in world.visited if (one.method, one.status) == ("GET", 302)} == {"/accounts/login/"}
    assert len(world.visited) > 1000


def test_no_object_of_another_practice_is_reached_by_its_name(world: matrix.World) -> None:
    """Asked by one who may whatever the people of the other practice and the staff of the rival's MSO may."""
    assert list(matrix.crossings(world, world.both, named=True)) == []


@pytest.mark.parametrize("who", ["me", "staff"])
def test_no_page_without_a_name_shows_another_practice(world: matrix.World, who: str) -> None:
    """What such a page shows hangs on where its reader works: each of the two asks for all of them."""
    assert list(matrix.crossings(world, getattr(world, who), named=False)) == []


NOT_OF_THE_PRACTICE = (
    "work/reviews/mine/", "accounts/2fa/", "api/tokens/", "api/users/", "agreements/<str:agreement>/execute/",
    "agreements/<str:agreement>/revise/", "agreements/<str:agreement>/counsel/", "agreements/<str:agreement>/send/",
    "agreements/<str:agreement>/counsel/answer/", "agreements/<str:agreement>/sign/",
    "agreements/<str:agreement>/decline/", "agreements/<str:agreement>/recall/",
    "agreements/<str:agreement>/document/<str:clause>/", "agreements/<str:agreement>/scope/change/",
    "agreements/<str:agreement>/versions/<int:number>/certificate.pdf", "api/agreements/<agreement>/counsel",
    "api/agreements/<agreement>/text", "api/agreements/<agreement>/versions/<number>/certificate",
    "statements/shared-cost/", "api/allocation-drafts/",
)  # fmt: skip
"""What is a person's own, the network's, or shown of a draft only: not even from inside is it there."""


def test_negative_control_who_belongs_to_the_practice_is_shown_every_object(world: matrix.World) -> None:
    """The objects are real and the addresses right: the same questions, asked from inside."""
    insider = testing.person("insider@theirs.example", "Insider", **matrix.everything("THEIRS", "MTHEIRS"))

    unanswered = [
        f"/{route.path}: {status}"
        for method, route, status, _ in matrix.answers(world, insider, methods=("GET",))
        if status in {403, 404} and not route.path.startswith(NOT_OF_THE_PRACTICE)
    ]

    assert unanswered == []


def test_negative_control_somebody_of_the_other_practice_is_seen_to_see_it(world: matrix.World) -> None:
    """The matrix must be able to fail: asked by one who belongs there, it finds the canary and the changes."""
    insider = testing.person("insider@theirs.example", "Insider", **matrix.everything("THEIRS"))

    found = list(matrix.crossings(world, insider, within="people/"))

    assert any("shows the other practice's data" in one for one in found)
    assert any("tells them apart" in one for one in found)


def test_negative_control_a_route_left_open_is_found(world: matrix.World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view that forgets whose claim it shows is found by the words it shows."""

    @open_to_all("a test")
    def careless(request: HttpRequest, claim: str) -> HttpResponse:
        return HttpResponse(f"The claim of {matrix.CANARY}")

    page = next(one for one in claims.urlpatterns if one.name == "claim")
    monkeypatch.setattr(page, "callback", careless)

    found = list(matrix.crossings(world, world.me, within="claims/<str:claim>/"))

    assert "GET /claims/<str:claim>/ shows the other practice's data" in found


def test_negative_control_a_changed_row_is_seen(world: matrix.World) -> None:
    house, before = world.theirs, matrix.fingerprint(world.theirs)
    assert matrix.fingerprint(house) == before

    with scope(practices=[house.id]):
        grants.end_assignment(
            actor=Actor.system("a test", at=testing.AT), practice=house.id, assignment=world.objects["assignment"],
            ends_on=testing.AT.date(), why="a test", at=testing.AT,
        )  # fmt: skip

    assert matrix.fingerprint(house) != before
