"""What a person arranges for themselves is kept with their account."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from openmso.platform.identity.models import User
from openmso.platform.tenancy.scope import scope
from openmso.platform.ui import queries, samples, services, tables

pytestmark = pytest.mark.django_db


@pytest.fixture
def priya() -> User:
    return User.objects.create_user("priya@example.org", name="Priya Nair")


@pytest.fixture
def client(priya: User) -> Client:
    browser = Client()
    browser.force_login(priya, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def test_columns_are_remembered_for_a_person_until_they_want_the_usual(client: Client, priya: User) -> None:
    chosen = {"table": "gallery.claims", "columns": ["payer", "charged"], "back": "/ui/gallery/list/?q=x&cols=open"}

    answer = client.post("/ui/columns/", chosen)

    assert answer["Location"] == "/ui/gallery/list/?q=x"
    assert shown(priya) == ["public_id", "payer", "charged"]
    client.post("/ui/columns/", {**chosen, "usual": "1"})
    assert queries.columns_of(user=priya.pk, table="gallery.claims") == ""


def shown(user: User) -> list[str]:
    request = RequestFactory().get("/")
    request.user = user
    return [column.key for column in tables.ask(request, samples.SPEC).columns]


def test_the_address_goes_before_what_is_remembered(client: Client, priya: User) -> None:
    client.post("/ui/columns/", {"table": "gallery.claims", "columns": ["payer"]})
    request = RequestFactory().get("/?cols=status")
    request.user = priya

    assert [column.key for column in tables.ask(request, samples.SPEC).columns] == ["public_id", "status"]


def test_theme_and_density_are_kept_with_the_account(client: Client, priya: User) -> None:
    client.post("/ui/preferences/", {"theme": "dark"}, headers={"X-Requested-With": "fetch"})
    client.post("/ui/preferences/", {"single_keys": "off"})

    priya.refresh_from_db()

    assert (priya.theme, priya.density, priya.single_keys) == ("dark", "regular", False)
    assert 'data-theme="dark"' in client.get("/ui/gallery/").content.decode()


def test_the_shell_names_the_person_and_signs_them_out(client: Client) -> None:
    page = client.get("/ui/gallery/").content.decode()

    assert "Priya Nair: settings and sign out" in page
    assert 'action="/accounts/logout/"' in page


def test_nobody_keeps_columns() -> None:
    assert Client().post("/ui/columns/", {"table": "x", "columns": ["a"]}).status_code == 302


def test_a_table_with_absurd_columns_is_refused(priya: User) -> None:
    with scope(user=priya.pk), pytest.raises(services.TooManyColumns):
        services.choose_columns(user=priya.pk, table="x", columns=["a"] * 61)
