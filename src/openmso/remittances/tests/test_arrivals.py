"""Stories of the mailroom: a file is kept whole before anything reads it, and what it became is linked to it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from openmso.parties import testing as parties
from openmso.platform.access import queries as access
from openmso.platform.access.contracts import Actor
from openmso.platform.accounts.testing import person
from openmso.platform.documents import queries, services
from openmso.platform.documents.models import Document
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import reading, scope
from openmso.platform.ui.contracts import PageAsk
from openmso.remittances import testing
from openmso.remittances.contracts import FILE, FileState, Receipt
from openmso.remittances.models.files import File
from openmso.remittances.rules import splitting
from openmso.remittances.services import posting, receiving
from openmso.remittances.tests.office import Office
from openmso.remittances.tests.test_posting import visit


@contextmanager
def mailroom() -> Iterator[int]:
    """Look at what the MSO keeps."""
    home = tenancy.mso()
    with scope(practices=[home]), reading():
        yield home


def for_two(office: Office) -> tuple[bytes, int]:
    """A file that pays Rockland and a rival practice; and the rival's key."""
    rival = parties.practice(at=office.at, code="RIVAL", name="Rival Eye Care")
    mine, theirs = (
        testing.remittance(visit(f"C-{house.id}"), payee=house.biller, payer=office.payer.edi_id, trace=f"T-{house.id}")
        for house in (office.house, rival)
    )
    return testing.file_of(mine, theirs), rival.id


def receive(office: Office, content: bytes, *practices: int, name: str = "both.835") -> Receipt:
    with scope(practices=[*practices, tenancy.mso()]):
        return receiving.receive(
            actor=office.actor, practice=None, name=name, content=content, at=office.at, defer=False
        )


def test_a_file_that_pays_two_practices_is_kept_as_it_came_and_names_both_parts(office: Office) -> None:
    content, rival = for_two(office)

    receipt = receive(office, content, office.practice, rival)

    assert {one.practice for one in receipt.files} == {office.practice, rival}
    with mailroom() as home:
        kept = Document.objects.get(purpose="remittances.arrival")
        assert queries.read(kept.public_id, home) == content
        became = [(one.kind, one.public_id) for one in queries.became(kept.public_id, home)]
    assert sorted(became) == sorted((FILE, one.file) for one in receipt.files)
    for one in receipt.files:
        with scope(practices=[one.practice]), reading():
            part = File.objects.get(public_id=one.file)
            assert (part.arrival, part.origin_sha256) == (kept.public_id, kept.sha256)
            assert len(splitting.payees_of(io.BytesIO(queries.read(part.document, one.practice)))) == 1


def test_the_bytes_are_kept_before_anything_reads_them(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that fails on the file finds it kept."""
    content, rival = for_two(office)

    def fails(_: bytes) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(splitting, "payees_of", fails)
    with pytest.raises(ZeroDivisionError):
        receive(office, content, office.practice, rival)

    with mailroom() as home:
        assert queries.read(Document.objects.get().public_id, home) == content


def test_what_is_no_remittance_is_kept_too(office: Office) -> None:
    with pytest.raises(receiving.NotARemittance):
        receive(office, b"not an 835", office.practice)

    with mailroom() as home:
        kept = Document.objects.get()
        assert (queries.read(kept.public_id, home), queries.became(kept.public_id, home)) == (b"not an 835", [])


def test_a_file_that_comes_twice_is_kept_once(office: Office) -> None:
    content, rival = for_two(office)

    first, again = (receive(office, content, office.practice, rival, name=name) for name in ("a.835", "b.835"))

    assert [one.file for one in first.files] == [one.file for one in again.files]
    assert not any(one.is_new for one in again.files)
    with mailroom() as home:
        kept = Document.objects.get()
        assert len(queries.became(kept.public_id, home)) == 2


def test_parts_are_posted_each_in_its_practice(office: Office) -> None:
    content, rival = for_two(office)
    receipt = receive(office, content, office.practice, rival)

    mine = next(one for one in receipt.files if one.practice == office.practice)
    with office.scope():
        outcome = posting.post_file(actor=office.actor, practice=office.practice, file=mine.file, at=office.at)

    assert (outcome.state, [one.trace for one in outcome.remittances]) == (
        FileState.POSTED, [f"T-{office.practice}"],
    )  # fmt: skip


def test_a_file_as_it_came_is_listed_and_opens_for_no_person(office: Office) -> None:
    """It may hold what belongs to several practices; the compliance officer sees that it is there, and that is all."""
    content, rival = for_two(office)
    receive(office, content, office.practice, rival)
    home = tenancy.mso()
    omar = person("omar@mso.example", "Omar", compliance_officer=Tenant.objects.get(pk=home))
    actor = access.actor_for(omar, at=office.at)
    with scope(practices=[home], user=omar.pk):
        with reading():
            row = queries.documents(actor=actor, page=PageAsk()).rows[0]
        assert len(row.became.split(", ")) == 2
        with pytest.raises(services.Sealed, match="several practices"):
            services.opened(actor=actor, public_id=row.public_id, at=office.at)
        _, opened = services.opened(actor=Actor.system("openmso", at=office.at), public_id=row.public_id, at=office.at)
    assert b"".join(opened) == content
