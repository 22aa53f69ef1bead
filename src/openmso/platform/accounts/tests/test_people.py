"""Priya administers: she invites, gives roles, ends them, and sees why somebody may or may not."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from openmso.platform.accounts import testing
from openmso.platform.accounts.testing import PASSWORD
from openmso.platform.identity.models import User
from openmso.platform.tenancy.models import Tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def mso() -> Tenant:
    return testing.tenant("HARBOR", "Harbor Ridge MSO", "mso")


@pytest.fixture
def rockland() -> Tenant:
    return testing.tenant("ROCK", "Rockland Family Practice")


@pytest.fixture
def priya(mso: Tenant, rockland: Tenant) -> Client:
    return testing.signed_in(testing.person("priya@mso.example", "Priya", administrator=[mso, rockland]))


def test_an_invited_person_sets_a_password_and_comes_in_with_a_role(priya: Client, rockland: Tenant) -> None:
    answer = priya.post("/people/new/", {"name": "Omar Haddad", "email": "Omar@MSO.example"}, follow=True)
    omar = User.objects.get(email="omar@mso.example")
    assert b"Invited. A link to set a password went to omar@mso.example." in answer.content
    path = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    assert path is not None

    given = {"practice": rockland.public_id, "role": "biller", "starts_on": "2026-01-01"}
    assert priya.post(f"/people/{omar.public_id}/assignments/new/", given).status_code == 303
    browser = Client()
    form = browser.get(path[1], follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    browser.post("/accounts/login/", {"login": "omar@mso.example", "password": PASSWORD})

    assert browser.get("/settings/sessions/").status_code == 200
    assert b"Biller" in priya.get(f"/people/{omar.public_id}/").content


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "", "email": "omar@mso.example"}, "This field is required"),
        ({"name": "Omar", "email": "no address"}, "Enter a valid email address"),
        ({"name": "Omar", "email": ""}, "Enter an e-mail address"),
        ({"name": "Priya again", "email": "PRIYA@mso.example"}, "There is an account with priya@mso.example already"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_in_words(priya: Client, given: dict[str, str], words: str) -> None:
    answer = priya.post("/people/new/", given)

    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"role": "king"}, "Select a valid choice"),
        ({"practice": "TEN-23456789"}, "Select a valid choice"),
        ({"role": "practice_owner", "line": "denials"}, "is a role without service lines"),
        ({"ends_on": "2025-12-01"}, "The last day lies before the first"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused_in_words(
    priya: Client, rockland: Tenant, given: dict[str, str], words: str
) -> None:
    omar = testing.person("omar@mso.example", "Omar")
    usual = {"practice": rockland.public_id, "role": "biller", "starts_on": "2026-01-01"}

    answer = priya.post(f"/people/{omar.public_id}/assignments/new/", usual | given)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_nobody_gives_a_role_to_themselves(priya: Client, rockland: Tenant) -> None:
    her = User.objects.get(email="priya@mso.example")
    given = {"practice": rockland.public_id, "role": "biller", "starts_on": "2026-01-01"}

    answer = priya.post(f"/people/{her.public_id}/assignments/new/", given)

    assert answer.status_code == 422
    assert "You cannot give a role to yourself." in answer.content.decode()


@pytest.mark.parametrize(("has", "gets"), [("biller", "practice_owner"), ("physician", "controller")])
def test_nobody_stands_on_both_sides_of_an_agreement(priya: Client, rockland: Tenant, has: str, gets: str) -> None:
    omar = testing.person("omar@mso.example", "Omar", **{has: rockland})
    given = {"practice": rockland.public_id, "role": gets, "starts_on": "2026-01-01"}

    answer = priya.post(f"/people/{omar.public_id}/assignments/new/", given)

    assert answer.status_code == 422
    assert "nobody stands on both sides of an agreement" in answer.content.decode()


def test_the_same_role_from_the_same_day_is_given_once(priya: Client, rockland: Tenant) -> None:
    omar = testing.person("omar@mso.example", "Omar", biller=rockland)
    given = {"practice": rockland.public_id, "role": "biller", "starts_on": "2026-01-01"}

    answer = priya.post(f"/people/{omar.public_id}/assignments/new/", given)

    assert b"They have this role from this day already" in answer.content


def test_a_role_ends_and_with_it_what_it_opened(priya: Client, rockland: Tenant) -> None:
    omar = testing.person("omar@mso.example", "Omar", it_desk=rockland)
    his = testing.signed_in(omar)
    assert his.get("/people/").status_code == 200
    (row,) = priya.get(f"/people/{omar.public_id}/").context["current"]

    ended = {"ends_on": "2026-01-02", "why": "moved to another team"}
    answer = priya.post(f"/people/{omar.public_id}/assignments/{row.public_id}/end/", ended)

    assert answer.status_code == 303
    assert his.get("/people/").status_code == 403


def test_why_can_she_see_this_names_the_reason_and_the_grant(priya: Client, rockland: Tenant) -> None:
    omar = testing.person("omar@mso.example", "Omar", biller=rockland)
    url = f"/people/{omar.public_id}/why/?practice={rockland.public_id}&permission=claims.read"
    assert b"No agreement with Rockland Family Practice in force today" in priya.get(url).content

    testing.open_lines(rockland, "revenue_cycle")

    page = priya.get(url)
    assert page.context["answer"].allowed
    assert page.context["answer"].grant.startswith("GRT-")
    assert page.context["answer"].grant in page.content.decode()
    fragment = priya.get(url, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="answer"')


def test_a_practice_owner_sees_the_people_of_her_own_practice_only(priya: Client, rockland: Tenant) -> None:
    rival = testing.tenant("RIVAL", "Rival Eye Care")
    ana = testing.signed_in(testing.person("ana@rockland.example", "Ana", practice_owner=rockland))
    theo = testing.person("theo@rival.example", "Theo Unseen", practice_owner=rival)

    assert b"Theo Unseen" not in ana.get("/people/").content
    assert b"Theo Unseen" in priya.get("/people/").content
    for page in ("", "why/"):
        assert ana.get(f"/people/{theo.public_id}/{page}").status_code == 404


def test_the_list_is_searched_filtered_and_exported(priya: Client, rockland: Tenant) -> None:
    testing.person("omar@mso.example", "Omar Haddad", biller=rockland)

    assert b"Omar Haddad" in priya.get("/people/?q=haddad").content
    assert b"Omar Haddad" not in priya.get("/people/?q=is:disabled").content
    csv = priya.get("/people/?export=csv")
    assert b"Omar Haddad" in b"".join(csv.streaming_content if csv.streaming else [csv.content])


def test_an_administrator_cannot_lock_herself_out(priya: Client) -> None:
    me = User.objects.get(email="priya@mso.example")

    assert priya.post(f"/people/{me.public_id}/disable/", {"why": "tired"}).status_code == 422
    me.refresh_from_db()
    assert me.is_active


def test_a_biller_may_not_administer(rockland: Tenant) -> None:
    omar = testing.signed_in(testing.person("omar@mso.example", "Omar", biller=rockland))

    assert {omar.get(url).status_code for url in ("/people/", "/people/new/")} == {403}
