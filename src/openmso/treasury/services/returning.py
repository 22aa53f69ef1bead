"""Verbs of what banks send back: payments that came back, notes of changed accounts, and new authorizations.

What came back for want of money may go out again at once; where the account is wrong, other account data come first,
and where the payee refused, revoked or never authorized it, a new authorization does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from edi.bank import ach
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content, as_file
from openmso.platform.tenancy.scope import atomic
from openmso.treasury import models, rules
from openmso.treasury.contracts import FILES, PREPARE, RELEASE, RETURNS
from openmso.treasury.services import correcting, standing
from openmso.treasury.services.moving import move, tell
from openmso.treasury.states import PAYMENT_MOVES, P


class NoReturns(Refused):
    """The file holds nothing about a payment of ours."""

    code = "no_returns"


class NotAuthorized(Refused):
    """Nothing waits for an authorization, or nothing shows it."""

    code = "not_authorized"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file of a bank came to: payments that came back, what was known, traces that are not ours, and notes."""

    document: str
    returned: tuple[str, ...]
    known: int
    unknown: tuple[str, ...]
    noted: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """In a sentence."""
        count = len(self.returned)
        said = f"{count} payment{'' if count == 1 else 's'} came back"
        said += f"; {len(self.noted)} noted changes wait for a second person" if self.noted else ""
        return said + (f"; {len(self.unknown)} of the file are not ours" if self.unknown else "") + "."


@atomic
def take(*, actor: Actor, practice: int, name: str, content: Content, at: datetime) -> Taken:
    """Read a bank's file: each payment that came back is open again; each note of a change waits for a second person.

    Payments are met by trace and amount, notes by trace. The same file twice changes nothing. Raises `NoReturns`.
    """
    decision = actor.must(PREPARE.code, practice)
    read = as_file(content).read()
    found, notes = ach.read_returns(read), ach.read_corrections(read)
    if not found and not notes:
        raise NoReturns("The file holds no returned payment and no note of a change.", field="file",
                        fix="Take the bank's NACHA file of returns or of notifications of change.")  # fmt: skip
    kept = documents.store(
        actor=actor, practice=practice, name=name, content=read, media_type="text/plain", purpose=RETURNS, at=at,
        under=decision,
    )  # fmt: skip
    returned, known, unknown = list[str](), 0, list[str]()
    for one in found:
        payment = _payment(practice, one)
        if payment is None:
            unknown.append(one.trace)
        elif payment.state != P.SENT.value:
            known += 1
        else:
            _return(payment, one, actor=actor, at=at, under=decision)
            returned.append(payment.public_id)
    noted = list[str]()
    for note in notes:
        made = correcting.note(practice, note, document=kept.public_id, actor=actor, at=at, under=decision)
        if made is None:
            unknown.append(note.trace)
        elif made:
            noted.append(made)
        else:
            known += 1
    if len(unknown) == len(found) + len(notes):
        raise NoReturns("None of the payments of the file is one of this practice.", field="file",
                        fix="Choose the practice that sent them.")  # fmt: skip
    return Taken(kept.public_id, tuple(returned), known, tuple(unknown), tuple(noted))


@atomic
def authorize(*, actor: Actor, payment: str, why: str, at: datetime) -> str:
    """Record that the payee authorized a payment anew that came back, with what shows it; the file it was in.

    It goes into another file then, which two people sign. Raises `NotAuthorized` where nothing waits for that.
    """
    held = models.Payment.objects.select_for_update(of=("self",)).select_related("file")
    row = held.filter(public_id=payment).first()
    if row is None:
        raise NotFound("There is no such payment among the practices you may see.", field="payment")
    decision = actor.must(RELEASE.code, row.practice_id)
    if row.state != P.RETURNED.value or row.authorized_at is not None or row.file is None:
        raise NotAuthorized("This payment waits for no authorization.", fix="Look at where it stands.")
    if not why.strip():
        raise NotAuthorized("Say what shows it.", field="why", fix="Such as the payee's letter and its day.")
    row.authorized_at, row.authorized_by, row.authorized_why = at, actor.name[:120], why.strip()[:200]
    row.save(update_fields=["authorized_at", "authorized_by", "authorized_why"])
    facts = {"payment": payment, "code": row.returned_code}
    tell(row.file, FILES, "treasury.authorized", actor, at, decision, why=why, facts=facts)
    return row.file.public_id


def _payment(practice: int, one: ach.Returned) -> models.Payment | None:
    """The payment that left under a trace number, of the same amount."""
    return (
        models.Payment.objects.select_for_update(of=("self",)).select_related("run", "practice", "file")
        .filter(practice_id=practice, trace=one.trace, amount=one.amount, file__isnull=False).first()
    )  # fmt: skip


def _return(
    payment: models.Payment, one: ach.Returned, *, actor: Actor, at: datetime, under: Decision
) -> None:  # fmt: skip
    words = f"{one.code}: {rules.returned_words(one.code)}"
    standing.sent_back(payment, one.code, actor=actor, at=at)
    move(payment, PAYMENT_MOVES, P.RETURNED, noun="payment", actor=actor, at=at, why=words)
    payment.returned_code, payment.returned_at = one.code, at
    payment.authorized_at, payment.authorized_by, payment.authorized_why = None, "", ""
    payment.save(
        update_fields=["state", "returned_code", "returned_at", "entries", "authorized_at", "authorized_by",
                       "authorized_why"]
    )  # fmt: skip
    assert payment.file is not None, "what came back had left in a file"
    facts = {"amount": str(Money.of(payment.amount)), "code": one.code}
    tell(payment.file, FILES, "treasury.returned", actor, at, under, why=words, facts=facts)
