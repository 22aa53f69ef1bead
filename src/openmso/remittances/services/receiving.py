"""Taking files in: kept whole before they are read, then one file for each practice that is paid in them, posted by
a job.

The file as it came is kept at the MSO, sealed: nobody knows yet whose it is, and it may hold what one practice must
not see of another. What is a practice's own is kept in the practice.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from openmso.kit.clock import day_in
from openmso.kit.errors import Refused
from openmso.kit.words import day
from openmso.parties.contracts import BillingProvider
from openmso.parties.queries import providers
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content, DocumentRef, as_file
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading
from openmso.remittances.contracts import FILE, POST, FileState, FindingRow, Receipt, ReceivedFile
from openmso.remittances.models.files import File
from openmso.remittances.rules import splitting
from openmso.remittances.rules.splitting import Payee

ARRIVAL, PURPOSE = "remittances.arrival", "remittances.file"
JOB = "remittances.post_file"
X12 = "application/edi-x12"
IN_MEMORY_MAX = 1 << 20
"""Bytes of what is cut out for a practice that are held in memory; more is held on disk."""


class NotARemittance(Refused):
    """The file is no 835 at all."""

    code = "not_a_remittance"


@dataclass(frozen=True, slots=True)
class _Part:
    """What of a file belongs to one practice: some of its transactions or, without an `origin`, the whole of it."""

    practice: int
    payees: tuple[Payee, ...]
    origin: str = ""


def receive(
    *, actor: Actor, practice: int | None, name: str, content: Content, at: datetime, defer: bool = True
) -> Receipt:
    """Take a file in for the practice it pays; one that pays several is cut into a file for each.

    With a `practice`, payees that nobody knows stay with it, where the file is then quarantined with the reason;
    without one, the payees alone decide. The same bytes again are the file that is there already. The scope holds the
    MSO's tenant too (`mailroom`). Raises `NotARemittance` after the file was kept, what `documents` refuses, and
    `Forbidden` where the actor may not post for the practice.
    """
    decision = actor.must(POST.code, practice)
    came = as_file(content)
    arrival = _keep(actor=actor, came=came, at=at, decision=decision)
    with documents.telling_refusal(actor=actor, document=arrival, at=at, under=decision):
        parts, refused = _parts(actor, came, practice, arrival, at)
    files = tuple(
        _take(actor=actor, part=part, came=came, arrival=arrival, name=name, at=at, defer=defer) for part in parts
    )
    _link(arrival, files, at)
    return Receipt(files, tuple(refused))


@atomic
def _keep(*, actor: Actor, came: IO[bytes], at: datetime, decision: Decision) -> DocumentRef:
    """The bytes as they came, before anything reads them; the sender's name for them may tell whose they are."""
    return documents.store(
        actor=actor,
        practice=tenancy.mso(),
        name="as-it-came.835",
        content=came,
        media_type=X12,
        purpose=ARRIVAL,
        at=at,
        under=decision,
    )


@atomic
def _link(arrival: DocumentRef, files: tuple[ReceivedFile, ...], at: datetime) -> None:
    """What the file that came has become."""
    for one in files:
        documents.became(document=arrival, subject=(FILE, one.file), practice=arrival.practice, at=at)


def _homes(actor: Actor, payees: list[Payee], at: datetime) -> list[int | None]:
    """The practice of each payee, among those the actor may post for and that are in scope."""
    allowed = [tenant for tenant in tenancy.tenants_in_scope() if actor.can(POST.code, tenant.pk)]
    billers = [one for tenant in allowed for one in providers.billers(tenant.pk, on=day_in(tenant.zone, at))]
    return [biller.practice if (biller := biller_of(payee.npi, payee.tin, billers)) else None for payee in payees]


def biller_of(npi: str, tin: str, billers: list[BillingProvider]) -> BillingProvider | None:
    """The billing provider that a payee is: by NPI, else by a TIN that only one practice has. Closed ones still are."""
    by_npi = [one for one in billers if npi and one.npi == npi]
    if by_npi:
        return next((one for one in by_npi if one.tin == tin), by_npi[0])
    by_tin = [one for one in billers if tin and one.tin == tin and not npi]
    return by_tin[0] if len({one.practice for one in by_tin}) == 1 else None


