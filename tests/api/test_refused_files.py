"""A file that is refused by the API is kept with its refusal, as a screen keeps it, with an idempotency key or without."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openmso.agreements.testing import person
from openmso.platform.accounts.testing import bearer, token_for
from openmso.platform.audit import queries as audit
from openmso.platform.documents.models import Document
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading, scope

pytestmark = pytest.mark.django_db
DOORS = {
    "remittance-files": ("remittances.arrival", "holds no remittance"),
    "acknowledgements": ("claims.acknowledgement", "holds no acknowledgement"),
}


@pytest.fixture
def software(cast: Any) -> Client:
    user = person("lea@harborridge.example", "Lea", practice=cast.rockland.id, role="billing_lead", at=cast.at)
    wanted = ["remittances.post", "claims.acknowledge"]
    return bearer(token_for(user, wanted, [Tenant.objects.get(pk=cast.rockland.id)]))


def told(cast: Any) -> list[tuple[str, str]]:
    """Purpose of each file kept for Lea, and why nothing was made of it."""
    with scope(practices=[cast.rockland.id, tenancy.mso()]), reading():
        return [
            (kept.purpose, event.why)
            for kept in Document.objects.filter(stored_by__contains="Lea")
            for event in audit.history(("documents.document", kept.public_id), practice=kept.practice_id)
            if event.action == "documents.refused"
        ]


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "one"}], ids=["without a key", "under a key"])
@pytest.mark.parametrize("door", DOORS)
def test_a_refused_file_is_kept_with_the_words_it_was_refused_with(
    cast: Any, software: Client, door: str, key: dict[str, str]
) -> None:
    purpose, words = DOORS[door]
    answers = [
        software.post(
            f"/api/{door}", {"practice": "ROCK", "file": SimpleUploadedFile("x.txt", b"a letter\n")}, headers=key
        )
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert words in answers[0].json()["detail"]
    assert told(cast)[:1] == [(purpose, answers[0].json()["detail"])]
    assert len(told(cast)) == (1 if key else 2)  # under a key the second call is the first
