"""The revenue cycle of a practice in tables that people read and files as they were; asked of the apps page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openmso.claims.contracts import BatchRef, ClaimRow
from openmso.claims.queries import worklist
from openmso.denials.contracts import AppealRow, DenialRow
from openmso.denials.queries import appeals
from openmso.denials.queries import queue as denials
from openmso.eligibility.contracts import Authorization
from openmso.eligibility.queries import permits
from openmso.exchange.contracts import EnrolmentRow
from openmso.exchange.queries import enrolments as edi
from openmso.parties.contracts import Note, PayerEnrolment
from openmso.parties.queries import enrolments, notes
from openmso.platform.access.contracts import Actor
from openmso.platform.documents import queries as documents
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.work import queries as work
from openmso.platform.work.contracts import ItemEntry, ItemRow
from openmso.portability.contracts import Filed, Folder, Part, Sheet
from openmso.remittances.contracts import FileRow, PaymentRow
from openmso.remittances.queries import files, payments
from openmso.underpayments import queries as underpayments
from openmso.underpayments.contracts import ShortLine

ROWS_AT_ONCE = 1_000
EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Practice:
    """Whose archive it is, as of when, for whom."""

    id: int
    actor: Actor
    on: date
    at: datetime


def parts(of: Practice) -> list[Part]:
    """Every part of the revenue cycle; nothing is asked before it is written."""
    return [*_claims(), *_remittances(of), *_denials(of), *_work(of), *_standing(of)]


def _claims() -> Iterator[Part]:
    yield Sheet(
        "claims/claims.csv", "Every claim with its state, what it waits for, its last day and what is open", ClaimRow,
        _every(lambda page: worklist.claims(filters=EVERYTHING, page=page)),
    )  # fmt: skip
    yield Sheet(
        "claims/batches.csv", "Every 837 that left: payer, control numbers, claims, total", BatchRef, _batches()
    )
    yield Folder(
        "claims/837", "Claims as X12 837, byte by byte as they were sent",
        (Filed(f"{one.public_id}.837", one.document, one.practice) for one in _batches()),
    )  # fmt: skip


def _batches() -> Iterator[Any]:
    return _every(lambda page: worklist.batches(filters=EVERYTHING, page=page))


def _remittances(of: Practice) -> Iterator[Part]:
    yield Sheet("remittances/files.csv", "Every remittance file and what became of it", FileRow, _files())
    yield Sheet(
        "remittances/payments.csv", "Every claim payment that payers made: matched to its claim, or waiting for one",
        PaymentRow,
        _every(lambda page: payments.payments(filters=EVERYTHING, page=page)),
    )  # fmt: skip
    yield Folder(
        "remittances/835", "Remittances as X12 835, byte by byte as they were received for this practice",
        (Filed(f"{one.public_id}.835", one.document, one.practice) for one in _files() if one.document),
    )  # fmt: skip
    yield Sheet(
        "remittances/underpayments.csv", "Lines paid below the contract: cause, state, what came in since", ShortLine,
        _every(lambda page: underpayments.listing(filters=EVERYTHING, page=page)),
    )  # fmt: skip


def _files() -> Iterator[Any]:
    return _every(lambda page: files.files(page=page))


def _denials(of: Practice) -> Iterator[Part]:
    yield Sheet(
        "denials/denials.csv", "Every denial: reason, cause, state, last day, what it is worth, what came in",
        DenialRow,
        _every(lambda page: denials.denials(filters=EVERYTHING, page=page, on=of.on)),
    )  # fmt: skip
    yield Sheet(
        "denials/appeals.csv", "Every appeal, those in flight too: level, state, last day, what it won", AppealRow,
        _every(lambda page: appeals.appeals(filters=EVERYTHING, page=page)),
    )  # fmt: skip
    yield Folder(
        "denials/letters", "Appeal letters as they left",
        (
            Filed(f"{one.public_id}-{one.name}", one.public_id, of.id)
            for one in _every(lambda page: documents.documents(actor=of.actor, page=page, purpose="denials.letter"))
        ),
    )  # fmt: skip


def _work(of: Practice) -> Iterator[Part]:
    yield Sheet(
        "work/items.csv", "What waits for a person and what is done: why, until when, with whom, how it ended", ItemRow,
        work.items_of(of.id, at=of.at),
    )  # fmt: skip
    yield Sheet(
        "work/notes.csv", "What happened to each item, with what people wrote", ItemEntry, work.entries_of(of.id)
    )
    yield Sheet(
        "notes.csv", "Notes about the practice and its payers", Note, _later(lambda: notes.of_practice(of.id, on=of.on))
    )


def _standing(of: Practice) -> Iterator[Part]:
    yield Sheet(
        "enrolments/edi.csv", "EDI enrolments by payer, transaction and billing provider, with their state",
        EnrolmentRow,
        _every(lambda page: edi.listing(filters=EVERYTHING, page=page)),
    )  # fmt: skip
    yield Sheet(
        "enrolments/clinicians.csv",
        "Clinicians enrolled with payers",
        PayerEnrolment,
        _later(lambda: enrolments.of_practice(of.id)),
    )
    yield Sheet(
        "authorizations.csv", "What payers authorized, with units used", Authorization,
        _every(lambda page: permits.authorizations(filters=EVERYTHING, page=page)),
    )  # fmt: skip


def _later(ask: Callable[[], Iterable[Any]]) -> Iterator[Any]:
    """Rows that are asked for when they are written."""
    yield from ask()


def _every(fetch: Callable[[PageAsk], Page[Any]]) -> Iterator[Any]:
    """All rows of a list, page by page."""
    ask = PageAsk(size=ROWS_AT_ONCE)
    while True:
        page = fetch(ask)
        yield from page.rows
        if len(page.rows) < ROWS_AT_ONCE:
            return
        ask = PageAsk(ask.number + 1, ROWS_AT_ONCE, after=page.next_after)
