"""Files made to do harm, at every door that takes one: each is refused or neutralized in words, quickly and cheaply.

And every real file of the samples, at every door, whatever it is meant for: an answer, never a traceback.
"""

from __future__ import annotations

import importlib.util
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from openmso.banking import services as banking
from openmso.intake.services import taking
from openmso.kit.errors import Refused
from openmso.platform.documents import services as documents
from openmso.remittances.services import posting, receiving
from openmso.remittances.tests.office import Office, open_office

SECONDS_MAX, MEGABYTES_MAX = 2.0, 300
FOLDERS = ("bank", "security", "fhir")
VISIT = b"visit_id,service_date,mrn,last_name,first_name,code\nV1,2026-03-02,7,Okafor,Daniel,99213\n"

Door = Callable[[Office, str, bytes], object]


@pytest.fixture
def office(db: None) -> Office:
    return open_office()


def remittance(office: Office, name: str, content: bytes) -> object:
    receipt = receiving.receive(
        actor=office.actor, practice=office.practice, name=name, content=content, at=office.at, defer=False
    )
    return posting.post_file(
        actor=office.actor, practice=office.practice, file=receipt.files[0].file, at=office.at
    ).words


def statement(office: Office, name: str, content: bytes) -> object:
    return banking.import_statement(
        actor=office.actor, account=office.account.public_id, name=name, content=content, at=office.at
    ).words


def visits(office: Office, name: str, content: bytes) -> object:
    taken = taking.take(actor=office.actor, practice=office.practice, name=name, content=content, at=office.at)
    return [item.words for item in taken.items] or taken.words


def code_map(office: Office, name: str, content: bytes) -> object:
    taken = taking.take(
        actor=office.actor, practice=office.practice, name="visits.csv", content=VISIT, at=office.at,
        code_map=(name, content),
    )  # fmt: skip
    return [item.words for item in taken.items]


def document(office: Office, name: str, content: bytes) -> object:
    return documents.store(
        actor=office.actor, practice=office.practice, name=name, content=content, media_type="text/plain",
        purpose=taking.PURPOSE, at=office.at, under=office.actor.may("intake.run", office.practice),
    ).name  # fmt: skip


def careless(office: Office, name: str, content: bytes) -> object:
    """A door that trusts what it is given: the negative control."""
    return content.decode("ascii")


DOORS: tuple[Door, ...] = (remittance, statement, visits, document)


@cache
def hostile(shared: Path) -> tuple[tuple[str, bytes], ...]:
    spec = importlib.util.spec_from_file_location("hostile", shared / "design" / "lab" / "make_hostile.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return tuple((name, make()) for name, make in made.FILES.items())


def real(shared: Path) -> Iterator[tuple[str, bytes]]:
    for folder in FOLDERS:
        for path in sorted((shared / "samples" / folder).rglob("*")):
            if path.is_file():
                yield path.name, path.read_bytes()


def faults(office: Office, door: Door, files: Iterable[tuple[str, bytes]]) -> list[str]:
    """What went wrong at a door, file by file: an exception that is no refusal, no words, or too much time or memory."""
    wrong = []
    for name, content in files:
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        try:
            with office.scope():
                words = door(office, name, content)
        except Refused as no:
            words = no.sentence
        except Exception as error:
            words = "broke"
            wrong.append(f"{name}: {type(error).__name__}: {error}")
        if not words:
            wrong.append(f"{name}: no words")
        if time.process_time() - began > SECONDS_MAX:
            wrong.append(f"{name}: slow")
        if (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 > MEGABYTES_MAX:
            wrong.append(f"{name}: fat")
    return wrong


@pytest.mark.parametrize("door", [*DOORS, code_map])
def test_what_was_made_to_do_harm_does_none(office: Office, shared: Path, door: Door) -> None:
    assert faults(office, door, hostile(shared)) == []


@pytest.mark.parametrize("door", DOORS)
def test_every_real_file_gets_an_answer(office: Office, shared: Path, door: Door) -> None:
    assert faults(office, door, real(shared)) == []


def test_a_careless_door_would_be_found_out(office: Office, shared: Path) -> None:
    assert faults(office, careless, hostile(shared))
