"""Statements: a run over the accounts of a practice, holds, and the notices that tell patients of theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from openmso.agreements.queries import clocks
from openmso.billing import links, paper
from openmso.billing.contracts import ACCOUNT, LINE, RUN, STATE, UNREACHED, OwedLine
from openmso.billing.models import Account, Notice, Statement, StatementRun
from openmso.billing.queries import consents, owing, plans, policies
from openmso.billing.queries.plans import Asked
from openmso.billing.rules import statements as rules
from openmso.billing.services import keeping
from openmso.billing.states import Hold, NoStatement, Way
from openmso.kit.errors import Refused
from openmso.kit.ids import public_ids
from openmso.kit.money import ZERO, Money
from openmso.kit.words import amount as written
from openmso.kit.words import day
from openmso.parties.contracts import Address
from openmso.parties.queries import practices, providers
from openmso.patients import queries as patients
from openmso.patients.contracts import Patient
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.documents import services as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.platform.work.contracts import NewItem

PAY_WITHIN = timedelta(days=21)


class NoHold(Refused):
    """The statements cannot be held back, or released, as asked."""

    code = "no_hold"


@atomic
def run(*, actor: Actor, practice: int, at: datetime) -> str:
    """Judge every account that owes, and make the statements with the files for a mail house; the run's public id.

    Accounts are made anew first. Whoever cannot be reached becomes work.
    """
    decision = actor.must(STATE.code, practice)
    keeping.refresh(practice=practice)
    on = tenancy.today(practice, at)
    rows = list(Account.objects.select_for_update().filter(practice_id=practice, owed_amount__gt=0).order_by("pk"))
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
    head = _Head(practice, on)
    contents = {
        row.pk: head.content(
            names[row.pk], people[row.patient_id], lines.get(row.patient_id, []), asked.get(row.patient_id)
        )
        for row in billed
    }  # fmt: skip
    ways = {row.pk: _way(people[row.patient_id], allowed) for row in billed}
    printed = sorted(
        (contents[row.pk] for row in billed if ways[row.pk] is Way.PAPER), key=lambda one: str(one["address"]["zip"])
    )
    files = _files(printed, actor, practice, on, at, decision)
    amounts = {
        row.pk: asked[row.patient_id].amount if row.patient_id in asked else Money.of(row.owed_amount) for row in rows
    }
    total = Money.total(amounts[row.pk] for row in billed)
    made = StatementRun.objects.create(
        practice_id=practice, on=on, made_at=at, made_by=actor.name[:160], sent=len(billed),
        passed=len(rows) - len(billed), amount=total.amount, grant=decision.grant, **files,
    )  # fmt: skip
    kept = Statement.objects.bulk_create(
        [
            Statement(
                practice_id=practice, public_id=names[row.pk], run=made, patient_id=row.patient_id, on=on,
                reason=verdicts[row.pk].reason or "", words=verdicts[row.pk].words[:200],
                amount=amounts[row.pk].amount if verdicts[row.pk].reason is None else row.owed_amount,
                way=ways.get(row.pk, ""), content=contents.get(row.pk),
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
    audit.record(
        actor=actor, action="billing.statements_sent", practice=practice, subject=(RUN, made.public_id), at=at,
        facts={"count": len(billed), "amount": str(total), "passed": made.passed}, decision=decision,
    )  # fmt: skip
    return made.public_id


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


class _Head:
    """What stands on every statement of a practice: who asks, and how to pay."""

    def __init__(self, practice: int, on: date) -> None:
        self.on, self.due_on = on, on + PAY_WITHIN
        self.name = practices.practice(practice, on=on).name
        biller = next((one for one in providers.billers(practice, on=on) if one.closed_on is None), None)
        self.place = (biller.pay_to or biller.address).one_line if biller else ""
        self.phone = biller.phone if biller else ""

    def content(
        self, name: str, who: Patient, lines: Sequence[OwedLine], planned: Asked | None
    ) -> dict[str, Any]:  # fmt: skip
        """What stands on the statement of one patient; plain data, to be kept and printed."""
        due = [one for one in lines if one.owed > ZERO]
        total = Money.total(one.owed for one in due)
        address = who.person.address
        questions = f"Questions? Call {self.phone}. " if self.phone else ""
        return {
            "id": name, "practice": self.name, "place": self.place, "on": day(self.on), "to": who.name,
            "address": _address(address), "lines_of_address": _address_lines(address), "due_on": day(self.due_on),
            "due": written((planned.amount if planned else total).amount), "total": written(total.amount),
            "plan": _of_plan(planned), "pay_at": links.url(name),
            "lines": [
                {"on": day(one.service_on), "what": f"Service {one.code}" if one.code else "Visit",
                 "share": written(one.share.amount), "owed": written(one.owed.amount)}
                for one in due
            ],
            "words": [
                f"Make checks payable to {self.name} and write {name} on them.",
                f"{questions}If you cannot pay at once, ask us for a plan; if you cannot pay at all, ask about help.",
            ],
        }  # fmt: skip


def _of_plan(planned: Asked | None) -> str:
    """What a statement says of a plan; nothing without one."""
    if planned is None:
        return ""
    beside = f", and {written(planned.beside.amount)} is owed beside it" if planned.beside else ""
    return (
        f"You pay by plan {planned.plan}: {written(planned.due.amount)} of it is due now{beside}. "
        f"{written(planned.left.amount)} of the plan is still to be paid."
    )


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


def _address(address: Address) -> dict[str, str]:
    return {
        "line1": address.line1, "line2": address.line2, "city": address.city, "state": address.state,
        "zip": address.zip,
    }  # fmt: skip


def _address_lines(address: Address) -> list[str]:
    zip_code = f"{address.zip[:5]}-{address.zip[5:]}" if len(address.zip) == 9 else address.zip
    return [
        one for one in (address.line1, address.line2, f"{address.city}, {address.state} {zip_code}") if one.strip(", ")
    ]


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
            priority=35, priority_why="Nothing is asked for until then", due_at=due,
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
