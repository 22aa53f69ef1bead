"""Lists tell the trail whose patient data they showed; what leaves as a file is told, and much of it confirmed first."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from openmso.agreements.testing import Cast
from openmso.claims import testing
from openmso.claims.states import S
from openmso.claims.testing import claim_at
from openmso.kit.classes import PHI
from openmso.platform.accounts.testing import signed_in
from openmso.platform.audit.models import Event, Read
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import trail
from openmso.platform.ui.contracts import TableSpec

SOURCE = Path(__file__).parents[2] / "src"
WORKLIST = "/claims/"


@pytest.fixture
def held(cast: Cast, now: datetime) -> int:
    """How many claims wait at Rockland."""
    rockland = testing.open_for_billing(cast.rockland, cast.payer, at=now)
    for _ in range(2):
        claim_at(S.HELD, rockland, at=now)
    return 2


def reads(cast: Cast) -> list[tuple[str, str, int, bool]]:
    with cast.scope(cast.rockland, cast.rival), reading():
        found = Read.objects.filter(subject_kind="ui.list").order_by("pk")
        return [(read.subject_id, read.classes, read.count, read.grant.startswith("GRT-")) for read in found]


@pytest.mark.django_db
def test_a_list_of_patients_is_a_read_with_its_rows_its_classes_and_the_grant(cast: Cast, held: int) -> None:
    signed_in(cast.priya).get(WORKLIST)

    assert reads(cast) == [("claims.all", "demographic", held, True)]


@pytest.mark.django_db
def test_a_column_of_another_class_that_is_shown_is_told_too(cast: Cast, held: int) -> None:
    signed_in(cast.priya).get(WORKLIST, {"cols": "patient,service_on"})

    assert reads(cast)[0][1] == "clinical,demographic"


@pytest.mark.django_db
def test_nothing_is_told_of_what_was_not_shown(cast: Cast, held: int) -> None:
    signed_in(cast.priya).get(WORKLIST, {"q": "nobody-of-that-name"})
    signed_in(cast.theo).get(WORKLIST)

    assert reads(cast) == []


def exported(browser: Client) -> HttpResponse:
    """The answer to a wish for the list as a file, read to its end so that the file is let go."""
    answer = browser.get(WORKLIST, {"export": "csv"})
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer


@pytest.mark.django_db
def test_an_export_is_an_event_and_a_read(cast: Cast, held: int) -> None:
    exported(signed_in(cast.priya))

    assert reads(cast)[0][2] == held
    with cast.scope(cast.rockland), reading():
        told = Event.objects.get(action="ui.exported")
        assert (told.facts, told.permission) == ({"rows": held, "format": "csv", "list": "claims"}, "claims.read")
        assert told.grant.startswith("GRT-")


@pytest.mark.django_db
def test_a_large_export_waits_until_the_person_has_confirmed_who_they_are(
    cast: Cast, held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "UNCONFIRMED_ROWS_MAX", held - 1)
    browser: Client = signed_in(cast.priya, confirmed=False)

    asked = exported(browser)

    assert asked.status_code == 302
    assert "/reauthenticate/?next=%2Fclaims%2F%3Fexport%3Dcsv" in asked.headers["Location"]
    assert reads(cast) == []
    assert exported(signed_in(cast.priya)).headers["Content-Type"].startswith("text/csv")


@pytest.mark.django_db
def test_a_small_export_needs_no_confirmation(cast: Cast, held: int) -> None:
    assert exported(signed_in(cast.priya, confirmed=False)).status_code == 200


def specs() -> Iterator[TableSpec]:
    for path in sorted(SOURCE.rglob("tables.py")):
        if "ui" not in path.parts:
            module = importlib.import_module(".".join(path.relative_to(SOURCE).with_suffix("").parts))
            yield from (value for value in vars(module).values() if isinstance(value, TableSpec))


@pytest.mark.parametrize("spec", list(specs()), ids=lambda spec: spec.name)
def test_a_list_with_patient_data_says_whose_each_row_is(spec: TableSpec) -> None:
    """Else it could be neither withheld by practice nor told to the trail."""
    if PHI & {column.data_class for column in spec.columns}:
        assert spec.row_practice is not None
