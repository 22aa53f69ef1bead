"""Stories of a run: the file is kept before it is read, a large one is read by a job, a refused one says why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from openmso.claims import testing
from openmso.intake import queries
from openmso.intake.contracts import RunState, Taken
from openmso.intake.models import IntakeRun
from openmso.intake.rules import rows
from openmso.intake.rules.codemap import BadCodeMap
from openmso.intake.services import taking
from openmso.intake.tests.test_csv import HEAD, WHO
from openmso.kit import clock
from openmso.platform.accounts.testing import open_lines, person, signed_in
from openmso.platform.documents import queries as documents
from openmso.platform.documents.models import Document
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
VISIT = f"{HEAD}\nV1,2026-11-09,{WHO},E11.9 I10,99213,,1,A,\n".encode()
LARGE = VISIT + b"\n" * taking.AT_ONCE_BYTES_MAX
pytestmark = pytest.mark.django_db


@pytest.fixture
def rockland() -> testing.BillingHouse:
    return testing.billing_house(at=NOW)


def receive(house: testing.BillingHouse, content: bytes, code_map: tuple[str, bytes] | None = None) -> Taken:
    with house.scope():
        return taking.receive(
            actor=testing.actor(NOW), practice=house.id, name="visits.csv", content=content, at=NOW, code_map=code_map
        )


def look(house: testing.BillingHouse, run: str) -> Taken:
    with house.scope(), reading():
        return queries.run(run)


def test_the_file_and_its_code_map_are_kept_before_anything_reads_them(
    rockland: testing.BillingHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(rows, "load", fails)
    mapped = b"system,code,to_code\nSNOMED CT,185349003,99213\n"
    with pytest.raises(ZeroDivisionError):
        receive(rockland, VISIT, ("map.csv", mapped))

    with rockland.scope(), reading():
        run = IntakeRun.objects.get()
        assert documents.read(run.document, rockland.id) == VISIT
        assert documents.read(run.code_map_document, rockland.id) == mapped
        assert [one.public_id for one in documents.became(run.document, rockland.id)] == [run.public_id]
        assert (run.state, run.words[:30]) == (RunState.REFUSED, "The file is kept, but a fault ")

    monkeypatch.undo()
    again = receive(rockland, VISIT, ("map.csv", mapped))
    assert (again.state, again.claims_ready) == (RunState.DONE, 1)


def test_a_small_file_is_read_at_once(rockland: testing.BillingHouse) -> None:
    taken = receive(rockland, VISIT)

    assert (taken.state, taken.visits, taken.claims_ready) == (RunState.DONE, 1, 1)


def test_a_large_file_is_read_by_a_job_once(rockland: testing.BillingHouse) -> None:
    waiting = receive(rockland, LARGE)
    assert (waiting.state, waiting.total, waiting.visits) == (RunState.RUNNING, 0, 0)

    for _ in range(2):
        jobs.run(taking.JOB, practice=rockland.id, at=NOW, run=waiting.run)

    done = look(rockland, waiting.run)
    assert (done.state, done.visits, done.used, done.claims_ready) == (RunState.DONE, 1, 1, 1)


@pytest.mark.parametrize(
    ("content", "code_map", "words"),
    [
        (b"name,price\nhat,7\n", None, "no column visit_id"),
        (VISIT, ("map.csv", b"system,code\n1,2\n"), "no column to_code"),
    ],
)
def test_a_file_that_is_refused_as_a_whole_is_kept_and_its_run_says_why(
    rockland: testing.BillingHouse, content: bytes, code_map: tuple[str, bytes] | None, words: str
) -> None:
    with pytest.raises((rows.NotOurColumns, BadCodeMap), match=words):
        receive(rockland, content, code_map)

    with rockland.scope(), reading():
        (run,) = IntakeRun.objects.all()
        assert (run.state, run.visits) == (RunState.REFUSED, 0)
        assert words in run.words
        assert documents.read(run.document, rockland.id) == content


def test_a_large_file_that_is_refused_says_why_and_leaves_no_dead_letter(rockland: testing.BillingHouse) -> None:
    waiting = receive(rockland, b"name,price\n" + b"hat,7\n" * 60_000)

    jobs.run(taking.JOB, practice=rockland.id, at=NOW, run=waiting.run)

    told = look(rockland, waiting.run)
    assert told.state is RunState.REFUSED
    assert "no column visit_id" in told.words


def test_a_dangerous_file_is_not_kept_and_makes_no_run(rockland: testing.BillingHouse) -> None:
    with pytest.raises(taking.documents.NotKept):
        receive(rockland, b"MZ" + b"\0" * 100)

    with rockland.scope(), reading():
        assert not IntakeRun.objects.exists()
        assert not Document.objects.exists()


def test_the_page_of_a_run_looks_again_until_the_file_is_read(rockland: testing.BillingHouse) -> None:
    house = Tenant.objects.get(pk=rockland.id)
    open_lines(house)
    priya = signed_in(person("priya@mso.example", "Priya", billing_lead=house))
    upload = {"practice": str(rockland.id), "file": SimpleUploadedFile("visits.csv", LARGE)}

    page = priya.post("/intake/new/", upload, follow=True)
    assert b"waiting to be read" in page.content
    assert b"every 1s" in page.content

    address = page.request["PATH_INFO"]
    jobs.run(taking.JOB, practice=rockland.id, at=clock.now(), run=address.strip("/").rpartition("/")[2])
    page = priya.get(address)
    assert b"every 1s" not in page.content
    assert b"Became charge 99213" in page.content


def test_the_page_of_a_run_says_what_claims_wait_for_and_leads_to_them(rockland: testing.BillingHouse) -> None:
    house = Tenant.objects.get(pk=rockland.id)
    open_lines(house)
    priya = signed_in(person("priya@mso.example", "Priya", billing_lead=house))
    taken = receive(rockland, VISIT.replace(b"W123456789", b""))

    assert look(rockland, taken.run).held == taken.held
    (held,) = taken.held
    assert "no_coverage" in held.findings
    page = priya.get(f"/intake/{taken.run}/")
    ((wait, url),) = page.context["waiting"]
    assert (wait.code, wait.words, wait.claims) == ("no_coverage", "A coverage holds for the visit", 1)
    assert held.claim in priya.get(url).content.decode()


def test_the_records_of_a_run_are_narrowed_by_what_became_of_them(rockland: testing.BillingHouse) -> None:
    house = Tenant.objects.get(pk=rockland.id)
    open_lines(house)
    priya = signed_in(person("priya@mso.example", "Priya", billing_lead=house))
    taken = receive(rockland, VISIT)

    def shown(outcome: str) -> int:
        return len(priya.get(f"/intake/{taken.run}/", {"q": f"is:{outcome}"}).context["table"].page.rows)

    assert (shown("used"), shown("refused")) == (taken.used, 0)
