"""The trading partners of the demo: two clearinghouses and Medicare's own door, all brought and fetched by hand.

Two more are there where the demo runs them beside it: one answers questions about coverage at once, by HTTPS, and
Medicare's contractor in the south takes its files by SFTP. On the last run that one is down, and its files go to the
next partner of their route.

What a person does at a partner's portal is done here for them: a file is taken and marked as handed in, an answer is
fetched into the mailbox. Both go through the product's own doors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from openmso.claims.services import following
from openmso.exchange import testing as exchange
from openmso.exchange.contracts import EnrolmentState, PartnerFacts, PartnerKind, Settings, Transaction, Way
from openmso.exchange.queries import partners, transmissions
from openmso.exchange.services import arriving, enrolling, keeping, sending, transmitting
from openmso.exchange.testing import SftpServer
from openmso.parties.queries import payers as registers
from openmso.platform.access.contracts import Actor
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading
from openmso.simulator.network import facility
from openmso.simulator.payer import contractor as south
from openmso.simulator.payer.online import FILES, HOST, MAILBOX, QUESTIONS, Door

CLEARINGHOUSE, SECOND, DIRECT = "Tidewater Clearing", "Upriver Exchange", "Medicare contractor, direct"
AT_ONCE, SOUTH = "Tidewater real time", "Medicare contractor South"
DOWN_ON = date(2026, 10, 30)
DOWN = "Maintenance since this morning, until Tuesday by their notice"
DAYS = 10
"""After which payers are asked about claims: some of them decide later."""
TRANSACTIONS = (
    Transaction.CLAIM_P, Transaction.CLAIM_I, Transaction.REMITTANCE, Transaction.STATUS, Transaction.AUTHORIZATION,
)  # fmt: skip


def set_up(
    *, actor: Actor, mso: int, payers: Mapping[str, int], starts_on: date, at: datetime, online: Door | None = None,
    contractor: SftpServer | None = None,
) -> None:  # fmt: skip
    """Record partners, when payers are asked, and routes: a clearinghouse with a second behind it; Medicare direct.
    Questions about coverage go to whoever answers at once, and files for Medicare in the south by SFTP, if anybody
    takes them so.

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
    if contractor is not None:
        names[SOUTH] = keeping.add(actor=actor, mso=mso, facts=_by_sftp(contractor), at=at).public_id
    ways += [
        (key, [SOUTH if name == "Medicare South" and SOUTH in names else DIRECT, CLEARINGHOUSE])
        for name, key in payers.items() if name.startswith("Medicare")
    ]  # fmt: skip
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


def point(*, actor: Actor, mso: int, online: Door, contractor: SftpServer, at: datetime) -> None:
    """Have those that run beside the demo be found where they are now. The scope is the MSO."""
    with reading():
        known = {one.name: one.public_id for one in partners.every()}
    for facts in (_at_once(online), _by_sftp(contractor)):
        if facts.name in known:
            keeping.change(actor=actor, mso=mso, partner=known[facts.name], facts=facts, at=at)


def outage(*, actor: Actor, mso: int, at: datetime) -> None:
    """Say that the contractor in the south is down: from now on its files go to the next of their route.

    The scope is the MSO.
    """
    with reading():
        found = next((one.public_id for one in partners.every() if one.name == SOUTH), None)
    if found is not None:
        keeping.declare_down(actor=actor, mso=mso, partner=found, words=DOWN, at=at)


def _by_sftp(contractor: SftpServer) -> PartnerFacts:
    settings = Settings(receiver_name="PART B CONTRACTOR SOUTH", submitter="GA1150")
    return exchange.sftp_facts(contractor, name=SOUTH, kind=PartnerKind.PAYER, settings=settings)


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
        row = transmissions.of_subjects(kind, [thing])[thing]
    name = row.public_id
    if row.state.value == "waiting":
        transmitting.transmit(actor=actor, transmission=name, at=at)
        with reading():
            whom = partners.partner(row.partner_id)
        return south.took(whom, row.name)
    kept = sending.take(actor=actor, transmission=name, at=at)
    sending.handed_in(actor=actor, transmission=name, words="Portal of the partner", at=at)
    with reading():
        return documents.read(kept.public_id, kept.practice)


def fetch(*, actor: Actor, payer: int, practice: int, name: str, content: bytes, on: date, at: datetime) -> None:
    """Fetch an answer or a remittance of a payer into the mailbox; who reads it is the caller's business."""
    with reading():
        way = partners.of_route(payer=payer, transaction=Transaction.REMITTANCE, practice=practice, on=on)
    whom, modified = next(one for one in way if not one.is_down), 0
    if whom.way is Way.SFTP:
        name = f"{practice}-{hashlib.sha256(content).hexdigest()[:6]}-{name}"
        content, modified = south.leaves(whom, name, content)
    arriving.take_in(
        actor=actor, partner=whom.public_id, name=name, content=content, modified=modified, at=at, tell=False
    )
