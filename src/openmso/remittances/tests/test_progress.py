"""Whoever waits for a file sees how far its posting is, though nothing of it is committed yet."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from openmso.agreements.testing import person
from openmso.platform.accounts.testing import signed_in
from openmso.platform.database import progress
from openmso.remittances import testing
from openmso.remittances.contracts import FileState
from openmso.remittances.models.files import File
from openmso.remittances.services import posting, staging
from openmso.remittances.tests.office import Office, office_of, open_office
from openmso.remittances.tests.test_posting import visit


@pytest.fixture
def office(committed: str) -> Office:
    return open_office()


def era(office: Office, *controls: str) -> bytes:
    claims = [visit(control) for control in controls]
    return testing.file_of(testing.remittance(*claims, payee=office.house.biller, payer=office.payer.edi_id))


def until(pia: Client, address: str, words: str) -> str:
    """The page, once it says these words."""
    for _ in range(200):
        page = pia.get(address).content.decode()
        if words in page:
            break
        time.sleep(0.05)
    return page


def test_the_page_of_a_file_says_what_its_posting_is_at(
    committed: str, cast: Any, superuser: psycopg.Connection
) -> None:
    office = office_of(cast.rockland, cast.payer, at=cast.at)
    pia = signed_in(person("pia@harborridge.example", "Pia", practice=office.practice, role="poster", at=cast.at))
    file = office.take(era(office, office.sent(("99213", "140.00")).control))

    def post() -> FileState:
        try:
            with office.scope():
                return posting.post_file(actor=office.actor, practice=office.practice, file=file, at=office.at).state
        finally:
            connection.close()

    address = f"/remittances/files/{file}/"
    assert "Waiting for the worker" in pia.get(address).content.decode()
    with ThreadPoolExecutor(1) as pool:
        with superuser.transaction():
            superuser.execute("LOCK TABLE remittances_claimpayment IN SHARE MODE")
            posted = pool.submit(post)
            page = until(pia, address, "Writing the payments")
        assert posted.result() is FileState.POSTED

    assert "Writing the payments" in page
    assert "33 %" in page
    assert 'every 1s"' not in pia.get(address).content.decode()
    assert progress.told(file) is None


def test_reading_is_told_by_claims(office: Office) -> None:
    content = era(office, "A", "B", "C")
    file = office.take(content)
    said: list[tuple[str, int, int]] = []
    steps = progress.Steps(("Reading", "Writing"), lambda *told: said.append(told))

    with office.reading():
        steps.begin()
        staging.stage(content, lambda done: steps.within(done, File.objects.get(public_id=file).claims, "claims"))
        steps.begin()

    assert said == [("Reading", 0, 100), ("Reading: 3 of 3 claims", 50, 100), ("Writing", 50, 100)]


def test_what_is_told_of_one_file_is_not_told_of_another(office: Office) -> None:
    with office.reading():
        progress.of("RFL-AAAAAAAA")("Reading: 12,000 of 20,000 claims", 10, 100)

        assert progress.told("RFL-AAAAAAAA") == progress.Progress("Reading: 12,000 of 20,000 claims", 10)
        assert progress.told("RFL-BBBBBBBB") is None
