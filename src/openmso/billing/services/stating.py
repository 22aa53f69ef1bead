"""Statements: a run over the accounts of a practice, holds, and the notices that tell patients of theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from openmso.agreements.queries import clocks
from openmso.billing import paper
from openmso.billing.contracts import ACCOUNT, LINE, RUN, STATE, UNREACHED
from openmso.billing.models import Account, Notice, Statement, StatementRun
from openmso.billing.queries import consents, owing, plans, policies
from openmso.billing.queries.plans import Asked
from openmso.billing.rules import statements as rules
from openmso.billing.services import keeping
from openmso.billing.services.wording import PAY_WITHIN, Head
from openmso.billing.states import Hold, Making, NoStatement, Way
from openmso.claims.queries import decided
from openmso.kit.errors import Refused
from openmso.kit.ids import public_ids
from openmso.kit.money import Money
from openmso.parties.contracts import Address
from openmso.patients import queries as patients
from openmso.patients.contracts import Patient
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.jobs import services as jobs
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem

STEP, AT_ONCE = 500, 200
"""Accounts of one transaction of a run; accounts of a run that is done while one waits."""


class NoHold(Refused):
    """The statements cannot be held back, or released, as asked."""

    code = "no_hold"


def run(*, actor: Actor, practice: int, at: datetime) -> str:
    """Judge every account that owes, and make the statements with the files for a mail house; the run's public id.

    Accounts are made anew first. Whoever cannot be reached becomes work. A run of the practice that was interrupted is
    taken up instead of a new one.
    """
    made = begin(actor=actor, practice=practice, at=at)
    while go_on(actor=actor, run=made, at=at):
        pass
    return made


@atomic
def begin(*, actor: Actor, practice: int, at: datetime, as_job: bool = False) -> str:
    """Begin a run, to be gone on with step by step (`go_on`), or by a job; its public id.

    Where one of the practice is under way it is that one: nobody gets two statements.
    """
    decision = actor.must(STATE.code, practice)
    row = StatementRun.objects.select_for_update().filter(practice_id=practice, state=Making.GOING.value).first()
    if row is None:
        row = StatementRun.objects.create(
            practice_id=practice, on=tenancy.today(practice, at), made_at=at, made_by=actor.name[:160], sent=0,
            passed=0, amount=0, grant=decision.grant, state=Making.GOING,
        )  # fmt: skip
    if as_job:
        jobs.defer("billing.statements", practice=practice, behind=decision.grant, run=row.public_id)
    return row.public_id


def start(*, actor: Actor, practice: int, at: datetime) -> str:
    """Make statements for somebody who waits: at once where there are few accounts, else as a job."""
    with atomic.open():
        few = Account.objects.filter(practice_id=practice).count() <= AT_ONCE
    return (run if few else partial(begin, as_job=True))(actor=actor, practice=practice, at=at)


def go_on(*, actor: Actor, run: str, at: datetime) -> bool:
    """Do the next step of a run, in a transaction of its own; whether more is left. Safe to call after a crash."""
    with atomic.open():
        row = StatementRun.objects.select_for_update().get(public_id=run)
        if row.state == Making.DONE:
            return False
        decision = actor.must(STATE.code, row.practice_id)
        if row.whole is None:
            keeping.refresh(practice=row.practice_id)
            row.whole = _owing(row).count()
        elif not _some(row, at):
            _end(row, actor, at, decision)
        row.save()
        return row.state == Making.GOING


def _owing(row: StatementRun) -> QuerySet[Account]:
    return Account.objects.filter(practice_id=row.practice_id, owed_amount__gt=0)


def _some(made: StatementRun, at: datetime) -> int:
    """Judge the next accounts, and keep the statements of those that get one; how many accounts they are."""
    practice, on = made.practice_id, made.on
    found = _owing(made).select_for_update().filter(patient_id__gt=made.after).order_by("patient_id")
    rows = list(found[:STEP])
    if not rows:
        return 0
    people = patients.by_ids([row.patient_id for row in rows])
    policy = policies.current(practice)
    asked = plans.asked(practice=practice, by=on + PAY_WITHIN)
    allowed = consents.texts_allowed(practice, set(people))
    verdicts = {
        row.pk: rules.judge(_facts(row, people[row.patient_id], asked.get(row.patient_id), allowed), policy, on)
        for row in rows
    }
    billed = [row for row in rows if verdicts[row.pk].reason is None]
    names = dict(zip((row.pk for row in rows), public_ids("PSM", len(rows)), strict=True))
    lines = owing.lines(practice=practice, patients=[row.patient_id for row in billed])
    told = decided.sums_of({one.line_id for found in lines.values() for one in found if one.line_id})
    head = Head(practice, on)
    contents = {
        row.pk: head.content(
            names[row.pk], people[row.patient_id], lines.get(row.patient_id, []), asked.get(row.patient_id), told
        )
        for row in billed
    }  # fmt: skip
    amounts = {
        row.pk: asked[row.patient_id].amount if row.patient_id in asked else Money.of(row.owed_amount) for row in billed
    }
    kept = Statement.objects.bulk_create(
        [
            Statement(
                practice_id=practice, public_id=names[row.pk], run=made, patient_id=row.patient_id, on=on,
                reason=verdicts[row.pk].reason or "", words=verdicts[row.pk].words[:200],
                amount=amounts[row.pk].amount if row.pk in amounts else row.owed_amount,
                way=_way(people[row.patient_id], allowed) if row.pk in contents else "", content=contents.get(row.pk),
            )
            for row in rows
        ], batch_size=500,
    )  # fmt: skip
    Notice.objects.bulk_create(
        [Notice(practice_id=practice, statement=one, way=one.way, made_at=at) for one in kept
         if one.way and one.way != Way.PAPER], batch_size=1000,
    )  # fmt: skip
    for row in billed:
        row.statements, row.last_statement_on = row.statements + 1, on
    Account.objects.bulk_update(billed, ["statements", "last_statement_on"], batch_size=1000)
    lost = [row for row in rows if verdicts[row.pk].reason is NoStatement.ADDRESS]
    _queue(practice, [(people[row.patient_id], Money.of(row.owed_amount)) for row in lost], at)
    made.sent, made.passed = made.sent + len(billed), made.passed + len(rows) - len(billed)
    made.amount += Money.total(amounts.values()).amount
    made.after, made.looked = rows[-1].patient_id, made.looked + len(rows)
    return len(rows)


def _end(made: StatementRun, actor: Actor, at: datetime, decision: Decision) -> None:
    """Every account is judged: the files for a mail house are written, and the run is done."""
    on_paper = Statement.objects.filter(practice_id=made.practice_id, run=made, way=Way.PAPER.value)
    printed = sorted(
        (one for one in on_paper.values_list("content", flat=True) if one), key=lambda one: str(one["address"]["zip"])
    )
    for name, document in _files(printed, actor, made.practice_id, made.on, at, decision).items():
        setattr(made, name, document)
    made.state = Making.DONE
    audit.record(
        actor=actor, action="billing.statements_sent", practice=made.practice_id, subject=(RUN, made.public_id), at=at,
        facts={"count": made.sent, "amount": str(Money.of(made.amount)), "passed": made.passed}, decision=decision,
    )  # fmt: skip


@atomic
def hold(*, actor: Actor, patient: str, reason: Hold, why: str, at: datetime, until: date | None = None) -> None:
    """Send a patient no statements, until a last day or until it is lifted. Raises `NoHold` without a reason."""
    row, decision = _locked(patient, actor)
    if not why.strip():
        raise NoHold("A hold says why.", field="why", fix="Write it in a sentence.")
    if until is not None and until < tenancy.today(row.practice_id, at):
        raise NoHold("Its last day is over already.", field="until")
    row.hold, row.hold_why, row.hold_until, row.hold_by = reason, why.strip()[:300], until, actor.name[:160]
    _keep_hold(row, "billing.statements_held", patient, actor, at, decision, why, {"reason": reason.label.lower()})


@atomic
def release(*, actor: Actor, patient: str, why: str, at: datetime) -> None:
    """Send a patient statements again. Raises `NoHold` where none is held back."""
    row, decision = _locked(patient, actor)
    if not row.hold:
        raise NoHold("The patient's statements are not held back.")
    row.hold, row.hold_why, row.hold_until, row.hold_by = "", "", None, ""
    _keep_hold(row, "billing.statements_released", patient, actor, at, decision, why, {})


def _facts(row: Account, who: Patient, planned: Asked | None, allowed: set[int]) -> rules.Facts:
    return rules.Facts(
        Money.of(row.owed_amount), Money.of(row.unapplied_amount), Hold(row.hold) if row.hold else None,
        row.hold_until, row.last_statement_on, _way(who, allowed) is not Way.PAPER or _is_whole(who.person.address),
        rules.Planned(planned.amount, planned.next_on) if planned else None,
    )  # fmt: skip


def _way(who: Patient, texts: set[int]) -> Way:
    """By e-mail, else by text message where the patient allows it, else on paper."""
    if who.email:
        return Way.EMAIL
    return Way.TEXT if who.id in texts and who.phone else Way.PAPER


def _is_whole(address: Address) -> bool:
    return bool(address.line1 and address.city and address.state and address.zip)


def _files(
    printed: Sequence[Mapping[str, Any]], actor: Actor, practice: int, on: date, at: datetime, decision: Decision
) -> dict[str, str]:
    """The pages to be printed and whom they go to, as documents; none where nobody is written to on paper."""
    if not printed:
        return {}
    wanted = (
        ("paper", f"statements-{on}.pdf", paper.pdf(printed), "application/pdf", "billing.statements"),
        ("mail_list", f"statements-{on}.csv", paper.mail_list(printed), "text/csv", "billing.mail_list"),
    )
    return {
        key: documents.store(
            actor=actor, practice=practice, name=name, content=content, media_type=kind, purpose=purpose, at=at,
            under=decision,
        ).public_id
        for key, name, content, kind, purpose in wanted
    }  # fmt: skip


def _queue(practice: int, lost: Sequence[tuple[Patient, Money]], at: datetime) -> None:
    if not lost:
        return
    due = clocks.sla_due(practice, LINE, UNREACHED, at)
    items = [
        NewItem(
            kind=UNREACHED, subject=(ACCOUNT, who.public_id), title=f"{owed} is owed and nobody can be written to",
            why="The patient has neither a whole address nor an e-mail address. Find one, or hold the statements back.",
            priority=35, priority_why=f"{owed} is not asked for until then", due_at=due,
            key=f"{UNREACHED}:{who.public_id}", amount=owed.amount,
        )
        for who, owed in lost
    ]  # fmt: skip
    work.open_items(practice=practice, items=items, at=at)


def _locked(patient: str, actor: Actor) -> tuple[Account, Decision]:
    who = keeping.one_patient(patient)
    decision = actor.must(STATE.code, who.practice)
    return Account.objects.get(practice_id=who.practice, patient_id=who.id), decision


def _keep_hold(
    row: Account, action: str, patient: str, actor: Actor, at: datetime, decision: Decision, why: str,
    facts: dict[str, Any],
) -> None:  # fmt: skip
    row.save(update_fields=["hold", "hold_why", "hold_until", "hold_by"])
    work.close_item(practice=row.practice_id, key=f"{UNREACHED}:{patient}", actor=actor, at=at,
                    outcome="Statements held back or released", under=decision)  # fmt: skip
    audit.record(
        actor=actor, action=action, practice=row.practice_id, subject=(ACCOUNT, patient), at=at, why=why, facts=facts,
        decision=decision,
    )  # fmt: skip
