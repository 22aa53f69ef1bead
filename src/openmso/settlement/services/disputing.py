"""Verbs: dispute a row of an invoice, record the outcome of a stage, accept it, take it further, take it back.

What is disputed is held: it is not due, while the rest of the invoice is approved and paid. What was paid already can
be disputed too: what is won is paid back. The practice disputes, accepts and takes back; the MSO answers, and records
what mediator and arbitrator decided; both take a dispute further, and what the joint board resolves is taken over. An
answer that the practice leaves alone stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from openmso.agreements.queries import agreements, clocks
from openmso.governance.contracts import NewItem
from openmso.governance.services import agenda
from openmso.kit.clock import day_in
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import ZERO, Money
from openmso.platform.access import duties
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import when
from openmso.settlement import queries, rules
from openmso.settlement.contracts import ANSWER, ANSWERING, DISPUTE, DISPUTED, EVIDENCE, RESOLVING, DisputeRow, Paper
from openmso.settlement.models import Dispute, StatementRow
from openmso.settlement.models import Settlement as SettlementModel
from openmso.settlement.queries import disputes
from openmso.settlement.services import crediting, settling
from openmso.settlement.services.papers import keep
from openmso.settlement.states import HEARD, D

LINE = "accounting"
"""The service line whose promises hold for the answer to a dispute."""
_TO_THE_PRACTICE = (
    "The MSO has answered: accept it or take it further; after that day the answer stands.",
    "The MSO has recorded an award: accept it, or say that it was not decided so; after that day it stands.",
)


class CannotDispute(Refused):
    """A dispute cannot be treated so; the sentence says why."""

    code = "cannot_dispute"


@atomic
def dispute(
    *, actor: Actor, settlement: str, row: int, amount: Money, reason: str, at: datetime, papers: Sequence[Paper] = ()
) -> DisputeRow:  # fmt: skip
    """Contest a row of an invoice: what is not paid is held until it is settled; of what was paid nothing is held.

    Only people of the practice can. Raises `CannotDispute`, and `NotFound` for a row that the statement has not.
    """
    invoice = settling.locked(settlement)
    decision = actor.must(DISPUTE.code, invoice.practice_id)
    kept = StatementRow.objects.filter(practice_id=invoice.practice_id, settlement=invoice, number=row).first()
    if kept is None:
        raise NotFound("The statement has no such row.")
    one, shown, paid = queries.settlement(settlement), queries.row(settlement, row), disputes.contested(settlement)
    _refuse(rules.why_not_dispute(one, shown, before=disputes.of_row(settlement, row), contested=paid), field="row",
            fix="Look at the statement for what is due.")  # fmt: skip
    _refuse(rules.why_not_amount(amount, rules.may_be_disputed(one, shown, contested=paid)), field="amount",
            fix="Dispute what you do not owe; the rest is paid.")  # fmt: skip
    why = _said(reason, field="reason", no="Say why the row is disputed.", fix="The MSO answers to what you write.")
    made = Dispute(
        practice=invoice.practice, settlement=invoice, row=kept, amount=amount.amount, reason=why, opened_at=at,
        opened_by=actor.name[:120], opened_by_user=actor.user, of_paid=one.due <= ZERO,
    )  # fmt: skip
    made.due_on = _day(made, D.OPEN, at)
    crediting.step(made, D.OPEN, why=why, actor=actor, at=at, papers=_kept(made, papers, actor, at, decision))
    _hold(made, invoice, amount, actor=actor, at=at, under=decision)
    _ask(made, invoice, at)
    facts = {"amount": str(amount), "invoice": invoice.invoice, "row": kept.label}
    _tell(made, "settlement.disputed", actor, at, decision, why=why, **facts)
    return disputes.one(made.public_id)


@atomic
def answer(
    *, actor: Actor, dispute: str, credited: Money, why: str, at: datetime, papers: Sequence[Paper] = ()
) -> DisputeRow:  # fmt: skip
    """Record the outcome of the stage that a dispute is at: what is credited of it, and why.

    All of it: the dispute is settled. Part, or nothing: the practice accepts that or takes it further, and what was
    credited is credited; an arbitrator's award, which the MSO records with its paper, the practice confirms, or says
    in its days that it is another. Whoever disputed does not answer (`SamePerson`).
    """
    made, invoice = _locked(dispute)
    under = [actor.must(ANSWER.code, made.practice_id), actor.must(ANSWER.code, settling.mso_of(invoice))]
    duties.another(actor, did=made.opened_by_user, first=f"opened {dispute}", then="answer it")
    before = disputes.one(dispute)
    _refuse(rules.why_not_outcome(before, credited, papers=len(papers)), field="credited",
            fix="Look at where it stands.")  # fmt: skip
    why = _said(why, no="Say why.", fix="The practice reads it, and may take the dispute further.")
    kept = _kept(made, papers, actor, at, under[0])
    return _outcome(made, invoice, before, credited, why=why, kept=kept, actor=actor, at=at, under=under)


@atomic
def resolved(*, actor: Actor, dispute: str, carried: bool | None, words: str, meeting: str, at: datetime) -> bool:
    """Take over what a joint board resolved: carried, all that is contested is credited; lost, nothing; and why.

    Without a decision (`carried` is nothing) it lies before the board's next meeting. Whether it stood with the board.
    """
    made, invoice = _locked(dispute)
    before = disputes.one(dispute)
    if before.state is not D.BOARD:
        return False
    if carried is None:
        _lay_before(made, invoice, f"It ended without a decision at {meeting}.", actor, at)
        return True
    under = [actor.must(ANSWER.code, made.practice_id), actor.must(ANSWER.code, settling.mso_of(invoice))]
    credited, why = before.contested if carried else ZERO, f"The joint board resolved at {meeting}: {words}"[:600]
    _outcome(made, invoice, before, credited, why=why, kept=(), actor=actor, at=at, under=under)
    return True


def _outcome(
    made: Dispute, invoice: SettlementModel, before: DisputeRow, credited: Money, *, why: str, kept: Sequence[str],
    actor: Actor, at: datetime, under: Sequence[Decision],
) -> DisputeRow:  # fmt: skip
    """The outcome of a stage: what it credits is posted in both books, and whoever has the word next is asked."""
    to = rules.after(before, credited)
    if credited:
        crediting.credit(invoice, made, credited, why=why, actor=actor, at=at, under=under)
    made.stage, made.grant = before.state.value, under[0].grant
    made.due_on = _day(made, to, at) if to is D.ANSWERED else None
    crediting.step(made, to, why=why, actor=actor, at=at, credited=credited, papers=kept)
    _hold(made, invoice, -(before.contested if to is D.SETTLED else credited), actor=actor, at=at, under=under[0])
    if made.of_paid and credited:
        settling.owe_back(invoice, credited, actor=actor, at=at, under=under[0])
    crediting.close_work(made, actor=actor, at=at, outcome="answered", under=under[0])
    if to is D.ANSWERED:
        _ask(made, invoice, at)
    facts = {"credited": str(credited), "held": str(before.contested)}
    _tell(made, "settlement.dispute_answered", actor, at, under[0], why=why, **facts)
    return disputes.one(made.public_id)


@atomic
def accept(*, actor: Actor, dispute: str, why: str, at: datetime) -> DisputeRow:
    """The practice accepts an outcome: what was not credited is due again."""
    made, invoice = _locked(dispute)
    decision = actor.must(DISPUTE.code, made.practice_id)
    _refuse(rules.why_not_accept(disputes.one(dispute)))
    return _end(made, invoice, D.SETTLED, "accepted", why=why.strip(), actor=actor, at=at, under=decision)


@atomic
def take_back(*, actor: Actor, dispute: str, why: str, at: datetime) -> DisputeRow:
    """The practice takes a dispute back before it is answered: what was held is due; the row may be disputed anew."""
    made, invoice = _locked(dispute)
    decision = actor.must(DISPUTE.code, made.practice_id)
    _refuse(rules.why_not_take_back(disputes.one(dispute)))
    return _end(made, invoice, D.TAKEN_BACK, "taken_back", why=why.strip(), actor=actor, at=at, under=decision)


@atomic
def lapse(*, actor: Actor, dispute: str, at: datetime) -> bool:
    """Let an answer stand that the practice left alone through its days; whether it was so.

    It is done under the grant of the answer.
    """
    made, invoice = _locked(dispute)
    actor = replace(actor, behind=made.grant)
    decision = actor.must(ANSWER.code, made.practice_id)
    before = disputes.one(dispute)
    if not rules.lapses(before, day_in(made.practice.zone, at)):
        return False
    why = f"Neither accepted nor taken further until {before.due_on:%-d %B %Y}"
    _end(made, invoice, D.LAPSED, "lapsed", why=why, actor=actor, at=at, under=decision)
    return True


@atomic
def escalate(
    *, actor: Actor, dispute: str, to: D, why: str, at: datetime, papers: Sequence[Paper] = ()
) -> DisputeRow:  # fmt: skip
    """Take a dispute further: to the joint board, to mediation, to arbitration, each with its day.

    The practice after an answer that does not do, or after an award that was recorded otherwise than it was made; the
    MSO to the board instead of an answer, and after one; both where whoever had the word let their days go by. What
    goes to the board is on its agenda.
    """
    made, invoice = _locked(dispute)
    by_mso = not actor.can(DISPUTE.code, made.practice_id)
    decision = actor.must(ANSWER.code if by_mso else DISPUTE.code, made.practice_id)
    before, today = disputes.one(dispute), day_in(made.practice.zone, at)
    _refuse(rules.why_not_to(before, to, today, by_mso=by_mso), field="to", fix="Look at where it stands.")
    why = _said(why, no="Say why it is taken further.", fix="Whoever hears it reads that first.")
    if before.state in HEARD:
        made.stage = before.state.value
    made.due_on = _day(made, to, at)
    crediting.step(made, to, why=why, actor=actor, at=at, papers=_kept(made, papers, actor, at, decision))
    crediting.close_work(made, actor=actor, at=at, outcome="escalated", under=decision)
    if to is D.BOARD:
        _lay_before(made, invoice, why, actor, at)
    _ask(made, invoice, at)
    _tell(made, "settlement.dispute_escalated", actor, at, decision, why=why, stage=to.label)
    return disputes.one(dispute)


# ---- what each of them needs ------------------------------------------------------------------------------------


def _refuse(no: str, *, field: str = "", fix: str = "") -> None:
    if no:
        raise CannotDispute(no, field=field, fix=fix)


def _said(words: str, *, no: str, fix: str, field: str = "why") -> str:
    if not words.strip():
        raise CannotDispute(no, field=field, fix=fix)
    return words.strip()


def _locked(dispute: str) -> tuple[Dispute, SettlementModel]:
    """A dispute and its invoice, the invoice first: everything that changes what is held waits for it."""
    of = Dispute.objects.filter(public_id=dispute).values_list("settlement__public_id", flat=True).first()
    if of is None:
        raise disputes.unknown()
    invoice = settling.locked(of)
    found = Dispute.objects.select_for_update(of=("self",)).select_related("practice", "row")
    return found.get(public_id=dispute), invoice


def _hold(
    made: Dispute, invoice: SettlementModel, amount: Money, *, actor: Actor, at: datetime, under: Decision
) -> None:  # fmt: skip
    """Hold more of what is due, or less; of what was paid nothing is."""
    if not made.of_paid:
        settling.hold(invoice, amount, actor=actor, at=at, under=under)


def _lay_before(made: Dispute, invoice: SettlementModel, why: str, actor: Actor, at: datetime) -> None:
    """Put a dispute on the agenda of the practice's boards: carried, what is contested is given back.

    It is about the MSO: whoever disclosed an interest in it is recused.
    """
    words = f"Give back {_left(made)} of “{made.row.label}”. The practice: {made.reason}\n\nTaken to the board: {why}"
    about = NewItem(f"Dispute of invoice {invoice.invoice}", words, "B08", invoice.mso_name, (DISPUTED, made.public_id))
    agenda.lay_before(practice=made.practice_id, new=about, by=actor.name, at=at)


def _end(
    made: Dispute, invoice: SettlementModel, to: D, how: str, *, why: str, actor: Actor, at: datetime, under: Decision
) -> DisputeRow:  # fmt: skip
    """End a dispute without another outcome: what is left of it becomes due."""
    left = _left(made)
    crediting.step(made, to, why=why, actor=actor, at=at)
    _hold(made, invoice, -left, actor=actor, at=at, under=under)
    crediting.close_work(made, actor=actor, at=at, outcome=how, under=under)
    _tell(made, f"settlement.dispute_{how}", actor, at, under, why=why, released=str(left))
    return disputes.one(made.public_id)


def _left(made: Dispute) -> Money:
    return Money.of(made.amount) - Money.of(made.credited_amount)


def _due(made: Dispute, to: D, at: datetime) -> datetime:
    """When whoever has the word is to have said it: as the agreement promises an answer, else by the house's days."""
    day = day_in(made.practice.zone, at)
    if to is D.OPEN and clocks.promised(agreements.in_force(made.practice_id, day), LINE, ANSWERING) is not None:
        return clocks.sla_due(made.practice_id, LINE, ANSWERING, at)
    confirms = to is D.ANSWERED and made.stage == D.ARBITRATION.value
    return clocks.closing(
        made.practice_id, clocks.business_day(day, rules.CURE_DAYS[D.ARBITRATION if confirms else to])
    )


