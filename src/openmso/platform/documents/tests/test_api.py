"""Stored files by API: those one may open are listed, described and handed out, and the trail says to whom."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from openmso.platform.access.contracts import Actor
from openmso.platform.accounts.testing import bearer, open_lines, person, tenant, token_for
from openmso.platform.audit import queries as audit
from openmso.platform.documents import chunks, queries, registry, services
from openmso.platform.documents.contracts import Purpose
from openmso.platform.documents.models import Document
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading, scope
from openmso.platform.ui import counting

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
REMIT = b"ISA*00*          *00*          *ZZ*PAYER~"


@pytest.fixture(autouse=True)
def _purposes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_purposes", {})
    registry.add_purposes([Purpose("tests.remit", "Remittance file", "claims.read"), Purpose("tests.other", "Other")])


@pytest.fixture
def rock() -> Tenant:
    made = tenant("ROCK", "Rockland Family Practice")
    open_lines(made)
    return made


@pytest.fixture
def priya(rock: Tenant) -> Client:
    """Software that acts for a biller of the MSO."""
    user = person("priya@mso.example", "Priya", billing_lead=rock)
    return bearer(token_for(user, ["documents.read", "claims.read"], [rock]))


@pytest.fixture
def theo() -> Client:
    """Software that acts for somebody of a rival practice."""
    rival = tenant("RIVAL", "Rival Eye Care")
    open_lines(rival)
    user = person("theo@rival.example", "Theo", billing_lead=rival)
    return bearer(token_for(user, ["documents.read", "claims.read"], [rival]))


def keep(where: Tenant, *, content: bytes = REMIT, name: str = "era.835", purpose: str = "tests.remit") -> str:
    with scope(practices=[where.pk]):
        actor = Actor.system("OpenMSO", at=AT)
        kept = services.store(
            actor=actor, practice=where.pk, name=name, content=content, media_type="text/plain", purpose=purpose, at=AT,
            under=actor.may("documents.read", where.pk),
        )  # fmt: skip
        services.became(document=kept, subject=("remittances.remittance", "REM-1"), practice=where.pk, at=AT)
    return kept.public_id


def listed(software: Client, query: str = "") -> list[str]:
    return [one["id"] for one in software.get(f"/api/documents?{query}").json()["items"]]


def test_a_file_is_found_described_and_opened(rock: Tenant, priya: Client) -> None:
    kept = keep(rock)

    assert listed(priya, "q=era&purpose=tests.remit") == [kept]
    assert listed(priya, "q=other") == []
    found = priya.get(f"/api/documents/{kept}").json()
    assert (found["practice"], found["name"], found["size"]) == ("ROCK", "era.835", len(REMIT))
    assert found["became"] == ["REM-1"]

    answer = priya.post(f"/api/documents/{kept}/bytes")

    assert b"".join(answer.streaming_content) == REMIT
    assert answer.headers["Content-Length"] == str(len(REMIT))
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''era.835"
    with scope(practices=[rock.pk]), reading():
        assert audit.history(("documents.document", kept))[0].sentence == f"Priya downloaded {kept}"


def test_a_large_file_is_handed_out_in_pieces_under_a_key_too(rock: Tenant, priya: Client) -> None:
    content = bytes(range(256)) * 4096
    kept = keep(rock, content=content)

    for _ in range(2):
        answer = priya.post(f"/api/documents/{kept}/bytes", headers={"Idempotency-Key": "again"})
        pieces = list(answer.streaming_content)
        assert b"".join(pieces) == content
        assert max(map(len, pieces)) <= chunks.PIECE


def test_a_file_whose_store_was_touched_is_not_begun(rock: Tenant, priya: Client) -> None:
    kept = keep(rock)
    with scope(practices=[rock.pk]), reading():
        path = Document.objects.get(public_id=kept).path
    store = storages[queries.STORAGE]
    with store.open(path) as file:
        touched = file.read()[:-1] + b"x"
    store.delete(path)
    store.save(path, ContentFile(touched))

    assert priya.post(f"/api/documents/{kept}/bytes").status_code == 500


def test_a_file_of_another_purpose_stays_closed(rock: Tenant, priya: Client) -> None:
    kept = keep(rock, content=b"a letter", purpose="tests.other")

    assert listed(priya) == []
    assert priya.get(f"/api/documents/{kept}").status_code == 404
    assert priya.post(f"/api/documents/{kept}/bytes").status_code == 404


def test_the_name_of_a_file_is_for_who_may_see_patients(rock: Tenant) -> None:
    registry.add_purposes([Purpose("tests.bank", "Bank statement", "ledger.read")])
    kept = keep(rock, content=b"x,y", name="Jane Doe.csv", purpose="tests.bank")
    leo = person("leo@mso.example", "Leo", controller=rock)

    found = bearer(token_for(leo, ["documents.read", "ledger.read"], [rock])).get(f"/api/documents/{kept}").json()

    assert (found["id"], found["name"]) == (kept, "")


def test_a_long_list_says_how_many_there_are(rock: Tenant, priya: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "COUNTED_AT_ONCE", 2)
    for number in range(3):
        keep(rock, content=b"file %d" % number)

    assert priya.get("/api/documents?size=1").json()["total"] == 3


def test_theo_sees_nothing(rock: Tenant, theo: Client) -> None:
    kept = keep(rock)

    assert listed(theo) == []
    assert theo.get(f"/api/documents/{kept}").status_code == 404
    assert theo.post(f"/api/documents/{kept}/bytes").status_code == 404
    with scope(practices=[rock.pk]), reading():
        assert not [one for one in audit.history(("documents.document", kept)) if one.action == "documents.opened"]