def _parts(
    actor: Actor, came: IO[bytes], practice: int | None, arrival: DocumentRef, at: datetime
) -> tuple[list[_Part], list[FindingRow]]:
    """What of the file is whose, and what is nobody's; raises `NotARemittance` where nothing is left."""
    payees = splitting.payees_of(came)
    if not payees:
        raise NotARemittance(
            "The file holds no remittance (835).", field="file", fix="Choose the file as the payer sent it."
        )
    with reading():
        homes = _homes(actor, payees, at)
    parts, refused = _shared_out(payees, homes, practice, arrival)
    if not parts:
        raise NotARemittance(refused[0].message, field="file", fix=refused[0].fix, code="payee_unknown")
    return parts, refused


def _shared_out(
    payees: list[Payee], homes: list[int | None], practice: int | None, arrival: DocumentRef
) -> tuple[list[_Part], list[FindingRow]]:
    known = {home for home in homes if home is not None}
    if not known and practice is not None:
        return [_Part(practice, tuple(payees))], []
    if len(known) == 1 and None not in homes:
        return [_Part(known.pop(), tuple(payees))], []
    groups: dict[int, list[Payee]] = defaultdict(list)
    refused = []
    for payee, home in zip(payees, homes, strict=True):
        if home is None:
            refused.append(_stranger(payee))
        else:
            groups[home].append(payee)
    return [_Part(home, tuple(group), arrival.sha256) for home, group in sorted(groups.items())], refused


def _stranger(payee: Payee) -> FindingRow:
    return FindingRow(
        "payee_unknown",
        "error",
        f"Transaction {payee.control} pays {payee.words}, which is no billing provider of a practice you post for.",
        "Add the billing provider to its practice, or send the file to whoever posts for it.",
        offset=payee.start,
        loop="1000B",
    )


@contextmanager
def _own(came: IO[bytes], part: _Part) -> Iterator[IO[bytes]]:
    """The bytes of a part: the file as it came, or what is cut out of it."""
    if not part.origin:
        yield came
        return
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_MAX) as own:
        for piece in splitting.carved(came, part.payees):
            own.write(piece)
        yield own


@atomic
def _take(
    *, actor: Actor, part: _Part, came: IO[bytes], arrival: DocumentRef, name: str, at: datetime, defer: bool
) -> ReceivedFile:
    decision = actor.must(POST.code, part.practice)
    with _own(came, part) as own:
        document = documents.store(
            actor=actor, practice=part.practice, name=name, content=own, media_type=X12, purpose=PURPOSE,
            at=at, under=decision,
        )  # fmt: skip
    row, is_new = File.objects.get_or_create(
        practice_id=part.practice,
        sha256=document.sha256,
        defaults={
            "document": document.public_id, "arrival": arrival.public_id, "origin_sha256": part.origin,
            "name": document.name, "size": document.size, "claims": sum(one.claims for one in part.payees),
            "state": FileState.RECEIVED, "received_at": at, "received_by": actor.name[:160],
        },
    )  # fmt: skip
    if not is_new:
        came_on = day(tenancy.today(part.practice, row.received_at))
        words = f"This file is here already: {row.public_id}, received {came_on} as {row.name}."
        return ReceivedFile(row.public_id, part.practice, False, words)
    documents.became(document=document, subject=(FILE, row.public_id), practice=part.practice, at=at)
    audit.record(
        actor=actor, action="remittances.received", practice=part.practice, subject=(FILE, row.public_id), at=at,
        facts={"size": document.size, "document": document.public_id, "arrival": arrival.public_id}, decision=decision,
    )  # fmt: skip
    if defer:
        lane = f"remittances:{part.practice}"
        jobs.defer(JOB, practice=part.practice, lock=lane, behind=decision.grant, file=row.public_id)
    cut = f", cut from {name}" if part.origin else ""
    return ReceivedFile(row.public_id, part.practice, True, f"Received as {row.public_id}{cut}.")
