"""What a page offers, by who reads it: a link that leads to a refusal is not offered."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from openmso.agreements import testing
from openmso.agreements.testing import NOW, Cast
from openmso.kit import clock
from openmso.platform.access.queries import actor_for
from openmso.platform.accounts.testing import signed_in
from openmso.platform.ui.doors import Doors

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def elena(cast: Cast) -> Client:
    person = testing.person("elena@harborridge.example", "Elena Vass", practice=cast.mso.id, role="controller", at=NOW)
    testing.person(person.email, person.name, practice=cast.rockland.id, role="controller", at=NOW)
    return signed_in(person)


def test_the_import_is_offered_to_those_who_may_import(cast: Cast, elena: Client) -> None:
    door = f'href="{reverse("banking:import")}"'

    assert door in elena.get(reverse("banking:lines")).content.decode()
    assert elena.get(reverse("banking:import")).status_code == 200
    ana = signed_in(cast.ana)
    assert door not in ana.get(reverse("banking:lines")).content.decode()
    assert ana.get(reverse("banking:import")).status_code == 403


def test_what_is_no_page_of_the_house_is_not_judged(cast: Cast) -> None:
    doors = Doors.of(actor_for(cast.ana, at=NOW))

    assert doors.open("https://example.org/banking/import/")
    assert doors.open("#top")
    assert not doors.open("/nowhere/at/all/")
