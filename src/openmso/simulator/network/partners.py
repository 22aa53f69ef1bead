"""The trading partners of the demo: two clearinghouses and Medicare's own door, all brought and fetched by hand.

A fourth answers questions about coverage at once, where the installation runs the payers of the demo beside it.

What a person does at a partner's portal is done here for them: a file is taken and marked as handed in, an answer is
fetched into the mailbox. Both go through the product's own doors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from openmso.claims.services import following
from openmso.exchange.contracts import EnrolmentState, PartnerFacts, PartnerKind, Settings, Transaction, Way
from openmso.exchange.queries import partners, transmissions
from openmso.exchange.services import arriving, enrolling, keeping, sending
from openmso.parties.queries import payers as registers
from openmso.platform.access.contracts import Actor
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading
from openmso.simulator.network import facility
from openmso.simulator.payer.online import FILES, HOST, MAILBOX, QUESTIONS, Door

CLEARINGHOUSE, SECOND, DIRECT = "Tidewater Clearing", "Upriver Exchange", "Medicare contractor, direct"
AT_ONCE = "Tidewater real time"
DAYS = 10
"""After which payers are asked about claims: some of them decide later."""
TRANSACTIONS = (
    Transaction.CLAIM_P, Transaction.CLAIM_I, Transaction.REMITTANCE, Transaction.STATUS, Transaction.AUTHORIZATION,
)  # fmt: skip


def set_up(
    *, actor: Actor, mso: int, payers: Mapping[str, int], starts_on: date, at: datetime, online: Door | None = None
) -> None:
    """Record partners, when payers are asked, and routes: a clearinghouse with a second behind it; Medicare direct.
    Questions about coverage go to whoever answers at once, if anybody does.

    The scope is the MSO.
    """
    names = {}
    for name, kind, ends in (
        (CLEARINGHOUSE, PartnerKind.CLEARINGHOUSE, Settings()),
        (SECOND, PartnerKind.CLEARINGHOUSE, Settings(receiver="UPRIVER", submitter="HR-2201")),
        (DIRECT, PartnerKind.PAYER, Settings(receiver_name="PART B CONTRACTOR", submitter="ME0417")),
    ):
        facts = PartnerFacts(name, kind, Way.MANUAL, settings=ends)
        names[name] = keeping.add(actor=actor, mso=mso, facts=facts, at=at).public_id
    for key in payers.values():
        whom = registers.payer(key).public_id
        following.set_rule(actor=actor, mso=mso, payer=whom, days=DAYS, again_days=DAYS, asks_max=2, at=at)
    ways: list[tuple[int | None, list[str]]] = [(None, [CLEARINGHOUSE, SECOND])]
    ways += [(key, [DIRECT, CLEARINGHOUSE]) for name, key in payers.items() if name.startswith("Medicare")]
    for payer, way in ways:
        for transaction in TRANSACTIONS:
            keeping.set_route(
                actor=actor, mso=mso, payer=payer, transaction=transaction, practice=None, starts_on=starts_on, at=at,
                partners=[names[name] for name in way],
            )  # fmt: skip
    if online is not None:
        made = keeping.add(actor=actor, mso=mso, facts=_at_once(online), at=at)
        keeping.set_route(
            actor=actor, mso=mso, payer=None, transaction=Transaction.ELIGIBILITY, practice=None, starts_on=starts_on,
            at=at, partners=[made.public_id],
        )  # fmt: skip
    facility.route_paper(actor=actor, mso=mso, payers=payers, starts_on=starts_on, at=at)


def point(*, actor: Actor, mso: int, online: Door, at: datetime) -> None:
    """Have the one who answers at once be asked at this door from now on. The scope is the MSO."""
    with reading():
        found = next((one.public_id for one in partners.every() if one.name == AT_ONCE), None)
    if found is not None:
        keeping.change(actor=actor, mso=mso, partner=found, facts=_at_once(online), at=at)


def _at_once(online: Door) -> PartnerFacts:
    return PartnerFacts(
        AT_ONCE, PartnerKind.CLEARINGHOUSE, Way.HTTPS, host=HOST, port=online.port, host_key=online.host_key,
        user="harborridge", password="the demo's own", outgoing=FILES, incoming=MAILBOX, realtime=QUESTIONS,
    )  # fmt: skip


def enrol(*, actor: Actor, biller: str, payers: Sequence[int], at: datetime) -> None:
    """Enrol a billing provider for claims and remittances: all wait for the first file; one refuses 278s.

    The scope is the practice.
    """
    with reading():
        names = [registers.payer(key).public_id for key in payers]
    for payer in names:
        for transaction in (Transaction.CLAIM_P, Transaction.REMITTANCE):
            made = enrolling.begin(actor=actor, biller=biller, payer=payer, transaction=transaction, at=at)
            enrolling.move(
                actor=actor, enrolment=made, to=EnrolmentState.PENDING, words="Confirmed by the payer", at=at
            )
    made = enrolling.begin(actor=actor, biller=biller, payer=names[-1], transaction=Transaction.AUTHORIZATION, at=at)
    enrolling.move(
        actor=actor, enrolment=made, to=EnrolmentState.REJECTED, words="The TIN on the form is another one", at=at
    )


def hand_in(*, actor: Actor, kind: str, thing: str, at: datetime) -> bytes:
    """Bring a batch or a question to the partner its route names; the bytes that the partner got."""
    with reading():
        name = transmissions.of_subjects(kind, [thing])[thing].public_id
    kept = sending.take(actor=actor, transmission=name, at=at)
    sending.handed_in(actor=actor, transmission=name, words="Portal of the partner", at=at)
    with reading():
        return documents.read(kept.public_id, kept.practice)


def fetch(*, actor: Actor, payer: int, practice: int, name: str, content: bytes, on: date, at: datetime) -> None:
    """Fetch an answer or a remittance of a payer into the mailbox; who reads it is the caller's business."""
    with reading():
        way = partners.of_route(payer=payer, transaction=Transaction.REMITTANCE, practice=practice, on=on)
    arriving.take_in(actor=actor, partner=way[0].public_id, name=name, content=content, at=at, tell=False)
