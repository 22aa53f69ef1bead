"""Documents in an S3-compatible store, by setting alone: what was kept there is sealed, and opens again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.test import override_settings
from moto.server import ThreadedMotoServer

from openmso.agreements.testing import NOW, Cast
from openmso.platform.access.contracts import Actor
from openmso.platform.documents import queries, services
from openmso.platform.documents.contracts import DocumentRef
from openmso.platform.tenancy.scope import reading, scope

PRIYA = Actor.system("Priya", at=NOW)
REMIT = b"ISA*00*          *00*          *ZZ*PAYER~" * 3_000


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A store on loopback, and its client."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "openmso")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-of-the-test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client = boto3.client("s3")
    client.create_bucket(Bucket="practice-files")
    yield client
    server.stop()


@pytest.fixture
def configured(store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Any]:
    """The storages that the settings make of `OPENMSO_DOCUMENTS=s3://...`, read in a process of their own."""
    monkeypatch.setenv("OPENMSO_DOCUMENTS", "s3://practice-files/network/documents")
    monkeypatch.setenv("OPENMSO_DATA", str(tmp_path))
    program = "from openmso.config import settings; print(repr(settings.STORAGES['documents']))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "s3.S3Storage" in told
    with override_settings(STORAGES=settings.STORAGES | {"documents": eval(told)}):  # noqa: S307 - our own settings
        yield store


def key_of(store: Any, public_id: str) -> str:
    keys = [one["Key"] for one in store.list_objects_v2(Bucket="practice-files")["Contents"]]
    return next(key for key in keys if key.endswith(public_id))


def keep(practice: int) -> DocumentRef:
    return services.store(
        actor=PRIYA, practice=practice, name="era.835", content=REMIT, media_type="text/plain",
        purpose="remittances.file", at=NOW, under=PRIYA.may("remittances.post", practice),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_file_is_sealed_in_the_bucket_and_comes_back(configured: Any, cast: Cast) -> None:
    practice = cast.rockland.id
    with scope(practices=[practice]):
        kept = keep(practice)
        with reading():
            assert queries.read(kept.public_id, practice) == REMIT
            assert queries.part(kept.public_id, practice, 70_000, 70_040)[1] == REMIT[70_000:70_040]

    key = key_of(configured, kept.public_id)
    assert key.startswith(f"network/documents/{practice}/")
    assert b"PAYER" not in configured.get_object(Bucket="practice-files", Key=key)["Body"].read()


@pytest.mark.django_db
def test_a_file_that_was_touched_in_the_bucket_does_not_open(configured: Any, cast: Cast) -> None:
    practice = cast.rockland.id
    with scope(practices=[practice]):
        kept = keep(practice)
        with reading():
            before = queries.verify()  # the papers of the cast lie in a store of an earlier test
            assert before.changed == ()
            assert kept.public_id not in before.missing
            key = key_of(configured, kept.public_id)
            raw = configured.get_object(Bucket="practice-files", Key=key)["Body"].read()
            configured.put_object(Bucket="practice-files", Key=key, Body=raw[:-1] + bytes([raw[-1] ^ 1]))
            assert queries.verify().changed == (kept.public_id,)