def _day(made: Dispute, to: D, at: datetime) -> date:
    return day_in(made.practice.zone, _due(made, to, at))


def _ask(made: Dispute, invoice: SettlementModel, at: datetime) -> None:
    """Have whoever has the word now say it by its day: the practice after an answer, else the MSO."""
    assert made.due_on is not None, "whoever is asked has a day"
    state, left = D(made.state), _left(made)
    asked = {
        D.OPEN: "Answer it: credit all, part or nothing of it, with the reason.",
        D.ANSWERED: _TO_THE_PRACTICE[made.stage == D.ARBITRATION.value],
    }.get(state, f"{state.label}: record the outcome when it is there.")
    kind = RESOLVING if state is D.ANSWERED else ANSWERING
    work.open_item(
        practice=made.practice_id, kind=kind, subject=(DISPUTED, made.public_id),
        title=f"Dispute of invoice {invoice.invoice}", why=f"{left} of “{made.row.label}” is disputed. {asked}",
        priority=60, priority_why=f"{left} is contested, to be answered {when(made.due_on)}",
        due_at=_due(made, state, at), key=f"{kind}:{made.public_id}", at=at, amount=left.amount,
    )  # fmt: skip


def _kept(made: Dispute, papers: Sequence[Paper], actor: Actor, at: datetime, under: Decision) -> list[str]:
    return keep(
        papers, practice=made.practice_id, subject=(DISPUTED, made.public_id), purpose=EVIDENCE, actor=actor, at=at,
        under=under,
    )  # fmt: skip


def _tell(
    made: Dispute, action: str, actor: Actor, at: datetime, decision: Decision, *, why: str = "", **facts: str
) -> None:
    audit.record(
        actor=actor, action=action, practice=made.practice_id, subject=(DISPUTED, made.public_id), at=at, facts=facts,
        why=why, decision=decision,
    )  # fmt: skip
