"""Typing a paper: opened with its check, claim by claim, posted as an 835 of our own making, or withdrawn.

What is posted goes the way of every remittance: the file is kept, balanced, matched and put in the books by the same
code; who typed it stands on the paper, whose scan is kept beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError
from django.db.models import Max

from edi.x12.output import Envelope, Unwritable
from edi.x12.remittance.write import write_835
from edi.x12.values import Address, Contact, Party, Reference
from openmso.claims.queries import stories
from openmso.kit.clock import day_in
from openmso.kit.errors import Conflict, NotFound, Refused
from openmso.parties.contracts import BillingProvider, Payer
from openmso.parties.queries import payers, providers
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic, reading
from openmso.remittances.contracts import POST, EobState, FileOutcome, FileState
from openmso.remittances.models.eobs import Eob, EobClaim
from openmso.remittances.models.files import Remittance
from openmso.remittances.queries import eobs as told
from openmso.remittances.queries import mirrors
from openmso.remittances.rules import eobs
from openmso.remittances.rules.eobs import Triple, TypedLine
from openmso.remittances.services import posting, receiving

SUBJECT = "remittances.eob"
PAPER = "remittances.paper"
SENDER = "OPENMSO"


class NotTyped(Refused):
    """The paper cannot be kept or posted as it was typed; the sentence says why."""

    code = "eob_not_typed"


class Decided(Conflict):
    """The paper was posted or withdrawn."""

    code = "eob_decided"


@atomic
def open_eob(
    *, actor: Actor, biller: str, payer: str, method: str, trace: str, paid_on: date, amount: Decimal, at: datetime,
    scan: tuple[str, Content] | None = None,
) -> str:  # fmt: skip
    """Begin a paper with its check; returns its public id.

    Raises `NotTyped` where the payment is typed or posted already, `NotFound`, `Forbidden`.
    """
    paid = providers.biller_by_public_id(biller, on=paid_on)
    decision = actor.must(POST.code, paid.practice)
    paying, number = payers.by_public_id(payer), trace.strip()
    _refuse(paid, paying.id, method, number, paid_on, amount, at)
    row = Eob(
        practice_id=paid.practice, biller_id=paid.id, payer_id=paying.id, method=method, trace=number,
        paid_on=paid_on, amount=amount, state=EobState.DRAFT, opened_at=at, opened_by=actor.name[:160],
    )  # fmt: skip
    if scan is not None:
        row.scan = documents.store(
            actor=actor, practice=paid.practice, name=scan[0], content=scan[1], media_type="application/pdf",
            purpose=PAPER, at=at, under=decision,
        ).public_id  # fmt: skip
    try:
        with atomic.open():
            row.save()
    except IntegrityError as no:
        raise NotTyped("This payment is being typed already.", field="trace", fix="Go on with that paper.") from no
    _tell(row, actor, "remittances.eob_opened", at, decision, amount=str(amount), trace=number)
    return row.public_id


def _refuse(
    biller: BillingProvider, payer: int, method: str, trace: str, paid_on: date, amount: Decimal, at: datetime
) -> None:  # fmt: skip
    today = day_in(tenancy.zone(biller.practice), at)
    if paid_on > today:
        raise NotTyped("The day of the payment is still to come.", field="paid_on", fix="Type the day on the check.")
    if bool(amount) == (method == "NON"):
        raise NotTyped(
            "A paper without payment has no amount, and one with an amount is a check or a transfer.", field="amount",
            fix="Correct the amount or how it was paid.",
        )  # fmt: skip
    posted = Remittance.objects.filter(
        practice_id=biller.practice, payer_id=payer, trace=trace, amount=amount, paid_on=paid_on
    ).first()
    if posted is not None:
        raise NotTyped(
            f"This payment is posted already, as {posted.public_id}.", field="trace", fix="Look at that remittance."
        )


@atomic
def type_claim(
    *, actor: Actor, eob: str, claim: str, status: str, payer_control: str, lines: Sequence[TypedLine], at: datetime
) -> None:
    """Keep what a paper says of a claim, over what was typed of it before; it need not add up yet."""
    row, decision = _draft(actor, eob)
    found = stories.find(claim)
    if found is None or found.practice != row.practice_id:
        raise NotFound(f"The practice of this paper has no claim {claim}.", field="claim")
    last = EobClaim.objects.filter(eob=row).aggregate(last=Max("position"))["last"] or 0
    EobClaim.objects.update_or_create(
        practice_id=row.practice_id, eob=row, claim_id=found.id,
        defaults={"status": status, "payer_control": payer_control.strip(), "lines": eobs.plain(lines)},
        create_defaults={"status": status, "payer_control": payer_control.strip(), "lines": eobs.plain(lines),
                         "position": last + 1},
    )  # fmt: skip
    _tell(row, actor, "remittances.eob_claim_typed", at, decision, claim=claim)


@atomic
def remove_claim(*, actor: Actor, eob: str, claim: str, at: datetime) -> None:
    """Take a claim off a paper; raises `NotFound` where it is not on it."""
    row, decision = _draft(actor, eob)
    key = stories.key(claim)
    gone, _ = EobClaim.objects.filter(eob=row, claim_id=key.id).delete()
    if not gone:
        raise NotFound(f"The paper does not speak of {claim}.", field="claim")
    _tell(row, actor, "remittances.eob_claim_removed", at, decision, claim=claim)


@atomic
def type_provider(*, actor: Actor, eob: str, items: Sequence[Triple], at: datetime) -> None:
    """Keep what a paper takes from, or gives to, the practice as a whole (PLB); over what was typed before."""
    row, decision = _draft(actor, eob)
    row.provider = [[code, reference, str(amount)] for code, reference, amount in items]
    row.save(update_fields=["provider"])
    _tell(row, actor, "remittances.eob_provider_typed", at, decision)


@atomic
def type_taken_back(*, actor: Actor, eob: str, payments: Sequence[str], at: datetime) -> None:
    """Keep which claim payments of before a paper takes back, whole; over what was typed before.

    Raises `NotTyped` for what is no payment of this payer that still stands.
    """
    row, decision = _draft(actor, eob)
    for one in payments:
        if not mirrors.payments_to_take_back(practice=row.practice_id, payer=row.payer_id, number=one):
            raise NotTyped(
                f"{one} is no payment of this payer that still stands.", field="payment",
                fix="Look at the claim: what it was paid, by whom, and what was taken back already.",
            )  # fmt: skip
    row.taken_back = list(dict.fromkeys(payments))
    row.save(update_fields=["taken_back"])
    _tell(row, actor, "remittances.eob_takebacks_typed", at, decision, payments=len(row.taken_back))


@atomic
def withdraw(*, actor: Actor, eob: str, why: str, at: datetime) -> None:
    """Give up a paper that was not posted; what was typed stays to be seen."""
    row, decision = _draft(actor, eob)
    if not why.strip():
        raise NotTyped("Say why the paper is given up.", field="why")
    _decide(row, EobState.WITHDRAWN, actor, at, why=why.strip()[:300])
    _tell(row, actor, "remittances.eob_withdrawn", at, decision, why=row.why)


def post(*, actor: Actor, eob: str, at: datetime) -> FileOutcome:
    """Post a paper that adds up: as an 835, by the way of all. Pressed twice, or killed between, it is posted once.

    The scope holds the MSO's tenant too. Raises `NotTyped` with the first thing that is wrong, or with what kept the
    file from being posted.
    """
    with reading():
        row, _ = _draft(actor, eob, locked=False)
        content = written(eob)
    receipt = receiving.receive(
        actor=actor, practice=row.practice_id, name=f"{row.public_id}.835", content=content, at=at, defer=False
    )
    file = receipt.files[0].file
    outcome = posting.post_file(actor=actor, practice=row.practice_id, file=file, at=at)
    if outcome.state is not FileState.POSTED:
        raise NotTyped(outcome.words, fix="Correct what was typed, or withdraw the paper.")
    _posted(actor=actor, eob=eob, file=file, at=at)
    return outcome


@atomic
def _posted(*, actor: Actor, eob: str, file: str, at: datetime) -> None:
    row, decision = _draft(actor, eob)
    row.file = file
    _decide(row, EobState.POSTED, actor, at)
    _tell(row, actor, "remittances.eob_posted", at, decision, file=file)


def written(eob: str) -> bytes:
    """The 835 that says what a paper says, the same bytes each time; raises `NotTyped` where it does not add up."""
    row = told.one(eob)
    paper = told.paper_of(row)
    for words in eobs.wrong(paper):
        raise NotTyped(words, fix="Type what is missing.")
    biller = providers.biller(row.biller_id, on=row.paid_on)
    payer = payers.payer(row.payer_id)
    payee = Party("PE", biller.name, id_qualifier="XX", id=biller.npi, references=(Reference("TJ", biller.tin),))
    number = row.pk % 10**9
    whole = eobs.remittance_of(
        paper, payer=_paying(payer), payee=payee, reference=f"{number:04d}"[:9], filing=payer.filing.value
    )  # fmt: skip
    try:
        return write_835([whole], Envelope(SENDER, SENDER, control=number, group_control=number, at=row.opened_at))
    except Unwritable as no:
        raise NotTyped(str(no), fix="Take the character or the text away that X12 cannot say.") from no


def _paying(payer: Payer) -> Party:
    """The payer as the 835 names it (1000A), with the address and the telephone of the register where it has them."""
    at = payer.address
    return Party(
        "PR", payer.name, id_qualifier="XV", id=payer.edi_id,
        address=Address(at.line1, at.line2, at.city, at.state, at.zip) if at else None,
        contacts=(Contact("BL", payer.name, (("TE", payer.phone),) if payer.phone else ()),),
    )  # fmt: skip


def _draft(actor: Actor, eob: str, *, locked: bool = True) -> tuple[Eob, Decision]:
    """A paper that is still typed, and what allows it; raises `NotFound`, `Decided`, `Forbidden`."""
    found = Eob.objects.select_for_update() if locked else Eob.objects
    row = found.filter(public_id=eob).first()
    if row is None:
        raise NotFound(f"There is no paper {eob}.")
    decision = actor.must(POST.code, row.practice_id)
    if row.state != EobState.DRAFT:
        raise Decided(f"The paper {eob} was {EobState(row.state).label.lower()} already.")
    return row, decision


def _decide(row: Eob, state: EobState, actor: Actor, at: datetime, *, why: str = "") -> None:
    row.state, row.decided_at, row.decided_by, row.why = state, at, actor.name[:160], why
    row.save(update_fields=["state", "file", "decided_at", "decided_by", "why"])


def _tell(row: Eob, actor: Actor, action: str, at: datetime, decision: Decision, **facts: str | int) -> None:
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(SUBJECT, row.public_id), at=at, facts=facts,
        decision=decision,
    )  # fmt: skip
