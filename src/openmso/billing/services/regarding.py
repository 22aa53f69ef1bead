"""What a person says about lines of payouts that are no payment and no refund of ours, and what is found out later.

Before every line ties nothing is posted, and what was said can be taken back. Afterwards the books are added to: money
that nobody could name moves to the payment that it is, and what was thought one thing moves to another account.
"""

from __future__ import annotations

from datetime import datetime

from openmso.billing.contracts import PAYOUT
from openmso.billing.models import Payout, PayoutLine
from openmso.billing.rules import payouts as rules
from openmso.billing.services import keeping, paying_out, tying
from openmso.billing.services.paying_out import ACCOUNTS, NoPayout
from openmso.billing.states import Method, Paid, Regard, Slipped
from openmso.kit.money import ZERO, Money
from openmso.ledger.contracts import Accounts, EntryDraft, Journal, Source
from openmso.ledger.services import posting as ledger
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic


@atomic
def regard(*, actor: Actor, payout: str, number: int, regard: Regard, why: str, at: datetime, failed: str = "") -> bool:
    """Say what a line is that is no payment of ours, with what shows it; whether all ties now.

    Of a payout that ties already the money moves from what the line was thought to be. `failed` is the payout that
    did not arrive, which this line brings again. Raises `NotFound`, `NoPayout`.
    """
    row, decision = paying_out.locked(actor, payout)
    line = _line(row, number, why)
    other = Payout.objects.select_related("slip").filter(public_id=failed, practice_id=row.practice_id).first()
    told = rules.Failed(
        other.public_id, Money.of(other.amount), Slipped(other.slip.state) if other.slip else None
    ) if other else None  # fmt: skip
    if fault := rules.of_regard(rules.Line(Paid(line.kind), line.about, Money.of(line.amount)), regard, told):
        raise NoPayout(fault, field="failed" if regard is Regard.FAILED else "regard")
    was = Regard(line.regard) if line.regard else None
    if row.slip_id is not None:
        if was is None or was not in ACCOUNTS or regard not in ACCOUNTS:
            raise NoPayout("The payout ties already: only what was thought something else can be put right.")
        _move(row, line, ACCOUNTS[was], ACCOUNTS[regard], why, actor, at, decision)
    line.regard, line.fault, line.payment = regard, "", None
    line.failed = other if regard is Regard.FAILED else None
    _sign(line, why, actor)
    paying_out.tell("billing.payout_line_regarded", row, actor, at, decision, why=why, regard=regard.label.lower())
    return True if row.slip_id is not None else paying_out.look(row, actor, at, decision)


@atomic
def take_back(*, actor: Actor, payout: str, number: int, at: datetime) -> None:
    """Take back what was said of a line of a payout that does not tie yet.

    Raises `NotFound`, `NoPayout`, and `Conflict` where the payout is on its way to the bank.
    """
    row, decision = paying_out.locked(actor, payout)
    paying_out.refuse_sent(row)
    line = PayoutLine.objects.filter(practice_id=row.practice_id, payout=row, number=number).first()
    if line is None or not line.hand_why:
        raise NoPayout("Nobody said anything of such a line.", field="number")
    line.regard, line.failed, line.payment, line.fault = "", None, None, tying.UNSEEN
    line.hand_why = line.hand_by = ""
    line.save(update_fields=["regard", "failed", "payment", "fault", "hand_why", "hand_by"])
    paying_out.tell("billing.payout_line_open", row, actor, at, decision, number=number)
    paying_out.look(row, actor, at, decision)


@atomic
def name(*, actor: Actor, payout: str, number: int, payment: str, why: str, at: datetime) -> None:
    """Say which payment money is that nobody could name when its payout was taken.

    The payment was taken on the patient's account and is in no bag yet: the payout had brought it. Raises `NotFound`,
    and `NoPayout` where the cents differ or the payment came another way.
    """
    row, decision = paying_out.locked(actor, payout)
    line = _line(row, number, why)
    found = keeping.one_payment(payment)
    if row.slip_id is None or line.regard != Regard.UNNAMED:
        raise NoPayout("Only money that nobody could name gets its name later.", field="number")
    if found.practice_id != row.practice_id or Method(found.method) not in {Method.CARD, Method.ONLINE}:
        raise NoPayout(f"{payment} is no card payment of this practice.", field="payment")
    if fault := tying.of_charge(line, found):
        raise NoPayout(fault, field="payment")
    _move(row, line, ACCOUNTS[Regard.UNNAMED], Accounts.PATIENT_RECEIPTS, why, actor, at, decision)
    found.slip = row.slip
    found.save(update_fields=["slip"])
    line.regard, line.payment = "", found
    _sign(line, why, actor)
    paying_out.tell("billing.payout_line_tied", row, actor, at, decision, why=why, payment=found.public_id)


def _line(row: Payout, number: int, why: str) -> PayoutLine:
    line = PayoutLine.objects.filter(practice_id=row.practice_id, payout=row, number=number).first()
    if line is None or not (line.fault or line.regard):
        raise NoPayout("The payout has no such line that waits for words.", field="number")
    if not why.strip():
        raise NoPayout("What a person says of a line says what shows it.", field="why", fix="Write it in a sentence.")
    return line


def _sign(line: PayoutLine, why: str, actor: Actor) -> None:
    line.hand_why, line.hand_by = why.strip()[:300], actor.name[:160]
    line.save(update_fields=["regard", "fault", "payment", "failed", "hand_why", "hand_by"])


def _move(
    row: Payout, line: PayoutLine, before: str, after: str, why: str, actor: Actor, at: datetime, decision: Decision
) -> None:
    """The money of a line leaves one account for another, today."""
    amount, source = Money.of(line.amount), Source(PAYOUT, row.public_id)
    assert row.slip is not None, "what was sent to the bank has books"
    lines = (*paying_out.side(before, amount, source), *paying_out.side(after, ZERO - amount, source))
    draft = EntryDraft(
        row.slip.entity_id, tenancy.today(row.practice_id, at),
        f"Card payout {row.name}, line {line.number}: {why.strip()}"[:200], lines,
        key=f"{PAYOUT}:{row.public_id}:{line.number}:{at:%Y%m%d%H%M%S%f}", source=source, journal=Journal.CASH,
    )  # fmt: skip
    if before != after:
        ledger.post(actor=actor, entries=[draft], at=at, under=(decision,))
