"""Verbs of returns: what a bank sent back is read from its file, met with the payment, and is to be paid again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from edi.bank import ach
from openmso.kit.errors import Refused
from openmso.kit.money import Money
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.documents import services as documents
from openmso.platform.documents.contracts import Content, as_file
from openmso.platform.tenancy.scope import atomic
from openmso.treasury import models, rules
from openmso.treasury.contracts import FILES, PREPARE, RETURNS
from openmso.treasury.services import standing
from openmso.treasury.services.moving import move, tell
from openmso.treasury.states import PAYMENT_MOVES, P


class NoReturns(Refused):
    """The file holds no returned payment of ours."""

    code = "no_returns"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file of returns came to: payments that came back, those known before, and traces that are not ours."""

    document: str
    returned: tuple[str, ...]
    known: int
    unknown: tuple[str, ...]

    @property
    def words(self) -> str:
        """In a sentence."""
        count = len(self.returned)
        said = f"{count} payment{'' if count == 1 else 's'} came back"
        return said + (f"; {len(self.unknown)} of the file are not ours" if self.unknown else "") + "."


@atomic
def take(*, actor: Actor, practice: int, name: str, content: Content, at: datetime) -> Taken:
    """Read a bank's file of returns: each payment that is named by its trace, with its amount, is open again.

    The same file twice changes nothing. Raises `NoReturns`.
    """
    decision = actor.must(PREPARE.code, practice)
    read = as_file(content).read()
    found = ach.read_returns(read)
    if not found:
        raise NoReturns("The file holds no returned payment.", field="file",
                        fix="Take the bank's NACHA file of returns.")  # fmt: skip
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
    if len(unknown) == len(found):
        raise NoReturns("None of the returned payments is one of this practice.", field="file",
                        fix="Choose the practice that sent them.")  # fmt: skip
    return Taken(kept.public_id, tuple(returned), known, tuple(unknown))


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
    payment.save(update_fields=["state", "returned_code", "returned_at", "entries"])
    assert payment.file is not None, "what came back had left in a file"
    facts = {"amount": str(Money.of(payment.amount)), "code": one.code}
    tell(payment.file, FILES, "treasury.returned", actor, at, under, why=words, facts=facts)
